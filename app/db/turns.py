"""Turns: how the callers of a process share its connections or threads.

One caller has at most a share of them at a time. Further requests wait, and the callers that wait get the next turns
one after the other, so that a caller with many requests delays those of the others by one request at most.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import NamedTuple

from app.error_codes import Message
from app.errors import MANY_WRITE, RequestError, UnavailableError

CALLER: ContextVar[str] = ContextVar("caller", default="")
"""On whose behalf this task runs: the account or the client of the token, and before that the address."""

LONGEST_QUEUE = 100
"""The most requests of one caller that wait."""

MANY_READ = Message(
    "many requests wait for the database, and this one was not begun: try again in a few seconds",
    "等待数据库的请求过多，本次请求未开始，请稍后重试",
)


class TooManyRequestsError(RequestError):
    """The caller has more requests waiting than may wait."""

    code = "TOO_MANY_REQUESTS"


class Shares(NamedTuple):
    """How many turns there are at a time."""

    all: int
    """Of all callers."""

    caller: int
    """Of one caller."""

    writers: int
    """Of requests that write; they may wait for locks."""

    waiting: int = LONGEST_QUEUE
    """How many requests of one caller may wait."""

    all_waiting: int = 10 * LONGEST_QUEUE
    """How many requests of all callers may wait."""


class Turn(NamedTuple):
    """A request that waits."""

    writes: bool
    given: asyncio.Future[bool]
    """False when the request has waited for too long."""

    def expire(self) -> None:
        """End the wait, unless the turn is given or the request has left."""
        if not self.given.done():
            self.given.set_result(False)


class Turns:
    """The turns of a process. `timeout` is in seconds: a request waits no longer."""

    def __init__(self, shares: Shares, timeout: float) -> None:
        self._shares, self._timeout = shares, timeout
        self._busy: Counter[str] = Counter()
        self._all = self._writers = 0
        self._waiting: OrderedDict[str, deque[Turn]] = OrderedDict()
        """By caller; the caller whose turn was longest ago comes first."""
        self._number = 0  # of all that wait

    @asynccontextmanager
    async def turn(self, *, writes: bool = False) -> AsyncIterator[None]:
        """Wait for a turn of the caller, which ends with the block.

        TooManyRequestsError when too many of the caller's requests wait already; UnavailableError when too many of all
        callers wait, or when no turn comes in time.
        """
        caller = CALLER.get()
        await self.begin(caller, writes=writes)
        try:
            yield
        finally:
            self.end(caller, writes=writes)

    async def begin(self, caller: str, *, writes: bool = False) -> None:
        """Wait for a turn of a caller; the errors are those of `turn`."""
        if self._may(caller, writes=writes) and caller not in self._waiting:
            self._give(caller, writes=writes)
            return
        turn = self._enqueue(caller, writes=writes)
        self._give_next()  # a reader need not wait behind writers of the same caller
        if not await self._wait_for(caller, turn):
            raise UnavailableError(None, MANY_WRITE if writes else MANY_READ)

    async def _wait_for(self, caller: str, turn: Turn) -> bool:
        """Return whether a turn is given in time. One that is not, or whose task is cancelled, is withdrawn."""
        expiry = asyncio.get_running_loop().call_later(self._timeout, turn.expire)  # less work than asyncio.timeout
        is_given = False
        try:
            is_given = await turn.given
        finally:
            expiry.cancel()
            if not is_given:
                self._withdraw(caller, turn)
        return is_given

    def _enqueue(self, caller: str, *, writes: bool) -> Turn:
        queue = self._waiting.get(caller, deque())
        if len(queue) >= self._shares.waiting:
            raise TooManyRequestsError
        if self._number == self._shares.all_waiting:
            raise UnavailableError(None, MANY_WRITE if writes else MANY_READ)
        turn = Turn(writes, asyncio.get_running_loop().create_future())
        queue.append(turn)
        self._waiting[caller] = queue
        self._number += 1
        return turn

    def end(self, caller: str, *, writes: bool = False) -> None:
        """End a turn and give it to the next request that may have it."""
        self._busy[caller] -= 1
        if not self._busy[caller]:
            del self._busy[caller]
        self._all -= 1
        self._writers -= writes
        self._give_next()

    def _may(self, caller: str, *, writes: bool) -> bool:
        shares = self._shares
        return (
            self._all < shares.all
            and self._busy[caller] < shares.caller
            and not (writes and self._writers >= shares.writers)
        )

    def _give(self, caller: str, *, writes: bool) -> None:
        self._busy[caller] += 1
        self._all += 1
        self._writers += writes

    def _give_next(self) -> None:
        """Give the turns that are free, at most one to each caller in a round."""
        while self._all < self._shares.all:
            given = [caller for caller in tuple(self._waiting) if self._give_first(caller)]
            if not given:
                return

    def _give_first(self, caller: str) -> bool:
        """Give a turn to the first request of a caller that may have one."""
        if self._busy[caller] >= self._shares.caller:
            return False
        queue = self._waiting[caller]
        waiting = (turn for turn in queue if not turn.given.done())  # others are leaving, and withdraw themselves
        turn = next((turn for turn in waiting if self._may(caller, writes=turn.writes)), None)
        if turn is None:
            return False
        self._remove(caller, turn)
        if caller in self._waiting:
            self._waiting.move_to_end(caller)
        self._give(caller, writes=turn.writes)
        turn.given.set_result(True)
        return True

    def _withdraw(self, caller: str, turn: Turn) -> None:
        """Take a request out of the queue; a turn that it was given at the same moment goes to the next one."""
        if turn.given.done() and not turn.given.cancelled() and turn.given.result():
            self.end(caller, writes=turn.writes)
        else:
            self._remove(caller, turn)

    def _remove(self, caller: str, turn: Turn) -> None:
        self._number -= 1
        self._waiting[caller].remove(turn)
        if not self._waiting[caller]:
            del self._waiting[caller]
