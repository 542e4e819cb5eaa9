"""Subscribe: a prepared subscription runs until its client ends it, or the rights of its caller end.

The feed says when something has happened that the subscription is told about (app/events/feed.py). What is selected of
the event is read then, as a query of the caller (event_answers.py).
"""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from functools import partial
from time import monotonic
from typing import Any

from app.access.caller import Caller
from app.db.turns import CALLER
from app.errors import RequestError, RequestTimeoutError
from app.events.cursor import position_of
from app.events.event import Event
from app.events.event_filter import EventFilter
from app.events.feed import Feed, Follower
from app.execution.event_answers import MOST_TOGETHER, EventAnswers
from app.execution.patience import OUTAGES, patiently
from app.execution.prepare import Prepared
from app.execution.request import scope_of
from app.loaders.reads import FILTER, Followed
from app.metrics.subscriptions import EVENTS, SUBSCRIPTIONS
from app.settings import Settings

Whose = Callable[[], Awaitable[Caller | None]]
"""Finds the caller of a connection again; UnauthenticatedError when the token or the log-in has ended."""

CHECK_SECONDS = 0.8
"""How often the rights of the caller are looked at while nothing happens."""

LATER = (*OUTAGES, RequestTimeoutError)
"""What a subscription waits out, beside what it selects: nothing is missed meanwhile."""


class TooManySubscriptionsError(RequestError):
    """The caller has as many subscriptions as the setting allows."""

    code = "TOO_MANY_SUBSCRIPTIONS"


class Subscriptions:
    """The subscriptions of one process."""

    def __init__(self, feed: Feed, answers: EventAnswers, settings: Settings) -> None:
        self._feed, self._answers, self._most = feed, answers, settings.max_subscriptions
        self._numbers: Counter[str] = Counter()

    async def begin(self, prepared: Prepared, whose: Whose) -> AsyncGenerator[bytes, None]:
        """Begin a subscription, and return its answers, one for each event, as JSON.

        RequestError when it is refused; UnauthenticatedError from the answers when the rights of the caller end.
        """
        caller = await whose()
        plan = await self._answers.plan_of(prepared, caller)
        given = plan.arguments(prepared.variables)
        after = given.get("after")
        position = await (self._feed.now() if after is None else self._feed.going_on(position_of(after)))
        follower = Follower(scope_of(caller), filter_of(plan.followed, given), position)
        self._refuse_more()
        return self._bodies(Subscription(self._feed, follower, whose, caller), prepared)

    async def _bodies(self, subscription: "Subscription", prepared: Prepared) -> AsyncGenerator[bytes, None]:
        with self._counted(), self._feed.followed_by(subscription.follower):
            async with aclosing(subscription.events()) as batches:
                async for part in batches:
                    async with aclosing(self._told(subscription, prepared, part)) as bodies:
                        async for body in bodies:
                            EVENTS.inc()
                            yield body

    async def _told(
        self, subscription: "Subscription", prepared: Prepared, events: list[Event]
    ) -> AsyncGenerator[bytes, None]:
        """Answer events one by one. When a slow client's rights have changed meanwhile, the rest is answered anew."""
        while events:
            caller, told, bodies = await self._answered(subscription, prepared, events)
            events = []
            for place, body in enumerate(bodies, 1):
                yield body
                later = await subscription.seen_later(told[place:])
                if subscription.caller != caller:
                    events = later
                    break

    async def _answered(
        self, subscription: "Subscription", prepared: Prepared, events: list[Event]
    ) -> tuple[Caller | None, list[Event], list[bytes]]:
        """Answer events with the rights that the caller still has then: an outage may have taken long."""
        while True:
            caller = subscription.caller
            bodies = await self._answers.bodies(prepared, caller, events)
            events = await subscription.seen_now(events)
            if subscription.caller == caller:
                return caller, events, bodies

    def _refuse_more(self) -> None:
        """Refuse a caller who has all subscriptions that the setting allows."""
        if self._numbers[CALLER.get()] >= self._most:
            raise TooManySubscriptionsError(limit=self._most)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count a subscription while it runs; TooManySubscriptionsError when others have begun meanwhile."""
        self._refuse_more()
        caller = CALLER.get()
        self._numbers[caller] += 1
        SUBSCRIPTIONS.inc()
        try:
            yield
        finally:
            SUBSCRIPTIONS.dec()
            self._numbers[caller] -= 1
            if not self._numbers[caller]:
                del self._numbers[caller]
            if not self._numbers:
                self._answers.forget_all()


class Subscription:
    """A subscription while it runs: who follows, and with what rights now."""

    def __init__(self, feed: Feed, follower: Follower, whose: Whose, caller: Caller | None) -> None:
        self._feed, self.follower, self._whose, self.caller = feed, follower, whose, caller
        self._has_changed = False
        self._looked_at = 0.0

    async def events(self) -> AsyncGenerator[list[Event], None]:
        """Yield the events that the caller sees, in small parts: no more are held in memory.

        UnauthenticatedError when the rights of the caller end.
        """
        while True:
            self._has_changed = False
            events = await patiently(partial(self._feed.next, self.follower, CHECK_SECONDS), LATER)
            await patiently(self._look_at_rights, LATER)
            for start in range(0, len(events), MOST_TOGETHER):
                yield await self.seen_now(events[start : start + MOST_TOGETHER])

    async def seen_now(self, events: list[Event]) -> list[Event]:
        """Return the events that the caller sees now: the client may have taken long to read the ones before."""
        return await patiently(partial(self._with_rights, events), LATER)

    async def seen_later(self, events: list[Event]) -> list[Event]:
        """Return the events that the caller still sees if the rights were not looked at for a while, otherwise all."""
        is_late = monotonic() - self._looked_at > CHECK_SECONDS
        return await self.seen_now(events) if events and is_late else events

    async def _with_rights(self, events: list[Event]) -> list[Event]:
        await self._look_at_rights()
        return await self._feed.seen(self.follower, events) if self._has_changed else events

    async def _look_at_rights(self) -> None:
        """Go on with the rights that the caller has now."""
        before, self.caller = self.caller, await self._whose()
        self._looked_at = monotonic()
        self.follower.scope = scope_of(self.caller)
        self._has_changed = self._has_changed or self.caller != before


def filter_of(followed: Followed, given: Mapping[str, Any]) -> EventFilter:
    """Read which changes a field follows from its arguments."""
    if followed.entity is None:
        return EventFilter.of(given.get(FILTER) or {})
    one_of = {"entity": [followed.entity], "entityId": [given["id"]] if given.get("id") is not None else None}
    under = {"under": given["under"]} if given.get("under") is not None else {}
    return EventFilter.of(one_of | under)
