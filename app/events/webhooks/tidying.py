"""Tidying: forgets old deliveries, and counts what waits."""

from typing import Any

import psycopg

from app.metrics.webhooks import DELAY, WAITING

FORGET = """
delete from webhook_delivery where number in (
  select number from webhook_delivery
  where due_at is null and created_at < clock_timestamp() - %s * interval '1 day' order by created_at limit 10000
)
"""

COUNT = """
select count(*), coalesce(extract(epoch from clock_timestamp() - min(waiting.created_at)), 0)::float8
from webhook_delivery waiting join webhook on webhook.number = waiting.webhook_number
where webhook.is_enabled and waiting.due_at is not null
"""


async def tidy(connection: psycopg.AsyncConnection[Any], days: int) -> None:
    """Forget deliveries that ended and are older than some days, and set the gauges."""
    await connection.execute(FORGET, [days])
    ((waiting, delay),) = await (await connection.execute(COUNT)).fetchall()
    WAITING.set(waiting)
    DELAY.set(delay)
