"""Reading: which changes are settled, and the events that they are, in the order in which they were written."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, select

from app.db.pool import Pool
from app.db.rendering import render
from app.db.scope import Scope
from app.events.event import PATHS, Event
from app.events.event_filter import EventFilter
from app.loaders.comparisons import among
from app.models import Change

MOST_EVENTS = 1_000
"""The most events that are read at a time."""

SETTLED = "select settled_change()"

EVENTS = (
    select(Change.id, Change.entity, Change.entity_id, Change.operation, Change.changed_fields, *PATHS)
    .where(Change.id > bindparam("after"), Change.id <= bindparam("upto"))
    .order_by(Change.id)
    .limit(MOST_EVENTS)
)

VISIBLE = "select id from change where id = any(%(ids)s)"


async def settled(pool: Pool) -> int:
    """Return the number of the last change that no running transaction may still precede.

    Changes are read in a transaction that begins afterwards, so that it sees all of those.
    """
    async with pool.reading_as_owner() as reading:
        ((number,),) = await reading.run(SETTLED)
        return int(number)


async def events_between(pool: Pool, after: int, upto: int, wanted: EventFilter | None = None) -> list[Event]:
    """Read the first events of changes behind one and up to another, which is settled: at most MOST_EVENTS.

    Only the ids of `wanted` narrow what is read; the caller compares the rest.
    """
    query = EVENTS
    if wanted is not None and wanted.entity_ids:
        query = query.where(among(Change.entity_id.expression, sorted(wanted.entity_ids)))
    async with pool.reading_as_owner() as reading:
        (rows,) = await reading.fetch_all([(render(query, is_short=True), {"after": after, "upto": upto})])
    return [event_of(row) for row in rows]


async def visible(pool: Pool, scope: Scope, ids: Collection[int]) -> frozenset[int]:
    """Return which changes a scope sees."""
    async with pool.reading(scope) as reading:
        return frozenset(id_ for (id_,) in await reading.run(VISIBLE, {"ids": list(ids)}))


def event_of(row: tuple[Any, ...]) -> Event:
    """Make an event of a row of EVENTS."""
    id_, entity, entity_id, operation, changed, *paths = row
    nodes = frozenset(int(node) for path in paths if path for node in path.split("/") if node)
    return Event(id_, entity, entity_id, operation, frozenset(changed or ()), nodes)
