"""Scopes in raw SQL: what the database itself shows the role of the requests, and that nothing stays behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from app.access.change_policies import CHANGES
from app.access.policies import POLICIES, RECORDED, RESERVED, SECRET_COLUMNS
from app.db.exchange import Call
from app.db.pool import Pool
from app.db.scope import ROLE, Extent, Scope, outermost_paths
from app.db.transaction import Reading
from app.errors import UnavailableError
from tests.databases import opened
from tests.worlds.visibility import CALLERS, World, scope_of, seen_by, world_of

NOTHING = Scope(None, is_super=False, scopes=(), admin_scopes=())
WHO = """
select current_user::text, coalesce(current_setting('app.scopes', true), ''),
  coalesce(current_setting('app.super', true), '')
"""
OWNER = [("cadastre", "", "")]


@pytest.fixture(scope="module")
def world(demo_url: str) -> World:
    """Give all rows of the demo world."""
    return world_of(demo_url)


def ids_in(connection: psycopg.Connection, table: str) -> set[int]:
    return {number for (number,) in connection.execute(f"select id from {table}")}


@pytest.mark.parametrize("account", CALLERS)
def test_a_caller_sees_what_is_theirs_and_nothing_else(demo_url: str, world: World, account: str | None) -> None:
    scope = scope_of(world, account)
    with opened(demo_url, scope.opening) as connection:
        assert {table: ids_in(connection, table) for table in POLICIES} == seen_by(world, scope)


def test_the_tenants_of_the_demo_world_share_nothing_but_roles_and_menus(world: World) -> None:
    one, other = (seen_by(world, scope_of(world, account)) for account in ("yanggc4", "zhangx"))
    assert {table for table in RECORDED if one[table] & other[table]} == {"role", "menu"}
    assert {world["change"][id_]["entity"] for id_ in one["change"] & other["change"]} == {"role", "menu"}
    assert {2, 8829} <= one["org"]
    assert not {15264, 19872} & one["org"]
    tops = {org for org in other["org"] if world["org"][org]["depth"] == 0}
    assert {org for org in tops if world["org"][org]["type"] == "BUSINESS"} == {15264}


@pytest.mark.parametrize(
    "settings",
    [
        "",
        "; select set_config('app.scopes', '', true), set_config('app.super', '', true)",
        "; select set_config('app.scopes', ',', true), set_config('app.admin_scopes', ',,', true)",
        "; select set_config('app.scopes', '0/', true), set_config('app.super', 'true', true)",
        "; select set_config('app.scopes', '{8829/}', true), set_config('app.super', 'ON', true)",
    ],
)
def test_without_a_scope_there_are_no_rows(demo_url: str, settings: str) -> None:
    with opened(demo_url, Call(f"set local role {ROLE}{settings}")) as connection:
        assert [table for table in POLICIES if ids_in(connection, table)] == []


NOT_WRITTEN = [table for table in (*POLICIES, *RESERVED) if table not in CHANGES or not CHANGES[table].created]
"""Tables in which no request creates or deletes rows."""

REFUSED = [
    *(f"select * from {table}" for table in RESERVED),
    *(f"select {column} from {table}" for table, columns in SECRET_COLUMNS.items() for column in columns),
    *(f"select t from {table} t" for table in SECRET_COLUMNS),  # the whole row
    "select id from admin where password_hash ^@ '$argon2id$'",
    "select id from admin order by token_version",
    *(f"update {table} set source = source" for table in RECORDED),
    "update change set reason = null",
    "update org set type = type",
    *(f"truncate {table}" for table in (*POLICIES, *RESERVED)),
    *(f"delete from {table}" for table in NOT_WRITTEN),
    *(f"insert into {table} default values" for table in NOT_WRITTEN),
    "set local session authorization postgres",
    "alter table space disable row level security",
    "create table mine ()",
]


def test_the_role_reads_no_reserved_table_and_writes_only_where_a_policy_says_so(demo_url: str) -> None:
    with opened(demo_url, Scope.everything().opening) as connection:
        for statement in REFUSED:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)


def test_a_path_is_compared_as_a_whole(demo_url: str, world: World) -> None:
    with opened(demo_url, Scope(None, is_super=False, scopes=("2/",), admin_scopes=()).opening) as connection:
        tree = {id_ for id_, row in world["org"].items() if row["path"].split("/")[0] == "2"}
        assert ids_in(connection, "org") == tree


@pytest.mark.parametrize(
    "path", ["", "8829", "/", "8829//", ",", "8829/,", "8829/\n", " 8829/", "0/", "-1/", "8829/'", "８８２９/", "%/"]
)
def test_what_is_no_path_is_no_scope(path: str) -> None:
    for scopes, admin_scopes in (((path,), ()), ((), (path,))):
        with pytest.raises(ValueError, match="a scope is the path of an organisation"):
            Scope(1, is_super=False, scopes=scopes, admin_scopes=admin_scopes)


def test_a_caller_with_properties_has_no_small_scope() -> None:
    """Lists of a small scope start from its organisations, and would leave the properties out."""
    for properties, extent in (((), Extent.SMALL), ((9888,), Extent.LARGE)):
        caller = Scope(1, is_super=False, scopes=(), admin_scopes=(), is_small=True, properties=properties)
        assert caller.extent is extent


def test_only_the_outermost_paths_are_compared() -> None:
    assert outermost_paths(("8829/8830/", "88290/", "8829/", "2/", "8829/8830/9/", "2/")) == ("2/", "8829/", "88290/")


@asynccontextmanager
async def pool_of_one(url: str) -> AsyncIterator[Pool]:
    """Give a pool with one connection, which every transaction gets in turn."""
    pool = Pool(url, 1)
    await pool.open()
    yield pool
    await pool.close()


async def fails(reading: Reading) -> None:
    await reading.run("select 1 / 0")


async def gives_up(reading: Reading) -> None:
    await reading.run("rollback")


async def leaves(_: Reading) -> None:
    raise KeyError


async def is_cancelled(reading: Reading) -> None:
    async with asyncio.timeout(0.05):
        await reading.run("select pg_sleep(10)")


async def ends_well(reading: Reading) -> None:
    assert await reading.run(WHO) == [(ROLE, "8829/", "off")]


@pytest.mark.parametrize("use", [fails, gives_up, leaves, is_cancelled, ends_well])
def test_a_connection_keeps_nothing_of_the_scope_before(demo_url: str, use: object) -> None:
    async def run() -> None:
        async with pool_of_one(demo_url) as pool:
            try:
                async with pool.reading(Scope(1, is_super=False, scopes=("8829/",), admin_scopes=())) as reading:
                    assert len(await reading.run("select id from org")) > 1
                    await use(reading)  # type: ignore[operator]
            except (psycopg.Error, UnavailableError, KeyError, TimeoutError):
                pass
            async with pool.reading_as_owner() as reading:
                assert await reading.run(WHO) == OWNER
            async with pool.reading(NOTHING) as reading:
                assert await reading.run("select id from org") == []

    asyncio.run(run())


def test_nothing_runs_for_a_request_that_is_over(demo_url: str) -> None:
    """Loads that wait for their turn, or are on their way, when their request is given up."""

    async def run() -> None:
        async with pool_of_one(demo_url) as pool:
            async with pool.reading(Scope.everything()) as reading:
                await reading.run("select 1")
                loads = [asyncio.create_task(reading.run(sql)) for sql in ("select pg_sleep(60)", "select id from org")]
                await asyncio.sleep(0.05)
                late = asyncio.create_task(reading.run("select id from org"))
            found = await asyncio.gather(*loads, late, return_exceptions=True)
            assert "user request" in str(found[0])  # and not the time that every statement has
            assert all(isinstance(each, asyncio.CancelledError) for each in found[1:])
            async with pool.reading(NOTHING) as reading:
                assert await reading.run("select id from org") == []

    asyncio.run(run())


@pytest.mark.parametrize("later", [1, 2, 3])
@pytest.mark.parametrize("still_loads", [False, True])
def test_a_connection_comes_back_from_whoever_is_cancelled_twice(
    demo_url: str, later: int, *, still_loads: bool
) -> None:
    """Once while it works, and again while that is being undone."""

    async def request(pool: Pool, loads: list[asyncio.Future[object]]) -> None:
        async with pool.reading(Scope.everything()) as reading:
            await reading.run("select 1")
            loads += [asyncio.ensure_future(reading.run("select pg_sleep(60)"))] if still_loads else []
            await asyncio.sleep(60)

    async def run() -> None:
        async with pool_of_one(demo_url) as pool:
            loads: list[asyncio.Future[object]] = []
            task = asyncio.create_task(request(pool, loads))
            await asyncio.sleep(0.1)
            task.cancel()
            for _ in range(later):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, *loads, return_exceptions=True)
            async with pool.reading(NOTHING) as reading:
                assert await reading.run(WHO) == [(ROLE, "", "off")]

    asyncio.run(run())


def test_callers_in_turn_on_one_connection_see_their_own(demo_url: str, world: World) -> None:
    """Ten times each, so that the statement is prepared and its plan is kept from caller to caller."""

    async def run() -> None:
        async with pool_of_one(demo_url) as pool:
            for account in CALLERS * 10:
                scope = scope_of(world, account)
                async with pool.reading(scope) as reading:
                    found = {number for (number,) in await reading.run("select id from customer")}
                assert found == seen_by(world, scope)["customer"]

    asyncio.run(run())


def test_the_scope_comes_with_the_first_statement(demo_url: str) -> None:
    async def run() -> list[str]:
        heard: list[str] = []
        pool = Pool(demo_url, 1, heard.append)
        await pool.open()
        async with pool.reading(NOTHING) as reading:
            await reading.run("select 1")
        await pool.close()
        return heard

    begin, opening, _, end = asyncio.run(run())
    assert begin.startswith("begin ")
    assert opening == NOTHING.opening.sql
    assert "set_config('role', $1, true)" in opening
    assert NOTHING.opening.values[0] == ROLE
    assert end == "commit"


def test_a_request_that_reads_nothing_opens_no_transaction(demo_url: str) -> None:
    async def run() -> list[str]:
        heard: list[str] = []
        pool = Pool(demo_url, 1, heard.append)
        await pool.open()
        async with pool.reading(NOTHING):
            pass
        await pool.close()
        return heard

    assert asyncio.run(run()) == []
