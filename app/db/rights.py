"""Rights: how a process hears that what its callers may do has changed.

Triggers announce it on a channel of PostgreSQL (app/db/announcements.py). Each process listens on a connection of its
own. A pooler gives a connection to other clients, so nothing can be heard through one.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress

import psycopg

from app.db.announcements import CHANNEL, Hear
from app.db.connecting import conninfo_of, is_direct
from app.db.connections import POOLED
from app.errors import describe
from app.metrics.rights import LISTENING

LOG = logging.getLogger("cadastre.rights")

NAME = "cadastre rights"
"""The connection's name in pg_stat_activity."""

PROBE_SECONDS = 2
"""How often the connection is tested: a network that fails silently loses notices."""

ANSWER_SECONDS = 2
"""How long the answer to a test may take."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5
"""Seconds between two attempts to connect: each pause is twice as long as the one before."""

START_SECONDS = 1
"""How long a process waits for its first attempt before it answers requests."""


class PooledError(Exception):
    """The connection leads to a pooler."""


class RightsListener:
    """Listens for changes of rights until it is cancelled, and connects again whenever the connection breaks.

    `hear` is called with each announcement. `on_state` is called when announcements arrive from now on, and when they
    no longer do.
    """

    def __init__(self, url: str, hear: Hear, on_state: Callable[[bool], None]) -> None:
        self._url, self._hear, self._on_state = url, hear, on_state
        self._is_up: bool | None = None
        self._pause: float = FIRST_PAUSE
        self._tried = asyncio.Event()

    async def started(self) -> None:
        """Wait for the first attempt to connect, but not for long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                await self._tried.wait()

    async def run(self) -> None:
        """Listen until cancelled."""
        try:
            while True:
                try:
                    await self._listen()
                except Exception as error:  # noqa: BLE001 - a process that no longer tries would never hear again
                    self._set(is_up=False, reason=describe(error))
                await asyncio.sleep(random.uniform(self._pause / 2, self._pause))  # noqa: S311 - no secret
                self._pause = min(2 * self._pause, LONGEST_PAUSE)
        finally:
            LISTENING.set(0)

    async def _listen(self) -> None:
        url = conninfo_of(self._url, **POOLED, fallback_application_name=NAME)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True, prepare_threshold=None) as connection:
            await self._require_direct(connection)
            await connection.execute(f"listen {CHANNEL}")
            self._pause = FIRST_PAUSE
            self._set(is_up=True)
            while True:
                async for notice in connection.notifies(timeout=PROBE_SECONDS):
                    self._hear(notice.payload)
                async with asyncio.timeout(ANSWER_SECONDS):
                    await connection.execute("select 1")

    async def _require_direct(self, connection: psycopg.AsyncConnection) -> None:
        cursor = await connection.execute("select pg_backend_pid()")
        ((server_pid,),) = await cursor.fetchall()
        if not is_direct(connection, server_pid):
            raise PooledError

    def _set(self, *, is_up: bool, reason: str = "") -> None:
        if self._is_up != is_up:
            self._log(is_up=is_up, reason=reason)
            self._is_up = is_up
            LISTENING.set(is_up)
            self._on_state(is_up)
        self._tried.set()

    def _log(self, *, is_up: bool, reason: str) -> None:
        """Log that changes are not heard, and that they are heard again."""
        if not is_up:
            LOG.warning("changes of rights are not heard, callers are cached for a few seconds only: %s", reason)
        elif self._is_up is False:
            LOG.info("changes of rights are heard at once again")
