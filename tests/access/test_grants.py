"""What an account has by its roles is the same on every way in: `me`, its record, the legacy log-in, capabilities."""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import psycopg
import pytest

from app.bulk.demo import PASSWORD
from app.db.embedded import EmbeddedServer
from tests.clients.api import Api, open_api
from tests.databases import copy_of, execute
from tests.worlds.visibility import HAD, World, had_by, scope_of, seen_by, world_of

NUMBERS = count()
BUILT_IN, KEEPER = 20463, 42500
"""The built-in role 管理员, and an ordinary one."""

IDS = " ".join(f"{name} {{ id }}" for name in HAD)
ME = f"{{ me {{ capabilities scopeOrgs {{ id }} admin {{ {IDS} }} }} }}"
STAFF = f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Admin {{ id {IDS} }} }} }}"


class Register:
    """A demo world of the test's own behind the API."""

    def __init__(self, api: Api, url: str) -> None:
        self.api, self.url = api, url

    def sql(self, statement: str, *values: object) -> None:
        """Change the register as its owner, past every policy."""
        with psycopg.connect(self.url) as connection:
            connection.execute(statement.encode(), values)

    def grant_menu(self, org: int, menu: int, role: int | None = None) -> None:
        """Give an organisation a menu, and one of its roles as well."""
        self.sql("insert into org_menu (org_id, menu_id) values (%s, %s) on conflict do nothing", org, menu)
        if role is not None:
            self.sql("insert into org_role_menu (org_id, role_id, menu_id) values (%s, %s, %s)", org, role, menu)

    def grant_role(self, org: int, role: int, admin: int) -> None:
        """Give a member of staff a role in an organisation."""
        self.sql("insert into org_role (org_id, role_id) values (%s, %s) on conflict do nothing", org, role)
        self.sql("insert into admin_grant (org_id, role_id, admin_id) values (%s, %s, %s)", org, role, admin)

    def ask(self, account: str, query: str, org: int | None = None, **variables: Any) -> Any:
        """Ask as somebody who has just logged in, in the organisation that they work in."""
        headers = {"authorization": self.api.bearer(account)} | ({} if org is None else {"cadastre-org": str(org)})
        body = {"query": query, "variables": variables}
        answer = self.api.client.post("/graphql", json=body, headers=headers).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def me(self, account: str, org: int | None = None) -> dict[str, set[Any]]:
        """Give what `me` says."""
        me = self.ask(account, ME, org)["me"]
        return {name: set(me[name]) for name in ("capabilities",)} | ids_of(me, "scopeOrgs") | ids_of(me["admin"], *HAD)

    def record(self, viewer: str, admin: int, org: int | None = None) -> dict[str, set[int]]:
        """Give what the record of a member of staff says."""
        return ids_of(self.ask(viewer, STAFF, org, ids=[admin])["nodes"][0], *HAD)

    def log_in(self, account: str) -> dict[str, set[int]]:
        """Give what the legacy log-ins say."""
        found = {**self._log_in(account, "h5-client"), **self._log_in(account, "app-client")}
        return {
            "businessOrgs": nodes_of(found["business_org_trees"]["trees"]),
            "communities": {space["id"] for space in found["communities"]},
            "menus": nodes_of(found["menu_trees"]["trees"]),
        }

    def _log_in(self, account: str, client: str) -> dict[str, Any]:
        body = {"job_number": account, "pwd": PASSWORD, "client_id": client, "grant_type": "password"}
        found: dict[str, Any] = self.api.client.post("/v1/user/authen?appId=1", json=body).json()["result"]
        return found


def ids_of(record: dict[str, Any], *edges: str) -> dict[str, set[int]]:
    return {edge: {int(row["id"]) for row in record[edge]} for edge in edges}


def nodes_of(trees: list[dict[str, Any]]) -> set[int]:
    """Give the ids in trees of a legacy answer."""
    left, found = [node for tree in trees for node in tree["tree"]], set[int]()
    while left:
        node = left.pop()
        found.add(node["id"])
        left += node["children"] or []
    return found


@pytest.fixture
def register(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[Register]:
    """Give a demo world that the test may change."""
    name = f"grants_{worker_id}_{os.getpid()}_{next(NUMBERS)}"
    url = copy_of(server, demo_template, name)
    with open_api(url, require_login=True) as api:
        yield Register(api, url)
    execute(server, f"drop database if exists {name} with (force)")


def check_all_ways(register: Register, account: str, admin: int) -> dict[str, set[Any]]:
    """Give what an account has, the same on every way in."""
    me = register.me(account)
    had = {name: me[name] for name in HAD}
    assert register.record(account, admin) == had
    assert register.record("supperadm", admin) == had
    assert register.log_in(account) == had
    return me


def test_the_built_in_role_has_all_menus_of_its_organisation(register: Register) -> None:
    assert 5 not in check_all_ways(register, "zhangx", 43002)["menus"]
    register.grant_menu(15264, 8)
    assert {5, 8} <= check_all_ways(register, "zhangx", 43002)["menus"]
    register.sql("delete from org_role_menu where org_id = 15264")
    register.sql("delete from org_menu where org_id = 15264 and menu_id <> 20482")
    assert check_all_ways(register, "zhangx", 43002)["menus"] == {20481, 20482}


def test_another_role_has_the_menus_that_it_was_given_in_that_organisation(register: Register) -> None:
    for menu in (20482, 20483):
        register.grant_menu(9099, menu)
    assert check_all_ways(register, "lisi", 3)["menus"] == set()
    register.grant_menu(9099, 20483, KEEPER)
    register.sql("insert into org_role (org_id, role_id) values (9103, %s)", KEEPER)
    register.grant_menu(9103, 20482, KEEPER)  # the same role, where lisi does not hold it
    assert check_all_ways(register, "lisi", 3)["menus"] == {20481, 20483}


def test_a_menu_is_not_taken_from_an_organisation_while_a_role_has_it_there(register: Register) -> None:
    register.grant_menu(9099, 20483, KEEPER)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        register.sql("delete from org_menu where org_id = 9099")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        register.sql("insert into org_role_menu (org_id, role_id, menu_id) values (9099, %s, 20482)", KEEPER)


def test_capabilities_are_those_of_the_menus_and_not_of_the_menus_above(register: Register) -> None:
    register.sql("update menu set capability = 'ORG_WRITE' where id = 20481")
    register.sql("update menu set capability = 'ROLE_GRANT' where id = 20483")
    register.sql("update menu set capability = 'PII_READ' where id = 20484")
    register.grant_menu(9099, 20484)
    register.grant_menu(9099, 20483, KEEPER)
    found = check_all_ways(register, "lisi", 3)
    assert (found["menus"], found["capabilities"]) == ({20481, 20483}, {"ROLE_GRANT"})


def test_a_role_held_above_the_organisation_worked_in_counts_there(register: Register) -> None:
    for menu in (20482, 8):
        register.grant_menu(8830, menu)
    whole, narrowed = register.me("yanggc4"), register.me("yanggc4", 8830)
    assert narrowed["capabilities"] == whole["capabilities"] != set()
    assert narrowed["scopeOrgs"] == {8830, 40024}  # a role is held in 40024 as well
    assert narrowed["businessOrgs"] == set(world_below(register, "org", "8829/8830/"))
    assert narrowed["communities"] == {
        int(row["id"]) for row in register.ask("yanggc4", COMMUNITIES, 8830)["spaces"]["nodes"]
    }
    assert narrowed["menus"] == {20481, 20482}  # menu 8 is given by the role in organisation 2
    assert register.record("yanggc4", 1, 8830) == {name: narrowed[name] for name in HAD}


COMMUNITIES = "{ spaces(filter: {type: {eq: COMMUNITY}}, first: 100) { nodes { id } } }"


def world_below(register: Register, table: str, path: str) -> list[int]:
    return [id_ for id_, row in world_of(register.url)[table].items() if row["path"].startswith(path)]


def test_a_role_held_below_the_organisation_worked_in_counts_below_only(register: Register) -> None:
    register.grant_role(8830, KEEPER, 3)
    register.sql("delete from admin_grant where admin_id = 3 and org_id = 8830")
    register.grant_role(9103, BUILT_IN, 3)
    register.grant_menu(9103, 20482)
    register.grant_menu(9099, 20483)
    assert check_all_ways(register, "lisi", 3)["scopeOrgs"] == {9099, 9103}
    assert register.me("lisi", 9103)["menus"] == {20481, 20482}
    assert register.me("lisi", 9099)["menus"] == set()
    assert register.me("lisi", 9099)["capabilities"] == set()


def test_a_role_in_an_administrative_organisation_gives_nothing(register: Register) -> None:
    before = check_all_ways(register, "lisi", 3)
    register.grant_role(6419, BUILT_IN, 3)
    register.grant_menu(6419, 8)
    assert check_all_ways(register, "lisi", 3) == before


def test_what_is_disabled_still_belongs_to_the_account(register: Register) -> None:
    before = check_all_ways(register, "zhangx", 43002)
    register.sql("update org set status = 'DISABLED' where path ^@ '15264/'")
    register.sql("update space set status = 'DISABLED' where org_path ^@ '15264/'")
    register.sql("update admin set is_enabled = false where id = 43003")
    assert {name: register.me("zhangx")[name] for name in before} == before
    assert register.log_in("zhangx") == {name: before[name] for name in HAD}


def test_a_disabled_account_keeps_its_roles_in_its_record(register: Register) -> None:
    before = register.record("supperadm", 43002)
    register.sql("update admin set is_enabled = false where id = 43002")
    assert register.record("supperadm", 43002) == before != {name: set() for name in HAD}


def test_the_super_administrator_has_everything_and_when_narrowed_everything_there(register: Register) -> None:
    found = check_all_ways(register, "supperadm", 43003)
    world = world_of(register.url)
    assert found["menus"] == set(world["menu"])
    assert {name: len(found[name]) for name in ("businessOrgs", "communities")} == {
        "businessOrgs": sum(row["type"] == "BUSINESS" for row in world["org"].values()),
        "communities": sum(row["type"] == "COMMUNITY" for row in world["space"].values()),
    }
    narrowed = register.me("supperadm", 15264)
    assert narrowed["scopeOrgs"] == {15264}
    assert {name: narrowed[name] for name in HAD} == {name: register.me("zhangx")[name] for name in HAD}


VIEWERS = [
    ("supperadm", None),
    ("supperadm", 8831),
    ("yanggc4", None),
    ("yanggc4", 8830),
    ("zhangx", None),
    ("huangrp5-8", 9099),
    ("lisi", None),
    ("kongls", None),
]


@pytest.mark.parametrize(("viewer", "org"), VIEWERS)
def test_a_record_says_what_the_visible_grants_give(api: Api, demo_url: str, viewer: str, org: int | None) -> None:
    world = world_of(demo_url)
    scope = scope_of(world, viewer)
    if org is not None:
        related = {row["administrative_org_id"] for row in world["org_relation"].values() if below_org(world, row, org)}
        tops = tuple(world["org"][id_]["path"] for id_ in related)
        scope = replace(scope, is_super=False, scopes=(world["org"][org]["path"],), admin_scopes=tops)
    staff = sorted(seen_by(world, scope)["admin"])
    found = Register(api, demo_url).ask(viewer, STAFF, org, ids=[str(id_) for id_ in staff])["nodes"]
    assert [ids_of(record, *HAD) for record in found if record] == [
        had_by(world, scope, id_) for id_, record in zip(staff, found, strict=True) if record
    ]
    assert scope.actor in staff


def below_org(world: World, relation: Any, org: int) -> bool:
    path: str = world["org"][relation["business_org_id"]]["path"]
    return path.startswith(world["org"][org]["path"])
