"""The pool: connections to the database, and the opening and ending of transactions on them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

import psycopg

from app.db.announcements import Hear
from app.db.connections import Connections
from app.db.exchange import Call, ExchangingConnection
from app.db.scope import NO_ORIGIN, Origin, Scope
from app.db.transaction import CONTENTION, OPEN, Listener, Reading, Repeating, Snapshot, Transaction, Writing
from app.db.turns import CALLER, Shares, Turns
from app.errors import RequestTimeoutError, RetryError, UnavailableError

Opened = TypeVar("Opened", bound=Transaction)

UNDO_SECONDS = 0.5
"""How long a request that fails waits until its transaction is undone. Only an unreachable database needs longer."""

ABANDON_SECONDS = 10
"""After this time the connection is closed instead."""

PROGRAM_CONNECTIONS = 1
"""Connections besides those of requests, so that probes, tokens and records never wait for a caller's statements."""

BEGIN_WRITING = Call("begin transaction isolation level read committed, read write")
BEGIN = Call("begin transaction isolation level repeatable read, read only")


class Pool:
    """Connections to one database, as two roles.

    `url` logs in as the owner of the tables, `request_url` as a role that can only become the role of requests: they
    run there, so that none of their statements can return to the owner. None = they run on the connections of `url`.

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
        request_url: str | None = None,
        share: int | None = None,
        may_prepare: bool = True,
    ) -> None:
        writers = most_writers(size)
        self._turns = Turns(Shares(size, share or most_of_caller(size), writers), timeout)
        self._undoing: set[asyncio.Task[None]] = set()
        connections = partial(Connections, timeout=timeout, may_prepare=may_prepare)
        if request_url is None:
            self._owner = self._requests = connections("register", url, PROGRAM_CONNECTIONS + size)
        else:
            self._owner = connections("register", url, PROGRAM_CONNECTIONS + most_of_program(size))
            self._requests = connections("requests", request_url, size)
        self.listener = listener
        self.hear: Hear = lambda _: None
        """Called with each announcement of a transaction of this pool, when it has ended."""

    async def open(self) -> None:
        """Start to connect, without waiting: the program runs while its database is down."""
        for each in self._all:
            await each.open()

    async def close(self) -> None:
        """Close all connections, after the transactions that still are being undone."""
        await asyncio.gather(*self._undoing, return_exceptions=True)
        for each in self._all:
            await each.close()

    @property
    def _all(self) -> set[Connections]:
        return {self._owner, self._requests}

    def pools(self) -> Mapping[str, Callable[[], Mapping[str, int]]]:
        """Return what gives the numbers of psycopg_pool, for each pool by its name."""
        return {each.name: each.pop_stats for each in self._all}

    async def check(self) -> None:
        """Run a statement as requests do; UnavailableError when that is not possible."""
        async with self._opened(self._requests, Reading, (BEGIN, Scope.everything().opening)) as reading:
            await reading.run("select 1")

    def reading(self, scope: Scope) -> AbstractAsyncContextManager[Reading]:
        """Open a read-only transaction that sees the rows of `scope`; UnavailableError when the database is down.

        The role and the scope are set with BEGIN, in one round trip, and end with the transaction.
        """
        return self._in_turn(Reading, (BEGIN, scope.opening))

    def repeating(self, scope: Scope) -> AbstractAsyncContextManager[Repeating]:
        """Open a transaction as `reading` does, for statements that are sent often, with other values each time."""
        return self._in_turn(Repeating, (BEGIN, scope.opening_to_repeat))

    def snapshot(self, scope: Scope) -> AbstractAsyncContextManager[Snapshot]:
        """Open a transaction as `reading` does, which stays open until its block ends."""
        return self._in_turn(Snapshot, (BEGIN, scope.opening))

    def writing(self, scope: Scope, origin: Origin = NO_ORIGIN) -> AbstractAsyncContextManager[Writing]:
        """Open a transaction that writes as the role of requests, within `scope`; UnavailableError as for `reading`.

        Only most of the connections write at the same time: writers may wait for locks, and readers must not wait then.

        It commits when its block ends, and rolls back when its block raises. RetryError when other transactions are in
        the way and nothing was written. A connection that is lost during COMMIT is an UnavailableError: it is not known
        whether the transaction has committed.
        """
        return self._in_turn(Writing, (BEGIN_WRITING, scope.opening_to_write(origin)), writes=True)

    def reading_as_owner(self) -> AbstractAsyncContextManager[Reading]:
        """Open a read-only transaction that sees every row. Statements of callers must not run in it."""
        return self._opened(self._owner, Reading, (BEGIN,))

    def writing_as_owner(self) -> AbstractAsyncContextManager[Writing]:
        """Open a transaction for records of the program itself. Statements of callers must not run in it."""
        return self._opened(self._owner, Writing, (BEGIN_WRITING,))

    @asynccontextmanager
    async def _in_turn(
        self, kind: type[Opened], opening: tuple[Call, ...], *, writes: bool = False
    ) -> AsyncIterator[Opened]:
        """Open a transaction as the role of requests when it is the caller's turn."""
        caller = CALLER.get()
        await self._turns.begin(caller, writes=writes)
        try:
            async with self._opened(self._requests, kind, opening) as transaction:
                yield transaction
        finally:
            self._turns.end(caller, writes=writes)

    @asynccontextmanager
    async def _opened(
        self, connections: Connections, kind: type[Opened], opening: tuple[Call, ...]
    ) -> AsyncIterator[Opened]:
        try:
            connection = await connections.take()
            begin, *scope = opening
            transaction = kind(connection, (begin, *connection.opening, *scope), self.listener)
            try:
                yield transaction
                await transaction.end()
            except BaseException as error:
                is_undone = await self._is_undone(connections, connection, transaction)
                if not is_undone and isinstance(error, asyncio.CancelledError):
                    raise UnavailableError(error) from error  # the time is over because the database does not answer
                raise
            if connection.announced:
                self._report(connection)
            await connections.give_back(connection)
        except psycopg.errors.QueryCanceled as error:
            raise RequestTimeoutError from error
        except CONTENTION as error:
            raise (RetryError() if kind is Writing else UnavailableError(error)) from error
        except psycopg.OperationalError as error:
            raise UnavailableError(error) from error

    def _report(self, connection: ExchangingConnection) -> None:
        while connection.announced:
            self.hear(connection.announced.pop())

    async def _is_undone(
        self, connections: Connections, connection: ExchangingConnection, transaction: Transaction
    ) -> bool:
        """Undo a transaction, in a task that goes on when the request has waited for long enough or is cancelled."""
        undoing = asyncio.create_task(self._undo(connections, connection, transaction))
        self._undoing.add(undoing)
        undoing.add_done_callback(self._undoing.discard)
        done, _ = await asyncio.wait([undoing], timeout=UNDO_SECONDS)
        return bool(done)

    async def _undo(self, connections: Connections, connection: ExchangingConnection, transaction: Transaction) -> None:
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
            await connections.give_back(connection)


def end_if_cancelled() -> None:
    """End a task that was cancelled: CancelledError. For those who begin anew after an UnavailableError.

    A transaction that is cancelled while the database does not answer ends with this error instead.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def most_writers(size: int) -> int:
    """Return how many of the connections of a pool may write at the same time: an eighth, at least one, is left."""
    return max(1, size - max(1, size // 8))


def most_of_program(size: int) -> int:
    """Return how many connections the program has to record personal data that queries show, beside its own."""
    return max(1, size // 4)


def most_of_caller(size: int) -> int:
    """Return how many of the connections of a pool one caller may use at the same time, without a setting: half."""
    return max(1, size // 2)
