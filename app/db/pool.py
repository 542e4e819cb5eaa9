"""The pool: connections to the database, and the opening and ending of transactions on them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import TypeVar

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from app.db.exchange import Call, ExchangingConnection
from app.db.scope import Scope
from app.db.transaction import OPEN, Listener, Reading, Transaction, Writing
from app.errors import RequestTimeoutError, UnavailableError

Opened = TypeVar("Opened", bound=Transaction)

CONNECTION = {
    "autocommit": True,  # transactions are opened explicitly, in as few round trips as possible
    "prepare_threshold": None,  # ExchangingConnection prepares and closes statements itself
    "options": "-c timezone=UTC -c statement_timeout=25s",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "tcp_user_timeout": 3000,  # milliseconds; without it a dead link occupies the pool for ten seconds more
}
RECONNECT_SECONDS = 1
"""After this time the pool stops trying to reconnect, and the next request opens a connection. Otherwise it would wait
longer after each attempt, and stay away from a database that is up again."""

BEGIN_WRITING = Call("begin transaction isolation level read committed, read write")
BEGIN = Call("begin transaction isolation level repeatable read, read only")


class Pool:
    """Connections to one database.

    `listener` is called with the SQL of every statement. `timeout` is in seconds: a request waits no longer for a
    connection, and then fails with UnavailableError.
    """

    def __init__(self, url: str, size: int, listener: Listener | None = None, timeout: float = 5) -> None:
        self._pool = AsyncConnectionPool(
            url,
            connection_class=ExchangingConnection,
            kwargs=CONNECTION,
            min_size=1,
            max_size=size,
            timeout=timeout,
            reconnect_timeout=RECONNECT_SECONDS,
            open=False,
            name="register",
        )
        self.listener = listener

    async def open(self) -> None:
        """Start to connect, without waiting: the program runs while its database is down."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    def reading(self, scope: Scope) -> AbstractAsyncContextManager[Reading]:
        """Open a read-only transaction that sees what `scope` may see; UnavailableError when there is no database.

        The role and the scope are set with BEGIN, in one round trip, and end with the transaction.
        """
        return self._opened(Reading, (BEGIN, scope.opening))

    def writing(self, scope: Scope) -> AbstractAsyncContextManager[Writing]:
        """Open a transaction that writes as the role of requests, within `scope`; UnavailableError as for `reading`.

        It commits when its block ends, and rolls back when its block raises.
        """
        return self._opened(Writing, (BEGIN_WRITING, scope.opening_to_write))

    def reading_as_owner(self) -> AbstractAsyncContextManager[Reading]:
        """Open a read-only transaction that sees every row; never for what a caller asks."""
        return self._opened(Reading, (BEGIN,))

    def writing_as_owner(self) -> AbstractAsyncContextManager[Writing]:
        """Open a transaction for what the program itself records; never for what a caller sends."""
        return self._opened(Writing, (BEGIN_WRITING,))

    @asynccontextmanager
    async def _opened(self, kind: type[Opened], opening: tuple[Call, ...]) -> AsyncIterator[Opened]:
        try:
            connection = await self._living()
            transaction = kind(connection, opening, self.listener)
            try:
                yield transaction
                await transaction.end()
            except BaseException:
                # Shielded, because the task that waits for it may be cancelled once more.
                await asyncio.shield(self._undo(connection, transaction))
                raise
            await self._pool.putconn(connection)
        except psycopg.errors.QueryCanceled as error:
            raise RequestTimeoutError from error
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise UnavailableError(error) from error

    async def _living(self) -> ExchangingConnection:
        """Take a connection that is open; those from before a restart of the database are dropped."""
        while has_hung_up(connection := await self._pool.getconn()):
            await self._pool.putconn(connection)
        return connection

    async def _undo(self, connection: ExchangingConnection, transaction: Transaction) -> None:
        """Roll a transaction back, and return its connection to the pool."""
        try:
            await transaction.release()
            if connection.pgconn.transaction_status in OPEN:
                with suppress(psycopg.Error):
                    await connection.rollback()
        finally:
            await self._pool.putconn(connection)


def has_hung_up(connection: ExchangingConnection) -> bool:
    """Return whether the server has closed an idle connection.

    This takes a microsecond, where a round trip takes a hundred: the socket is readable when the server has sent a last
    message or closed the connection.
    """
    try:
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    return False
