"""Queueing: makes deliveries of changes, for each webhook from its position on.

The position moves in the statement that writes the deliveries, and only from where it was read. So a process that ends
at any moment loses nothing, and two that look at the same time write nothing twice.
"""

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg

from app.access.callers import Callers
from app.db.pool import Pool, end_if_cancelled
from app.errors import RequestError, describe
from app.events.event import Event
from app.events.event_filter import EventFilter
from app.events.reading import Part, all_events, visible

# ruff: noqa: S608 - our own names

LOG = logging.getLogger("cadastre.webhooks")

LOOK_SECONDS = 0.3
"""How long other processes leave a webhook to the one that makes its deliveries."""

MOST_WAITING = 10_000
"""With so many deliveries waiting, no more are made: the changes stay in their record."""

WORKS = "webhook.is_enabled and client.is_enabled and 'client_credentials' = any(client.grant_types)"
"""The condition for anything to happen for a webhook. Otherwise its position and its deliveries wait."""

LOOK = f"""
with settled as materialized (select settled_change() as upto),
looking as (
  select webhook.number from webhook join client on client.id = webhook.client_id, settled
  where {WORKS} and webhook.position < settled.upto
    and webhook.looked_at < clock_timestamp() - interval '{LOOK_SECONDS} seconds'
    and not exists (
      select from webhook_delivery waiting
      where waiting.webhook_number = webhook.number and waiting.due_at is not null offset {MOST_WAITING}
    )
  for update of webhook skip locked
)
update webhook set looked_at = clock_timestamp() from looking, client, settled
where webhook.number = looking.number and client.id = webhook.client_id
returning webhook.number, webhook.entity, webhook.under, webhook.position, settled.upto, client.client_id,
  client.token_version
"""

APPEND = """
with moved as (
  update webhook set position = %(upto)s where number = %(number)s and position = %(position)s returning number
)
insert into webhook_delivery (webhook_number, change_id, record_id)
select moved.number, event.change_id, event.record_id
from moved, unnest(%(changes)s::bigint[], %(records)s::bigint[]) event (change_id, record_id)
order by event.change_id
on conflict (webhook_number, change_id) do nothing
"""


class Behind(NamedTuple):
    """A webhook whose position is before that of the last settled change."""

    number: int
    entity: str
    under: int | None
    position: int
    upto: int
    client_id: str
    token_version: int

    @property
    def filter(self) -> EventFilter:
        """The changes that it follows."""
        return EventFilter(entities=frozenset({self.entity}), under=self.under)


class Queueing:
    """Makes deliveries for the webhooks of a register."""

    def __init__(self, pool: Pool, callers: Callers) -> None:
        self._pool, self._callers = pool, callers

    async def look(self, connection: psycopg.AsyncConnection[Any]) -> bool:
        """Make deliveries of the next changes, and return whether there may be more changes."""
        behind = [Behind(*row) for row in await (await connection.execute(LOOK.encode())).fetchall()]
        read: dict[tuple[int, int], Part] = {}
        for webhook in behind:
            key = webhook.position, webhook.upto
            if key not in read:
                read[key] = await all_events(self._pool, *key)
            await self._append(connection, webhook, read[key])
        return any(part.upto < upto for (_, upto), part in read.items())

    async def _append(self, connection: psycopg.AsyncConnection[Any], webhook: Behind, part: Part) -> None:
        seen = await self._seen(webhook, [event for event in part.events if webhook.filter.matches(event)])
        if seen is None:
            return
        values = {
            "number": webhook.number,
            "position": webhook.position,
            "upto": part.upto,
            "changes": [event.id for event in seen],
            "records": [event.entity_id for event in seen],
        }
        await connection.execute(APPEND.encode(), values)

    async def _seen(self, webhook: Behind, events: Sequence[Event]) -> Sequence[Event] | None:
        """Return the events that the client of a webhook sees; None when it is not known now.

        The client has just been disabled, or the database gave no answer in time: the webhook is looked at again.
        """
        if not events:
            return events
        try:
            caller = await self._callers.client(webhook.client_id, webhook.token_version)
            ids = await visible(self._pool, caller.scope, [event.id for event in events])
        except RequestError as error:
            end_if_cancelled()
            LOG.info("a webhook is looked at again later: %s", describe(error), extra={"webhook": webhook.number})
            return None
        return [event for event in events if event.id in ids]
