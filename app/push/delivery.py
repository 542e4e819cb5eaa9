"""Delivery: takes the tasks of the table `push_task` to the push service, at least once, in order for each device.

Every process that answers requests delivers. A process takes tasks for LEASE_SECONDS and holds no transaction while it
waits for the push service. If it dies, another one takes them after that time. The first task of a device must be
confirmed or refused before the next one is taken.
"""

import asyncio
import logging
import random
from collections.abc import Mapping

import psycopg
from psycopg.rows import dict_row

from app.db.connecting import conninfo_of
from app.db.connections import POOLED
from app.db.outages import Outages
from app.errors import describe
from app.metrics.push import DELIVERIES, WAITING
from app.models.device import DeviceEnvironment
from app.models.push_task import PushAction
from app.push.service import PushFailedError, PushRefusedError, PushService, Task

LOG = logging.getLogger("cadastre.push")

NAME = "cadastre push"
"""The connection's name in pg_stat_activity."""

POLL_SECONDS = 1
"""How long a process waits after it has found no task."""

DEADLINE_SECONDS = 20
"""How long a delivery may take."""

LEASE_SECONDS = 2 * DEADLINE_SECONDS
"""How long other processes leave a task to the one that has taken it."""

LONGEST_PAUSE = 300
"""The most seconds between two deliveries of a task: 1, 2, 4 ..., each up to a half shorter at random."""

MOST_TASKS = 20
"""The most tasks that a process delivers at the same time, each of another device."""

TAKE = f"""
update push_task task set attempts = attempts + 1, due_at = clock_timestamp() + interval '{LEASE_SECONDS} seconds'
from (
  select first.number from push_task first
  where first.due_at <= clock_timestamp() and not exists (
    select from push_task earlier
    where earlier.app_id = first.app_id and earlier.device_id = first.device_id and earlier.number < first.number
  )
  order by first.due_at, first.number limit {MOST_TASKS} for update of first skip locked
) due
where task.number = due.number
returning task.number, task.action, task.app_id, task.device_id, task.admin_id, task.provider, task.device_token,
  task.os, task.environment, task.attempts
"""  # noqa: S608 - our own numbers, here and below

END = "delete from push_task where number = %(number)s and attempts = %(attempts)s"
"""The number of attempts tells whether the task is still this process's."""

POSTPONE = f"""
update push_task set due_at = clock_timestamp()
  + least({LONGEST_PAUSE}, power(2, least(attempts, 20) - 1)) * (1 - random() / 2) * interval '1 second'
where number = %(number)s and attempts = %(attempts)s
"""  # noqa: S608

COUNT = "select count(*) as number from push_task"

ENDS = {"confirmed": END, "refused": END, "failed": POSTPONE}
"""The statement that ends an attempt, by its outcome."""


class Delivery:
    """Delivers tasks of the database at `url` until it is cancelled, and connects again when the connection breaks."""

    def __init__(self, url: str, service: PushService) -> None:
        self._url, self._service = url, service
        self._outages = Outages(LOG, "tasks for the push service wait for the database: %s")

    async def run(self) -> None:
        """Deliver until cancelled."""
        try:
            while True:
                try:
                    await self._deliver_connected()
                except Exception as error:  # noqa: BLE001 - a process that no longer tries would never deliver again
                    self._outages.begin(describe(error))
                await asyncio.sleep(random.uniform(POLL_SECONDS, 2 * POLL_SECONDS))  # noqa: S311 - no secret
        finally:
            await self._service.close()

    async def _deliver_connected(self) -> None:
        url = conninfo_of(self._url, **POOLED, fallback_application_name=NAME)
        async with await psycopg.AsyncConnection.connect(
            url, autocommit=True, prepare_threshold=None, row_factory=dict_row
        ) as connection:
            while True:
                if not await self._deliver_some(connection):
                    await asyncio.sleep(POLL_SECONDS)

    async def _deliver_some(self, connection: psycopg.AsyncConnection[dict[str, object]]) -> int:
        """Deliver what is due, and return how many tasks that were."""
        tasks = [task_of(row) for row in await (await connection.execute(TAKE.encode())).fetchall()]
        self._outages.end()
        outcomes = await asyncio.gather(*map(self._outcome, tasks))
        for task, outcome in zip(tasks, outcomes, strict=True):
            await connection.execute(ENDS[outcome].encode(), {"number": task.number, "attempts": task.attempts})
            DELIVERIES.labels(task.action.value, outcome).inc()
        if tasks:
            (left,) = await (await connection.execute(COUNT)).fetchall()
            WAITING.set(float(str(left["number"])))
        return len(tasks)

    async def _outcome(self, task: Task) -> str:
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                await self._service.deliver(task)
        except PushRefusedError as error:
            LOG.warning("the push service refuses a device", extra=facts_of(task, str(error)))
            return "refused"
        except (PushFailedError, TimeoutError) as error:
            LOG.warning("the push service cannot be reached", extra=facts_of(task, str(error) or "timeout"))
            return "failed"
        except Exception as error:
            LOG.exception("a device could not be sent to the push service", extra=facts_of(task, describe(error)))
            return "failed"
        return "confirmed"


def task_of(row: Mapping[str, object]) -> Task:
    """Read a task."""
    values = {**row, "action": PushAction[str(row["action"])]}
    return Task(**{**values, "environment": DeviceEnvironment[str(row["environment"])]})  # type: ignore[arg-type]


def facts_of(task: Task, reason: str) -> Mapping[str, object]:
    """Return what is logged of a task: no value of a device."""
    return {"action": task.action.value, "task": task.number, "attempts": task.attempts, "reason": reason}
