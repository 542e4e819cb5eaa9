"""Disclosures: whose personal data a request shows unmasked, and which columns; never the data themselves."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Disclosure(NamedTuple):
    """Columns of one entity that were shown unmasked, and the ids of the records that they were shown of."""

    entity: str
    columns: frozenset[str]
    ids: list[int]


@dataclass
class Disclosures:
    """The columns and the ids that one request shows, by entity."""

    columns: dict[str, set[str]] = field(default_factory=dict)
    ids: dict[str, set[int]] = field(default_factory=dict)

    def add(self, entity: str, columns: Iterable[str], ids: Iterable[int]) -> None:
        """Add columns that were shown of some records."""
        self.columns.setdefault(entity, set()).update(columns)
        self.ids.setdefault(entity, set()).update(ids)

    def shown(self) -> list[Disclosure]:
        """Return what was shown, by entity; entities without a record are left out."""
        shown = ((entity, ids) for entity, ids in self.ids.items() if ids)
        return [Disclosure(entity, frozenset(self.columns[entity]), sorted(ids)) for entity, ids in shown]
