"""Patience: an outage is waited out however long it is, and whoever leaves meanwhile is not waited for."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from app.db.scope import Scope
from app.errors import UnavailableError
from app.events.event import Event
from app.events.event_filter import EventFilter
from app.events.feed import Feed, Follower
from app.execution import patience
from app.execution.event_answers import EventAnswers
from app.execution.patience import patiently

EVENT = Event(1, "space", 18, "UPDATE", frozenset(), frozenset())

SOON = 2


async def frozen() -> Any:
    """Wait as a transaction of a database does that does not answer."""
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError as error:
        raise UnavailableError(error) from error


async def cancelled(task: asyncio.Task[Any]) -> bool:
    """Cancel a task that has begun, and return whether that has ended it."""
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task], timeout=SOON)
    return task.cancelled()


class Answers(EventAnswers):
    """Answers that fail before they succeed."""

    def __init__(self, failures: int) -> None:
        settings: Any = SimpleNamespace(deadline=SOON)
        super().__init__(None, None, None, settings)  # type: ignore[arg-type]
        self.failures = failures

    async def _run(self, *_: Any) -> list[bytes]:
        self.failures -= 1
        if self.failures >= 0:
            raise UnavailableError(None)
        return [b"answer"]


def test_a_subscription_whose_client_leaves_while_the_database_does_not_answer_ends() -> None:
    async def subscribed() -> bool:
        return await cancelled(asyncio.create_task(patiently(frozen)))

    assert asyncio.run(subscribed())


def test_a_subscription_whose_client_leaves_when_the_database_answers_ends() -> None:
    async def answered() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return "as wait_for of Python 3.11 does"
        return ""

    async def subscribed() -> bool:
        return await cancelled(asyncio.create_task(patiently(answered)))

    assert asyncio.run(subscribed())


def test_the_feed_ends_with_the_program_while_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def followed() -> bool:
        monkeypatch.setattr("app.events.feed.settled", lambda _: frozen())
        feed: Feed = Feed(None)  # type: ignore[arg-type]
        with feed.followed_by(Follower(Scope.everything(), EventFilter(), 0)):
            return await cancelled(asyncio.create_task(feed.run()))

    assert asyncio.run(followed())


def test_an_event_is_answered_after_an_outage_of_any_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "AGAIN_SECONDS", 0)
    prepared: Any = SimpleNamespace(request=SimpleNamespace(language="en"))
    assert asyncio.run(Answers(3_000)._answered(prepared, None, [EVENT])) == [b"answer"]  # noqa: SLF001 - its waiting
