"""Nothing a request sends runs outside its transaction, where it would run as the owner of the tables."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest

from app.db.exchange import Row
from app.db.pool import Pool
from app.db.rendering import Statement
from app.db.scope import Scope
from app.db.transaction import Reading, TransactionOverError, Writing
from app.errors import RetryError, UnavailableError
from tests.databases import fetch

WHO = Statement("select current_user::text", (), {})
TEXT = Statement("select $1::text", ("text",), {"text": "text"})
SLEEP = Statement("select pg_sleep(5)", (), {})
SCOPE = Scope(1, is_super=False, scopes=(), admin_scopes=())


@asynccontextmanager
async def pool_of_one(url: str) -> AsyncIterator[Pool]:
    """Give a pool with one connection, on which a transaction has run."""
    pool = Pool(url, 1)
    await pool.open()
    async with pool.reading(SCOPE) as reading:
        await fetch(reading, WHO, {})
    yield pool
    await pool.close()


async def a_bad_value(reading: Reading) -> None:
    await fetch(reading, TEXT, {"text": "\0"})


async def a_lost_statement(reading: Reading) -> None:
    await reading._connection.execute("deallocate all")  # noqa: SLF001 - as a pooler between may
    await fetch(reading, TEXT, {})


@pytest.mark.parametrize("fails", [a_bad_value, a_lost_statement])
def test_after_an_opening_that_failed_it_is_opened_again(
    demo_url: str, fails: Callable[[Reading], Awaitable[None]]
) -> None:
    async def run() -> list[Row]:
        async with pool_of_one(demo_url) as pool, pool.reading(SCOPE) as reading:
            with suppress(psycopg.Error):
                await fails(reading)
            return await fetch(reading, WHO, {})

    assert asyncio.run(run()) == [("cadastre_app",)]


def test_after_its_end_nothing_runs(demo_url: str) -> None:
    async def run() -> None:
        async with pool_of_one(demo_url) as pool:
            async with pool.reading(SCOPE) as reading:
                assert await reading.fetch_all([(WHO, {})], last=True) == [[("cadastre_app",)]]
                with pytest.raises(TransactionOverError):
                    await fetch(reading, WHO, {})
            async with pool.reading(SCOPE) as reading:
                assert await fetch(reading, WHO, {}) == [("cadastre_app",)]

    asyncio.run(run())


def test_a_cancelled_exchange_leaves_no_statement_that_is_taken_for_prepared(demo_url: str) -> None:
    async def run() -> None:
        async with pool_of_one(demo_url) as pool:
            with pytest.raises((TimeoutError, UnavailableError)):  # the second one where undoing takes long
                async with asyncio.timeout(0.3), pool.reading(SCOPE) as reading:
                    await reading.fetch_all([(SLEEP, {}), (TEXT, {})])
            async with pool.reading(SCOPE) as reading:
                assert await fetch(reading, TEXT, {}) == [("text",)]

    asyncio.run(run())


def test_a_writing_that_was_rolled_back_does_not_end_like_one_that_was_committed(demo_url: str) -> None:
    async def swallow_an_error(pool: Pool) -> None:
        async with pool.writing(SCOPE) as writing:
            with suppress(psycopg.errors.DivisionByZero):
                await writing.run("select 1 / 0")

    async def run() -> None:
        async with pool_of_one(demo_url) as pool:
            with pytest.raises(psycopg.errors.InFailedSqlTransaction):
                await swallow_an_error(pool)
            async with pool.writing(SCOPE) as writing:
                assert await fetch(writing, WHO, {}) == [("cadastre_app",)]

    asyncio.run(run())


async def an_end(_: Writing) -> None:
    """Send nothing more."""


async def a_statement(writing: Writing) -> None:
    await fetch(writing, WHO, {})


@pytest.mark.parametrize("follows", [an_end, a_statement])
def test_what_waits_is_sent_first_and_undoes_the_transaction_when_it_has_other_rows(
    own_url: str, follows: Callable[[Writing], Awaitable[None]]
) -> None:
    insert = Statement("insert into waiting select generate_series(1, $1::int) returning number", ("to",), {})

    async def write(pool: Pool, number: int) -> None:
        async with pool.writing_as_owner() as writing:
            writing.send_later(insert, {"to": number}, rows=2)
            await follows(writing)

    async def stored(pool: Pool) -> int:
        async with pool.reading_as_owner() as reading:
            return len(await reading.run("select number from waiting"))

    async def run() -> None:
        async with pool_of_one(own_url) as pool:
            async with pool.writing_as_owner() as writing:
                await writing.run("create table waiting (number int)")
            with pytest.raises(RetryError):
                await write(pool, 1)
            assert await stored(pool) == 0
            await write(pool, 2)
            assert await stored(pool) == 2

    asyncio.run(run())


def test_what_waits_is_forgotten_with_its_savepoint(demo_url: str) -> None:
    fails = Statement("select 1 / 0", (), {})

    async def run() -> None:
        async with pool_of_one(demo_url) as pool, pool.writing(SCOPE) as writing:
            for _ in range(2):  # the transaction itself, then a savepoint
                with suppress(KeyError):
                    async with writing.savepoint():
                        writing.send_later(fails, {}, rows=1)
                        raise KeyError
                assert await fetch(writing, WHO, {}) == [("cadastre_app",)]

    asyncio.run(run())
