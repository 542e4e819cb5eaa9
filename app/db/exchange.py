"""Exchange: several statements and all their rows in one round trip, over libpq's pipeline.

psycopg's cursors wait for the socket after every statement of a pipeline, which takes several times as long as the
statements themselves. Here all statements are sent together and all rows are read together.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any, NamedTuple

from cachetools import LRUCache
from psycopg import AsyncConnection, generators
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

Row = tuple[Any, ...]
Key = tuple[bytes, tuple[int, ...]]
MOST_PREPARED = 200
"""Statements that a connection keeps prepared; PostgreSQL holds some ten kilobytes for each."""

AT_REST = (TransactionStatus.IDLE, TransactionStatus.INTRANS, TransactionStatus.INERROR)


class Call(NamedTuple):
    """SQL with the placeholders $1, $2 ..., and their values.

    `kept` says whether the connection may keep the statement prepared. PostgreSQL then keeps its plan for any values.
    """

    sql: str
    values: Sequence[object] = ()
    kept: bool = True


class Message(NamedTuple):
    """A call as it is sent."""

    key: Key
    values: Sequence[Buffer | None]
    formats: Sequence[Format] | None
    kept: bool


class Prepared(LRUCache[Key, bytes]):
    """The names of the statements that one connection has prepared, by text and types of their values.

    `dropped` are the names that the connection has yet to close.
    """

    def __init__(self) -> None:
        super().__init__(MOST_PREPARED)
        self.dropped: list[bytes] = []
        self._numbers = count()

    def add(self, key: Key) -> bytes:
        """Give a name to a statement that is being prepared."""
        name = self[key] = b"register_%d" % next(self._numbers)
        return name

    def popitem(self) -> tuple[Key, bytes]:
        """Drop the least recently used statement."""
        key, name = super().popitem()
        self.dropped.append(name)
        return key, name


class ExchangingConnection(AsyncConnection[Row]):
    """A connection that runs several calls in one round trip."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepared_statements = Prepared()

    async def exchange(self, calls: Sequence[Call]) -> list[list[Row]]:
        """Run calls in one round trip and return the rows of each, read in PostgreSQL's binary format.

        psycopg.Error of the first call that fails; those after it are not run.
        """
        messages = [self._message(call) for call in calls]
        prepared, closing = self._prepared_statements, list(self._prepared_statements.dropped)
        self.pgconn.enter_pipeline_mode()
        try:
            results = await self.wait(self._conversation(messages, closing))
        except BaseException:  # it is not known which statements were prepared
            prepared.clear()
            raise
        finally:
            self._leave_pipeline()
        del prepared.dropped[: len(closing)]
        failure = next(filter(failed, results), None)
        if failure:
            prepared.clear()  # what follows a failure was not prepared; closing it all the same is no error
            raise error_from_result(failure)
        return [self._rows(result) for result in results]

    def _message(self, call: Call) -> Message:
        """Write the values of a call; psycopg.Error or UnicodeError when they cannot be sent."""
        transformer = Transformer(self)
        values = transformer.dump_sequence(call.values, [PyFormat.AUTO] * len(call.values))
        key = call.sql.encode(), tuple(transformer.types or ())
        return Message(key, values, transformer.formats, call.kept)

    def _conversation(self, messages: Sequence[Message], closing: list[bytes]) -> PQGen[list[PGresult]]:
        """Close some prepared statements, send all messages and return the result of each."""
        for name in closing:
            self.pgconn.send_close_prepared(name)
        sent = [self._send(message) for message in messages]
        self.pgconn.pipeline_sync()
        yield from generators.send(self.pgconn)
        yield from self._fetched(len(closing))
        results = []
        for number in sent:
            several = yield from self._fetched(number)
            results.append(next(filter(failed, several), several[-1]))
        yield from generators.fetch(self.pgconn)  # the end of the pipeline
        return results

    def _fetched(self, number: int) -> PQGen[list[PGresult]]:
        """Fetch the results of so many messages."""
        found: list[PGresult] = []
        for _ in range(number):
            found += yield from generators.fetch_many(self.pgconn)
        return found

    def _send(self, message: Message) -> int:
        """Send a message, its statement before it if that is not prepared yet; give how many results will come."""
        if not message.kept:
            text, types = message.key
            self.pgconn.send_query_params(text, message.values, types, message.formats, Format.BINARY)
            return 1
        name, results = self._prepared_statements.get(message.key), 1
        if name is None:
            name, results = self._prepared_statements.add(message.key), 2
            self.pgconn.send_prepare(name, *message.key)
        self.pgconn.send_query_prepared(name, message.values, message.formats, Format.BINARY)
        return results

    def _rows(self, result: PGresult) -> list[Row]:
        if not result.nfields:
            return []
        transformer = Transformer(self)
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)

    def _leave_pipeline(self) -> None:
        """Leave the pipeline; a connection that still waits for answers stays in it, and the pool closes it."""
        if self.pgconn.transaction_status in AT_REST:
            self.pgconn.exit_pipeline_mode()


def failed(result: PGresult) -> bool:
    """Return whether a result is an error; what comes after one in a pipeline is not run."""
    return result.status in (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)
