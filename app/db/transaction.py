"""Transactions: what one request reads, or writes, on one connection.

BEGIN is sent with the first statements, in the same round trip. Without a statement, no BEGIN is sent. The `async with`
of app/db/pool.py that opens a transaction also ends it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import count

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.sql import Composable

from app.db.exchange import CANCEL_SECONDS, Call, ExchangingConnection, Row
from app.db.rendering import Statement
from app.errors import RetryError

Listener = Callable[[str], None]
"""A function that is called with the SQL of every statement that a request runs."""

COMMIT = Call("commit")
PLAN_ONCE = Call("set local plan_cache_mode = force_generic_plan")
PLAN_AS_USUAL = Call("set local plan_cache_mode = auto")
"""What stands before and behind a call that is planned once, where the transaction does not plan all so."""

OPEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)
CONTENTION = (
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
)
"""The errors of a transaction that other transactions are in the way of: it has written nothing, and may run again."""


class TransactionOverError(psycopg.OperationalError):
    """A statement was sent after its transaction had ended."""


class Transaction:
    """What reading and writing transactions have in common: statements on one connection, one round trip at a time."""

    commits_with_last = False
    """Whether COMMIT is sent together with the statements of a call with `last=True`."""

    plans_once = False
    """Whether every statement is planned once, so that none has to say so."""

    def __init__(self, connection: ExchangingConnection, opening: tuple[Call, ...], listener: Listener | None) -> None:
        self._connection = connection
        self._opening = opening
        self._released = False
        self._failure: psycopg.Error | None = None
        self._lock = asyncio.Lock()  # dataloaders send statements concurrently, a connection runs one at a time
        self._listener = listener

    async def fetch_all(
        self, statements: Sequence[tuple[Statement, Mapping[str, object]]], *, last: bool = False
    ) -> list[list[Row]]:
        """Run statements in one round trip and return the rows of each.

        `last` says that no statement will follow: a Reading then commits in the same round trip.
        """
        calls = [statement.call(parameters) for statement, parameters in statements]
        ending = [COMMIT] if last and self.commits_with_last else []
        async with self._lock:
            self._require_open()
            opening = self._opening
            if not opening and self._status == TransactionStatus.IDLE:
                raise TransactionOverError  # outside a transaction, statements have no scope
            if self._failure is not None and self._status == TransactionStatus.INERROR:
                raise self._failure  # PostgreSQL would only say that the transaction is aborted, not why
            sent = [each for call in calls for each in self._planned(call)]
            rows = await self._exchange([*opening, *sent, *ending])
            self._opening = ()  # not before: if BEGIN failed, the next statements must send it again
        answers = zip(sent, rows[len(opening) :], strict=False)
        return [answer for call, answer in answers if call is not PLAN_ONCE and call is not PLAN_AS_USUAL]

    async def run(self, sql: str | Composable, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Run SQL with psycopg's placeholders `%(name)s` and return its rows, an empty list if there are none."""
        await self.fetch_all([])  # sends BEGIN, if no statement has run yet
        text = sql if isinstance(sql, str) else sql.as_string(self._connection)
        async with self._lock:
            self._require_open()
            if self._listener is not None:
                self._listener(text)
            cursor = await self._connection.execute(text, parameters, binary=True)
            return await cursor.fetchall() if cursor.description else []

    async def release(self) -> None:
        """Refuse every further statement: it would run in the transaction of the next request.

        A statement that is still running is cancelled; no task needs its rows any more. Only a server that answers
        cancels it, so this may take long.
        """
        self._released = True
        while self._lock.locked():
            with suppress(psycopg.Error, TimeoutError):
                await self._connection.cancel_safe(timeout=CANCEL_SECONDS)
                async with asyncio.timeout(CANCEL_SECONDS), self._lock:
                    pass
        await self._connection.settle()

    async def end(self) -> None:
        """Commit the transaction, if it is open; no statement follows."""
        await self.release()
        if self._status in OPEN:
            await self._exchange([COMMIT])

    def _planned(self, call: Call) -> tuple[Call, ...]:
        """Return a call, between those that have it planned once if it must say so."""
        return (PLAN_ONCE, call, PLAN_AS_USUAL) if call.is_planned_once and not self.plans_once else (call,)

    @property
    def _status(self) -> int:
        return self._connection.pgconn.transaction_status

    def _require_open(self) -> None:
        """Raise CancelledError in a task that outlives its request, such as a dataloader's."""
        if self._released or self._connection.is_interrupted:
            raise asyncio.CancelledError

    async def _exchange(self, calls: list[Call]) -> list[list[Row]]:
        if self._listener is not None:
            for call in calls:
                self._listener(call.sql)
        try:
            answers = await self._connection.exchange(calls) if calls else []
        except psycopg.Error as error:
            self._failure = error
            raise
        for call, rows in zip(calls, answers, strict=True):
            if call.rows is not None and call.rows != len(rows):
                raise RetryError
        return answers


class Reading(Transaction):
    """A read-only transaction: every statement sees the same snapshot."""

    commits_with_last = True  # an early COMMIT loses no data, and it saves a round trip


class Repeating(Reading):
    """A read-only transaction whose statements other ones repeat with other values."""

    plans_once = True


class Snapshot(Reading):
    """A read-only transaction that stays open while its rows are read in parts."""

    commits_with_last = False


class Writing(Transaction):
    """A transaction that writes. It commits only when the `async with` that opened it ends without an error."""

    plans_once = True

    excludes = False
    """Whether it takes every lock of a tenant exclusively from the start.

    Two transactions that hold a lock together and then both want it alone wait for each other, until PostgreSQL looks
    for deadlocks.
    """

    def __init__(self, connection: ExchangingConnection, opening: tuple[Call, ...], listener: Listener | None) -> None:
        super().__init__(connection, opening, listener)
        self._first_opening = opening
        self._savepoints = count(1)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo the writes of the body when it raises, and no earlier writes; the error is raised again.

        The savepoint is set and released in the round trips of the statements that follow. Before the first statement
        of the transaction none is needed: there the transaction begins again.
        """
        name = None if self._status == TransactionStatus.IDLE else f"savepoint_{next(self._savepoints)}"
        if name is not None:
            self._opening += (Call(f"savepoint {name}"),)
        try:
            yield
        except Exception:  # a cancelled task sends nothing more: its whole transaction is undone
            await (self._begin_again() if name is None else self._undo_to(name))
            raise
        if name is not None:
            unsent = self._without(name)
            self._opening = (*self._opening, Call(f"release savepoint {name}")) if unsent is None else unsent

    def send_later(self, statement: Statement, parameters: Mapping[str, object], *, rows: int) -> None:
        """Run a statement at the start of the next round trip, which raises RetryError unless it returns `rows` rows.

        For a write whose rows are known beforehand, such as the ids of new records.
        """
        self._opening += (statement.call(parameters)._replace(rows=rows),)

    async def send_waiting(self) -> None:
        """Send what waits for the next round trip, if a statement does."""
        if any(call.rows is not None for call in self._opening):
            await self.fetch_all([])

    async def end(self) -> None:
        """Commit; an error if a statement has failed, because PostgreSQL would roll back and report no error."""
        await self.send_waiting()
        await self.release()
        if self._status == TransactionStatus.INERROR:
            raise self._failure or psycopg.errors.InFailedSqlTransaction
        if self._status in OPEN:
            await self._exchange([*self._opening, COMMIT])

    async def _begin_again(self) -> None:
        """Roll the whole transaction back; the next statement begins it again."""
        async with self._lock:
            self._require_open()
            if self._status in OPEN:
                await self._exchange([Call("rollback")])
        self._failure, self._opening = None, self._first_opening

    async def _undo_to(self, name: str) -> None:
        """Roll back to a savepoint, unless it has not been set yet: then nothing was written behind it."""
        unsent = self._without(name)
        if unsent is not None and self._status != TransactionStatus.INERROR:
            self._opening = unsent
            return
        async with self._lock:
            self._require_open()
            await self._exchange([Call(f"rollback to savepoint {name}"), Call(f"release savepoint {name}")])
        self._failure, self._opening = None, ()

    def _without(self, name: str) -> tuple[Call, ...] | None:
        """Return what still is to be sent before a savepoint; None when the savepoint has been set."""
        calls = [call.sql for call in self._opening]
        return self._opening[: calls.index(f"savepoint {name}")] if f"savepoint {name}" in calls else None
