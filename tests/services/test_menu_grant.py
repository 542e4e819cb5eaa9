"""Granting menus to organisations and roles (document 003, 1.2, 5.1 and 5.5), through GraphQL."""

from typing import Any

import pytest

from tests.clients.writes import Writer

TOP, BELOW, FOREIGN, ABSENT = "2", "40019", "15264", "999999999"
"""An organisation of yanggc4 with menus, one below it, another tenant's, and none."""

ORG_MENUS = "orgMenus { orgId menuId isGrantedBySuper }"
ROLE_MENUS = "orgRoleMenus { orgId roleId menuId isGrantedBySuper }"


def menus_of(writer: Writer, org: str) -> list[str]:
    return [id_ for (id_,) in writer.sql("select menu_id::text from org_menu where org_id = %s order by menu_id", org)]


def test_5_1_an_administrator_passes_on_what_the_organisation_above_has(staff: Writer) -> None:
    passed_on = menus_of(staff, TOP)[:2]
    held = staff.done("grantMenus", ORG_MENUS, orgIds=[BELOW], menuIds=passed_on)["orgMenus"]
    assert [(row["menuId"], row["isGrantedBySuper"]) for row in held] == [(id_, False) for id_ in passed_on]
    assert staff.done("grantMenus", ORG_MENUS, orgIds=[BELOW], menuIds=passed_on[:1])["orgMenus"] == held[:1]
    assert staff.done("grantMenus", ORG_MENUS, orgIds=[BELOW], menuIds=[])["orgMenus"] == []


def test_5_1_nobody_passes_on_a_menu_that_the_organisation_lacks(staff: Writer, super_: Writer) -> None:
    passed_on = menus_of(staff, TOP)
    new = super_.done("createMenu", "menu { id }", name="新")["menu"]["id"]
    super_.done("grantMenus", ORG_MENUS, orgIds=["8829"], menuIds=[new])  # visible, but of another tree
    assert staff.refusals("grantMenus", orgIds=[BELOW], menuIds=[passed_on[0], new]) == [("INVALID_INPUT", ["menuIds"])]


@pytest.mark.parametrize(
    ("input_", "refusal"),
    [
        ({"orgIds": [], "menuIds": ["5"]}, ("INVALID_INPUT", ["orgIds"])),
        ({"orgIds": [FOREIGN], "menuIds": ["5"]}, ("NOT_FOUND", ["orgIds"])),
        ({"orgIds": [ABSENT], "menuIds": ["5"]}, ("NOT_FOUND", ["orgIds"])),
        ({"orgIds": ["6419"], "menuIds": ["5"]}, ("NOT_FOUND", ["orgIds"])),  # an administrative organisation
        ({"orgIds": [BELOW], "menuIds": [ABSENT]}, ("NOT_FOUND", ["menuIds"])),
    ],
)
def test_5_1_a_wrong_grant_is_refused(staff: Writer, input_: dict[str, Any], refusal: Any) -> None:
    assert staff.refusals("grantMenus", **input_) == [refusal]


def test_5_1_what_the_super_administrator_granted_and_what_a_role_gives_is_kept(staff: Writer, super_: Writer) -> None:
    kept, used, free = menus_of(staff, TOP)[:3]
    staff.sql("delete from org_menu where org_id = %s", BELOW)
    super_.done("grantMenus", ORG_MENUS, orgIds=[BELOW], menuIds=[kept])
    staff.done("grantMenus", ORG_MENUS, orgIds=[BELOW], menuIds=[kept, used, free])
    role = staff.done("createRole", "role { id }", name="维护", orgIds=[BELOW])["role"]["id"]
    staff.done("setMenusOfRole", ROLE_MENUS, orgId=BELOW, roleId=role, menuIds=[used])
    held = staff.done("grantMenus", ORG_MENUS, orgIds=[BELOW], menuIds=[])["orgMenus"]
    assert [(row["menuId"], row["isGrantedBySuper"]) for row in held] == [(kept, True), (used, False)]
    assert super_.done("grantMenus", ORG_MENUS, orgIds=[BELOW], menuIds=[])["orgMenus"] == []
    assert staff.sql("select count(*) from org_role_menu where org_id = %s", BELOW) == [(0,)]


def test_1_2_what_the_super_administrator_grants_is_marked(super_: Writer, staff: Writer) -> None:
    menu = menus_of(staff, TOP)[0]
    staff.done("grantMenus", ORG_MENUS, orgIds=[BELOW, "40022"], menuIds=[menu])
    held = super_.done("grantMenus", ORG_MENUS, orgIds=[BELOW, "40022"], menuIds=[menu])["orgMenus"]
    assert [(row["orgId"], row["isGrantedBySuper"]) for row in held] == [(BELOW, True), ("40022", True)]


def test_5_5_a_role_gets_menus_of_its_organisation_instead_of_those_before(staff: Writer) -> None:
    first, second = menus_of(staff, TOP)[:2]
    role = staff.done("createRole", "role { id }", name="维护", orgIds=[TOP])["role"]["id"]
    for menus in ([first, second], [second], []):
        held = staff.done("setMenusOfRole", ROLE_MENUS, orgId=TOP, roleId=role, menuIds=menus)["orgRoleMenus"]
        assert [(row["menuId"], row["isGrantedBySuper"]) for row in held] == [(menu, False) for menu in menus]
    bulk = [{"orgId": TOP, "roleId": role, "menuIds": [first]}, {"orgId": TOP, "roleId": role, "menuIds": [ABSENT]}]
    payload = staff.payload("setMenusOfRoles", ROLE_MENUS, orgRoleMenus=bulk, onError="SKIP")
    assert [row["menuId"] for row in payload["orgRoleMenus"]] == [first]
    assert [error["index"] for error in payload["errors"]] == [1]


def test_5_5_menus_that_the_organisation_lacks_and_the_built_in_role_are_refused(staff: Writer) -> None:
    role = staff.done("createRole", "role { id }", name="维护", orgIds=[BELOW])["role"]["id"]
    menu = menus_of(staff, TOP)[0]
    for input_, refusal in (
        ({"orgId": BELOW, "roleId": role, "menuIds": [menu]}, ("INVALID_INPUT", ["menuIds"])),
        ({"orgId": TOP, "roleId": role, "menuIds": [menu]}, ("NOT_FOUND", ["roleId"])),
        ({"orgId": TOP, "roleId": "20463", "menuIds": [menu]}, ("INVALID_INPUT", ["roleId"])),
        ({"orgId": FOREIGN, "roleId": "20453", "menuIds": [menu]}, ("NOT_FOUND", ["orgId"])),
    ):
        assert staff.refusals("setMenusOfRole", **input_) == [refusal]


def test_5_5_the_super_administrator_gives_and_takes_any_menu(staff: Writer, super_: Writer) -> None:
    role = staff.done("createRole", "role { id }", name="维护", orgIds=[BELOW])["role"]["id"]
    new = super_.done("createMenu", "menu { id }", name="新")["menu"]["id"]
    held = super_.done("setMenusOfRole", ROLE_MENUS, orgId=BELOW, roleId=role, menuIds=[new])["orgRoleMenus"]
    assert [(row["menuId"], row["isGrantedBySuper"]) for row in held] == [(new, False)]
    granted = "select is_granted_by_super from org_menu where org_id = %s and menu_id = %s"
    assert super_.sql(granted, BELOW, new) == [(True,)]
    assert super_.refusals("setMenusOfRole", orgId=BELOW, roleId=role, menuIds=[ABSENT]) == [("NOT_FOUND", ["menuIds"])]
    built_in = {"orgId": TOP, "roleId": "20463", "menuIds": []}
    assert super_.done("setMenusOfRole", ROLE_MENUS, **built_in)["orgRoleMenus"] == []
