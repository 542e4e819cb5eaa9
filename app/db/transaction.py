"""Transactions: what one request reads, or writes, on one connection.

A transaction is opened with its first statements, in the same round trip; one that runs no statement opens nothing.
Whoever opens a transaction ends it, by leaving the `async with` of app/db/pool.py.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.sql import Composable

from app.db.exchange import Call, ExchangingConnection, Row
from app.db.rendering import Statement
from app.db.scope import ROLE

Listener = Callable[[str], None]
"""Hears the SQL of every statement that a request runs."""

COMMIT = Call("commit")
OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
CANCEL_SECONDS = 0.5
"""A cancellation is sent again after this time: PostgreSQL drops one that overtakes its statement."""


class TransactionOverError(psycopg.OperationalError):
    """A statement was sent after its transaction had ended."""


class Transaction:
    """What reading and writing transactions have in common: statements on one connection, one exchange at a time."""

    commits_with_last = False
    """Whether the COMMIT is sent together with the statements that are said to be the last."""

    def __init__(self, connection: ExchangingConnection, opening: tuple[Call, ...], listener: Listener | None) -> None:
        self._connection = connection
        self._opening = opening
        self._released = False
        self._failure: psycopg.Error | None = None
        self._turn = asyncio.Lock()  # dataloaders send statements concurrently, a connection runs one at a time
        self._listener = listener

    async def fetch_all(
        self, statements: Sequence[tuple[Statement, Mapping[str, object]]], *, last: bool = False
    ) -> list[list[Row]]:
        """Run statements in one round trip and return the rows of each.

        `last` says that no statement will follow: a reading transaction whose opener allows it then commits in the same
        round trip.
        """
        calls = [statement.call(parameters) for statement, parameters in statements]
        ending = [COMMIT] if last and self.commits_with_last else []
        async with self._own_turn():
            opening = self._opening
            if not opening and self._status == TransactionStatus.IDLE:
                raise TransactionOverError  # outside it a statement would run as the owner of the tables
            if self._failure is not None and self._status == TransactionStatus.INERROR:
                raise self._failure  # PostgreSQL runs nothing more in this transaction, and would not say why
            rows = await self._exchange([*opening, *calls, *ending])
            self._opening = ()  # only now: an opening that failed is sent again, for the same reason
        return rows[len(opening) : len(opening) + len(calls)]

    async def run(self, sql: str | Composable, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run SQL with psycopg's placeholders `%(name)s` and return its rows; none where the statement returns none."""
        await self.fetch_all([])  # begins the transaction, if nothing has yet
        text = sql if isinstance(sql, str) else sql.as_string(self._connection)
        async with self._own_turn():
            self._heard(text)
            cursor = await self._connection.execute(text, parameters, binary=True)
            return await cursor.fetchall() if cursor.description else []

    async def release(self) -> None:
        """Refuse every further statement: it would run in the transaction of the next request.

        A statement that is still running, and that no task waits for any more, is cancelled.
        """
        self._released = True
        while self._turn.locked():
            with suppress(psycopg.Error, TimeoutError):
                await self._connection.cancel_safe(timeout=CANCEL_SECONDS)
                async with asyncio.timeout(CANCEL_SECONDS), self._turn:
                    pass

    async def end(self) -> None:
        """Commit the transaction, if it is open; no statement follows."""
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
                raise asyncio.CancelledError  # of a dataloader's task that outlives its request
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


class Reading(Transaction):
    """A read-only transaction: every statement sees the same snapshot."""

    commits_with_last = True  # nothing is lost with a COMMIT that comes early, and a round trip is saved


class Writing(Transaction):
    """A transaction that writes. It commits when its opener leaves it without an error, and at no other time."""

    def __init__(self, connection: ExchangingConnection, opening: tuple[Call, ...], listener: Listener | None) -> None:
        super().__init__(connection, opening, listener)
        self._savepoints = count(1)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what the body wrote when it raises, and nothing else of the transaction; the error goes on."""
        name = f"savepoint_{next(self._savepoints)}"
        await self._send(f"savepoint {name}")
        try:
            yield
        except BaseException:
            await self._undo_to(name)
            raise
        await self._send(f"release savepoint {name}")

    @asynccontextmanager
    async def as_owner(self) -> AsyncIterator["Writing"]:
        """Write what the program itself records of a request, in its transaction; never what a caller sends."""
        async with self.savepoint():  # it gives the role back when the body raises
            await self._send("set local role none")
            yield self
            await self._send(f"set local role {ROLE}")

    async def end(self) -> None:
        """Commit. An error when a statement failed: PostgreSQL would roll back, and call that a success."""
        await self.release()
        if self._status == TransactionStatus.INERROR:
            raise self._failure or psycopg.errors.InFailedSqlTransaction
        await super().end()

    async def _undo_to(self, name: str) -> None:
        async with self._own_turn():
            await self._exchange([Call(f"rollback to savepoint {name}"), Call(f"release savepoint {name}")])
        self._failure = None

    async def _send(self, sql: str) -> None:
        await self.fetch_all([(Statement(sql, (), {}), {})])
