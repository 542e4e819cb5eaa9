"""Taking: the webhooks and deliveries that a process takes from the database, and what it records of them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import class_row

from app.events.event import Event
from app.events.webhooks.queueing import WORKS
from app.events.webhooks.sending import TIMEOUT_SECONDS, Outcome

# ruff: noqa: S608 - our own names

MOST_TOGETHER = 8
"""The most events that are sent to a receiver at a time. After a failure it gets one at a time."""

SELECT_SECONDS = 35
"""How long the selection of these events may take; a request has 30 seconds."""

LEASE_SECONDS = SELECT_SECONDS + 2 * TIMEOUT_SECONDS
"""How long other processes leave a webhook to the one that has taken it."""

PAUSES = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800)
"""The seconds between two attempts of a delivery, each up to a quarter longer at random; then always the last."""

LONGEST_PAUSE = 60
"""The most seconds in which nothing is sent to a receiver that fails: 1, 2, 4 ..."""

MOST_DAYS = 3
"""A delivery that has failed for so many days disables its webhook."""

TAKE = f"""
with due as (
  select webhook.number from webhook join client on client.id = webhook.client_id
  cross join lateral (
    select due_at from webhook_delivery
    where webhook_number = webhook.number and due_at is not null order by due_at limit 1
  ) first
  where {WORKS} and first.due_at <= clock_timestamp()
    and coalesce(webhook.taken_until, '-infinity') <= clock_timestamp()
    and coalesce(webhook.paused_until, '-infinity') <= clock_timestamp()
  order by first.due_at limit %(most)s for update of webhook skip locked
)
update webhook set turn = turn + 1, taken_until = clock_timestamp() + interval '{LEASE_SECONDS} seconds'
from due, client where webhook.number = due.number and client.id = webhook.client_id
returning webhook.number, webhook.name, webhook.url, webhook.entity, webhook.selection, webhook.secret,
  case when webhook.old_secret_until > clock_timestamp() then webhook.old_secret end as old_secret,
  webhook.turn, webhook.failures, client.client_id, client.token_version
"""

DUE = """
select number, change_id, record_id, attempts from webhook_delivery
where webhook_number = %(webhook)s and due_at <= clock_timestamp() order by due_at, number limit %(most)s
"""

RECORD = f"""
update webhook_delivery delivery set
  attempts = delivery.attempts + 1, tried_at = clock_timestamp(), outcome = tried.outcome,
  delivered_at = case when tried.is_delivered then clock_timestamp() end,
  failing_since = case when tried.pause is not null then coalesce(failing_since, clock_timestamp()) end,
  due_at = case when tried.pause is not null then least(
    clock_timestamp() + tried.pause * interval '1 second',
    greatest(coalesce(failing_since, clock_timestamp()) + interval '{MOST_DAYS} days', clock_timestamp())
  ) end
from unnest(
  %(numbers)s::bigint[], %(attempts)s::int[], %(outcomes)s::text[], %(delivered)s::boolean[], %(pauses)s::float8[]
) tried (number, attempts, outcome, is_delivered, pause)
where delivery.number = tried.number and delivery.attempts = tried.attempts and delivery.due_at is not null
returning failing_since <= clock_timestamp() - interval '{MOST_DAYS} days'
"""
"""The number of attempts tells whether the delivery is still this process's."""

RELEASE = """
update webhook set taken_until = null, failures = %(failures)s,
  paused_until = clock_timestamp() + %(pause)s * interval '1 second'
where number = %(number)s and turn = %(turn)s
"""

DISABLE = """
update webhook set is_enabled = false, disabled_reason = %(reason)s where number = %(number)s and is_enabled
"""

WITHHELD = Outcome("not sent: the client does not see it any more")

Connection = psycopg.AsyncConnection[Any]


@dataclass(frozen=True)
class Taken:
    """A webhook that this process has taken."""

    number: int
    name: str
    url: str = field(repr=False)
    entity: str
    selection: str
    secret: str = field(repr=False)
    old_secret: str | None = field(repr=False)
    turn: int
    failures: int
    client_id: str
    token_version: int

    @property
    def secrets(self) -> list[str]:
        """The secrets that sign now."""
        return [self.secret, *([] if self.old_secret is None else [self.old_secret])]


@dataclass(frozen=True)
class Due:
    """A delivery that is due."""

    number: int
    change_id: int
    record_id: int
    attempts: int

    def event(self, entity: str) -> Event:
        """Return the event as far as a selection needs it."""
        return Event(self.change_id, entity, self.record_id, "", frozenset(), frozenset())


Tried = Sequence[tuple[Due, Outcome]]


async def take(connection: Connection, most: int) -> list[Taken]:
    """Take webhooks that have something to send: those that have waited for the longest time."""
    async with connection.cursor(row_factory=class_row(Taken)) as cursor:
        return await (await cursor.execute(TAKE.encode(), {"most": most})).fetchall()


async def due_of(connection: Connection, webhook: Taken) -> list[Due]:
    """Return the deliveries to send now."""
    values = {"webhook": webhook.number, "most": 1 if webhook.failures else MOST_TOGETHER}
    async with connection.cursor(row_factory=class_row(Due)) as cursor:
        return await (await cursor.execute(DUE, values)).fetchall()


async def record(connection: Connection, tried: Tried) -> bool:
    """Record outcomes, and return whether one of the deliveries has failed for too long."""
    rows = await (await connection.execute(RECORD.encode(), record_of(tried))).fetchall()
    return any(is_over for (is_over,) in rows)


async def disable(connection: Connection, webhook: Taken, reason: str) -> bool:
    """Disable a webhook, and return whether it was enabled."""
    values = {"number": webhook.number, "reason": reason}
    return (await connection.execute(DISABLE, values)).rowcount == 1


async def release(connection: Connection, webhook: Taken, tried: Tried) -> None:
    """Give a webhook back."""
    await connection.execute(RELEASE, release_of(webhook, tried))


def word_of(outcome: Outcome) -> str:
    """Return the label of an outcome."""
    return "delivered" if outcome.is_delivered else "withheld" if outcome is WITHHELD else "failed"


def pause_of(due: Due, outcome: Outcome) -> float | None:
    """Return the seconds until the next attempt; None when there is none."""
    if word_of(outcome) != "failed":
        return None
    pause = PAUSES[min(due.attempts, len(PAUSES) - 1)]
    return max(pause * random.uniform(1, 1.25), outcome.wait)  # noqa: S311 - no secret


def record_of(tried: Tried) -> Mapping[str, object]:
    """Return the values of RECORD."""
    return {
        "numbers": [due.number for due, _ in tried],
        "attempts": [due.attempts for due, _ in tried],
        "outcomes": [outcome.text for _, outcome in tried],
        "delivered": [outcome.is_delivered for _, outcome in tried],
        "pauses": [pause_of(*each) for each in tried],
    }


def release_of(webhook: Taken, tried: Tried) -> Mapping[str, object]:
    """Return the values of RELEASE: a receiver that fails gets nothing for a while, and then one event."""
    words = [word_of(outcome) for _, outcome in tried]
    has_failed = "failed" in words and "delivered" not in words
    failures = webhook.failures + 1 if has_failed else 0 if "delivered" in words else webhook.failures
    pause = min(LONGEST_PAUSE, 2 ** (min(failures, 10) - 1)) if has_failed else 0
    asked = max((outcome.wait for _, outcome in tried), default=1)
    return {"number": webhook.number, "turn": webhook.turn, "failures": failures, "pause": max(pause, asked)}
