"""LoginWorkers: a thread pool for authlib, which is synchronous; each thread has its own database connection.

Hashing a password takes tens of milliseconds and 19 MiB. So only as many log-ins run at a time as there are threads;
the others wait in a bounded queue.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from typing import TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout
from starlette.requests import Request as HttpRequest

from app.access.tokens import Tokens
from app.db.announcements import Hear, note_announcement
from app.db.connecting import conninfo_of, session_sql
from app.db.pool import POOLED, RECONNECT_SECONDS
from app.errors import UnavailableError
from app.oauth.server import AuthorizationServer
from app.settings import Settings

T = TypeVar("T")

LONGEST_QUEUE = 256
"""The most requests that wait for a thread; the last of them waits some seconds."""


class QueueFullError(Exception):
    """More requests wait for a thread than can be served in a few seconds."""


class LoginWorkers:
    """Runs functions on an authorization server, each in its own thread and transaction."""

    def __init__(self, settings: Settings, tokens: Tokens, hear: Hear) -> None:
        self._settings, self._tokens, self._hear = settings, tokens, hear
        self._threads = ThreadPoolExecutor(settings.login_threads, "login")
        self._pool = ConnectionPool(
            conninfo_of(settings.database_url or "", **POOLED),
            kwargs={"prepare_threshold": None},
            min_size=1,
            max_size=settings.login_threads,
            check=ConnectionPool.check_connection,  # log-ins are rare, and the database may have been restarted
            timeout=settings.pool_timeout,
            reconnect_timeout=RECONNECT_SECONDS,
            open=False,
            name="login",
        )
        self._busy = 0

    def open(self) -> None:
        """Start to connect, without waiting for the database."""
        self._pool.open(wait=False)

    async def close(self) -> None:
        """Finish the work that has begun, then close the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.to_thread(self._pool.close)

    def pop_stats(self) -> Mapping[str, int]:
        """Return the present numbers of psycopg_pool, and its counts since the last call."""
        return self._pool.pop_stats()

    async def run(self, work: Callable[[AuthorizationServer], T]) -> T:
        """Run `work` in a thread; UnavailableError when the database cannot be reached or the queue is full.

        The transaction commits when `work` returns, and rolls back when it raises. What it has announced is heard
        before this returns.
        """
        if self._busy >= LONGEST_QUEUE:
            raise UnavailableError(QueueFullError())
        self._busy += 1
        try:
            run = partial(copy_context().run, self._run, work)
            result, announced = await asyncio.get_running_loop().run_in_executor(self._threads, run)
        finally:
            self._busy -= 1
        for announcement in announced:
            self._hear(announcement)
        return result

    def _run(self, work: Callable[[AuthorizationServer], T]) -> tuple[T, set[str]]:
        """Return the result of `work`, and what its transaction has announced."""
        try:
            with self._pool.connection() as connection, noting(connection) as announced:
                connection.execute(session_sql(connection.info.options, is_local=True))
                return work(AuthorizationServer(connection, self._tokens, self._settings)), announced
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise UnavailableError(error) from error


@contextmanager
def noting(connection: psycopg.Connection) -> Iterator[set[str]]:
    """Collect what the statements of the body announce."""
    announced: set[str] = set()
    handler = partial(note_announcement, announced)
    connection.add_notice_handler(handler)
    try:
        yield announced
    finally:
        connection.remove_notice_handler(handler)


def login_workers(http: HttpRequest) -> LoginWorkers:
    """Return the thread pool of the running application."""
    workers: LoginWorkers = http.app.state.login_workers
    return workers
