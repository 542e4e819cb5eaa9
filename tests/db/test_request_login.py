"""Queries log in as a role that can become the role of requests and nothing else: `reset role` leads nowhere."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from app.db.login_role import LOGIN
from app.db.pool import Pool
from app.db.request_login import require_request_login
from app.db.scope import Scope
from app.db.transaction import Reading
from app.errors import OperatorError
from tests.clients.api import open_api
from tests.databases import execute, execute_in, request_url

EVERYTHING = Scope.everything()
NO_READER = "select session_user::text, current_user::text"
TABLES = """
select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'S', 'v')
  and c.relname !~ '^change_' order by 1
"""


@asynccontextmanager
async def queries(url: str) -> AsyncIterator[Pool]:
    """Give a pool whose queries log in as the program's do."""
    pool = Pool(url, 1, query_url=request_url(url))
    await pool.open()
    yield pool
    await pool.close()


async def outcome(reading: Reading, statement: str) -> str:
    """Run a statement that a flaw lets a caller write, and give what PostgreSQL says."""
    try:
        await reading._connection.execute(statement)  # noqa: SLF001 - past the program's own checks
    except psycopg.Error as error:
        return type(error).__name__
    return "done"


async def after(url: str, *statements: str) -> list[str]:
    """Run statements in the transaction of a query, after one by which a caller leaves the role of requests."""
    async with queries(url) as pool:
        with suppress(psycopg.Error):
            async with pool.reading(EVERYTHING) as reading:
                await reading.run("select 1")
                return [await outcome(reading, each) for each in statements]
    return []


def test_reset_role_leads_to_a_role_that_reads_and_writes_nothing(demo_url: str) -> None:
    tables = [name for (name,) in execute_in(demo_url, TABLES)]
    assert {"admin", "customer", "client", "refresh_token", "change"} <= set(tables)
    for table in tables:
        outcomes = asyncio.run(after(demo_url, "reset role", f'select * from "{table}"'))
        assert outcomes == ["done", "InsufficientPrivilege"], table


LEAVING = ["reset role", "set role none", "rollback", "commit", "reset all"]


@pytest.mark.parametrize("leaving", LEAVING)
def test_who_leaves_the_role_is_nobody_else(demo_url: str, leaving: str) -> None:
    async def run() -> list[object]:
        async with queries(demo_url) as pool, pool.reading(EVERYTHING) as reading:
            await reading.run("select 1")
            await reading._connection.execute(leaving)  # noqa: SLF001 - as an injected statement
            cursor = await reading._connection.execute(NO_READER)  # noqa: SLF001
            return list(await cursor.fetchone() or ())

    user = asyncio.run(run())
    assert user[0] == LOGIN
    assert user[1] in {LOGIN, "cadastre_app"}


@pytest.mark.parametrize(
    "statement",
    [
        "set role cadastre",
        "set session authorization cadastre",
        "set role postgres",
        "create table public.mine (id int)",
        "alter table admin disable row level security",
        "drop policy visible on customer",
        "grant select on client to cadastre_app",
        "select pg_read_file('/etc/passwd')",
        "copy (select 1) to program 'true'",
    ],
)
@pytest.mark.parametrize("leaving", ["reset role", "commit"])
def test_the_role_takes_no_right(own_url: str, statement: str, leaving: str) -> None:
    outcomes = asyncio.run(after(own_url, leaving, statement))
    assert outcomes[-1] in {"InsufficientPrivilege", "InvalidParameterValue", "ReadOnlySqlTransaction"}


def test_readings_and_exports_log_in_so_and_writings_as_the_owner(demo_url: str) -> None:
    async def run() -> list[str]:
        async with queries(demo_url) as pool:
            opened = [pool.reading(EVERYTHING), pool.snapshot(EVERYTHING), pool.writing(EVERYTHING)]
            users = []
            for each in opened:
                async with each as transaction:
                    ((user, role),) = await transaction.run(NO_READER)
                    assert role == "cadastre_app"
                    users.append(user)
            return users

    assert asyncio.run(run()) == [LOGIN, LOGIN, "cadastre"]


def test_a_program_is_ready_only_when_queries_can_log_in(server: EmbeddedServer, own_url: str) -> None:
    absent = own_url.replace("//cadastre@", "//cadastre_absent@")
    with open_api(own_url, request_database_url=absent, pool_timeout=0.5) as api:
        assert api.client.get("/readyz").status_code == 503
    with open_api(own_url, request_database_url=request_url(own_url)) as api:
        assert api.client.get("/readyz").status_code == 200
        logged_in = execute(
            server, "select distinct usename::text from pg_stat_activity where usename like 'cadastre%'"
        )
    assert (LOGIN,) in logged_in


@pytest.fixture
def member(server: EmbeddedServer) -> Iterator[str]:
    """Name a role that is a member of too much."""
    execute(server, "create role cadastre_member login noinherit in role cadastre_app, cadastre")
    yield "cadastre_member"
    execute(server, "drop role cadastre_member")


@pytest.fixture
def stranger(server: EmbeddedServer) -> Iterator[str]:
    """Name a role that is a member of nothing."""
    execute(server, "create role cadastre_stranger login")
    yield "cadastre_stranger"
    execute(server, "drop role cadastre_stranger")


def refusal(url: str) -> str:
    with pytest.raises(OperatorError) as refused:
        require_request_login(url)
    return str(refused.value)


def test_only_a_role_that_may_do_no_more_is_taken(
    server: EmbeddedServer, own_url: str, member: str, stranger: str
) -> None:
    require_request_login(request_url(own_url))

    def url(role: str) -> str:
        return own_url.replace("//cadastre@", f"//{role}@")

    assert "superuser" in refusal(url("postgres"))
    assert "no member of cadastre_app: grant cadastre_app to cadastre_request" in refusal(url(stranger))
    assert "the role is a member of cadastre, " in refusal(url(member))
    assert "owns tables" in refusal(own_url)
    assert "holds no register" in refusal(server.url_of("template1", LOGIN))
    assert 'role "cadastre_absent" does not exist' in refusal(url("cadastre_absent"))
