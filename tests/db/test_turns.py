"""Callers share the turns of a process: none has more than its share, and those that wait are served in turn."""

import asyncio

import pytest

from app.db.turns import CALLER, Shares, TooManyRequestsError, Turns
from app.errors import UnavailableError

pytestmark = pytest.mark.anyio

FEW = Shares(all=3, caller=2, writers=1, waiting=4, all_waiting=6)


@pytest.fixture
def anyio_backend() -> str:
    """Run the tests of this module under asyncio."""
    return "asyncio"


class Crowd:
    """Requests that hold their turns until they are told to end."""

    def __init__(self, shares: Shares = FEW, timeout: float = 30) -> None:
        self.turns = Turns(shares, timeout)
        self.running: list[str] = []
        self.end = asyncio.Semaphore(0)

    def come(self, caller: str, *, writes: bool = False) -> asyncio.Task[None]:
        async def run() -> None:
            CALLER.set(caller)
            async with self.turns.turn(writes=writes):
                self.running.append(caller)
                await self.end.acquire()
            self.running.remove(caller)

        return asyncio.create_task(run())

    async def settled(self) -> str:
        """Return who has a turn once nothing moves any more."""
        for _ in range(20):
            await asyncio.sleep(0)
        return "".join(sorted(self.running))


async def test_a_caller_has_at_most_its_share_and_others_have_the_rest() -> None:
    crowd = Crowd()
    tasks = [crowd.come("a") for _ in range(5)]
    assert await crowd.settled() == "aa"
    tasks += [crowd.come("b") for _ in range(3)]
    assert await crowd.settled() == "aab"
    for _ in tasks:
        crowd.end.release()
    await asyncio.gather(*tasks)
    assert await crowd.settled() == ""


async def test_callers_that_wait_are_served_one_after_the_other() -> None:
    crowd = Crowd(Shares(all=1, caller=1, writers=1))
    tasks = [crowd.come(caller) for caller in "aaaabc"]
    order = []
    for _ in tasks:
        order.append(await crowd.settled())
        crowd.end.release()
    await asyncio.gather(*tasks)
    assert "".join(order) == "aabcaa"


async def test_too_many_requests_of_one_caller_are_refused_and_those_of_others_are_not() -> None:
    crowd = Crowd()
    tasks = [crowd.come("a") for _ in range(2 + 4)]
    await crowd.settled()
    with pytest.raises(TooManyRequestsError):
        await crowd.come("a")
    tasks.append(crowd.come("b"))
    assert await crowd.settled() == "aab"
    tasks += [crowd.come("c"), crowd.come("d")]
    await crowd.settled()
    with pytest.raises(UnavailableError):
        await crowd.come("e")  # as many wait as may wait in all
    for _ in tasks:
        crowd.end.release()
    await asyncio.gather(*tasks)


async def test_a_reader_does_not_wait_behind_writers() -> None:
    crowd = Crowd()
    tasks = [crowd.come("a", writes=True), crowd.come("b", writes=True), crowd.come("b"), crowd.come("c", writes=True)]
    assert await crowd.settled() == "ab"
    for _ in tasks:
        crowd.end.release()
    await asyncio.gather(*tasks)


async def test_a_request_that_leaves_or_waits_too_long_gives_its_place_to_the_next() -> None:
    crowd = Crowd(Shares(all=1, caller=1, writers=1), timeout=0.05)
    first, leaving, late = crowd.come("a"), crowd.come("b"), crowd.come("c")
    await crowd.settled()
    leaving.cancel()
    with pytest.raises(UnavailableError):
        await late
    last = crowd.come("d")
    await crowd.settled()
    crowd.end.release()
    await first
    assert await crowd.settled() == "d"
    crowd.end.release()
    await last


async def test_a_turn_that_is_given_to_a_request_as_it_leaves_is_not_lost() -> None:
    crowd = Crowd(Shares(all=1, caller=1, writers=1))
    first, leaving, next_one = crowd.come("a"), crowd.come("b"), crowd.come("c")
    await crowd.settled()
    crowd.end.release()
    await first
    leaving.cancel()
    await crowd.settled()
    crowd.end.release()
    async with asyncio.timeout(5):
        await next_one


async def test_a_turn_is_not_given_to_a_request_that_is_leaving() -> None:
    crowd = Crowd(Shares(all=1, caller=1, writers=1))
    first, leaving, last = crowd.come("a"), crowd.come("b"), crowd.come("c")
    await crowd.settled()
    crowd.end.release()
    await asyncio.sleep(0)  # the first request is about to end
    leaving.cancel()
    await first
    assert await crowd.settled() == "c"
    crowd.end.release()
    await last
