"""The pool: connections to the register's database, and the read-only transactions that requests read in."""

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
    """A transaction; in one that only reads every statement sees the same snapshot."""

    def __init__(self, connection: AsyncConnection, listener: Listener | None) -> None:
        self._connection = connection
        self._listener = listener

    async def begin(self, opening: str) -> None:
        """Open the transaction. Several statements in one text are possible only unprepared and in text format."""
        if self._listener is not None:
            self._listener(opening)
        await self._connection.execute(opening, prepare=False)

    async def fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        """Run a statement and give its rows, read in PostgreSQL's binary format."""
        return await self.run(statement.sql, {**statement.parameters, **parameters})

    async def fetch_all(self, statements: list[tuple[Statement, dict[str, object]]]) -> list[list[Row]]:
        """Run statements in one round trip and give the rows of each."""
        if len(statements) == 1:
            ((statement, parameters),) = statements
            return [await self.fetch(statement, parameters)]
        async with self._connection.pipeline():
            cursors = [await self._start(statement, parameters) for statement, parameters in statements]
            return [await cursor.fetchall() for cursor in cursors]

    async def _start(self, statement: Statement, parameters: Mapping[str, object]) -> AsyncCursor[Row]:
        if self._listener is not None:
            self._listener(statement.sql)
        cursor = self._connection.cursor(binary=True)
        await cursor.execute(statement.sql, {**statement.parameters, **parameters})
        return cursor

    async def run(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run SQL with its parameters and give its rows."""
        if self._listener is not None:
            self._listener(sql)
        cursor = self._connection.cursor(binary=True)
        await cursor.execute(sql, parameters)
        return await cursor.fetchall() if cursor.description else []


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
        return self._opened(f"{BEGIN}; {scope.opening}")

    def reading_as_owner(self) -> AbstractAsyncContextManager[Reading]:
        """Open a read-only transaction that sees everything; never for what a caller asks."""
        return self._opened(BEGIN)

    def writing_as_owner(self) -> AbstractAsyncContextManager[Reading]:
        """Open a transaction that writes what the program itself has to note; never what a caller sends."""
        return self._opened(BEGIN_WRITING)

    @asynccontextmanager
    async def _opened(self, opening: str) -> AsyncIterator[Reading]:
        try:
            async with self._pool.connection() as connection:
                reading = Reading(connection, self.listener)
                await reading.begin(opening)
                yield reading
                await reading.run("commit")
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise UnavailableError(error) from error
