"""Requests log in as a role that can become the role of requests and nothing else: `reset role` leads nowhere."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from app.db.login_role import LOGIN
from app.db.pool import Pool
from app.db.request_login import require_request_login
from app.db.scope import Scope
from app.db.transaction import Transaction
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
async def requests(url: str) -> AsyncIterator[Pool]:
    """Give a pool whose requests log in as the program's do."""
    pool = Pool(url, 1, request_url=request_url(url))
    await pool.open()
    yield pool
    await pool.close()


async def outcome(transaction: Transaction, statement: str) -> str:
    """Run a statement that a flaw lets a caller write, and give what PostgreSQL says; a failure is undone."""
    execute = transaction._connection.execute  # noqa: SLF001 - past the program's own checks
    with suppress(psycopg.errors.NoActiveSqlTransaction):
        await execute("savepoint before")
    try:
        await execute(statement)
    except psycopg.Error as error:
        with suppress(psycopg.errors.NoActiveSqlTransaction):
            await execute("rollback to before")
        return type(error).__name__
    return "done"


def opened(pool: Pool, kind: str) -> AbstractAsyncContextManager[Transaction]:
    """Open the transaction of a query or of a mutation."""
    return pool.reading(EVERYTHING) if kind == "query" else pool.writing(EVERYTHING)


async def after(url: str, kind: str, *statements: str) -> list[str]:
    """Run statements in the transaction of a request, after one by which a caller leaves the role of requests."""
    async with requests(url) as pool:
        with suppress(psycopg.Error):
            async with opened(pool, kind) as transaction:
                await transaction.run("select 1")
                return [await outcome(transaction, each) for each in statements]
    return []


KINDS = ["query", "mutation"]


@pytest.mark.parametrize("kind", KINDS)
def test_reset_role_leads_to_a_role_that_reads_and_writes_nothing(demo_url: str, kind: str) -> None:
    tables = [name for (name,) in execute_in(demo_url, TABLES)]
    assert {"admin", "customer", "client", "refresh_token", "change"} <= set(tables)
    for table in tables:
        statements = [f'select * from "{table}"', f'delete from "{table}"']
        outcomes = asyncio.run(after(demo_url, kind, "reset role", *statements))
        assert outcomes[0] == "done"
        assert set(outcomes[1:]) <= {"InsufficientPrivilege", "WrongObjectType", "ReadOnlySqlTransaction"}, table
        assert "InsufficientPrivilege" in outcomes, table


SECRETS = [
    "select password_hash from admin",
    "select token_version from admin",
    "select device_token from device",
    "select * from refresh_token",
    "select * from login_source",
    "select * from idempotency_key",
    "select * from personal_read",
    "delete from personal_read",
    "delete from change",
    "update change set actor_id = null",
    "update numbering set last_number = 1",
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_role_of_requests_reads_no_secret_and_changes_no_record(demo_url: str, kind: str) -> None:
    outcomes = asyncio.run(after(demo_url, kind, *SECRETS))
    assert set(outcomes) <= {"InsufficientPrivilege", "ReadOnlySqlTransaction"}


LEAVING = ["reset role", "set role none", "rollback", "commit", "reset all"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("leaving", LEAVING)
def test_who_leaves_the_role_is_nobody_else(demo_url: str, leaving: str, kind: str) -> None:
    async def run() -> list[object]:
        async with requests(demo_url) as pool, opened(pool, kind) as transaction:
            await transaction.run("select 1")
            await transaction._connection.execute(leaving)  # noqa: SLF001 - as an injected statement
            cursor = await transaction._connection.execute(NO_READER)  # noqa: SLF001
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
@pytest.mark.parametrize("kind", KINDS)
def test_the_role_takes_no_right(own_url: str, statement: str, leaving: str, kind: str) -> None:
    outcomes = asyncio.run(after(own_url, kind, leaving, statement))
    assert outcomes[-1] in {"InsufficientPrivilege", "InvalidParameterValue", "ReadOnlySqlTransaction"}


def test_readings_exports_and_writings_log_in_so(demo_url: str) -> None:
    async def run() -> list[str]:
        async with requests(demo_url) as pool:
            opened = [pool.reading(EVERYTHING), pool.snapshot(EVERYTHING), pool.writing(EVERYTHING)]
            users = []
            for each in opened:
                async with each as transaction:
                    ((user, role),) = await transaction.run(NO_READER)
                    assert role == "cadastre_app"
                    users.append(user)
            return users

    assert asyncio.run(run()) == [LOGIN, LOGIN, LOGIN]


def test_a_program_is_ready_only_when_requests_can_log_in(server: EmbeddedServer, own_url: str) -> None:
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
