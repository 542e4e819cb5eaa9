"""Feed: the settled changes of the register, for the followers of this process.

The feed reads new events once for all followers, as the program, and keeps the newest in memory. It wakes the followers
whose filter matches; these ask the policies which of the events their scope sees (sight.py). Nothing is buffered for a
busy follower. Each follower has its own position, and reads what follows it from memory, or from the table `change` if
it is far behind.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from app.db.outages import Outages
from app.db.pool import Pool, end_if_cancelled
from app.db.scope import Scope
from app.db.turns import CALLER
from app.errors import describe
from app.events.event import Event
from app.events.event_filter import EventFilter
from app.events.reading import all_events, events_of, last_number, settled
from app.events.recent import Recent
from app.events.sight import Sight

LOG = logging.getLogger("cadastre.events")

TICK_SECONDS = 0.05
"""How long the feed waits before it asks again."""

READ_SECONDS = 10
"""How long it waits for the database."""

OUTAGE_SECONDS = 1
"""How long it waits when the database cannot be used."""

SIGHT_SECONDS = 5
"""How long at least the feed remembers which scopes see an event."""

COMPARED_AT_ONCE = 5_000
"""After so many comparisons of an event with a filter, other tasks run: a few milliseconds."""


@dataclass(eq=False)
class Follower:
    """A reader of the feed. It has received every event up to its position that its filter and scope allow."""

    scope: Scope
    filter: EventFilter
    position: int

    def wanted(self, events: Sequence[Event]) -> list[Event]:
        """Return the events that the filter matches."""
        return [event for event in events if self.filter.matches(event)]


class Feed:
    """The feed of one process. It reads nothing while nobody follows it."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._sight = pool, Sight(pool)
        self._recent: Recent | None = None  # none while nobody follows
        self._followers: set[Follower] = set()
        self._waiting: dict[Follower, asyncio.Future[None]] = {}
        self._followed = asyncio.Event()
        self._outages = Outages(LOG, "those who follow changes wait for the database: %s")
        self._forgot_at, self._forgettable = 0.0, 0

    async def run(self) -> None:
        """Read until cancelled."""
        CALLER.set("events")
        while True:
            await self._followed.wait()
            try:
                async with asyncio.timeout(READ_SECONDS):
                    await self._read_on()
                self._outages.end()
                pause = TICK_SECONDS
            except Exception as error:  # noqa: BLE001 - a feed that no longer tries would never tell anything again
                end_if_cancelled()
                self._outages.begin(describe(error))
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
            if not self._followers:
                self._recent, self._sight = None, Sight(self._pool)
                self._followed.clear()

    async def now(self) -> int:
        """Return the position from which only later changes follow."""
        return await settled(self._pool)

    async def going_on(self, position: int) -> int:
        """Return the position from which a follower goes on.

        A position behind the last number comes from a newer copy of the database, and is replaced by that number. A
        position may be ahead of the settled changes: a transaction may have marked its begin late, and events that were
        sent are not sent again.
        """
        return min(position, await last_number(self._pool))

    async def next(self, follower: Follower, seconds: float) -> list[Event]:
        """Return the next events of a follower, and move its position behind them.

        There may be none: after some seconds, or when old changes were looked through. UnavailableError when the
        database cannot be used; the position is then as before.
        """
        if self._recent is None or follower.position >= self._recent.end:
            await self._new_events(follower, seconds)
        recent = self._recent
        if recent is None or follower.position >= recent.end:
            return []
        if follower.position < recent.begin:
            events, upto = await events_of(self._pool, follower.scope, follower.filter, follower.position, recent.begin)
        else:
            upto = recent.end
            events = await self.seen(follower, follower.wanted(recent.behind(follower.position)))
        follower.position = upto
        return events

    async def seen(self, follower: Follower, events: Sequence[Event]) -> list[Event]:
        """Return the events that a follower sees."""
        return await self._sight.seen(follower.scope, events)

    async def _new_events(self, follower: Follower, seconds: float) -> None:
        """Wait until there may be an event for a follower, at most some seconds."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[follower] = waiting
        try:
            await asyncio.wait([waiting], timeout=seconds)
        finally:
            self._waiting.pop(follower, None)

    async def _read_on(self) -> None:
        """Read what was settled since the last time, and wake the followers whose filter matches."""
        recent, upto = self._recent, await settled(self._pool)
        if recent is None:
            self._recent = Recent(upto) if self._followers else None
            self._wake([each for each in self._waiting if each.position < upto])
            return
        self._forget_sight(recent.end)
        if upto > recent.end:
            begin, (events, upto) = recent.end, await all_events(self._pool, recent.end, upto)
            recent.add(events, upto)
            await self._tell(events, begin, upto)

    def _forget_sight(self, end: int) -> None:
        """Forget from time to time who sees the old events."""
        now = asyncio.get_running_loop().time()
        if now - self._forgot_at > SIGHT_SECONDS:
            self._sight.forget(self._forgettable)
            self._forgot_at, self._forgettable = now, end

    async def _tell(self, events: list[Event], begin: int, upto: int) -> None:
        """Wake the followers whose filter matches an event, and move the positions of the others on."""
        compared = 0
        for follower in list(self._waiting):
            if follower.position < begin or follower.wanted(events):
                self._wake([follower])
            elif follower in self._waiting:
                follower.position = max(follower.position, upto)
            compared += len(events)
            if compared >= COMPARED_AT_ONCE:
                compared = 0
                await asyncio.sleep(0)

    def _wake(self, followers: Sequence[Follower]) -> None:
        for follower in followers:
            waiting = self._waiting.get(follower)
            if waiting is not None and not waiting.done():
                waiting.set_result(None)
