"""LoginWorkers: threads for authlib, which is synchronous; each has its own database connection.

Hashing a password takes tens of milliseconds of a processor and 19 MiB. So log-ins with a password have few threads and
a short queue of their own: a client that sends many of them delays no refresh, no page and no other check of a token.
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
from app.errors import RequestError, UnavailableError
from app.oauth.server import AuthorizationServer
from app.settings import Settings

T = TypeVar("T")

LONGEST_QUEUE = 256
"""The most requests that wait for a thread."""

LONGEST_PASSWORD_QUEUE = 64
"""The most log-ins with a password that wait for a thread; the last of them waits a few seconds."""

OTHER_THREADS = 2
"""Threads for what takes no password: some milliseconds each."""


class TooManyLoginsError(RequestError):
    """More log-ins wait for a thread than can be served in a few seconds."""

    code = "TOO_MANY_LOGINS"


class LoginWorkers:
    """Runs functions on an authorization server, each in its own thread and transaction."""

    def __init__(self, settings: Settings, tokens: Tokens, hear: Hear) -> None:
        self._hear = hear
        self._passwords = Lane(settings, tokens, "login", settings.login_threads, LONGEST_PASSWORD_QUEUE)
        self._others = Lane(settings, tokens, "token", OTHER_THREADS, LONGEST_QUEUE)

    def open(self) -> None:
        """Start to connect, without waiting for the database."""
        self._passwords.open()
        self._others.open()

    async def close(self) -> None:
        """Finish the work that has begun, then close the connections."""
        await self._passwords.close()
        await self._others.close()

    def pools(self) -> Mapping[str, Callable[[], Mapping[str, int]]]:
        """Return by the name of each pool the function that returns its numbers, and its counts since the last call."""
        return {lane.name: lane.pop_stats for lane in (self._passwords, self._others)}

    async def run(self, work: Callable[[AuthorizationServer], T], *, takes_password: bool = False) -> T:
        """Run `work` in a thread; `takes_password` says that it may hash one.

        UnavailableError when the database cannot be reached, TooManyLoginsError when the queue is full. The transaction
        commits when `work` returns, and rolls back when it raises. What it has announced is heard before this returns.
        """
        result, announced = await (self._passwords if takes_password else self._others).run(work)
        for announcement in announced:
            self._hear(announcement)
        return result


class Lane:
    """Threads with a bounded queue, and their connections."""

    def __init__(self, settings: Settings, tokens: Tokens, name: str, threads: int, longest_queue: int) -> None:
        self._settings, self._tokens, self.name = settings, tokens, name
        self._threads = ThreadPoolExecutor(threads, name)
        self._pool = ConnectionPool(
            conninfo_of(settings.database_url or "", **POOLED),
            kwargs={"prepare_threshold": None},
            min_size=1,
            max_size=threads,
            check=ConnectionPool.check_connection,  # log-ins are rare, and the database may have been restarted
            timeout=settings.pool_timeout,
            reconnect_timeout=RECONNECT_SECONDS,
            open=False,
            name=name,
        )
        self._most, self._busy = threads + longest_queue, 0

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

    async def run(self, work: Callable[[AuthorizationServer], T]) -> tuple[T, set[str]]:
        """Return the result of `work`, and what its transaction has announced."""
        if self._busy >= self._most:
            raise TooManyLoginsError
        self._busy += 1
        try:
            run = partial(copy_context().run, self._run, work)
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)
        finally:
            self._busy -= 1

    def _run(self, work: Callable[[AuthorizationServer], T]) -> tuple[T, set[str]]:
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
