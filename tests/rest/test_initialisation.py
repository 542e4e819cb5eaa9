"""The initialisation of a tenant by the calls that the documents list (document 003, sections 18 and 19).

Staff and passwords (18.4 and 18.5) are of section 7: GraphQL creates them here.
"""

from typing import Any

from app.bulk.demo import PASSWORD
from tests.clients.api import Api
from tests.clients.legacy import Legacy

BUILT_IN, DOCUMENTED = 20463, 32847
"""The built-in role, and the organisation of the documents' example, whose menus are granted here."""

END_STATE = """
query ($id: ID!) { org(id: $id) {
  adminGrants { admin { id account } role { id isSystemDefault } isGrantedBySuper createdBy }
  orgRoles { roleId isGrantedBySuper }
  orgRoleMenus { roleId menuId isGrantedBySuper }
  orgMenus { menuId isGrantedBySuper }
  administrativeOrgs { id }
} }
"""
"""What the queries of 18.6 show."""

STAFF = """
mutation ($staff: CreateAdminInput!) { createAdmin(input: $staff) { admin { id } errors { message } } }
"""
LOG_IN = """
mutation ($secret: SetPasswordInput!) { setPassword(input: $secret) { admin { id } errors { message } } }
"""


def asked(api: Api, query: str, **variables: Any) -> Any:
    """Ask GraphQL as the super administrator."""
    answer = api.post(query, variables, api.bearer("supperadm")).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def menus_of(api: Api, org: int) -> list[int]:
    rows = asked(api, "query ($id: ID!) { org(id: $id) { orgMenus { menuId } } }", id=str(org))["org"]["orgMenus"]
    return sorted(int(row["menuId"]) for row in rows)


def member_of_staff(api: Api, org: int, account: str) -> int:
    """Create a member of staff who can log in (18.4 and 18.5)."""
    staff = {"orgId": str(org), "name": "张小", "account": account}
    created = asked(api, STAFF, staff=staff)["createAdmin"]["admin"]["id"]
    asked(api, LOG_IN, secret={"id": created, "password": PASSWORD})
    return int(created)


def initialised(api: Api, super_: Legacy, account: str) -> tuple[int, int, int, list[int]]:
    """Run the calls; give the ids of the business organisation, of the serving one and of the staff, and the menus."""
    business = super_.result("org/update", {"org_name": "姜鹏集团顶级业务", "org_type": 2})["id"]
    serving = super_.result("org/update", {"org_name": "姜鹏集团", "org_type": 1})["id"]
    related = super_.result("orgrel/business_admin_rel", {"business_org_id": business, "admin_org_ids": [serving]})
    assert [(row["business_org_id"], row["admin_org_id"]) for row in related] == [(business, serving)]
    admin, menus = member_of_staff(api, serving, account), menus_of(api, DOCUMENTED)
    appointment = {"org_id": business, "admin_ids": [admin]}
    early = super_.send("supper/orgRoleAdminRel/update", appointment).json()
    assert (early["code"], early["result"]) == ("1", None)
    assert "先授予顶级业务组织菜单范围" in early["message"]
    granted = super_.result("supper/menu/org/rel", {"menu_ids": menus, "business_org_ids": [business]})
    assert sorted(row["menu_id"] for row in granted) == menus
    (row,) = super_.result("supper/orgRoleAdminRel/update", appointment)
    assert (row["role_id"], row["system_default"], row["grant_by_supper"]) == (BUILT_IN, 2, 2)
    return business, serving, admin, menus


def test_18_the_documented_calls_end_in_the_documented_state(world: Api, super_: Legacy) -> None:
    business, serving, admin, menus = initialised(world, super_, "zhangxiao18")
    built_in, by_super = str(BUILT_IN), {"isGrantedBySuper": True}
    state = asked(world, END_STATE, id=str(business))["org"]
    assert state["adminGrants"] == [
        {
            "admin": {"id": str(admin), "account": "zhangxiao18"},
            "role": {"id": built_in, "isSystemDefault": True},
            "isGrantedBySuper": True,
            "createdBy": "supperadm",
        }
    ]
    assert state["orgRoles"] == [{"roleId": built_in, **by_super}]
    assert sorted(state["orgRoleMenus"], key=lambda row: int(row["menuId"])) == [
        {"roleId": built_in, "menuId": str(menu), **by_super} for menu in menus
    ]
    assert sorted(state["orgMenus"], key=lambda row: int(row["menuId"])) == [
        {"menuId": str(menu), **by_super} for menu in menus
    ]
    assert state["administrativeOrgs"] == [{"id": str(serving)}]
    (held,) = super_.result(f"orgroleadmin/grant/{admin}")
    assert (held["org_id"], held["org_name"], held["role_name"]) == (business, "姜鹏集团顶级业务", "管理员")
    (related,) = super_.result("orgrolerel/", {"org_id": business})
    assert (related["role_id"], related["grant_by_supper"]) == (BUILT_IN, 2)


def test_19_the_new_administrator_manages_ordinary_roles_only(world: Api, super_: Legacy) -> None:
    business, _, admin, _ = initialised(world, super_, "zhangxiao19")
    staff = Legacy(world, "zhangxiao19")
    page = {"create_org_id": business}
    assert staff.result("orgrolerel/query/page", page) == []
    assert [row["role_id"] for row in super_.result("orgrolerel/query/page", page)] == [BUILT_IN]
    (made,) = staff.result("orgrolerel/add", {"name": "维护人员", "list": [business], "create_org_id": business})
    (held,) = staff.result("orgroleadmin/rel", {"org_id": business, "role_id": made["role_id"], "admin_ids": [admin]})
    assert held["system_default"] == 1
    grants = asked(world, END_STATE, id=str(business))["org"]["adminGrants"]
    assert [(grant["role"]["id"], grant["isGrantedBySuper"]) for grant in grants] == [
        (str(BUILT_IN), True), (str(made["role_id"]), False),
    ]  # fmt: skip
    assert [row["role_id"] for row in staff.result("orgrolerel/query/page", page)] == [made["role_id"]]
