"""The pool: connections to the database, and the opening and ending of transactions on them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from app.db.announcements import Hear, note_announcement
from app.db.connecting import Parameters, conninfo_of, is_direct, session_sql
from app.db.exchange import Call, ExchangingConnection
from app.db.scope import NO_ORIGIN, Origin, Scope
from app.db.transaction import CONTENTION, OPEN, Listener, Reading, Snapshot, Transaction, Writing
from app.db.turns import Shares, Turns
from app.errors import RequestTimeoutError, RetryError, UnavailableError

Opened = TypeVar("Opened", bound=Transaction)

POOLED: Parameters = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "tcp_user_timeout": 3000,  # milliseconds; otherwise the pool keeps a broken connection for ten seconds more
}
"""The defaults of a connection that serves requests."""

CONNECTION: dict[str, object] = {
    "autocommit": True,  # transactions are opened explicitly, in as few round trips as possible
    "prepare_threshold": None,  # ExchangingConnection prepares and closes statements itself
}
RECONNECT_SECONDS = 0
"""How long the pool tries to reconnect by itself. It waits longer after each failed attempt, and while it does, a
request that comes when the database is up again would wait too. So each request asks anew until it has a connection."""

ASK_SECONDS = 0.25
"""How often a request that waits asks the pool for a connection, which then tries to connect if it has none."""

UNDO_SECONDS = 0.5
"""How long a request that fails waits until its transaction is undone. Only an unreachable database needs longer."""

ABANDON_SECONDS = 10
"""After this time the connection is closed instead."""

PROGRAM_CONNECTIONS = 1
"""Connections besides those of requests, so that probes, tokens and records never wait for a caller's statements."""

SERVER_PID = Call("select pg_backend_pid()", may_prepare=False)
BEGIN_WRITING = Call("begin transaction isolation level read committed, read write")
BEGIN = Call("begin transaction isolation level repeatable read, read only")


class Pool:
    """Connections to one database.

    `listener` is called with the SQL of every statement. `timeout` is in seconds: a request waits no longer for its
    turn, and for a connection, and then fails with UnavailableError. `share` is the most connections of one caller.
    `may_prepare` says whether statements may be prepared.
    """

    def __init__(  # noqa: PLR0913 - settings
        self,
        url: str,
        size: int,
        listener: Listener | None = None,
        timeout: float = 5,
        *,
        share: int | None = None,
        may_prepare: bool = True,
    ) -> None:
        self._may_prepare, self._timeout = may_prepare, timeout
        self._turns = Turns(Shares(size, share or most_of_caller(size), most_writers(size)), timeout)
        self._undoing: set[asyncio.Task[None]] = set()
        self._pool = AsyncConnectionPool(
            conninfo_of(url, **POOLED),
            connection_class=ExchangingConnection,
            kwargs=CONNECTION,
            configure=self._configure,
            min_size=1,
            max_size=size + PROGRAM_CONNECTIONS,
            timeout=timeout,
            reconnect_timeout=RECONNECT_SECONDS,
            open=False,
            name="register",
        )
        self.listener = listener
        self.hear: Hear = lambda _: None
        """Called with each announcement of a transaction of this pool, when it has ended."""

    async def open(self) -> None:
        """Start to connect, without waiting: the program runs while its database is down."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Close all connections, after the transactions that still are being undone."""
        await asyncio.gather(*self._undoing, return_exceptions=True)
        await self._pool.close()

    def pop_stats(self) -> Mapping[str, int]:
        """Return the present numbers of psycopg_pool, and its counts since the last call."""
        return self._pool.pop_stats()

    def reading(self, scope: Scope) -> AbstractAsyncContextManager[Reading]:
        """Open a read-only transaction that sees the rows of `scope`; UnavailableError when the database is down.

        The role and the scope are set with BEGIN, in one round trip, and end with the transaction.
        """
        return self._in_turn(self._opened(Reading, (BEGIN, scope.opening)))

    def snapshot(self, scope: Scope) -> AbstractAsyncContextManager[Snapshot]:
        """Open a transaction as `reading` does, which stays open until its block ends."""
        return self._in_turn(self._opened(Snapshot, (BEGIN, scope.opening)))

    def writing(self, scope: Scope, origin: Origin = NO_ORIGIN) -> AbstractAsyncContextManager[Writing]:
        """Open a transaction that writes as the role of requests, within `scope`; UnavailableError as for `reading`.

        Only most of the connections write at the same time: writers may wait for locks, and readers must not wait then.

        It commits when its block ends, and rolls back when its block raises. RetryError when other transactions are in
        the way and nothing was written. A connection that is lost during COMMIT is an UnavailableError: it is not known
        whether the transaction has committed.
        """
        opened = self._opened(Writing, (BEGIN_WRITING, scope.opening_to_write(origin)))
        return self._in_turn(opened, writes=True)

    def reading_as_owner(self) -> AbstractAsyncContextManager[Reading]:
        """Open a read-only transaction that sees every row. Statements of callers must not run in it."""
        return self._opened(Reading, (BEGIN,))

    def writing_as_owner(self) -> AbstractAsyncContextManager[Writing]:
        """Open a transaction for records of the program itself. Statements of callers must not run in it."""
        return self._opened(Writing, (BEGIN_WRITING,))

    @asynccontextmanager
    async def _in_turn(
        self, opened: AbstractAsyncContextManager[Opened], *, writes: bool = False
    ) -> AsyncIterator[Opened]:
        """Open a transaction when it is the caller's turn."""
        async with self._turns.turn(writes=writes), opened as transaction:
            yield transaction

    @asynccontextmanager
    async def _opened(self, kind: type[Opened], opening: tuple[Call, ...]) -> AsyncIterator[Opened]:
        try:
            connection = await self._connection()
            begin, *scope = opening
            transaction = kind(connection, (begin, *connection.opening, *scope), self.listener)
            try:
                yield transaction
                await transaction.end()
            except BaseException as error:
                if not await self._is_undone(connection, transaction) and isinstance(error, asyncio.CancelledError):
                    raise UnavailableError(error) from error  # the time is over because the database does not answer
                raise
            if connection.announced:
                self._report(connection)
            await self._pool.putconn(connection)
        except psycopg.errors.QueryCanceled as error:
            raise RequestTimeoutError from error
        except CONTENTION as error:
            raise (RetryError() if kind is Writing else UnavailableError(error)) from error
        except psycopg.OperationalError as error:
            raise UnavailableError(error) from error

    async def _configure(self, connection: ExchangingConnection) -> None:
        """Set the session of a new connection; behind a pooler, every transaction sets its own."""
        connection.may_prepare = self._may_prepare
        connection.add_notice_handler(partial(note_announcement, connection.announced))
        (((server_pid,),),) = await connection.exchange([SERVER_PID])
        options = connection.info.options
        if is_direct(connection, server_pid):
            await connection.exchange([Call(session_sql(options, is_local=False), may_prepare=False)])
        else:
            connection.opening = (Call(session_sql(options, is_local=True)),)

    async def _connection(self) -> ExchangingConnection:
        """Take a connection; UnavailableError when there is none in time."""
        try:
            return await self._open_connection()
        except TimeoutError as error:
            raise UnavailableError(error) from error

    async def _open_connection(self) -> ExchangingConnection:
        """Take a connection that is open; closed ones, as after a restart of the database, go back and are replaced."""
        async with asyncio.timeout(self._timeout):
            while True:
                with suppress(PoolTimeout):
                    connection = await self._pool.getconn(min(ASK_SECONDS, self._timeout))
                    if not is_closed_by_server(connection):
                        return connection
                    await self._pool.putconn(connection)

    def _report(self, connection: ExchangingConnection) -> None:
        while connection.announced:
            self.hear(connection.announced.pop())

    async def _is_undone(self, connection: ExchangingConnection, transaction: Transaction) -> bool:
        """Undo a transaction, in a task that goes on when the request has waited for long enough or is cancelled."""
        undoing = asyncio.create_task(self._undo(connection, transaction))
        self._undoing.add(undoing)
        undoing.add_done_callback(self._undoing.discard)
        done, _ = await asyncio.wait([undoing], timeout=UNDO_SECONDS)
        return bool(done)

    async def _undo(self, connection: ExchangingConnection, transaction: Transaction) -> None:
        """Roll a transaction back, and return its connection to the pool."""
        try:
            async with asyncio.timeout(ABANDON_SECONDS):
                await transaction.release()
                if connection.pgconn.transaction_status in OPEN:
                    with suppress(psycopg.Error):
                        await connection.rollback()
        except TimeoutError:
            connection.shut_down()
        finally:
            self._report(connection)  # a COMMIT that was not answered may have succeeded
            await self._pool.putconn(connection)


def most_writers(size: int) -> int:
    """Return how many of the connections of a pool may write at the same time: an eighth, at least one, is left."""
    return max(1, size - max(1, size // 8))


def most_of_caller(size: int) -> int:
    """Return how many of the connections of a pool one caller may use at the same time, without a setting: half."""
    return max(1, size // 2)


def is_closed_by_server(connection: ExchangingConnection | psycopg.Connection) -> bool:
    """Return whether the server has closed an idle connection.

    Reading what has arrived on the socket takes a microsecond; a round trip would take a hundred. It is read twice,
    because the server may send a last message before it closes the connection.
    """
    try:
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    return False
