"""Details of spaces, relations of organisations, and what roles are linked to come back by restoring."""

from typing import Any

import pytest

from tests.clients.writes import Writer
from tests.services.test_restore import community, created, newest, row

OWN, BELOW = "8829", "8830"


def only(writer: Writer, table: str, **columns: Any) -> str:
    """Give the id of the one record with some values."""
    condition = " and ".join(f"{name} = %s" for name in columns)
    ((id_,),) = writer.sql(f"select id from {table} where {condition}", *columns.values())
    return str(id_)


def gone(writer: Writer, table: str, id_: str) -> str:
    """Give the change that deleted a record."""
    assert row(writer, table, id_) == {}
    return newest(writer, table, id_, "DELETE")


DETAILS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "SpaceLocation",
        "space_location",
        {"city": "佛山", "street": "一号", "longitude": 113.25, "latitude": 22.5},
        {"city": None, "street": "二号", "longitude": 1.5},
    ),
    (
        "ParkingDetail",
        "parking_detail",
        {"number": "A1", "area": "12.50", "type": "MINI", "nature": "OWNED"},
        {"number": None, "area": "13", "type": "STANDARD", "charging": "CAR"},
    ),
]


@pytest.mark.parametrize(("noun", "table", "first", "second"), DETAILS)
def test_details_of_spaces_come_back(
    staff: Writer, noun: str, table: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    space, _ = community(staff)
    if noun == "ParkingDetail":
        space = created(staff, "Space", name="车位", type="PARK_SPACE", parentId=space)
    staff.done(f"set{noun}", spaceId=space, **first)
    id_ = only(staff, table, space_id=space)
    before = row(staff, table, id_)
    made = newest(staff, table, id_)
    staff.done(f"set{noun}", spaceId=space, **second)
    after = row(staff, table, id_)
    staff.done(f"restore{noun}", changeId=newest(staff, table, id_))
    assert row(staff, table, id_) == before
    staff.done(f"restore{noun}", changeId=newest(staff, table, id_))
    assert row(staff, table, id_) == after, "a restoration is undone like any change"
    staff.done(f"delete{noun}", spaceId=space)
    staff.done(f"restore{noun}", changeId=gone(staff, table, id_))
    assert row(staff, table, id_) == after
    assert staff.refusals(f"restore{noun}", changeId=made) == [("INVALID_INPUT", ["changeId"])]


def test_a_detail_does_not_come_back_where_another_one_is(staff: Writer) -> None:
    space, _ = community(staff)
    staff.done("setSpaceLocation", spaceId=space, street="一号")
    first = only(staff, "space_location", space_id=space)
    staff.done("deleteSpaceLocation", spaceId=space)
    staff.done("setSpaceLocation", spaceId=space, street="二号")
    refused = staff.payload("restoreSpaceLocation", changeId=gone(staff, "space_location", first))["errors"]
    assert [error["code"] for error in refused] == ["CONFLICT"]
    staff.done("deleteSpaceLocation", spaceId=space)
    staff.done("restoreSpaceLocation", changeId=gone(staff, "space_location", first))
    assert row(staff, "space_location", first)["street"] == "一号"


def test_a_relation_of_organisations_comes_back(staff: Writer) -> None:
    relation = only(staff, "org_relation", business_org_id=BELOW, administrative_org_id="6422")
    before = row(staff, "org_relation", relation)
    staff.done("relateAdministrativeOrgs", orgId=BELOW, administrativeOrgIds=["6423"])
    deleted = gone(staff, "org_relation", relation)
    staff.done("restoreOrgRelation", changeId=deleted)
    assert row(staff, "org_relation", relation) == before
    assert staff.refusals("restoreOrgRelation", changeId=deleted) == [("CONFLICT", ["changeId"])]


def test_a_relation_with_another_tenants_organisation_only_the_super_administrator_brings_back(
    staff: Writer, super_: Writer
) -> None:
    super_.sql(
        "insert into admin_grant (org_id, role_id, admin_id) select 15264, 20463, id from admin"
        " where account = 'yanggc4'"
    )
    super_.sql("insert into org_relation (business_org_id, administrative_org_id) values (8830, 15263)")
    relation = only(super_, "org_relation", business_org_id=BELOW, administrative_org_id="15263")
    super_.sql("delete from org_relation where id = %s", relation)
    both = Writer(staff.api, staff.url, "yanggc4")
    assert both.forbidden("restoreOrgRelation", changeId=gone(super_, "org_relation", relation)) == "SYSTEM_SUPER"


def test_the_links_of_a_role_come_back_one_by_one(staff: Writer) -> None:
    role = created(staff, "Role", name="管家", orgIds=[OWN, BELOW])
    ((lisi,),) = staff.sql("select id::text from admin where account = 'lisi'")
    ((menu,),) = staff.sql("select menu_id::text from org_menu where org_id = %s order by 1 limit 1", OWN)
    staff.done("setMenusOfRole", orgId=OWN, roleId=role, menuIds=[menu])
    staff.done("grantRole", orgId=OWN, roleId=role, adminIds=[lisi])
    tables = ("org_role", "org_role_menu", "admin_grant")
    links = {table: only(staff, table, org_id=OWN, role_id=role) for table in tables}
    before = {table: row(staff, table, id_) for table, id_ in links.items()}
    staff.done("updateRole", id=role, orgIds=[BELOW])
    changes = {table: gone(staff, table, id_) for table, id_ in links.items()}
    nouns = {"org_role": "OrgRole", "org_role_menu": "OrgRoleMenu", "admin_grant": "AdminGrant"}
    for table in ("org_role_menu", "admin_grant"):
        refused = staff.payload(f"restore{nouns[table]}", changeId=changes[table])["errors"]
        assert [error["code"] for error in refused] == ["CONFLICT"], "the organisation lacks the role"
    for table in tables:
        staff.done(f"restore{nouns[table]}", changeId=changes[table])
    assert {table: row(staff, table, id_) for table, id_ in links.items()} == before
    for field, input_, table in (
        ("setMenusOfRole", {"menuIds": []}, "org_role_menu"),
        ("revokeRole", {"adminIds": [lisi]}, "admin_grant"),
    ):
        staff.done(field, orgId=OWN, roleId=role, **input_)
        staff.done(f"restore{nouns[table]}", changeId=gone(staff, table, links[table]))
    assert {table: row(staff, table, id_) for table, id_ in links.items()} == before


def test_a_menu_of_an_organisation_comes_back(super_: Writer) -> None:
    top = created(super_, "Menu", name="菜单")
    super_.done("grantMenus", orgIds=[BELOW], menuIds=[top])
    link = only(super_, "org_menu", org_id=BELOW, menu_id=top)
    before = row(super_, "org_menu", link)
    super_.done("grantMenus", orgIds=[BELOW], menuIds=[])
    super_.done("restoreOrgMenu", changeId=gone(super_, "org_menu", link))
    assert row(super_, "org_menu", link) == before
