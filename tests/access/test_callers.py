"""Callers: one statement says who a token speaks for; it is remembered, and not for long."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

import psycopg
import pytest

from app.access import callers
from app.access.caller import Caller
from app.access.callers import CACHE_SECONDS, Callers
from app.access.capabilities import CAPABILITIES, EVERYWHERE, SUPER_ONLY
from app.access.holdings import LARGEST_SMALL
from app.access.tokens import Claims
from app.db.embedded import EmbeddedServer
from app.db.pool import Pool
from app.db.scope import outermost_paths
from app.errors import InvalidInputError, UnauthenticatedError
from tests.databases import copy_of, execute

T = TypeVar("T")

SID = "0b6c3f2e-0000-4000-8000-00000000000{}"
ACCOUNTS = {"yanggc4": 1, "lisi": 3, "zhangx": 43002, "supperadm": 43003}


ORG = """
insert into org (id, path, depth, code, name, full_name, type) values (%s, %s, 0, 'c', 'n', 'n', 'BUSINESS')
"""
SPACES = """
insert into space (id, type, name, full_name, path, depth, code, org_id, org_path)
select i, 'COMMUNITY', 'n', 'n', i || '/', 0, i, %(org)s::int, %(org)s::int || '/'
from generate_series(%(first)s::int, %(last)s::int) i
"""


@pytest.fixture(scope="module")
def url(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[str]:
    """Give a demo world in which some members of staff are logged in."""
    name = f"callers_{worker_id}_{os.getpid()}"
    url = copy_of(server, demo_template, name)
    with psycopg.connect(url) as connection:
        for number, admin in enumerate(ACCOUNTS.values()):
            connection.execute(
                """insert into login (sid, admin_id, client_id, token_version, expires_at)
                   values (%s, %s, 'h5-client', 0, now() + interval '10 hours')""",
                [SID.format(number), admin],
            )
    yield url
    execute(server, f"drop database if exists {name} with (force)")


def claims_of(account: str) -> Claims:
    """Give the claims of a member of staff who is logged in."""
    number = list(ACCOUNTS).index(account)
    return Claims(ACCOUNTS[account], "h5-client", 0, SID.format(number), "j", 2**40)


def with_callers(url: str, work: Callable[[Callers, list[str]], Coroutine[Any, Any, T]]) -> T:
    """Work with the callers of a process, and the list of what they ask."""

    async def run() -> T:
        asked: list[str] = []
        pool = Pool(url, 2, asked.append)
        await pool.open()
        try:
            return await work(Callers(pool), asked)
        finally:
            await pool.close()

    return asyncio.run(run())


def caller_of(url: str, claims: Claims) -> Caller:
    """Give the caller of claims."""
    return with_callers(url, lambda found, _: found.of(claims))


def test_a_caller_has_the_scopes_of_the_roles_held(url: str) -> None:
    caller = caller_of(url, claims_of("yanggc4"))
    assert (caller.admin_id, caller.client_id, caller.name, caller.is_super) == (1, "h5-client", "杨观超", False)
    assert caller.scopes == ("2/", "8829/")
    assert "6419/" in caller.admin_scopes  # serves 8829
    assert caller.capabilities == dict.fromkeys(CAPABILITIES.keys() - SUPER_ONLY, ("2/", "8829/"))  # 管理员 of both


def test_an_ordinary_role_gives_what_its_menus_name(url: str) -> None:
    before = caller_of(url, claims_of("lisi"))
    assert before.scopes == ("8829/8830/8831/9099/",)
    assert before.capabilities == {}
    with psycopg.connect(url) as connection:
        connection.execute("insert into org_menu (org_id, menu_id) values (9099, 20484) on conflict do nothing")
        connection.execute(
            """insert into org_role_menu (org_id, role_id, menu_id) select org_id, 42500, menu_id from org_menu
               where org_id = 9099 limit 1 on conflict do nothing"""
        )
        connection.execute(
            """update menu set capability = 'CUSTOMER_WRITE' where id in
               (select menu_id from org_role_menu where org_id = 9099 and role_id = 42500)"""
        )
        given = connection.execute("select 1 from org_role_menu where org_id = 9099 and role_id = 42500").fetchone()
    assert given
    assert caller_of(url, claims_of("lisi")).capabilities == {"customer.write": ("8829/8830/8831/9099/",)}


def test_the_super_administrator_needs_no_scope(url: str) -> None:
    caller = caller_of(url, claims_of("supperadm"))
    assert caller.is_super
    assert caller.capabilities == dict.fromkeys(CAPABILITIES, (EVERYWHERE,))


def test_one_statement_is_asked_and_then_none_for_a_while(url: str) -> None:
    async def work(found: Callers, asked: list[str]) -> None:
        first = await found.of(claims_of("zhangx"))
        assert len([sql for sql in asked if not sql.startswith(("begin", "commit"))]) == 1
        asked.clear()
        assert await found.of(claims_of("zhangx")) is first
        assert asked == []

    with_callers(url, work)


@pytest.mark.parametrize(
    "other",
    [
        {"token_version": 1},
        {"client_id": "app-client"},
        {"session": SID.format(9)},
        {"session": SID.format(2)},
        {"session": "no uuid"},
        {"session": "nul"},
        {"admin_id": 2},
        {"admin_id": 2**63 - 1},
        {"admin_id": None, "client_id": "h5-client"},
        {"admin_id": None, "client_id": "密"},
    ],
)
def test_claims_that_do_not_fit_together_are_nobodys(url: str, other: dict[str, Any]) -> None:
    with pytest.raises(UnauthenticatedError):
        caller_of(url, replace(claims_of("yanggc4"), **other))


def test_the_memory_is_bounded_and_forgets_the_least_recently_seen(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "CACHE_SIZE", 2)

    async def work(found: Callers, asked: list[str]) -> None:
        for account in ("yanggc4", "lisi", "yanggc4", "zhangx"):
            await found.of(claims_of(account))
        asked.clear()
        await found.of(claims_of("yanggc4"))
        await found.of(claims_of("zhangx"))
        assert asked == []
        await found.of(claims_of("lisi"))
        assert asked != []

    with_callers(url, work)


def test_an_organisation_to_work_in_is_asked_once_for_a_while_but_a_missing_one_every_time(url: str) -> None:
    async def work(found: Callers, asked: list[str]) -> list[int]:
        caller = await found.of(claims_of("supperadm"))
        asked.clear()
        for org in (8829, 8829, 9999999, 9999999):
            with suppress(InvalidInputError):
                await found.within(caller, org)
        return [len([sql for sql in asked if "from org o" in sql]), len(asked)]

    assert with_callers(url, work) == [1 + 2, 3 * 3]  # each between the beginning and the end of a transaction


def test_requests_of_a_remembered_caller_share_the_opening_of_their_transactions(url: str) -> None:
    async def work(found: Callers, _: list[str]) -> list[bool]:
        first, again = [await found.of(claims_of("yanggc4")) for _ in range(2)]
        narrowed = [await found.within(caller, 8830) for caller in (first, again)]
        return [first.scope.opening is again.scope.opening, narrowed[0].scope.opening is narrowed[1].scope.opening]

    assert with_callers(url, work) == [True, True]


def test_what_is_remembered_is_half_a_minute_old_at_most() -> None:
    assert CACHE_SECONDS <= 30


@pytest.mark.parametrize(
    ("paths", "kept"),
    [
        ([], ()),
        (["2/", "2/3/", "20/"], ("2/", "20/")),
        (["8829/8830/", "8829/"], ("8829/",)),
        (["1/2/", "1/2/", "1/23/"], ("1/2/", "1/23/")),
    ],
)
def test_paths_below_another_are_left_out(paths: list[str], kept: tuple[str, ...]) -> None:
    assert outermost_paths(paths) == kept


def test_a_small_scope_has_at_most_so_many_spaces_and_customers(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        for org in (1, 2, 3):
            connection.execute(ORG, [org, f"{org}/"])
        connection.execute(SPACES, {"org": 1, "first": 10, "last": 9 + LARGEST_SMALL})
        connection.execute(SPACES, {"org": 2, "first": 10 + LARGEST_SMALL, "last": 10 + 2 * LARGEST_SMALL})
        customers = "insert into customer (top_org_id, name) select 3, i::text from generate_series(0, %s::int) i"
        connection.execute(customers, [LARGEST_SMALL])
    everyone = Caller(9, "test", "", is_super=True, scopes=(), admin_scopes=(), capabilities={})

    async def work(found: Callers, _: list[str]) -> list[bool]:
        return [(await found.within(everyone, org)).is_small for org in (1, 2, 3)]

    assert with_callers(empty_url, work) == [True, False, False]


def test_the_scope_of_the_super_administrator_is_not_small(url: str) -> None:
    assert not caller_of(url, claims_of("supperadm")).is_small
    assert caller_of(url, claims_of("yanggc4")).is_small
    assert caller_of(url, claims_of("lisi")).is_small
