"""The initialisation of a tenant (document 003, section 18): by its single steps, and by one mutation."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from app.bulk.demo import PASSWORD
from app.db.embedded import EmbeddedServer
from app.services.account import create_super
from tests.clients.api import Api, open_api
from tests.clients.writes import Writer
from tests.databases import copied

MENUS = ["报表", "收费", "门禁"]
TENANT: dict[str, Any] = {
    "businessOrgName": "姜鹏集团顶级业务",
    "administrativeOrgName": "姜鹏集团",
    "adminName": "张小",
    "account": "zhangxiao",
    "staffNumber": "7",
    "phone": "13800000000",
    "password": PASSWORD,
}

H5_CLIENT = """
insert into client (client_id, description, grant_types, password_until)
values ('h5-client', 'H5', '{password,refresh_token}', '2099-12-31')
"""

END_STATE = {
    "员工": """
        select o.code, o.full_name, a.account, r.name, r.is_system_default, g.is_granted_by_super, g.created_by,
          g.updated_by, g.version
        from admin_grant g join org o on o.id = g.org_id join role r on r.id = g.role_id
        join admin a on a.id = g.admin_id where a.account = 'zhangxiao'""",
    "角色": """
        select r.name, r.is_system_default, g.is_granted_by_super, g.created_by from org_role g
        join org o on o.id = g.org_id join role r on r.id = g.role_id where o.name = '姜鹏集团顶级业务'""",
    "角色的菜单": """
        select r.name, m.code, g.is_granted_by_super, g.created_by from org_role_menu g join org o on o.id = g.org_id
        join role r on r.id = g.role_id join menu m on m.id = g.menu_id
        where o.name = '姜鹏集团顶级业务' order by m.code""",
    "业务组织的菜单": """
        select m.code, g.is_granted_by_super, g.created_by from org_menu g join org o on o.id = g.org_id
        join menu m on m.id = g.menu_id where o.name = '姜鹏集团顶级业务' order by m.code""",
    "组织": """
        select code, name, full_name, type, administrative_sub_type, business_sub_type, status, depth, version,
          created_by from org order by code""",
    "关联": """
        select b.name, a.name, r.created_by from org_relation r
        join org b on b.id = r.business_org_id join org a on a.id = r.administrative_org_id""",
    "账号": """
        select a.name, account, staff_number, phone, a.type, o.name, is_enabled, is_super, password_hash is not null,
          password_changed_at is not null, login_failures, a.created_by
        from admin a left join org o on o.id = a.org_id where account = 'zhangxiao'""",
}
"""What 18.6 shows, and the records of the other steps, without ids and times."""


@contextmanager
def empty_register(server: EmbeddedServer, template: str, worker: str) -> Iterator[Writer]:
    """Give the super administrator of a register that holds only their account and a client."""
    with copied(server, template, worker) as url:
        with psycopg.connect(url) as connection:
            create_super(connection, "supperadm", "超级管理员", PASSWORD)
            connection.execute(H5_CLIENT)
        with open_api(url, require_login=True) as api:
            yield Writer(api, url, "supperadm")


@pytest.fixture
def empty(server: EmbeddedServer, empty_template: str, worker_id: str) -> Iterator[Writer]:
    with empty_register(server, empty_template, worker_id) as writer:
        yield writer


@pytest.fixture
def other(server: EmbeddedServer, empty_template: str, worker_id: str) -> Iterator[Writer]:
    with empty_register(server, empty_template, worker_id) as writer:
        yield writer


def create_menus(writer: Writer) -> list[str]:
    menus = writer.done("createMenus", "menus { id }", menus=[{"name": name} for name in MENUS])["menus"]
    return [menu["id"] for menu in menus]


def by_steps(writer: Writer) -> None:
    """Run section 18 by single mutations, the menu range of section 19 and the staff of 18.4 before 18.3."""
    menus = create_menus(writer)
    business, serving = (
        writer.done("createOrg", "org { id }", name=TENANT[f"{type_.lower()}OrgName"], type=type_)["org"]["id"]
        for type_ in ("BUSINESS", "ADMINISTRATIVE")
    )
    writer.done("relateAdministrativeOrgs", orgId=business, administrativeOrgIds=[serving])
    writer.done("grantMenus", orgIds=[business], menuIds=menus)
    admin = writer.done(
        "createAdmin", "admin { id }", orgId=serving, name=TENANT["adminName"], account=TENANT["account"],
        staffNumber=TENANT["staffNumber"], phone=TENANT["phone"],
    )["admin"]["id"]  # fmt: skip
    writer.done("setPassword", id=admin, password=TENANT["password"])
    writer.done("appointAdministrators", orgId=business, adminIds=[admin])


def end_state(writer: Writer) -> dict[str, list[Any]]:
    return {name: writer.sql(query) for name, query in END_STATE.items()}


def test_18_one_mutation_ends_where_the_single_steps_end(empty: Writer, other: Writer) -> None:
    by_steps(empty)
    menus = create_menus(other)
    other.done("initialiseTenant", "org { id }", **TENANT, menuIds=menus)
    steps, once = end_state(empty), end_state(other)
    assert steps == once
    assert once["员工"] == [
        ("100000000", "姜鹏集团顶级业务", "zhangxiao", "管理员", True, True, "supperadm", "supperadm", 1)
    ]
    assert once["角色"] == [("管理员", True, True, "supperadm")]
    assert [code for code, *_ in once["业务组织的菜单"]] == ["100000", "100001", "100002"]
    assert [row[1:] for row in once["角色的菜单"]] == once["业务组织的菜单"]
    assert all(is_by_super for _, is_by_super, _ in once["业务组织的菜单"])
    assert [len(rows) for rows in once.values()] == [1, 1, 3, 3, 2, 1, 1]
    assert (empty.differences(), other.differences()) == ([], [])


def test_18_the_first_administrator_logs_in_and_runs_the_tenant(empty: Writer) -> None:
    menus = create_menus(empty)
    selection = "org { id adminGrants { admin { account } role { isSystemDefault } } administrativeOrgs { name } }"
    org = empty.done("initialiseTenant", selection, **TENANT, menuIds=menus)["org"]
    assert org["adminGrants"] == [{"admin": {"account": "zhangxiao"}, "role": {"isSystemDefault": True}}]
    staff = Writer(empty.api, empty.url, "zhangxiao")
    created = staff.done("createOrg", "org { fullName }", name="项目", parentId=org["id"])["org"]
    assert created == {"fullName": "姜鹏集团顶级业务/项目"}
    query = "{ me { admin { menus { name } } } }"
    me = staff.api.post(query, authorization=staff.api.bearer("zhangxiao")).json()["data"]["me"]
    assert [menu["name"] for menu in me["admin"]["menus"]] == MENUS


def test_18_two_tenants_share_the_built_in_role_and_see_nothing_of_each_other(empty: Writer) -> None:
    menus = create_menus(empty)
    orgs = []
    for number in ("1", "2"):
        names = {"account": f"admin{number}", "staffNumber": number, "phone": number}
        orgs.append(empty.done("initialiseTenant", "org { id }", **{**TENANT, **names}, menuIds=menus)["org"]["id"])
    assert empty.sql("select count(*) from role where is_system_default") == [(1,)]
    staff = Writer(empty.api, empty.url, "admin1")
    assert staff.refusals("updateOrg", id=orgs[1], name="x") == [("NOT_FOUND", ["id"])]


def test_18_tenants_initialised_at_the_same_time_share_one_built_in_role(empty: Writer) -> None:
    menus, bearer = create_menus(empty), empty.api.bearer("supperadm")

    def write(number: int) -> list[object]:
        names = {"account": f"admin{number}", "staffNumber": str(number), "phone": str(number)}
        query = "mutation ($input: InitialiseTenantInput!) { initialiseTenant(input: $input) { errors { code } } }"
        body = {"query": query, "variables": {"input": {**TENANT, **names, "menuIds": menus}}}
        answer = empty.api.client.post("/graphql", json=body, headers={"authorization": bearer}).json()
        errors: list[object] = answer["data"]["initialiseTenant"]["errors"]
        return errors

    with ThreadPoolExecutor(4) as writers:
        assert list(writers.map(write, range(4))) == [[]] * 4
    assert empty.sql("select count(*) from role") == [(1,)]
    assert empty.sql("select count(*), count(distinct org_id) from admin_grant") == [(4, 4)]
    assert empty.differences() == []


@pytest.mark.parametrize(
    ("changes", "refusals"),
    [
        ({"account": "yanggc4"}, [("CONFLICT", ["account"])]),
        ({"phone": "13926003676"}, [("CONFLICT", ["phone"])]),
        ({"password": ""}, [("INVALID_INPUT", ["password"])]),
        ({"menuIds": []}, [("INVALID_INPUT", ["menuIds"])]),
        ({"menuIds": ["20477", "999999999"]}, [("NOT_FOUND", ["menuIds"])]),
        ({"businessOrgName": " "}, [("INVALID_INPUT", ["businessOrgName"])]),
        ({"administrativeOrgName": "a\nb"}, [("INVALID_INPUT", ["administrativeOrgName"])]),
        ({"adminName": ""}, [("INVALID_INPUT", ["adminName"])]),
    ],
)
def test_18_a_refused_step_leaves_nothing(super_: Writer, changes: dict[str, Any], refusals: list[Any]) -> None:
    assert (
        super_.refusals("initialiseTenant", **{**TENANT, "account": "new", "menuIds": ["20477"], **changes}) == refusals
    )


@pytest.mark.parametrize("account", ["yanggc4", "lisi", "wangwu"])
def test_18_only_the_super_administrator_initialises_tenants(own_api: Api, own_url: str, account: str) -> None:
    writer = Writer(own_api, own_url, account)
    assert writer.forbidden("initialiseTenant", **TENANT, menuIds=["20477"]) == "SYSTEM_SUPER"
