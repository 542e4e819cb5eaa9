"""The pool: connections to the register's database, and the transactions that run on them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import psycopg
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from app.db.exchange import Call, ExchangingConnection, Row
from app.db.rendering import Statement
from app.db.scope import Scope
from app.errors import UnavailableError

Listener = Callable[[str], None]

CONNECTION = {
    "autocommit": True,  # transactions are opened by hand, in as few round trips as possible
    "prepare_threshold": None,  # ExchangingConnection prepares what comes again, and closes it
    "options": "-c timezone=UTC -c statement_timeout=25s",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "tcp_user_timeout": 3000,  # milliseconds; without it a dead link holds its place in the pool for ten seconds more
}
RECONNECT_SECONDS = 1
"""A lost connection is given up so soon that the next request opens one: the pool would try ever more seldom by itself,
and stay away from a database that is back for as long as that had been away."""

BEGIN_WRITING = Call("begin transaction isolation level read committed, read write")
BEGIN = Call("begin transaction isolation level repeatable read, read only")
COMMIT = Call("commit")
OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
CANCEL_SECONDS = 0.5
"""After so long a statement is cancelled once more: PostgreSQL drops a cancellation that overtakes its statement."""


class TransactionOverError(psycopg.OperationalError):
    """A statement was asked for when its transaction had ended."""


class Reading:
    """A transaction; in one that only reads every statement sees the same snapshot.

    It is opened with its first statements and ended with its last, in the same round trips; a request that reads
    nothing opens none.
    """

    def __init__(self, connection: ExchangingConnection, opening: tuple[Call, ...], listener: Listener | None) -> None:
        self._connection = connection
        self._opening = opening
        self._released = False
        self._failure: psycopg.Error | None = None
        self._turn = asyncio.Lock()  # dataloaders ask at the same time, a connection answers one after the other
        self._listener = listener

    async def fetch_all(
        self, statements: Sequence[tuple[Statement, Mapping[str, object]]], *, last: bool = False
    ) -> list[list[Row]]:
        """Run statements in one round trip and give the rows of each; `last` ends the transaction with them."""
        calls = [statement.call(parameters) for statement, parameters in statements]
        async with self._own_turn():
            opening = self._opening
            if not opening and self._status == TransactionStatus.IDLE:
                raise TransactionOverError  # outside it a statement would run as the owner of the tables
            if self._failure is not None and self._status == TransactionStatus.INERROR:
                raise self._failure  # PostgreSQL runs nothing more in this transaction, and would not say why
            rows = await self._exchange([*opening, *calls, *([COMMIT] if last else [])])
            self._opening = ()  # and not before it has run, for the same reason
        return rows[len(opening) : len(opening) + len(calls)]

    async def fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        """Run a statement and give its rows."""
        (rows,) = await self.fetch_all([(statement, parameters)])
        return rows

    async def run(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run SQL with psycopg's placeholders `%(name)s` and give its rows, none where it answers nothing."""
        await self.fetch_all([])  # begins the transaction, if nothing has yet
        async with self._own_turn():
            self._heard(sql)
            cursor = await self._connection.execute(sql, parameters, binary=True)
            return await cursor.fetchall() if cursor.description else []

    async def release(self) -> None:
        """Let no statement follow: it would run in the transaction of the next request.

        A statement on its way, which nobody waits for any more, is cancelled.
        """
        self._released = True
        while self._turn.locked():
            with suppress(psycopg.Error, TimeoutError):
                await self._connection.cancel_safe(timeout=CANCEL_SECONDS)
                async with asyncio.timeout(CANCEL_SECONDS), self._turn:
                    pass

    async def end(self) -> None:
        """End the transaction, if it is open; no statement follows."""
        await self.release()
        if self._status in OPEN:
            await self._exchange([COMMIT])

    @property
    def _status(self) -> TransactionStatus:
        return TransactionStatus(self._connection.pgconn.transaction_status)

    @asynccontextmanager
    async def _own_turn(self) -> AsyncIterator[None]:
        async with self._turn:
            if self._released:
                raise asyncio.CancelledError  # of a dataloader's task, which outlives the request that it was made for
            yield

    async def _exchange(self, calls: list[Call]) -> list[list[Row]]:
        for call in calls:
            self._heard(call.sql)
        try:
            return await self._connection.exchange(calls) if calls else []
        except psycopg.Error as error:
            self._failure = error
            raise

    def _heard(self, sql: str) -> None:
        if self._listener is not None:
            self._listener(sql)


class Pool:
    """Connections to one database. `listener` hears of every statement that a request runs."""

    def __init__(self, url: str, size: int, listener: Listener | None = None) -> None:
        self._pool = AsyncConnectionPool(
            url,
            connection_class=ExchangingConnection,
            kwargs=CONNECTION,
            min_size=1,
            max_size=size,
            timeout=5,
            reconnect_timeout=RECONNECT_SECONDS,
            open=False,
            name="register",
        )
        self.listener = listener

    async def open(self) -> None:
        """Start to connect, without waiting: the program lives while its database is away."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    def reading(self, scope: Scope) -> AbstractAsyncContextManager[Reading]:
        """Open a read-only transaction that sees what `scope` may see; UnavailableError when there is no database.

        The role and the scope come with BEGIN, in one round trip, and end with the transaction.
        """
        return self._opened((BEGIN, scope.opening))

    def reading_as_owner(self) -> AbstractAsyncContextManager[Reading]:
        """Open a read-only transaction that sees everything; never for what a caller asks."""
        return self._opened((BEGIN,))

    def writing_as_owner(self) -> AbstractAsyncContextManager[Reading]:
        """Open a transaction that writes what the program itself has to note; never what a caller sends."""
        return self._opened((BEGIN_WRITING,))

    @asynccontextmanager
    async def _opened(self, opening: tuple[Call, ...]) -> AsyncIterator[Reading]:
        try:
            connection = await self._living()
            reading = Reading(connection, opening, self.listener)
            try:
                yield reading
                await reading.end()
            except BaseException:
                await asyncio.shield(self._undo(connection, reading))  # whoever waits may be cancelled once more
                raise
            await self._pool.putconn(connection)
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise UnavailableError(error) from error

    async def _living(self) -> ExchangingConnection:
        """Take a connection; those that are left from before a restart of the database are thrown away."""
        while has_hung_up(connection := await self._pool.getconn()):
            await self._pool.putconn(connection)
        return connection

    async def _undo(self, connection: ExchangingConnection, reading: Reading) -> None:
        """Undo what a transaction did that was given up, and put its connection back."""
        try:
            await reading.release()
            if connection.pgconn.transaction_status in OPEN:
                with suppress(psycopg.Error):
                    await connection.rollback()
        finally:
            await self._pool.putconn(connection)


def has_hung_up(connection: ExchangingConnection) -> bool:
    """Tell whether the server has closed an idle connection.

    That is seen without asking the server, in a microsecond where a round trip costs a hundred: there is something to
    read, first perhaps the server's last words, then the end.
    """
    try:
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    return False
