"""Reading: which changes are settled, and the events that they are, in the order in which they were written."""

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from app.db.arrays import array_of
from app.db.pool import Pool
from app.db.rendering import Statement, render
from app.db.scope import Scope
from app.db.transaction import Reading
from app.events.event import PATHS, Event
from app.events.event_filter import EventFilter
from app.loaders.comparisons import among
from app.models import Change

MOST_EVENTS = 1_000
"""The most events that are read at a time."""

MOST_IDS = 10_000
"""The most ids that are looked through at a time for a scope: a policy may hide nearly all of them."""

SETTLED = "select settled_change()"
"""The last change that no running transaction may still precede. It runs before the transaction that reads changes."""

LAST = "select last_value from register_id"

EVENTS = (
    select(Change.id, Change.entity, Change.entity_id, Change.operation, Change.changed_fields, *PATHS)
    .where(Change.id > bindparam("after"), Change.id <= bindparam("upto"))
    .order_by(Change.id)
    .limit(MOST_EVENTS)
)

VISIBLE = Statement("select id from change where id = any($1::bigint[])", ("ids",), {})


async def settled(pool: Pool) -> int:
    """Return the number of the last change that no running transaction may still precede.

    Changes are read in a transaction that begins afterwards, so that it sees all of those.
    """
    async with pool.reading_as_owner() as reading:
        ((number,),) = await reading.run(SETTLED)
        return int(number)


async def last_number(pool: Pool) -> int:
    """Return the last number that the register has given; no change has a larger one yet."""
    async with pool.reading_as_owner() as reading:
        ((number,),) = await reading.run(LAST)
        return int(number)


class Part(NamedTuple):
    """The first events behind a position, and the position up to which there is no other one."""

    events: list[Event]
    upto: int


async def all_events(pool: Pool, after: int, upto: int) -> Part:
    """Read the events of changes behind one and up to another, which is settled; at most MOST_EVENTS."""
    async with pool.reading_as_owner() as reading:
        return await _part(reading, EVENTS, after, upto)


async def events_of(pool: Pool, scope: Scope, wanted: EventFilter, after: int, upto: int) -> Part:
    """Read those that a scope sees and that are wanted, in the turn of the caller."""
    ids = sorted(wanted.entity_ids)
    query = EVENTS.where(among(Change.entity_id.expression, ids)) if ids else EVENTS
    async with pool.repeating(scope) as reading:
        part = await _part(reading, query, after, upto if ids else min(upto, after + MOST_IDS))
    return part._replace(events=[event for event in part.events if wanted.matches(event)])


async def _part(reading: Reading, query: Select[Any], after: int, upto: int) -> Part:
    (rows,) = await reading.fetch_all([(render(query, is_short=True), {"after": after, "upto": upto})])
    events = [event_of(row) for row in rows]
    return Part(events, events[-1].id if len(events) == MOST_EVENTS else upto)


async def visible(pool: Pool, scope: Scope, ids: Collection[int]) -> frozenset[int]:
    """Return which changes a scope sees."""
    async with pool.repeating(scope) as reading:
        (rows,) = await reading.fetch_all([(VISIBLE, {"ids": array_of(ids)})], last=True)
        return frozenset(id_ for (id_,) in rows)


def event_of(row: tuple[Any, ...]) -> Event:
    """Make an event of a row of EVENTS."""
    id_, entity, entity_id, operation, changed, *paths = row
    nodes = frozenset(int(node) for path in paths if path for node in path.split("/") if node)
    return Event(id_, entity, entity_id, operation, frozenset(changed or ()), nodes)
