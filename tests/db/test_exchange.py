"""Several statements in one round trip: their rows, their errors, what stays prepared, what a cancelled one leaves."""

import asyncio
import errno
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from app.db.connections import Connections
from app.db.exchange import MOST_PREPARED, Call, ExchangingConnection, PreparedStatements

NUMBER = Call("select $1::int", (1,))
FAILS = Call("select 1 / $1::int", (0,))
NAMES = Call("select name, statement || parameter_types::text from pg_prepared_statements")
PREPARED = Call("select count(*)::int from pg_prepared_statements")


def on_connection(url: str, work: Callable[[ExchangingConnection], Awaitable[None]]) -> None:
    async def run() -> None:
        async with await ExchangingConnection.connect(url, autocommit=True, prepare_threshold=None) as connection:
            await work(connection)

    asyncio.run(run())


def descriptors() -> int:
    return len([*Path("/dev/fd").iterdir()])


def test_each_call_gives_its_rows(demo_url: str) -> None:
    async def work(connection: ExchangingConnection) -> None:
        calls = [
            Call("select generate_series(1, $1), $2::text", (2, "名")),
            Call("select 1 where false"),
            Call("set local lock_timeout = 0"),
            Call("select $1::bigint[], $2::timestamptz is null", ("{7,8}", None)),
        ]
        expected = [[(1, "名"), (2, "名")], [], [], [([7, 8], True)]]
        assert await connection.exchange(calls) == expected
        assert await connection.exchange([*calls, *calls]) == [*expected, *expected]

    on_connection(demo_url, work)


def test_times_are_read_raw_where_a_call_says_so(demo_url: str) -> None:
    moment = "'2020-11-24 16:28:22.000001+08'::timestamptz"
    sql = f"select {moment}, {moment}, extract(epoch from {moment} - '2000-01-01Z') * 1000000, null::timestamptz"

    async def work(connection: ExchangingConnection) -> None:
        ((read, stored, microseconds, missing),), ((again, *_),) = await connection.exchange(
            [Call(sql, raw=(1, 3)), Call(sql)]
        )
        assert (read, again) == (datetime(2020, 11, 24, 8, 28, 22, 1, tzinfo=UTC),) * 2
        assert (type(stored), stored, missing) == (int, int(microseconds), None)

    on_connection(demo_url, work)


def test_more_than_a_socket_takes_at_once_goes_through(demo_url: str) -> None:
    async def work(connection: ExchangingConnection) -> None:
        large = "名" * 3_000_000
        assert await connection.exchange([Call("select $1::text", (large,))] * 3) == [[(large,)]] * 3

    on_connection(demo_url, work)


def test_calls_without_a_transaction_of_their_own_share_one(demo_url: str) -> None:
    async def work(connection: ExchangingConnection) -> None:
        set_local, read = Call("select set_config('app.actor', '7', true)"), Call("select current_setting('app.actor')")
        assert (await connection.exchange([set_local, read]))[1] == [("7",)]
        assert await connection.exchange([read]) == [[("",)]]

    on_connection(demo_url, work)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_first_failure_is_raised_and_the_connection_goes_on(demo_url: str, place: int) -> None:
    """A statement that would have been prepared behind the failure was not, and is prepared when it comes again."""

    async def work(connection: ExchangingConnection) -> None:
        calls = [NUMBER, Call("select 2")]
        with pytest.raises(psycopg.errors.DivisionByZero):
            await connection.exchange([*calls[:place], FAILS, *calls[place:]])
        assert connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert await connection.exchange(calls) == [[(1,)], [(2,)]]
        with pytest.raises(psycopg.errors.DivisionByZero):
            await connection.exchange([FAILS])
        assert await connection.exchange(calls) == [[(1,)], [(2,)]]

    on_connection(demo_url, work)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (Call("select from from"), psycopg.errors.SyntaxError),
        (Call("select 1; select 2"), psycopg.errors.SyntaxError),
        (Call("select $1::int", ("a",)), psycopg.errors.InvalidTextRepresentation),
        (Call("select $1::int, $2::int", (1,)), psycopg.errors.ProtocolViolation),
    ],
)
def test_what_cannot_be_read_is_an_error_and_no_more(demo_url: str, call: Call, error: type[psycopg.Error]) -> None:
    async def work(connection: ExchangingConnection) -> None:
        with pytest.raises(error):
            await connection.exchange([NUMBER, call, NUMBER])
        assert await connection.exchange([NUMBER]) == [[(1,)]]

    on_connection(demo_url, work)


def test_a_value_that_cannot_be_sent_leaves_the_connection_as_it_was(demo_url: str) -> None:
    async def work(connection: ExchangingConnection) -> None:
        for value in (object(), "\0", "\ud800"):
            with pytest.raises((psycopg.Error, UnicodeError)):
                await connection.exchange([NUMBER, Call("select $1::text", (value,))])
            assert await connection.exchange([NUMBER]) == [[(1,)]]

    on_connection(demo_url, work)


def test_a_connection_keeps_no_more_than_so_many_statements(demo_url: str) -> None:
    async def work(connection: ExchangingConnection) -> None:
        for number in range(MOST_PREPARED + 20):
            assert await connection.exchange([NUMBER, Call(f"select {number}")]) == [[(1,)], [(number,)]]
        ((prepared,),) = (await connection.exchange([PREPARED]))[0]
        assert prepared <= MOST_PREPARED + 1  # that which counts is one of them

    on_connection(demo_url, work)


def test_a_statement_that_gave_way_is_prepared_again_in_the_same_exchange(demo_url: str) -> None:
    async def work(connection: ExchangingConnection) -> None:
        others = [Call(f"select {number}") for number in range(MOST_PREPARED)]
        for _ in range(2):
            assert (await connection.exchange([NUMBER, *others, NUMBER]))[-1] == [(1,)]
        assert await connection.exchange([NUMBER, others[0]]) == [[(1,)], [(0,)]]

    on_connection(demo_url, work)


def test_a_name_means_the_same_statement_on_every_connection(demo_url: str) -> None:
    """Names of numbers would meet on a server connection that a pooler gives to several clients in turn."""
    calls = [NUMBER, Call("select $1::int", ("1",)), Call("select 2")]
    names: list[dict[object, object]] = []

    async def work(connection: ExchangingConnection) -> None:
        for call in calls if names else reversed(calls):
            await connection.exchange([call])
        names.append(dict((await connection.exchange([NAMES]))[0]))

    on_connection(demo_url, work)
    on_connection(demo_url, work)
    assert names[0] == names[1]
    assert len(names[0]) == len(calls) + 1


def test_a_name_that_another_client_left_is_taken_over(demo_url: str) -> None:
    async def work(connection: ExchangingConnection) -> None:
        await connection.exchange([NUMBER])
        connection._prepared_statements = PreparedStatements()  # noqa: SLF001 - what a new client of a pooler knows
        assert await connection.exchange([NUMBER]) == [[(1,)]]

    on_connection(demo_url, work)


def test_a_cancelled_exchange_leaves_a_connection_that_works(demo_url: str) -> None:
    async def work(connection: ExchangingConnection) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await connection.exchange([NUMBER, Call("select pg_sleep(60)"), NUMBER])
        await connection.settle()
        assert connection.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert await connection.exchange([NUMBER]) == [[(1,)]]

    on_connection(demo_url, work)


def test_a_lost_connection_is_an_operational_error(demo_url: str) -> None:
    async def work(connection: ExchangingConnection) -> None:
        with psycopg.connect(demo_url, autocommit=True) as other:
            other.execute("select pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])
        for _ in range(2):
            with pytest.raises(psycopg.OperationalError):
                await connection.exchange([NUMBER])
        assert connection.broken

    on_connection(demo_url, work)


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_closed_connection_leaves_no_descriptor(demo_url: str, is_lost: bool) -> None:  # noqa: FBT001 - a parameter
    async def run() -> None:
        before = descriptors()
        connection = await ExchangingConnection.connect(demo_url, autocommit=True, prepare_threshold=None)
        await connection.exchange([NUMBER])
        if is_lost:
            with pytest.raises(psycopg.OperationalError):
                await connection.exchange([Call("select pg_terminate_backend(pg_backend_pid())")])
        await connection.close()
        assert descriptors() == before

    asyncio.run(run())


def test_what_is_not_to_be_kept_is_not_prepared(demo_url: str) -> None:
    async def work(connection: ExchangingConnection) -> None:
        passing = Call("select $1::text, 'passing'", ("名",), may_prepare=False)
        for _ in range(7):
            assert await connection.exchange([NUMBER, passing, NUMBER]) == [[(1,)], [("名", "passing")], [(1,)]]
        assert await connection.exchange([PREPARED]) == [[(2,)]]  # the number and the question itself

    on_connection(demo_url, work)


@pytest.mark.parametrize("is_pooled", [True, False])
def test_without_a_descriptor_the_database_cannot_be_reached(
    demo_url: str, monkeypatch: pytest.MonkeyPatch, *, is_pooled: bool
) -> None:
    """The error is that of a lost connection, whether the program has the connection already or opens it."""

    def refuse(_: int) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    async def run() -> None:
        connections = Connections("own", demo_url, 1, 2.0, may_prepare=True)
        await connections.open()
        connection = await connections.take()
        connection._readiness.close()  # noqa: SLF001 - the next wait duplicates the descriptor again
        with monkeypatch.context() as patch:
            patch.setattr(os, "dup", refuse)
            if is_pooled:
                with pytest.raises(psycopg.OperationalError, match="Too many open files"):
                    await connection.exchange([NUMBER])
            else:
                with pytest.raises(psycopg.OperationalError, match="Too many open files"):
                    await connections._configure(connection)  # noqa: SLF001 - as the pool does
                assert connection.closed
        await connections.give_back(connection)
        after = await connections.take()
        assert await after.exchange([NUMBER]) == [[(1,)]]
        await connections.give_back(after)
        await connections.close()

    asyncio.run(run())
