"""Feed: the changes of the register as they are settled, for those who follow them in this process.

The feed reads the events since its position once for all, as the program; it asks the policies which of them a scope
sees once for each scope that somebody follows them with; and it wakes only those who are told about one. Nothing is
kept for a follower who is busy: each has a position of its own, and reads from the record what it has not been told.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from app.db.pool import Pool
from app.db.scope import Scope
from app.db.turns import CALLER
from app.errors import describe
from app.events.event import Event
from app.events.event_filter import EventFilter
from app.events.reading import all_events, events_of, settled, visible

LOG = logging.getLogger("cadastre.events")

TICK_SECONDS = 0.05
"""How long the feed waits before it asks again."""

READ_SECONDS = 10
"""How long it waits for the database."""

OUTAGE_SECONDS = 1
"""How long it waits when the database cannot be used."""

COMPARED_AT_ONCE = 5_000
"""Comparisons of an event with a filter, after which others run: a few milliseconds."""


@dataclass(eq=False)
class Follower:
    """Somebody who follows the feed: with a scope and a filter, and told about everything up to a position."""

    scope: Scope
    filter: EventFilter
    position: int


class Feed:
    """The feed of one process. It reads nothing while nobody follows it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._position: int | None = None  # none while nobody follows
        self._followers: set[Follower] = set()
        self._waiting: dict[Follower, asyncio.Future[list[Event]]] = {}
        self._followed = asyncio.Event()
        self._is_up = True

    async def run(self) -> None:
        """Read until cancelled."""
        CALLER.set("events")
        while True:
            await self._followed.wait()
            try:
                async with asyncio.timeout(READ_SECONDS):
                    await self._read_on()
                self._is_up, pause = True, TICK_SECONDS
            except Exception as error:  # noqa: BLE001 - a feed that no longer tries would never tell anything again
                self._note_outage(error)
                pause = OUTAGE_SECONDS
            await asyncio.sleep(pause)

    @contextmanager
    def followed_by(self, follower: Follower) -> Iterator[None]:
        """Read on while the block runs."""
        self._followers.add(follower)
        self._followed.set()
        try:
            yield
        finally:
            self._followers.discard(follower)
            self._waiting.pop(follower, None)
            if not self._followers:
                self._position = None
                self._followed.clear()

    async def now(self) -> int:
        """Return the position from which only later changes follow."""
        return await settled(self._pool)

    async def next(self, follower: Follower) -> list[Event]:
        """Wait for the next events that a follower is told about; its position is behind them then.

        UnavailableError when the database cannot be used; the position is then as before.
        """
        while True:
            position = self._position
            if position is None or follower.position >= position:
                found = await self._told(follower)
            else:
                found = await self._missed_by(follower, position)
            if found:
                return found

    async def _told(self, follower: Follower) -> list[Event]:
        """Wait until there is an event for a follower, or it must read what it has missed."""
        waiting: asyncio.Future[list[Event]] = asyncio.get_running_loop().create_future()
        self._waiting[follower] = waiting
        try:
            return await waiting
        finally:
            self._waiting.pop(follower, None)

    async def _missed_by(self, follower: Follower, upto: int) -> list[Event]:
        """Read from the record what a follower has not been told; the position moves on."""
        events, follower.position = await events_of(
            self._pool, follower.scope, follower.filter, follower.position, upto
        )
        return events

    async def _read_on(self) -> None:
        """Read what is settled since the last time, and tell those who wait."""
        begin, upto = self._position, await settled(self._pool)
        if begin is not None and upto > begin:
            events, upto = await all_events(self._pool, begin, upto)
            await self._tell(events, begin, upto)
        if self._followers:
            self._position = upto
        for follower in [each for each in self._waiting if each.position < upto]:
            self._wake(follower, [])  # it has missed something, and reads that itself

    async def _tell(self, events: list[Event], begin: int, upto: int) -> None:
        """Tell those who have been told everything before, and move their positions on."""
        told = [each for each in self._waiting if each.position == begin]
        seen = await self._seen(await wanted_by(told, events))
        for follower in told:
            if follower in self._waiting:
                follower.position = upto
                if found := seen.get(follower):
                    self._wake(follower, found)

    async def seen(self, follower: Follower, events: list[Event]) -> list[Event]:
        """Return the events that a follower sees, of some that were found before its scope changed."""
        return (await self._seen({follower: events}))[follower]

    async def _seen(self, wanted: Mapping[Follower, list[Event]]) -> dict[Follower, list[Event]]:
        """Return the events that followers see, of those that they want: one statement for each scope."""
        ids: dict[Scope, set[int]] = {}
        for follower, events in wanted.items():
            ids.setdefault(follower.scope, set()).update(event.id for event in events)
        seen = {scope: await visible(self._pool, scope, of_scope) for scope, of_scope in ids.items()}
        return {
            follower: [event for event in events if event.id in seen[follower.scope]]
            for follower, events in wanted.items()
        }

    def _wake(self, follower: Follower, events: list[Event]) -> None:
        waiting = self._waiting.pop(follower)
        if not waiting.done():
            waiting.set_result(events)

    def _note_outage(self, error: Exception) -> None:
        """Log once that nobody is told anything, because the database cannot be used."""
        if self._is_up:
            LOG.warning("those who follow changes wait for the database: %s", describe(error))
        self._is_up = False


async def wanted_by(followers: Sequence[Follower], events: Sequence[Event]) -> dict[Follower, list[Event]]:
    """Return who wants to be told which events; whoever wants none is left out."""
    wanted, compared = {}, 0
    for follower in followers:
        if found := [event for event in events if follower.filter.matches(event)]:
            wanted[follower] = found
        compared += len(events)
        if compared >= COMPARED_AT_ONCE:
            compared = 0
            await asyncio.sleep(0)
    return wanted
