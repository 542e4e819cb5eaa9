"""Sight: what scopes see of changes is asked once, and kept for a few seconds."""

import asyncio
from collections.abc import Collection
from typing import Any

import pytest

from app.db.scope import Scope
from app.events.event import Event
from app.events.event_filter import EventFilter
from app.events.feed import Feed, Follower
from tests.clients.waiting import SOON

EVENT = Event(1, "space", 18, "UPDATE", frozenset(), frozenset())


def test_what_scopes_see_is_forgotten_also_while_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Collection[int]] = []

    async def settled(_: Any) -> int:
        return 10

    async def visible(_: Any, __: Scope, ids: Collection[int]) -> frozenset[int]:
        asked.append(set(ids))
        return frozenset(ids)

    async def followed() -> None:
        feed: Feed = Feed(None)  # type: ignore[arg-type]
        reading = asyncio.create_task(feed.run())
        follower = Follower(Scope.everything(), EventFilter(), 0)
        with feed.followed_by(follower):
            assert await feed.seen(follower, [EVENT]) == await feed.seen(follower, [EVENT]) == [EVENT]
            assert asked == [{1}]
            async with asyncio.timeout(SOON):
                while len(asked) == 1:
                    await asyncio.sleep(0.1)
                    assert await feed.seen(follower, [EVENT]) == [EVENT]
            assert asked == [{1}, {1}]
        reading.cancel()

    monkeypatch.setattr("app.events.feed.settled", settled)
    monkeypatch.setattr("app.events.sight.visible", visible)
    monkeypatch.setattr("app.events.feed.SIGHT_SECONDS", 0.2)
    asyncio.run(followed())
