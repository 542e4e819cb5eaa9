"""Delivery: sends what is due to webhooks, at least once.

A process takes a webhook for LEASE_SECONDS and holds no transaction while it waits for the receiver. If it dies,
another one takes the webhook after that time. Each webhook has its own task, so a slow receiver delays its own events
only.
"""

import asyncio
import logging
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from app.access.callers import Callers
from app.db.turns import CALLER
from app.errors import RequestError, describe
from app.events.webhooks.payload import Selected, Selections, body_of
from app.events.webhooks.sending import MESSAGE, Outcome, Sender
from app.events.webhooks.taking import (
    MOST_DAYS,
    SELECT_SECONDS,
    WITHHELD,
    Connection,
    Due,
    Taken,
    Tried,
    disable,
    due_of,
    record,
    release,
    take,
    word_of,
)
from app.metrics.webhooks import DELIVERIES, DISABLED

LOG = logging.getLogger("cadastre.webhooks")

REASONS = {
    "gone": "the receiver answered 410 Gone",
    "failing": f"a delivery had failed for {MOST_DAYS} days",
}
"""Why webhooks are disabled, by the label of the metric."""


class Delivery:
    """Sends what is due, to at most `most` webhooks at a time."""

    def __init__(self, sender: Sender, callers: Callers, selections: Selections, most: int) -> None:
        self._sender, self._callers, self._selections, self._most = sender, callers, selections, most
        self._working: set[asyncio.Task[None]] = set()
        self.woken = asyncio.Event()
        """Set when there may be something to send."""

    async def run(self, connection: Connection, poll_seconds: float) -> None:
        """Send until cancelled, or until the connection breaks."""
        try:
            while True:
                self.woken.clear()
                await self._begin(connection)
                with suppress(TimeoutError):
                    async with asyncio.timeout(poll_seconds):
                        await self.woken.wait()
                self._end_finished()
        finally:
            await ended(self._working)
            self._working.clear()

    async def _begin(self, connection: Connection) -> None:
        """Take webhooks that have something to send, and send it in a task for each."""
        free = self._most - len(self._working)
        for webhook in await take(connection, free) if free else ():
            task = asyncio.create_task(self._work(connection, webhook))
            task.add_done_callback(lambda _: self.woken.set())
            self._working.add(task)

    def _end_finished(self) -> None:
        """Forget the tasks that have ended; an error of theirs is that of the connection."""
        for task in [each for each in self._working if each.done()]:
            self._working.discard(task)
            if not task.cancelled():
                task.result()

    async def _work(self, connection: Connection, webhook: Taken) -> None:
        """Send some events to a webhook, and give it back, also when this process ends meanwhile."""
        tried: Tried = ()
        CALLER.set(f"webhook {webhook.name}")
        try:
            tried = await self._tried(webhook, await due_of(connection, webhook))
            await self._record(connection, webhook, tried)
        finally:
            await release(connection, webhook, tried)

    async def _tried(self, webhook: Taken, due: Sequence[Due]) -> Tried:
        try:
            async with asyncio.timeout(SELECT_SECONDS):
                caller = await self._callers.client(webhook.client_id, webhook.token_version)
                events = [each.event(webhook.entity) for each in due]
                selected = await self._selections.select(webhook.entity, webhook.selection, caller, events)
        except (RequestError, TimeoutError):  # the client is disabled, or the database cannot be used: they wait
            return []
        except Exception as error:
            LOG.exception("a selection cannot be run", extra={"webhook": webhook.name, "error": describe(error)})
            selected = [Selected(None, type(error).__name__)] * len(due)
        outcomes = await asyncio.gather(*(self._outcome(webhook, *pair) for pair in zip(due, selected, strict=True)))
        return [*zip(due, outcomes, strict=True)]

    async def _outcome(self, webhook: Taken, due: Due, selected: Selected) -> Outcome:
        if selected.event is None:
            return Outcome(f"not sent: the selection fails: {selected.failure}")
        if selected.event["change"] is None:
            return WITHHELD
        body = body_of(webhook.entity, selected.event)
        try:
            return await self._sender.send(webhook.url, f"{MESSAGE}{due.number}", body, webhook.secrets)
        except Exception as error:
            LOG.exception("an event could not be sent", extra={"webhook": webhook.name, "error": describe(error)})
            return Outcome(f"not sent: {type(error).__name__}")

    async def _record(self, connection: Connection, webhook: Taken, tried: Tried) -> None:
        has_failed_long = await record(connection, tried)
        for due, outcome in tried:
            DELIVERIES.labels(word_of(outcome)).inc()
            if word_of(outcome) == "failed":
                facts = {"webhook": webhook.name, "delivery": due.number, "attempts": due.attempts + 1}
                LOG.warning("an event was not delivered", extra={**facts, "reason": outcome.text})
        reasons = {"gone": any(outcome.is_gone for _, outcome in tried), "failing": has_failed_long}
        for reason in [reason for reason, holds in reasons.items() if holds]:
            if await disable(connection, webhook, REASONS[reason]):
                DISABLED.labels(reason).inc()
                LOG.error("a webhook is disabled", extra={"webhook": webhook.name, "reason": REASONS[reason]})


async def ended(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel tasks, and wait until they have ended."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
