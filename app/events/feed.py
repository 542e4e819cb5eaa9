"""Feed: the changes of the register as they are settled, for those who follow them in this process.

The feed reads the events since its position once for all, as the program; it asks the policies which of them a scope
sees once for each scope that somebody follows them with; and it wakes only those who are told about one. Nothing is
kept for a follower who is busy: each has a position of its own, and reads from the record what it has not been told.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from app.db.pool import Pool
from app.db.scope import Scope
from app.db.turns import CALLER
from app.errors import RequestError, describe
from app.events.event import Event
from app.events.event_filter import EventFilter
from app.events.reading import MOST_EVENTS, events_between, settled, visible

LOG = logging.getLogger("cadastre.events")

TICK_SECONDS = 0.05
"""How long the feed waits before it asks again."""

OUTAGE_SECONDS = 1
"""How long it waits when the database cannot be used."""


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
                await self._read_on()
                self._is_up, pause = True, TICK_SECONDS
            except RequestError as error:
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
        events = await events_between(self._pool, follower.position, upto, follower.filter)
        upto = events[-1].id if len(events) == MOST_EVENTS else upto
        wanted = [event for event in events if follower.filter.matches(event)]
        seen = await self._seen({follower: wanted})
        follower.position = upto
        return seen[follower]

    async def _read_on(self) -> None:
        """Read what is settled since the last time, and tell those who wait."""
        begin, upto = self._position, await settled(self._pool)
        if begin is not None and upto > begin:
            events = await events_between(self._pool, begin, upto)
            upto = events[-1].id if len(events) == MOST_EVENTS else upto
            await self._tell(events, begin, upto)
        if self._followers:
            self._position = upto
        for follower in [each for each in self._waiting if each.position < upto]:
            self._wake(follower, [])  # it has missed something, and reads that itself

    async def _tell(self, events: list[Event], begin: int, upto: int) -> None:
        """Tell those who have been told everything before, and move their positions on."""
        told = [each for each in self._waiting if each.position == begin]
        wanted = {each: [event for event in events if each.filter.matches(event)] for each in told}
        seen = await self._seen(wanted)
        for follower in told:
            if follower in self._waiting:
                follower.position = upto
                if seen[follower]:
                    self._wake(follower, seen[follower])

    async def seen(self, follower: Follower, events: list[Event]) -> list[Event]:
        """Return the events that a follower sees, of some that were found before its scope changed."""
        return (await self._seen({follower: events}))[follower]

    async def _seen(self, wanted: Mapping[Follower, list[Event]]) -> dict[Follower, list[Event]]:
        """Return the events that followers see, of those that they want: one statement for each scope."""
        ids: dict[Scope, set[int]] = {}
        for follower, events in wanted.items():
            if events:
                ids.setdefault(follower.scope, set()).update(event.id for event in events)
        seen = {scope: await visible(self._pool, scope, of_scope) for scope, of_scope in ids.items()}
        return {
            follower: [event for event in events if event.id in seen[follower.scope]] if events else []
            for follower, events in wanted.items()
        }

    def _wake(self, follower: Follower, events: list[Event]) -> None:
        waiting = self._waiting.pop(follower)
        if not waiting.done():
            waiting.set_result(events)

    def _note_outage(self, error: RequestError) -> None:
        """Log once that nobody is told anything, because the database cannot be used."""
        if self._is_up:
            LOG.warning("those who follow changes wait for the database: %s", describe(error))
        self._is_up = False
