"""Records come back to their state before a change, through GraphQL, when the rules allow it."""

from typing import Any

import pytest

from tests.clients.writes import Writer

OWN, BELOW, FOREIGN = "8829", "8830", "15264"
PROJECT = "select id from org where path like '8829/%%' and business_sub_type = 'PROJECT' order by id limit 1"
BOOKKEEPING = {"version", "updated_at", "updated_by", "sort_key"}


def newest(writer: Writer, entity: str, id_: str, operation: str = "%") -> str:
    newest = "select id from change where entity = %s and entity_id = %s and operation like %s order by id desc limit 1"
    ((change,),) = writer.sql(newest, entity, id_, operation)
    return str(change)


def row(writer: Writer, table: str, id_: str) -> dict[str, Any]:
    rows = writer.sql(f"select to_jsonb(t) from {table} t where id = %s", id_)
    return {name: value for name, value in rows[0][0].items() if name not in BOOKKEEPING} if rows else {}


def created(writer: Writer, noun: str, **values: Any) -> str:
    id_: str = writer.done(f"create{noun}", f"{noun.lower()} {{ id }}", **values)[noun.lower()]["id"]
    return id_


def community(writer: Writer) -> tuple[str, list[str]]:
    """Create a community with two buildings and a parking place, and give their ids."""
    ((project,),) = writer.sql(PROJECT)
    top = created(writer, "Space", name="小区", type="COMMUNITY", orgId=str(project))
    buildings = [created(writer, "Space", name=name, type="BUILDING", parentId=top) for name in ("1栋", "2栋")]
    return top, buildings


def test_a_changed_record_goes_back_to_the_state_before_the_change(staff: Writer) -> None:
    before = row(staff, "org", BELOW)
    staff.done("updateOrg", id=BELOW, name="一")
    first = newest(staff, "org", BELOW)
    staff.done("updateOrg", id=BELOW, name="二")
    staff.done("setOrgStatus", id=BELOW, status="DISABLED")
    staff.done("restoreOrg", changeId=first)
    assert row(staff, "org", BELOW) == before
    assert staff.differences() == []


def test_a_move_is_undone_with_all_that_lies_below(staff: Writer) -> None:
    top, (one, other) = community(staff)
    unit = created(staff, "Space", name="1单元", type="UNIT", parentId=one)
    staff.done("moveSpace", id=unit, parentId=other)
    staff.done("restoreSpace", changeId=newest(staff, "space", unit, "UPDATE"))
    assert row(staff, "space", unit)["parent_id"] == int(one)
    assert row(staff, "space", unit)["path"] == f"{top}/{one}/{unit}/"
    assert staff.differences() == []


def test_a_deleted_subtree_comes_back_whole(staff: Writer) -> None:
    top, buildings = community(staff)
    staff.done("setSpaceLocation", spaceId=top, street="一号")
    ids = [top, *buildings]
    before = [row(staff, "space", id_) for id_ in ids]
    ((location,),) = staff.sql("select id from space_location where space_id = %s", top)
    staff.done("deleteSpaceTree", id=top)
    assert [row(staff, "space", id_) for id_ in ids] == [{}, {}, {}]
    versions = staff.done("restoreSpace", "space { version }", changeId=newest(staff, "space", top))
    assert versions["space"] == {"version": 2}
    assert [row(staff, "space", id_) for id_ in ids] == before
    assert row(staff, "space_location", location)["street"] == "一号"
    assert staff.differences() == []


def test_a_part_of_a_deleted_subtree_needs_its_parent(staff: Writer) -> None:
    top, (one, _) = community(staff)
    staff.done("deleteSpaceTree", id=top)
    deleted = newest(staff, "space", one)
    assert staff.refusals("restoreSpace", changeId=deleted) == [("INVALID_INPUT", ["changeId"])]
    staff.done("restoreSpace", changeId=newest(staff, "space", top))
    assert staff.refusals("restoreSpace", changeId=deleted) == [("CONFLICT", ["changeId"])]


def test_what_comes_back_follows_from_the_records_above_as_they_are_now(staff: Writer) -> None:
    parent = created(staff, "Org", name="上", parentId=BELOW)
    child = created(staff, "Org", name="下", parentId=parent)
    staff.done("deleteOrg", id=child)
    elsewhere = created(staff, "Org", name="别处", parentId=OWN)
    staff.done("updateOrg", id=parent, name="新上")
    staff.done("moveOrg", id=parent, parentId=elsewhere)
    staff.done("restoreOrg", changeId=newest(staff, "org", child))
    found, above = row(staff, "org", child), row(staff, "org", parent)
    assert found["full_name"] == above["full_name"] + "/下"
    assert (found["path"], found["code"][:-9]) == (f"{above['path']}{child}/", above["code"])
    assert staff.differences() == []


def test_a_code_with_short_segments_comes_back_below_a_moved_record(super_: Writer) -> None:
    assert [len(row(super_, "org", id_)["code"]) for id_ in ("14063", "14064")] == [12, 15]
    super_.sql("delete from org_role where org_id = 14064")
    super_.done("deleteOrg", id="14064")
    super_.done("moveOrg", id="14063", parentId="8830")
    super_.done("restoreOrg", changeId=newest(super_, "org", "14064"))
    found, above = row(super_, "org", "14064"), row(super_, "org", "14063")
    assert found["code"] == above["code"] + "100000000"
    assert super_.differences() == []


def test_a_number_that_came_back_is_not_given_again(staff: Writer) -> None:
    top, (one, _) = community(staff)
    staff.done("deleteSpace", id=one)
    staff.done("restoreSpace", changeId=newest(staff, "space", one))
    third = created(staff, "Space", name="3栋", type="BUILDING", parentId=top)
    codes = [code for (code,) in staff.sql("select code from space where parent_id = %s", top)]
    assert len(set(codes)) == 3
    assert row(staff, "space", third)["code"] == max(codes)


def test_what_cannot_be_undone_is_refused(staff: Writer) -> None:
    id_ = created(staff, "Org", name="新", parentId=BELOW)
    assert staff.refusals("restoreOrg", changeId=newest(staff, "org", id_)) == [("INVALID_INPUT", ["changeId"])]
    staff.done("updateOrg", id=BELOW, name="改名")
    place = newest(staff, "org", id_, "PLACE")
    assert staff.refusals("restoreOrg", changeId=place) == [("INVALID_INPUT", ["changeId"])]


def test_a_change_of_another_kind_of_record_is_absent(staff: Writer) -> None:
    staff.done("updateOrg", id=BELOW, name="改名")
    assert staff.refusals("restoreSpace", changeId=newest(staff, "org", BELOW)) == [("NOT_FOUND", ["changeId"])]


def test_a_version_that_is_not_expected_is_a_conflict(staff: Writer) -> None:
    staff.done("updateOrg", id=BELOW, name="改名")
    change = newest(staff, "org", BELOW)
    refused = staff.refusals("restoreOrg", changeId=change, expectedVersion=1000)
    assert refused == [("CONFLICT", ["expectedVersion"])]


def test_another_tenants_changes_are_absent(staff: Writer, super_: Writer) -> None:
    id_ = created(super_, "Org", name="外", parentId=FOREIGN)
    super_.done("updateOrg", id=id_, name="改")
    updated = newest(super_, "org", id_)
    super_.done("deleteOrg", id=id_)
    for change in (updated, newest(super_, "org", id_), "999999999"):
        assert staff.refusals("restoreOrg", changeId=change) == [("NOT_FOUND", ["changeId"])]


def test_the_capability_is_needed_where_the_record_comes_back(staff: Writer, super_: Writer) -> None:
    root = created(super_, "Org", name="行政", parentId="6419")
    super_.done("deleteOrg", id=root)
    assert staff.forbidden("restoreOrg", changeId=newest(super_, "org", root)) == "ORG_WRITE"
    super_.done("restoreOrg", changeId=newest(super_, "org", root))


def test_a_rule_that_forbids_the_state_before_refuses_it(staff: Writer) -> None:
    _, (one, other) = community(staff)
    unit = created(staff, "Space", name="1单元", type="UNIT", parentId=one)
    staff.done("moveSpace", id=unit, parentId=other)
    moved = newest(staff, "space", unit, "UPDATE")
    staff.done("deleteSpace", id=one)
    assert staff.refusals("restoreSpace", changeId=moved) == [("NOT_FOUND", ["changeId"])]


def test_menus_and_their_guidance_come_back(super_: Writer) -> None:
    menu = created(super_, "Menu", name="新菜单")
    super_.done("setMenuGuidance", menuId=menu, content="旧")
    super_.done("setMenuGuidance", menuId=menu, content="新")
    ((guidance,),) = super_.sql("select id from menu_guidance where menu_id = %s", menu)
    super_.done("restoreMenuGuidance", changeId=newest(super_, "menu_guidance", guidance))
    assert row(super_, "menu_guidance", guidance)["content"] == "旧"
    super_.done("deleteMenu", id=menu)
    super_.done("restoreMenu", changeId=newest(super_, "menu", menu))
    assert row(super_, "menu", menu)["name"] == "新菜单"
    assert row(super_, "menu_guidance", guidance)["content"] == "旧"
    assert super_.differences() == []


GRANT = """
insert into admin_grant (org_id, role_id, admin_id, is_granted_by_super)
select o.org_id, r.id, (select id from admin where account = 'lisi'), %s from org_role o join role r on r.id = o.role_id
where o.org_id = 8829 and r.is_system_default = %s order by r.id limit 1 returning id
"""


@pytest.mark.parametrize(
    ("by_super", "is_built_in", "comes_back"), [(False, False, True), (True, False, False), (False, True, False)]
)
def test_what_only_the_super_administrator_grants_only_they_bring_back(
    staff: Writer, super_: Writer, *, by_super: bool, is_built_in: bool, comes_back: bool
) -> None:
    if not is_built_in:
        created(staff, "Role", name="普通", orgIds=[OWN])
    ((grant,),) = super_.sql(GRANT, by_super, is_built_in)
    kept = row(super_, "admin_grant", grant)
    super_.sql("delete from admin_grant where id = %s", grant)
    change = newest(super_, "admin_grant", grant)
    if not comes_back:
        assert staff.forbidden("restoreAdminGrant", changeId=change) == "SYSTEM_SUPER"
    (staff if comes_back else super_).done("restoreAdminGrant", changeId=change)
    assert row(super_, "admin_grant", grant) == kept
