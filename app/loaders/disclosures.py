"""Disclosures: whose personal data a request shows unmasked or compares, and which columns, but no value."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Disclosure(NamedTuple):
    """Columns of one entity that were shown unmasked, and the ids of the records that they were shown of."""

    entity: str
    columns: frozenset[str]
    ids: list[int]


class Summed(NamedTuple):
    """What one request discloses of an entity: the columns, and the number of records."""

    entity: str
    columns: list[str]
    records: int


@dataclass
class Disclosures:
    """What one request discloses, by entity: columns that are shown of records, and columns that are compared.

    A comparison counts even if it finds no record: that nobody has a number is an answer too.
    """

    columns: dict[str, set[str]] = field(default_factory=dict)
    ids: dict[str, set[int]] = field(default_factory=dict)
    compared: dict[str, set[str]] = field(default_factory=dict)
    inputs: dict[str, int] = field(default_factory=dict)
    """The numbers of inputs whose values were compared with those of stored records."""

    def add(self, entity: str, columns: Iterable[str], ids: Iterable[int]) -> None:
        """Add columns that were shown of some records, if there are any."""
        shown = set(ids)
        if shown:
            self.columns.setdefault(entity, set()).update(columns)
            self.ids.setdefault(entity, set()).update(shown)

    def compare(self, entity: str, columns: Iterable[str], inputs: int = 0) -> None:
        """Add columns that a filter compares, or that some inputs of a mutation are compared by."""
        self.compared.setdefault(entity, set()).update(columns)
        self.inputs[entity] = self.inputs.get(entity, 0) + inputs

    def update(self, others: "Disclosures") -> None:
        """Add what other parts of the request disclose."""
        for entity, ids in others.ids.items():
            self.add(entity, others.columns[entity], ids)
        for entity, columns in others.compared.items():
            self.compare(entity, columns, others.inputs[entity])

    def comparisons(self) -> "Disclosures":
        """Return only what is compared: all that a request without an answer discloses."""
        return Disclosures(compared=self.compared, inputs=self.inputs)

    def summed(self) -> list[Summed]:
        """Return what is disclosed of each entity."""
        return [self._of(entity) for entity in dict.fromkeys([*self.ids, *self.compared])]

    def _of(self, entity: str) -> Summed:
        columns = self.columns.get(entity, set()) | self.compared.get(entity, set())
        return Summed(entity, sorted(columns), len(self.ids.get(entity, ())) + self.inputs.get(entity, 0))
