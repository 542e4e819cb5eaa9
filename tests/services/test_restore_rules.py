"""Records come back only where the caller may write now, and no number or version is given twice."""

import pytest

from tests.clients.api import Api
from tests.clients.writes import Writer
from tests.services.test_restore import created, newest, row

FORMER, LATER = "9103", "9099"
"""Projects of the first tenant. Lisi may write spaces in the former only, and sees both."""

CAPABLE = """
with new_menu as (
  insert into menu (parent_id, path, depth, code, name, full_name, type, capability)
  select null, 'new/', 0, '999', '空间', '空间', 'BUTTON', 'SPACE_WRITE' returning id
), new_role as (insert into role (name) values ('空间管理') returning id)
select new_menu.id, new_role.id from new_menu, new_role
"""


@pytest.fixture
def lisi(own_api: Api, own_url: str, super_: Writer) -> Writer:
    """Give lisi, who may write spaces in the former project."""
    ((menu, role),) = super_.sql(CAPABLE)
    super_.sql("insert into org_menu (org_id, menu_id) values (%s, %s)", FORMER, menu)
    super_.sql("insert into org_role (org_id, role_id) values (%s, %s)", FORMER, role)
    super_.sql("insert into org_role_menu (org_id, role_id, menu_id) values (%s, %s, %s)", FORMER, role, menu)
    grant = "insert into admin_grant (org_id, role_id, admin_id) select %s, %s, id from admin where account = 'lisi'"
    super_.sql(grant, FORMER, role)
    return Writer(own_api, own_url, "lisi")


@pytest.fixture
def community(super_: Writer) -> str:
    """Give a community of the former project."""
    return created(super_, "Space", name="小区", type="COMMUNITY", orgId=FORMER)


def test_a_space_does_not_come_back_into_a_community_that_went_to_others(
    lisi: Writer, super_: Writer, community: str
) -> None:
    building = created(lisi, "Space", name="1栋", type="BUILDING", parentId=community)
    lisi.done("deleteSpace", id=building)
    change = newest(super_, "space", building)
    super_.done("setCommunityOrg", id=community, orgId=LATER)
    assert lisi.forbidden("restoreSpace", changeId=change) == "SPACE_WRITE"
    super_.done("setCommunityOrg", id=community, orgId=FORMER)
    lisi.done("restoreSpace", changeId=change)
    assert row(super_, "space", building)["org_id"] == int(FORMER)


def test_an_address_does_not_come_back_to_a_community_that_went_to_others(
    lisi: Writer, super_: Writer, community: str
) -> None:
    lisi.done("setSpaceLocation", spaceId=community, street="一号")
    ((location,),) = super_.sql("select id from space_location where space_id = %s", community)
    lisi.done("deleteSpaceLocation", spaceId=community)
    change = newest(super_, "space_location", location)
    super_.done("setCommunityOrg", id=community, orgId=LATER)
    assert lisi.forbidden("restoreSpaceLocation", changeId=change) == "SPACE_WRITE"
    super_.done("deleteSpaceTree", id=community)
    assert lisi.refusals("restoreSpaceLocation", changeId=change) == [("INVALID_INPUT", ["changeId"])]


def test_a_community_whose_organisation_is_gone_stays_deleted(super_: Writer) -> None:
    org = created(super_, "Org", name="项目", parentId="8830")
    community = created(super_, "Space", name="小区", type="COMMUNITY", orgId=org)
    super_.done("deleteSpace", id=community)
    super_.done("deleteOrg", id=org)
    change = newest(super_, "space", community)
    assert super_.refusals("restoreSpace", changeId=change) == [("INVALID_INPUT", ["changeId"])]


def test_a_role_goes_back_to_its_former_name(own_api: Api, own_url: str, super_: Writer) -> None:
    staff = Writer(own_api, own_url, "yanggc4")
    role = created(staff, "Role", name="旧", orgIds=["8830"])
    staff.done("updateRole", id=role, name="新")
    staff.done("restoreRole", changeId=newest(super_, "role", role))
    assert row(super_, "role", role)["name"] == "旧"


def test_a_deleted_role_comes_back_with_what_it_gave(own_api: Api, own_url: str, super_: Writer) -> None:
    staff = Writer(own_api, own_url, "yanggc4")
    role = created(staff, "Role", name="管家", orgIds=["8830", "8829"])
    ((lisi,),) = super_.sql("select id::text from admin where account = 'lisi'")
    staff.done("grantRole", orgId="8830", roleId=role, adminIds=[lisi])
    of_role = "select org_id, role_id from {} where role_id = %s order by 1"
    kept = [super_.sql(of_role.format(table), role) for table in ("org_role", "admin_grant")]
    staff.done("removeRole", id=role, deleteRole=True)
    super_.done("restoreRole", changeId=newest(super_, "role", role))
    assert [super_.sql(of_role.format(table), role) for table in ("org_role", "admin_grant")] == kept
    assert [len(each) for each in kept] == [2, 1]


def test_a_change_that_no_service_undoes_is_refused(super_: Writer) -> None:
    ((grant,),) = super_.sql("select id from org_menu order by id limit 1")
    super_.sql("update org_menu set is_granted_by_super = not is_granted_by_super where id = %s", grant)
    change = newest(super_, "org_menu", grant)
    assert super_.refusals("restoreOrgMenu", changeId=change) == [("INVALID_INPUT", ["changeId"])]


def test_a_number_is_not_given_twice_after_an_older_state_came_back(super_: Writer) -> None:
    org = created(super_, "Org", name="上", parentId="8830")
    super_.done("deleteOrg", id=org)
    oldest = newest(super_, "org", org)
    super_.done("restoreOrg", changeId=oldest)
    child = created(super_, "Org", name="下", parentId=org)
    super_.done("deleteOrg", id=child)
    super_.done("deleteOrg", id=org)
    super_.done("restoreOrg", changeId=oldest)
    other = created(super_, "Org", name="另", parentId=org)
    super_.done("restoreOrg", changeId=newest(super_, "org", child))
    assert row(super_, "org", child)["code"] < row(super_, "org", other)["code"]
    assert super_.differences() == []


def test_a_version_is_never_given_twice(super_: Writer) -> None:
    org = created(super_, "Org", name="一", parentId="8830")
    super_.done("deleteOrg", id=org)
    first = newest(super_, "org", org)
    super_.done("restoreOrg", changeId=first)
    super_.done("updateOrg", id=org, name="二")
    super_.done("deleteOrg", id=org)
    assert super_.done("restoreOrg", "org { name version }", changeId=first)["org"] == {"name": "一", "version": 4}


def test_a_business_organisation_gets_no_second_top_back(super_: Writer) -> None:
    business = created(super_, "Org", name="业", type="BUSINESS")
    for name in ("旧", "新"):
        top = created(super_, "Org", name=name, type="ADMINISTRATIVE")
        super_.done("relateAdministrativeOrgs", orgId=business, administrativeOrgIds=[top])
    ((change,),) = super_.sql("select max(id) from change where entity = 'org_relation' and operation = 'DELETE'")
    assert super_.refusals("restoreOrgRelation", changeId=str(change)) == [("CONFLICT", ["changeId"])]
    super_.done("relateAdministrativeOrgs", orgId=business, administrativeOrgIds=[])
    super_.done("restoreOrgRelation", changeId=str(change))
