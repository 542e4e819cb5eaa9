"""Subscribe: what is sent depends on the rights that the caller has then."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from app.access.caller import Caller
from app.events.event import Event
from app.events.event_filter import EventFilter
from app.events.feed import Feed, Follower
from app.execution.subscribe import Subscription, Subscriptions

BEFORE, AFTER = (
    Caller(1, "h5-client", "a", is_super=False, scopes=(path,), admin_scopes=(), capabilities={})
    for path in ("8829/", "9888/")
)
EVENT = Event(1, "space", 18, "UPDATE", frozenset(), frozenset())


def test_an_event_whose_answer_has_waited_is_not_sent_with_rights_that_have_ended() -> None:
    rights = [BEFORE]
    answered: list[Caller] = []

    class Told(Feed):
        async def next(self, *_: Any) -> list[Event]:
            if answered:
                await asyncio.sleep(60)
            return [EVENT]

        async def seen(self, follower: Follower, *_: Any) -> list[Event]:
            return [EVENT] if follower.scope == BEFORE.scope else []

    async def bodies(_: Any, caller: Any, events: list[Event]) -> list[bytes]:
        answered.append(caller)
        rights[0] = AFTER
        return [b"hidden" for _ in events]

    async def whose() -> Any:
        return rights[0]

    async def sent() -> list[bytes]:
        feed = Told(None)  # type: ignore[arg-type]
        answers: Any = SimpleNamespace(bodies=bodies, forget_all=lambda: None)
        settings: Any = SimpleNamespace(max_subscriptions=1)
        subscription = Subscription(feed, Follower(BEFORE.scope, EventFilter(), 0), whose, BEFORE)
        bodies_sent = Subscriptions(feed, answers, settings)._bodies(subscription, None)  # type: ignore[arg-type]  # noqa: SLF001
        found: list[bytes] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                found.append(await anext(bodies_sent))
        return found

    assert asyncio.run(sent()) == []
    assert answered == [BEFORE, AFTER]
