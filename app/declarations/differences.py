"""Differences: what a change shows of a record. A column is shown, masked and recorded as the record's own field is."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from app.loaders.batch import ENTITIES, columns_of
from app.loaders.disclosures import Disclosure

Image = Mapping[str, Any]
"""A record as a change keeps it: the values of its columns in JSON."""

BOOKKEEPING = frozenset({"id", "version", "created_at", "created_by", "updated_at", "updated_by"})
"""Columns that no difference shows: the change itself says who and when."""


@dataclass(frozen=True)
class Shown:
    """A column that changes show: the entity of the record, and how its own field shows the column."""

    entity: str
    column: str
    mask: Callable[..., object] | None = None
    recorded: bool = False


SHOWN: dict[str, Mapping[str, Shown]] = {}
"""The columns that changes show, by table; a noun's file adds its own when it is imported."""


@strawberry.type(description="差异 A field of a record that a change set.")
class Difference:
    """The values are texts as GraphQL writes them: numbers in decimal, times in UTC, `true` and `false`."""

    field: str = strawberry.field(description="字段 The name of the field")
    before: str | None = strawberry.field(description="变更前 Its value before the change; null for none")
    after: str | None = strawberry.field(description="变更后 Its value after the change; null for none")


def differences(
    sees_personal: bool,  # noqa: FBT001 - read by position
    entity: str,
    _id: int,
    before: Image | None,
    after: Image | None,
) -> list[Difference]:
    """Return the fields that a change set; personal data are masked for those who may not read them."""
    return [
        Difference(
            field=to_camel_case(shown.column),
            before=_text(shown, old, sees_personal=sees_personal),
            after=_text(shown, new, sees_personal=sees_personal),
        )
        for shown, old, new in _differing(entity, before, after)
    ]


def changed_names(_sees_personal: bool, entity: str, changed: list[str] | None) -> list[str]:  # noqa: FBT001 - read by position
    """Return the names of the fields that an update changed."""
    names = set(changed or ())
    return [to_camel_case(column) for column in shown_of(entity) if column in names - BOOKKEEPING]


def disclosures(entity: str, entity_id: int, before: Image | None, after: Image | None) -> list[Disclosure]:
    """Return whose personal data the differences of a change show, and which."""
    shown = [each for each, _, _ in _differing(entity, before, after) if each.recorded]
    if not shown:
        return []
    return [Disclosure(shown[0].entity, frozenset(each.column for each in shown), [entity_id])]


@cache
def shown_of(table: str) -> Mapping[str, Shown]:
    """Return the columns that changes of a table show. Records without a type only link others: all are shown."""
    if table in SHOWN:
        return SHOWN[table]
    model = ENTITIES.get(table)
    return {} if model is None else {name: Shown(model.__name__, name) for name in columns_of(model)}


def _differing(entity: str, before: Image | None, after: Image | None) -> Iterator[tuple[Shown, Any, Any]]:
    old, new = before or {}, after or {}
    for name, shown in shown_of(entity).items():
        if name not in BOOKKEEPING and old.get(name) != new.get(name):
            yield shown, old.get(name), new.get(name)


def _text(shown: Shown, value: Any, *, sees_personal: bool) -> str | None:
    """Write a value as a text, masked where the record's field is."""
    if value is None:
        return None
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return written if shown.mask is None or sees_personal else str(shown.mask(written))
