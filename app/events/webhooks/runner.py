"""Webhooks: the part of a process that makes and sends deliveries, next to requests."""

import asyncio
import logging
import random
from collections.abc import Coroutine
from typing import Any

import psycopg

from app.db.connecting import conninfo_of
from app.db.connections import POOLED
from app.db.outages import Outages
from app.db.pool import end_if_cancelled
from app.db.turns import CALLER
from app.errors import describe
from app.events.webhooks.delivery import Delivery, ended
from app.events.webhooks.queueing import LOOK_SECONDS, Queueing
from app.events.webhooks.tidying import tidy

LOG = logging.getLogger("cadastre.webhooks")

NAME = "cadastre webhooks"
"""The connection's name in pg_stat_activity."""

POLL_SECONDS = 0.5
"""How long a process waits after it has found nothing to do."""

TIDY_SECONDS = 30
"""How often old deliveries are forgotten."""

OUTAGE_SECONDS = 1
"""How long it waits when the database cannot be used."""


class Webhooks:
    """Makes and sends deliveries with the database at `url` until it is cancelled, and begins anew after a failure.

    Each statement is a transaction of its own, so that all tasks share one connection. Deliveries are kept for
    some `days`.
    """

    def __init__(self, url: str, queueing: Queueing, delivery: Delivery, days: int) -> None:
        self._url, self._queueing, self._delivery, self._days = url, queueing, delivery, days
        self._outages = Outages(LOG, "webhooks wait for the database: %s")

    async def run(self) -> None:
        """Work until cancelled."""
        CALLER.set("webhooks")
        while True:
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001 - a process that no longer tries would never send again
                end_if_cancelled()
                self._outages.begin(describe(error))
            await asyncio.sleep(random.uniform(OUTAGE_SECONDS, 2 * OUTAGE_SECONDS))  # noqa: S311 - no secret

    async def _work(self) -> None:
        url = conninfo_of(self._url, **POOLED, fallback_application_name=NAME)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True, prepare_threshold=None) as connection:
            await together(self._tidy(connection), self._look(connection), self._delivery.run(connection, POLL_SECONDS))

    async def _look(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            has_more = await self._queueing.look(connection)
            self._outages.end()
            self._delivery.woken.set()
            await asyncio.sleep(LOOK_SECONDS if has_more else POLL_SECONDS)

    async def _tidy(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            await tidy(connection, self._days)
            await asyncio.sleep(TIDY_SECONDS)


async def together(*coroutines: Coroutine[Any, Any, None]) -> None:
    """Run coroutines until one of them fails, end the others and raise its error.

    A TaskGroup of Python 3.11 cancels the task that waits for it, which may end that task instead of the group.
    """
    tasks = [asyncio.create_task(each) for each in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await ended(tasks)
    for task in done:
        task.result()
