"""The pool: connections to the register's database, and the read-only transactions that requests read in."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from app.db.rendering import Statement
from app.db.scope import Scope
from app.errors import UnavailableError

Row = tuple[Any, ...]
Listener = Callable[[str], None]

CONNECTION = {
    "autocommit": True,  # transactions are opened by hand, in as few round trips as possible
    "options": "-c timezone=UTC -c statement_timeout=25s",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "tcp_user_timeout": 3000,  # milliseconds; without it a dead link holds its place in the pool for ten seconds more
}
BEGIN_WRITING = "begin transaction isolation level read committed, read write"
BEGIN = "begin transaction isolation level repeatable read, read only"


class Reading:
    """A transaction; in one that only reads every statement sees the same snapshot.

    It is opened with its first statements, in the same round trip; a request that reads nothing opens none.
    """

    def __init__(self, connection: AsyncConnection, opening: tuple[str, ...], listener: Listener | None) -> None:
        self._connection = connection
        self._cursor = connection.cursor(binary=True)
        self._opening = opening
        self._turn = asyncio.Lock()  # dataloaders ask at the same time, a connection answers one after the other
        self._listener = listener

    async def fetch_all(self, statements: list[tuple[Statement, dict[str, object]]]) -> list[list[Row]]:
        """Run statements in one round trip and give the rows of each."""
        if len(statements) == 1 and not self._opening:
            ((statement, parameters),) = statements
            return [await self.fetch(statement, parameters)]
        async with self._turn, self._connection.pipeline():
            await self._open()
            cursors = [self._connection.cursor(binary=True) for _ in statements]
            for cursor, (statement, parameters) in zip(cursors, statements, strict=True):
                await self._start(cursor, statement.sql, {**statement.parameters, **parameters})
        return [await cursor.fetchall() for cursor in cursors]

    async def fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        """Run a statement and give its rows, read in PostgreSQL's binary format."""
        return await self.run(statement.sql, {**statement.parameters, **parameters})

    async def run(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run SQL with its parameters and give its rows, none where it answers nothing."""
        async with self._turn:
            await self._open()
            await self._start(self._cursor, sql, parameters)
            result = self._cursor.pgresult
            return await self._cursor.fetchall() if result is not None and result.nfields else []

    async def end(self) -> None:
        """End the transaction, if it was opened."""
        if not self._opening:
            self._heard("commit")
            await self._connection.commit()

    async def _open(self) -> None:
        """Send what opens the transaction, once."""
        opening, self._opening = self._opening, ()
        for statement in opening:
            await self._start(self._cursor, statement, None)

    async def _start(self, cursor: AsyncCursor[Row], sql: str, parameters: Mapping[str, object] | None) -> None:
        self._heard(sql)
        await cursor.execute(sql, parameters)

    def _heard(self, sql: str) -> None:
        if self._listener is not None:
            self._listener(sql)


class Pool:
    """Connections to one database. `listener` hears of every statement that a request runs."""

    def __init__(self, url: str, size: int, listener: Listener | None = None) -> None:
        self._pool = AsyncConnectionPool(
            url, kwargs=CONNECTION, min_size=1, max_size=size, timeout=5, open=False, name="register"
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
    async def _opened(self, opening: tuple[str, ...]) -> AsyncIterator[Reading]:
        try:
            async with self._pool.connection() as connection:
                reading = Reading(connection, opening, self.listener)
                yield reading
                await reading.end()
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise UnavailableError(error) from error
