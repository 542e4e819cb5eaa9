"""EventFilter: which changes somebody follows, the same in Python for new events and in SQL for old ones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, func, or_, true

from app.errors import InvalidInputError
from app.events.event import PATHS, Event
from app.loaders.comparisons import among
from app.loaders.subtrees import NULL_UNDER
from app.loaders.values import read_id, read_text
from app.models import Change

SNAKE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class EventFilter:
    """The changes that somebody follows; an empty member is no condition.

    `under` is the id of an organisation or a space: the records in its subtree. `changed_fields` are names of columns,
    of which an update has changed at least one.
    """

    entities: frozenset[str] = frozenset()
    entity_ids: frozenset[int] = frozenset()
    under: int | None = None
    operations: frozenset[str] = frozenset()
    changed_fields: frozenset[str] = frozenset()

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Read the argument `filter`; InvalidInputError for a value that cannot be an id or a text."""
        if given.get("under", "") is None:
            raise InvalidInputError(NULL_UNDER, filter="under")
        return cls(
            entities=frozenset(map(read_text, given.get("entity") or ())),
            entity_ids=frozenset(map(read_id, given.get("entityId") or ())),
            under=read_id(given["under"]) if "under" in given else None,
            operations=frozenset(given.get("operation") or ()),
            changed_fields=frozenset(map(column_named, given.get("changedFields") or ())),
        )

    def matches(self, event: Event) -> bool:
        """Return whether a change is one of those."""
        return (
            (not self.entities or event.entity in self.entities)
            and (not self.entity_ids or event.entity_id in self.entity_ids)
            and (not self.operations or event.operation in self.operations)
            and (not self.changed_fields or not self.changed_fields.isdisjoint(event.changed_fields))
            and (self.under is None or self.under in event.nodes)
        )

    @property
    def condition(self) -> ColumnElement[bool]:
        """The same in SQL, for changes that were recorded long ago."""
        members = (
            (self.entities, among(Change.entity.expression, sorted(self.entities))),
            (self.entity_ids, among(Change.entity_id.expression, sorted(self.entity_ids))),
            (self.operations, among(Change.operation.expression, sorted(self.operations))),
            (self.changed_fields, Change.changed_fields.overlap(sorted(self.changed_fields))),
            (self.under, or_(*(func.concat("/", path).contains(f"/{self.under}/") for path in PATHS))),
        )
        return and_(true(), *(condition for given, condition in members if given))


def column_named(field: object) -> str:
    """Return the column of a field: `fullName` is `full_name`."""
    return SNAKE.sub("_", read_text(field)).lower()
