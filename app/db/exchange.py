"""Exchange: several statements and all their rows in one round trip, over libpq's pipeline.

psycopg's cursors wait for the socket after every statement of a pipeline, which takes several times as long as the
statements themselves. Here all statements are sent together and all rows are read together.
"""

import asyncio
import json
import os
import socket
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple, TypeVar, cast

from psycopg import AsyncConnection, Error, OperationalError, generators
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.postgres import types
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.json import set_json_loads
from psycopg.waiting import Ready, Wait, wait_async

from app.db.readiness import Readiness

T = TypeVar("T")

Row = tuple[Any, ...]
StatementKey = tuple[bytes, tuple[int, ...]]
MOST_PREPARED = 200
"""Statements that a connection keeps prepared; each takes about ten kilobytes of the server's memory."""

BIGINT = types["int8"].oid
"""The type as which raw columns are read."""

NAME_BYTES = 24
"""Bytes of the digest in a statement's name; PostgreSQL cuts names after 63 characters."""

POLL_SECONDS = 0.1
"""How often psycopg's wait looks for a lost event. Reads that `ExchangingConnection.wait` waits for do not look."""

CANCEL_SECONDS = 0.5
"""A cancellation is sent again after this time: PostgreSQL ignores one that arrives before its statement."""

FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)
"""The states of the result of a call that failed, or was skipped because an earlier one in the pipeline failed."""

NOT_BUSY = (TransactionStatus.IDLE, TransactionStatus.INTRANS, TransactionStatus.INERROR)
"""The states of a connection that waits for no result."""


class Call(NamedTuple):
    """SQL with the placeholders $1, $2 ..., and their values.

    `may_prepare` says whether the connection may prepare the statement. PostgreSQL may then reuse one plan for all
    values, and does so from the start if the call `is_planned_once`. `rows` is how many rows it must return; None for
    any number. `raw` are the indexes of columns that are read as they are stored, as an integer of eight bytes: a
    `timestamptz` is the microseconds since 2000.
    """

    sql: str
    values: Sequence[object] = ()
    may_prepare: bool = True
    rows: int | None = None
    raw: Sequence[int] = ()
    is_planned_once: bool = False


class EncodedCall(NamedTuple):
    """A call with its values encoded for libpq."""

    key: StatementKey
    values: Sequence[Buffer | None]
    formats: Sequence[Format] | None
    may_prepare: bool


class PreparedStatements(OrderedDict[StatementKey, bytes]):
    """The names of the statements that one connection has prepared, by text and types of their values.

    The least recently used one comes first. A name is a digest of both. So on a server connection that a pooler gives
    to several clients, a name can only mean the same statement. `dropped` are names that are no longer used; the next
    exchange closes them on the server.
    """

    def __init__(self) -> None:
        super().__init__()
        self.dropped: set[bytes] = set()

    def add(self, key: StatementKey) -> bytes:
        """Return the name of a statement that is about to be prepared; drop the least recently used one."""
        if len(self) == MOST_PREPARED:
            self.dropped.add(self.popitem(last=False)[1])
        text, types = key
        digest = blake2b(b"%s %s" % (",".join(map(str, types)).encode(), text), digest_size=NAME_BYTES)
        name = self[key] = b"register_" + digest.hexdigest().encode()
        self.dropped.discard(name)
        return name

    def used(self, key: StatementKey) -> bytes | None:
        """Return the name of a prepared statement; None when it must be prepared."""
        name = self.get(key)
        if name is not None:
            self.move_to_end(key)
        return name


class ExchangingConnection(AsyncConnection[Row]):
    """A connection that runs several calls in one round trip."""

    may_prepare = True
    """Whether statements may be prepared at all."""

    opening: tuple[Call, ...] = ()
    """What each transaction of the connection begins with: a pooler does not keep the settings of a session."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.announced: set[str] = set()
        """What statements have announced since this was last cleared."""
        set_json_loads(exact_json, self)
        self._interrupted: PQGen[Any] | None = None
        self._readiness = Readiness()
        self._prepared_statements = PreparedStatements()
        self._transformer = Transformer(self)  # made once: it takes longer to make than to use

    async def exchange(self, calls: Sequence[Call]) -> list[list[Row]]:
        """Run calls in one round trip and return the rows of each, read in PostgreSQL's binary format.

        psycopg.Error of the first call that fails; those after it are not run.
        """
        encoded = [self._encoded(call) for call in calls]
        prepared, closing = self._prepared_statements, list(self._prepared_statements.dropped)
        self.pgconn.enter_pipeline_mode()
        try:
            results = await self.wait(self._send_all(encoded, closing))
        except BaseException:  # it is not known which statements were prepared
            prepared.clear()
            raise
        finally:
            self._leave_pipeline()
        prepared.dropped.difference_update(closing)
        failures = [result for result in results if result.status in FAILED]
        if failures:
            prepared.clear()  # some were not prepared; closing an unknown name is no error
            raise error_from_result(failures[0])
        return [self._rows(result, call.raw) for result, call in zip(results, calls, strict=True)]

    async def wait(self, gen: PQGen[T], interval: float = POLL_SECONDS, timeout: float | None = None) -> T:  # noqa: ASYNC109 - psycopg's signature
        """Run a generator of psycopg. A task that is cancelled ends at once; `settle` cancels its statement.

        psycopg would first wait for the server, up to ten seconds when that does not answer. Only writes, and waits
        with a `timeout`, go through psycopg's wait; reads do not use `interval`. OperationalError when the process has
        no descriptor left, as of psycopg's wait.
        """
        try:
            state = next(gen)
            while state == Wait.R and timeout is None:
                await self._readiness.wait(self.pgconn.socket)
                state = gen.send(Ready.R)
            return await wait_async(resumed(gen, state), self.pgconn.socket, interval=interval, timeout=timeout)
        except StopIteration as end:
            return cast("T", end.value)
        except OSError as error:
            message = f"cannot wait for the database server: {error}"
            raise OperationalError(message) from error
        except asyncio.CancelledError:
            self._interrupted = gen
            raise

    async def close(self) -> None:
        """Close the connection, also one that libpq has closed."""
        self._readiness.close()
        await super().close()

    @property
    def is_interrupted(self) -> bool:
        """Whether the task of the last statement was cancelled, and its results are still to be read."""
        return self._interrupted is not None

    async def settle(self) -> None:
        """Cancel the statement of a task that was cancelled, and read its results, so that others can follow."""
        gen, self._interrupted = self._interrupted, None
        if gen is None:
            return
        while self.pgconn.transaction_status == TransactionStatus.ACTIVE:
            with suppress(Error, TimeoutError):
                await self.cancel_safe(timeout=CANCEL_SECONDS)
                async with asyncio.timeout(CANCEL_SECONDS):
                    await wait_async(gen, self.pgconn.socket, interval=POLL_SECONDS)
        self._leave_pipeline()

    def shut_down(self) -> None:
        """End the connection without the server: tasks that wait for it get an error, and the pool replaces it."""
        with suppress(OSError, Error), socket.socket(fileno=os.dup(self.pgconn.socket)) as own:
            own.shutdown(socket.SHUT_RDWR)

    def _encoded(self, call: Call) -> EncodedCall:
        """Encode the values of a call; psycopg.Error or UnicodeError when one cannot be encoded."""
        transformer, may_prepare = self._transformer, call.may_prepare and self.may_prepare
        if not call.values:
            return EncodedCall((text_of(call.sql), ()), (), None, may_prepare)
        values = transformer.dump_sequence(call.values, [PyFormat.AUTO] * len(call.values))
        return EncodedCall(
            (text_of(call.sql), tuple(transformer.types or ())), values, transformer.formats, may_prepare
        )

    def _send_all(self, encoded: Sequence[EncodedCall], closing: list[bytes]) -> PQGen[list[PGresult]]:
        """Close the dropped statements, send all calls and return the result of each."""
        for name in closing:
            self.pgconn.send_close_prepared(name)
        numbers = [self._send(call) for call in encoded]
        self.pgconn.pipeline_sync()
        yield from generators.send(self.pgconn)
        for _ in closing:
            yield from generators.fetch_many(self.pgconn)  # each message has one result
        outcomes = []
        for number in numbers:
            results: list[PGresult] = []
            for _ in range(number):
                results += yield from generators.fetch_many(self.pgconn)
            outcomes.append(results[0] if number == 1 else outcome(results))
        yield from generators.fetch(self.pgconn)  # the end of the pipeline
        return outcomes

    def _send(self, call: EncodedCall) -> int:
        """Send a call, after preparing its statement if need be; return the number of results to fetch."""
        if not call.may_prepare:
            text, types = call.key
            self.pgconn.send_query_params(text, call.values, types, call.formats, Format.BINARY)
            return 1
        name, results = self._prepared_statements.used(call.key), 1
        if name is None:
            name, results = self._prepared_statements.add(call.key), 3
            self.pgconn.send_close_prepared(name)  # one of that name may be left from another client of a pooler
            self.pgconn.send_prepare(name, *call.key)
        self.pgconn.send_query_prepared(name, call.values, call.formats, Format.BINARY)
        return results

    def _rows(self, result: PGresult, raw: Sequence[int]) -> list[Row]:
        if not result.nfields:
            return []
        self._transformer.set_pgresult(result)
        if raw:
            read_as = [BIGINT if index in raw else result.ftype(index) for index in range(result.nfields)]
            self._transformer.set_loader_types(read_as, Format.BINARY)
        rows = self._transformer.load_rows(0, result.ntuples, tuple)
        self._transformer.set_pgresult(None)  # frees the result
        return rows

    def _leave_pipeline(self) -> None:
        """Leave pipeline mode. A connection that still waits for results cannot; the pool closes it."""
        if self.pgconn.transaction_status in NOT_BUSY:
            self.pgconn.exit_pipeline_mode()


def exact_json(text: str | bytes) -> Any:
    """Read JSON; a number with decimals stays the text that it is, so that no digit is lost."""
    return json.loads(text, parse_float=str)


@lru_cache(1000)
def text_of(sql: str) -> bytes:
    """Return the bytes of a statement; cached, so that their hash is computed once."""
    return sql.encode()


def resumed(gen: PQGen[T], state: Wait) -> PQGen[T]:
    """Go on with a generator that has yielded a state."""
    try:
        while True:
            state = gen.send((yield state))
    except StopIteration as end:
        return cast("T", end.value)


def outcome(results: Sequence[PGresult]) -> PGresult:
    """Return the result of a call among those of its messages: the first that failed, or else the last."""
    return next((result for result in results if result.status in FAILED), results[-1])
