"""Event: the columns of a change that decide which followers it is sent to."""

from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from app.models import Change, Space


class Event(NamedTuple):
    """A change of the record, without its values.

    `nodes` are the record itself, if it is an organisation or a space, and all those above it: before the change, after
    it and now.
    """

    id: int
    entity: str
    entity_id: int
    operation: str
    changed_fields: frozenset[str]
    nodes: frozenset[int]


IMAGE: ColumnElement[Any] = func.coalesce(Change.after, Change.before, type_=JSONB)

SPACE_ID = case(
    (Change.entity == Space.__tablename__, Change.entity_id), else_=cast(IMAGE["space_id"].astext, BigInteger)
)
"""The space of a record: itself, or the one that it refers to."""

PATHS: tuple[ColumnElement[Any], ...] = (
    Change.org_path.expression,
    *(image[name].astext for image in (Change.before, Change.after) for name in ("path", "space_path")),
    select(Space.path).where(Space.id == SPACE_ID).scalar_subquery(),
)
"""The paths of the record before the change, after it and now, such as `8829/8830/`."""
