"""Relay: sends every change and every published event to the brokers, at least once, in order for each entity.

One relay works at a time: the one that holds an advisory lock of the database. The others wait for it. The position
and what is parked are stored in one transaction after the brokers have confirmed, so that a relay that ends at any
moment leaves at most repetitions.
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson
import psycopg
from psycopg.types.json import set_json_loads

from app.db.connecting import conninfo_of
from app.db.connections import POOLED
from app.errors import describe
from app.events import parking
from app.events.cloud_event import (
    CHANGE_COLUMNS,
    PUBLISHED_COLUMNS,
    ChangeRow,
    CloudEvents,
    PublishedRow,
    of_published,
)
from app.events.message import Entity, Message, Refusal
from app.events.producer import OutageError
from app.events.reading import SETTLED
from app.metrics.events import DELAY, OUTAGES, PARKED, SENT

LOG = logging.getLogger("cadastre.events")

# ruff: noqa: S608 - our own names

NAME = "cadastre relay"
"""The connection's name in pg_stat_activity."""

KAFKA = "kafka"
"""The name of the position."""

WAVE, PUBLISHED_WAVE = 1_000, 200
"""How many changes and published events are sent at a time."""

POLL_SECONDS = 0.25
"""How long the relay waits after it has found nothing to send."""

LOCK_SECONDS = 1
"""How often a waiting relay tries to get the lock, and a sending one looks whether it still has it."""

DUE_SECONDS = 2
"""How often the relay looks for parked events that are due again."""

LONGEST_PAUSE = 10
"""The most seconds after a failure: 1, 2, 4 ..., each up to a half shorter at random."""

LOCK = "select pg_try_advisory_lock(1128350836, 1)"
"""A lock of two numbers: marks of changes are locks of one (migrations/frozen/changes.py)."""

BEGIN = f"insert into relay_position (name, change_id) values ('{KAFKA}', 0) on conflict do nothing"
POSITION = f"select change_id from relay_position where name = '{KAFKA}'"
MOVE = (
    f"update relay_position set change_id = %(to)s, updated_at = now() where name = '{KAFKA}' and change_id = %(from)s"
)

CHANGES = f"""select {CHANGE_COLUMNS} from change
where id > %(from)s and id <= %(settled)s order by id limit {WAVE}"""
PUBLISHED = f"""select {PUBLISHED_COLUMNS} from published_event
where not exists (select from parked_event where event_id = published_event.id) order by id limit {PUBLISHED_WAVE}"""

Connection = psycopg.AsyncConnection[Any]


class Producer(Protocol):
    """What the relay needs of a producer: app/events/producer.py."""

    async def send(self, messages: Sequence[Message], held: set[Entity]) -> list[Refusal]:
        """Return when each message is confirmed or refused; OutageError when that cannot be."""

    async def close(self) -> None:
        """Close connections."""


class LostError(Exception):
    """Another relay has moved the position."""


class Relay:
    """Sends what the database at `url` records until it is cancelled, and begins anew after every failure."""

    def __init__(self, url: str, events: CloudEvents, producer: Producer) -> None:
        self._url, self._events, self._producer = url, events, producer
        self._failures = 0
        self._position = 0
        self._due_at = 0.0
        self._has_parked = True
        """Whether events may be parked: only a relay parks them."""

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001 - a relay that no longer tries would never send again
                self._note_failure(error)
            finally:
                await self._producer.close()
            pause = min(LONGEST_PAUSE, 2 ** (self._failures - 1))
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - no secret

    async def _work(self) -> None:
        """Wait until no other relay works, and then send until something fails."""
        async with self._connected() as connection:
            while not await _value(connection, LOCK):  # noqa: ASYNC110 - another process has it
                await asyncio.sleep(LOCK_SECONDS)
            LOG.info("this process sends events")
            await connection.execute(BEGIN)
            self._due_at = 0.0  # looks first for what others have parked
            self._position = await _value(connection, POSITION)
            while True:
                if not await self._send_some(connection):
                    await asyncio.sleep(POLL_SECONDS)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Connection]:
        url = conninfo_of(self._url, **POOLED, fallback_application_name=NAME)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True, prepare_threshold=None) as connection:
            set_json_loads(orjson.loads, connection)
            yield connection

    async def _send_some(self, connection: Connection) -> int:
        """Send what is next, and return how much that was."""
        number = await self._send_due(connection)
        changes = await self._changes(connection)
        rows = await (await connection.execute(PUBLISHED)).fetchall()
        messages = [*map(self._events.of_change, changes), *(of_published(PublishedRow(*row)) for row in rows)]
        if messages:
            held = await parking.held(connection, messages) if self._has_parked else set()
            refusals = await self._sent(connection, messages, held)
            await self._store(connection, messages, refusals)
        self._failures = 0
        DELAY.set((datetime.now(UTC) - changes[-1].time).total_seconds() if len(changes) == WAVE else 0)
        return number + len(messages)

    async def _changes(self, connection: Connection) -> list[ChangeRow]:
        settled = await _value(connection, SETTLED)
        values = {"from": self._position, "settled": settled}
        return [ChangeRow(*row) for row in await (await connection.execute(CHANGES, values)).fetchall()]

    async def _sent(self, connection: Connection, messages: Sequence[Message], held: set[Entity]) -> list[Refusal]:
        """Send messages; give up when the connection breaks, because another relay then has the lock."""
        sending = asyncio.create_task(self._producer.send(messages, held))
        try:
            while not (await asyncio.wait([sending], timeout=LOCK_SECONDS))[0]:
                await connection.execute("select 1")
        finally:
            sending.cancel()
            await asyncio.wait([sending])
        return sending.result()

    async def _store(self, connection: Connection, messages: Sequence[Message], refusals: Sequence[Refusal]) -> None:
        """Move the position, and park what was not sent."""
        changes = [message.event_id for message in messages if message.is_change]
        sent = without(messages, refusals)
        async with connection.transaction():
            if refusals:
                self._has_parked = True
                await parking.park(connection, refusals)
            await parking.forget_published(connection, sent)
            if changes:
                await self._move(connection, changes[-1])
        count(sent)

    async def _move(self, connection: Connection, to: int) -> None:
        if (await connection.execute(MOVE, {"from": self._position, "to": to})).rowcount != 1:
            raise LostError
        self._position = to

    async def _send_due(self, connection: Connection) -> int:
        """Send parked events that are due again, and return how many were tried."""
        if time.monotonic() < self._due_at:
            return 0
        self._due_at = time.monotonic() + DUE_SECONDS
        number = await parking.count(connection)
        self._has_parked = number > 0
        PARKED.set(number)
        messages = await parking.due(connection, self._events, WAVE)
        if messages:
            refusals = await self._sent(connection, messages, set())
            sent = without(messages, refusals)
            async with connection.transaction():
                await parking.park(connection, [refusal for refusal in refusals if refusal.reason])
                await parking.unpark(connection, sent)
                await parking.forget_published(connection, sent)
            count(sent)
        return len(messages)

    def _note_failure(self, error: Exception) -> None:
        """Log the first of several failures."""
        self._failures += 1
        OUTAGES.inc()
        if self._failures == 1:
            reason = str(error) if isinstance(error, OutageError) else describe(error)
            LOG.warning("events wait, and are sent later: %s", reason)


def without(messages: Sequence[Message], refusals: Sequence[Refusal]) -> list[Message]:
    """Return the messages that were sent."""
    unsent = {refusal.message.event_id for refusal in refusals}
    return [message for message in messages if message.event_id not in unsent]


def count(sent: Sequence[Message]) -> None:
    """Count what was sent."""
    changes = sum(message.is_change for message in sent)
    SENT.labels("change").inc(changes)
    SENT.labels("published").inc(len(sent) - changes)


async def _value(connection: Connection, statement: str) -> Any:
    """Return the value that a statement selects."""
    return (await (await connection.execute(statement)).fetchall())[0][0]
