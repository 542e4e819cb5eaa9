"""Office: where the authorization server works, away from the event loop: a few threads, each with a connection.

authlib is synchronous and a password costs tens of milliseconds and 19 MiB: as many at a time as there are threads,
and a bounded queue before them.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from app.access.tokens import Tokens
from app.db.pool import CONNECTION, RECONNECT_SECONDS
from app.errors import UnavailableError
from app.oauth.server import AuthorizationServer
from app.settings import Settings

T = TypeVar("T")

LOG = logging.getLogger(__name__)

LONGEST_QUEUE = 256
"""Requests that wait for a thread; a queue of that length takes some seconds."""


class CrowdedError(Exception):
    """More log-ins wait than can be served in a few seconds."""


class FailedError(Exception):
    """The database refused a statement; its message, which may quote values, is left out."""


class Office:
    """Runs work with an authorization server over a transaction of its own."""

    def __init__(self, url: str, tokens: Tokens, settings: Settings) -> None:
        self.tokens = tokens
        self._settings = settings
        self._threads = ThreadPoolExecutor(settings.login_threads, "login")
        self._pool = ConnectionPool(
            url,
            kwargs={**CONNECTION, "autocommit": False},
            min_size=1,
            max_size=settings.login_threads,
            check=ConnectionPool.check_connection,  # log-ins are rare, and the database may have been started again
            timeout=5,
            reconnect_timeout=RECONNECT_SECONDS,
            open=False,
            name="login",
        )
        self._busy = 0

    def open(self) -> None:
        """Start to connect, without waiting."""
        self._pool.open(wait=False)

    async def close(self) -> None:
        """Finish what is under way."""
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self._pool.close)

    async def run(self, work: Callable[[AuthorizationServer], T]) -> T:
        """Do a piece of work; UnavailableError when the database is away or too many wait."""
        if self._busy >= LONGEST_QUEUE:
            raise UnavailableError(CrowdedError())
        self._busy += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._do, work)
        finally:
            self._busy -= 1

    def _do(self, work: Callable[[AuthorizationServer], T]) -> T:
        try:
            with self._pool.connection() as connection:
                return work(AuthorizationServer(connection, self.tokens, self._settings))
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise UnavailableError(error) from error
        except psycopg.Error as error:
            failed = FailedError(f"database error {error.sqlstate}, constraint {error.diag.constraint_name}")
            LOG.error("%s", failed)  # noqa: TRY400 - the traceback would end in the database's message
            raise UnavailableError(failed) from None
