"""LoginWorkers: threads for authlib, which is synchronous; each has its own database connection.

Hashing a password takes tens of milliseconds of a processor and 19 MiB. So log-ins with a password have few threads and
a short queue of their own: a client that sends many of them delays no refresh, no page and no other check of a token.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import partial
from threading import Lock, Thread
from typing import TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout
from starlette.requests import Request as HttpRequest

from app.access.tokens import Tokens
from app.db.announcements import Hear, note_announcement
from app.db.connecting import conninfo_of, session_sql
from app.db.connections import ASK_SECONDS, POOLED, RECONNECT_SECONDS, is_closed_by_server
from app.db.turns import CALLER, Shares, TooManyRequestsError, Turns
from app.errors import RequestError, UnavailableError
from app.oauth.server import AuthorizationServer
from app.settings import Settings

T = TypeVar("T")

LONGEST_QUEUE = 256
"""The most requests that wait for a thread."""

LONGEST_PASSWORD_QUEUE = 64
"""The most log-ins with a password that wait for a thread; the last of them waits a few seconds."""

SHARE = 4
"""One address has at most this part of a queue, so that it does not fill it."""

OTHER_THREADS = 2
"""Threads for what takes no password: some milliseconds each."""

PROBES = 1
"""Connections besides those of the threads, so that a probe never waits for a log-in."""

CANCEL_SECONDS = 1.0
"""How long a cancellation may take to reach the server."""


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

    async def check(self) -> None:
        """Return when log-ins and tokens can reach the database; UnavailableError when they cannot."""
        await asyncio.gather(self._passwords.check(), self._others.check())

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
        self._threads, self._probes = ThreadPoolExecutor(threads, name), ThreadPoolExecutor(PROBES, f"{name} probe")
        shares = Shares(threads, threads, threads, longest_queue // SHARE, longest_queue)
        self._turns = Turns(shares, settings.pool_timeout)
        self._probing: asyncio.Future[None] | None = None
        self._pool = ConnectionPool(
            conninfo_of(settings.database_url or "", **POOLED),
            kwargs={"prepare_threshold": None},
            min_size=1,
            max_size=threads + PROBES,
            timeout=settings.pool_timeout,
            reconnect_timeout=RECONNECT_SECONDS,
            open=False,
            name=name,
        )

    def open(self) -> None:
        """Start to connect, without waiting for the database."""
        self._pool.open(wait=False)

    async def close(self) -> None:
        """Finish the work that has begun, then close the connections."""
        for threads in (self._threads, self._probes):
            await asyncio.to_thread(threads.shutdown)
        await asyncio.to_thread(self._pool.close)

    def pop_stats(self) -> Mapping[str, int]:
        """Return the present numbers of psycopg_pool, and its counts since the last call."""
        return self._pool.pop_stats()

    async def check(self) -> None:
        """Run a statement on one of the connections; UnavailableError. Probes of the same time share one."""
        if self._probing is None or self._probing.done():
            self._probing = asyncio.get_running_loop().run_in_executor(self._probes, self._probe)
        await asyncio.shield(self._probing)

    async def run(self, work: Callable[[AuthorizationServer], T]) -> tuple[T, set[str]]:
        """Return the result of `work`, and what its transaction has announced.

        The turn lasts as long as the thread, also when the request ends earlier: then its statement is cancelled.
        """
        caller, job = CALLER.get(), Job()
        try:
            await self._turns.begin(caller)
        except (TooManyRequestsError, UnavailableError) as error:
            raise TooManyLoginsError from error
        run = partial(copy_context().run, self._run, work, job)
        running = asyncio.get_running_loop().run_in_executor(self._threads, run)
        running.add_done_callback(partial(self._end, caller))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            job.cancel()
            raise

    def _end(self, caller: str, ran: asyncio.Future[tuple[T, set[str]]]) -> None:
        self._turns.end(caller)
        if not ran.cancelled():
            ran.exception()  # nobody may be there any more to hear of it

    def _run(self, work: Callable[[AuthorizationServer], T], job: "Job") -> tuple[T, set[str]]:
        with self._connection() as connection, noting(connection) as announced:
            job.begin(connection)
            try:
                connection.execute(session_sql(connection.info.options, is_local=True))
                return work(AuthorizationServer(connection, self._tokens, self._settings)), announced
            finally:
                job.end()

    def _probe(self) -> None:
        with self._connection() as connection:
            connection.execute("select 1")

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        """Take a connection, and commit its transaction with the block; UnavailableError."""
        try:
            connection = self._open_connection()
            try:
                with connection:
                    yield connection
            finally:
                self._pool.putconn(connection)
        except psycopg.OperationalError as error:
            raise UnavailableError(error) from error

    def _open_connection(self) -> psycopg.Connection:
        """Take a connection that is open; closed ones, as after a restart of the database, go back and are replaced."""
        until = time.monotonic() + self._settings.pool_timeout
        while True:
            try:
                connection = self._pool.getconn(min(ASK_SECONDS, self._settings.pool_timeout))
            except PoolTimeout:
                if time.monotonic() >= until:
                    raise
                continue
            if not is_closed_by_server(connection):
                return connection
            self._pool.putconn(connection)


class Job:
    """The work of a thread, which another thread may cancel."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection | None = None
        self._is_cancelled = False
        self._lock = Lock()

    def begin(self, connection: psycopg.Connection) -> None:
        """Begin on a connection; UnavailableError when the work is no longer wanted."""
        with self._lock:
            if self._is_cancelled:
                raise UnavailableError(None)
            self._connection = connection

    def end(self) -> None:
        """End the work: the connection may now serve others."""
        with self._lock:
            self._connection = None

    def cancel(self) -> None:
        """Cancel the work, without waiting for the database."""
        Thread(target=self._cancel, name="log-in cancellation", daemon=True).start()

    def _cancel(self) -> None:
        with self._lock, suppress(psycopg.Error):
            self._is_cancelled = True
            if self._connection is not None:
                self._connection.cancel_safe(timeout=CANCEL_SECONDS)


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
