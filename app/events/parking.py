"""Parking: the events that brokers refuse, and those of the same entities, which wait behind them.

An event is due again when an operator has released every refused one of its entity up to it, or has dropped it.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import psycopg

from app.events.cloud_event import (
    CHANGE_COLUMNS,
    PUBLISHED_COLUMNS,
    ChangeRow,
    CloudEvents,
    PublishedRow,
    of_published,
)
from app.events.message import Entity, Message, Refusal

# ruff: noqa: S608 - our own names

Connection = psycopg.AsyncConnection[Any]

DUE = """parked_event parked where not exists (
  select from parked_event refused
  where refused.topic = parked.topic and refused.key = parked.key and refused.event_id <= parked.event_id
    and refused.reason is not null and not refused.is_released
)"""

DUE_IDS = f"select event_id, is_change from {DUE} order by event_id limit %(most)s"
CHANGES = f"select {CHANGE_COLUMNS} from change where id = any(%(ids)s) order by id"
PUBLISHED = f"select {PUBLISHED_COLUMNS} from published_event where id = any(%(ids)s) order by id"

HELD = """select distinct topic, key from parked_event
where (topic, key) in (select * from unnest(%(topics)s::text[], %(keys)s::text[]))"""

PARK = """insert into parked_event (event_id, topic, key, is_change, reason)
select * from unnest(
  %(ids)s::bigint[], %(topics)s::text[], %(keys)s::text[], %(changes)s::boolean[], %(reasons)s::text[]
)
on conflict (event_id) do update set reason = excluded.reason, is_released = false, parked_at = now()"""

UNPARK = "delete from parked_event where event_id = any(%(ids)s)"
FORGET_PUBLISHED = "delete from published_event where id = any(%(ids)s)"
COUNT = "select count(*) from parked_event"

IS_GONE = "the record of changes no longer has it"
GONE = f"""update parked_event set reason = '{IS_GONE}', is_released = false
where event_id = any(%(ids)s)"""


class Parked(NamedTuple):
    """A parked event as operators see it."""

    event_id: int
    topic: str
    key: str
    reason: str | None
    is_released: bool
    parked_at: Any


LIST = f"select {', '.join(Parked._fields)} from parked_event order by event_id limit %(most)s"
RELEASE = """update parked_event set is_released = true
where reason is not null and (%(id)s::bigint is null or event_id = %(id)s)"""
DROP = "delete from parked_event where event_id = %(id)s returning is_change"


async def held(connection: Connection, messages: Iterable[Message]) -> set[Entity]:
    """Return the entities among those of the messages that have parked events."""
    entities = {message.entity for message in messages}
    values = {"topics": [topic for topic, _ in entities], "keys": [key for _, key in entities]}
    return set(await (await connection.execute(HELD, values)).fetchall())


async def park(connection: Connection, refusals: Sequence[Refusal]) -> None:
    """Park what was not sent."""
    messages = [refusal.message for refusal in refusals]
    values = {
        "ids": [message.event_id for message in messages],
        "topics": [message.topic for message in messages],
        "keys": [message.key for message in messages],
        "changes": [message.is_change for message in messages],
        "reasons": [refusal.reason for refusal in refusals],
    }
    await connection.execute(PARK, values)


async def due(connection: Connection, events: CloudEvents, most: int) -> list[Message]:
    """Return the events that are due again, in their order."""
    rows = await (await connection.execute(DUE_IDS, {"most": most})).fetchall()
    changes = [event_id for event_id, is_change in rows if is_change]
    published = [event_id for event_id, is_change in rows if not is_change]
    found = [events.of_change(ChangeRow(*row)) for row in await _rows(connection, CHANGES, changes)]
    found += [of_published(PublishedRow(*row)) for row in await _rows(connection, PUBLISHED, published)]
    gone = {event_id for event_id, _ in rows} - {message.event_id for message in found}
    if gone:
        await connection.execute(GONE, {"ids": [*gone]})
    return found


async def unpark(connection: Connection, messages: Iterable[Message]) -> None:
    """Take out events that were sent."""
    await connection.execute(UNPARK, {"ids": [message.event_id for message in messages]})


async def forget_published(connection: Connection, messages: Iterable[Message]) -> None:
    """Delete published events that were sent."""
    ids = [message.event_id for message in messages if not message.is_change]
    if ids:
        await connection.execute(FORGET_PUBLISHED, {"ids": ids})


async def count(connection: Connection) -> int:
    """Return how many events are parked."""
    ((number,),) = await (await connection.execute(COUNT)).fetchall()
    return int(number)


async def _rows(connection: Connection, statement: str, ids: list[int]) -> list[Any]:
    return await (await connection.execute(statement, {"ids": ids})).fetchall() if ids else []


def parked(connection: psycopg.Connection, most: int) -> list[Parked]:
    """List parked events in their order."""
    return [Parked(*row) for row in connection.execute(LIST, {"most": most})]


def release(connection: psycopg.Connection, event_id: int | None) -> int:
    """Let the relay send a refused event again, or all of them, and what waits behind; return their number."""
    return connection.execute(RELEASE, {"id": event_id}).rowcount


def drop(connection: psycopg.Connection, event_id: int) -> bool:
    """Give up an event: it is never sent. False when none is parked by this id."""
    row = connection.execute(DROP, {"id": event_id}).fetchone()
    if row == (False,):
        connection.execute(FORGET_PUBLISHED, {"ids": [event_id]})
    return row is not None
