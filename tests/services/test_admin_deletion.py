"""Deleting staff, what goes along, and bringing them back (document 003, 7.4), through GraphQL."""

import pytest

from app.bulk.demo import PASSWORD
from tests.clients.writes import Writer
from tests.services.test_admin import ABSENT, SHORT, login
from tests.services.test_restore import newest, row

MEMBER, OTHER, REVIEWER = "8811", "8812", "43001"
"""Staff of groups; who holds a role."""


def test_7_4_memberships_devices_and_logins_go_along(super_: Writer) -> None:
    bearer = super_.api.bearer("zhousi")
    super_.sql("insert into device (app_id, admin_id, device_id, os) values ('1120', %s, 'd', 'iOS')", MEMBER)
    assert super_.done("deleteAdmin", "deletedIds deletedCount", id=MEMBER)["deletedIds"] == [MEMBER]
    for table in ("admin_group_member", "device", "login", "login_source"):
        assert super_.sql(f"select count(*) from {table} where admin_id = %s", MEMBER) == [(0,)]
    assert super_.api.post("{ me { name } }", authorization=bearer).status_code == 401


def test_7_4_who_holds_a_role_or_has_decided_on_a_claim_stays(super_: Writer) -> None:
    assert super_.refusals("deleteAdmin", id="43002") == [("IN_USE", ["id"])]
    super_.sql("delete from admin_grant where admin_id = 1")
    assert super_.refusals("deleteAdmin", id="1") == [("IN_USE", ["id"])]
    assert super_.refusals("deleteAdmin", id=ABSENT) == [("NOT_FOUND", ["id"])]
    assert super_.refusals("deleteAdmin", id=MEMBER, expectedVersion=7) == [("CONFLICT", ["expectedVersion"])]


def test_7_4_many_go_together_or_none(super_: Writer) -> None:
    assert super_.refusals("deleteAdmins", ids=[MEMBER, "43002"]) == [("IN_USE", ["ids"])]
    assert super_.refusals("deleteAdmins") == [("INVALID_INPUT", ["ids"])]
    assert super_.refusals("deleteAdmins", fourgridIds=["1"]) == [("CONFLICT", ["fourgridIds"])]
    assert super_.refusals("deleteAdmins", fourgridIds=[ABSENT]) == [("NOT_FOUND", ["fourgridIds"])]
    payload = super_.done("deleteAdmins", "deletedIds", ids=[MEMBER, OTHER], fourgridIds=["1"])
    assert payload["deletedIds"] == [MEMBER, OTHER]  # the ids decide


def test_7_4_staff_are_named_by_their_id_in_the_former_system(super_: Writer) -> None:
    super_.sql("update admin set fourgrid_id = 600 where id = %s", OTHER)
    assert super_.done("deleteAdmins", "deletedIds", fourgridIds=["600"])["deletedIds"] == [OTHER]


def test_deleted_staff_come_back_with_their_groups_and_without_a_password(super_: Writer) -> None:
    before = row(super_, "admin", MEMBER)
    groups = super_.sql("select group_id from admin_group_member where admin_id = %s order by 1", MEMBER)
    super_.done("deleteAdmin", id=MEMBER)
    super_.done("restoreAdmin", changeId=newest(super_, "admin", MEMBER, "DELETE"))
    after = row(super_, "admin", MEMBER)
    assert {key for key in before if before[key] != after[key]} <= {"password_hash", "token_version"}
    assert super_.sql("select group_id from admin_group_member where admin_id = %s order by 1", MEMBER) == groups
    assert login(super_.api, "zhousi", PASSWORD) == 400
    super_.done("setPassword", id=MEMBER, password=SHORT)
    assert login(super_.api, "zhousi", SHORT) == 200


def test_changes_of_staff_are_undone(super_: Writer) -> None:
    before = row(super_, "admin", MEMBER)
    super_.done("updateAdmin", id=MEMBER, name="改名", account="other", orgId="45", sex="MALE")
    change = newest(super_, "admin", MEMBER)
    super_.done("setAdminEnabled", id=MEMBER, isEnabled=False)
    super_.done("restoreAdmin", changeId=change)
    after = row(super_, "admin", MEMBER)
    assert {key for key in before if before[key] != after[key]} == {"token_version"}


def test_others_bring_back_only_staff_whom_they_may_write(staff: Writer, super_: Writer) -> None:
    new = staff.done("createAdmin", "admin { id }", orgId="6419", name="新人")["admin"]["id"]
    staff.done("deleteAdmin", id=new)
    change = newest(super_, "admin", new, "DELETE")
    super_.sql("insert into org_relation (business_org_id, administrative_org_id) values (15264, 6419)")
    assert staff.forbidden("restoreAdmin", changeId=change) == "ADMIN_WRITE"
    super_.sql("delete from org_relation where business_org_id = 15264 and administrative_org_id = 6419")
    staff.done("restoreAdmin", changeId=change)
    assert row(super_, "admin", new)["name"] == "新人"


@pytest.mark.parametrize("account", ["bestshi1234"])
def test_a_value_that_another_has_taken_meanwhile_keeps_staff_from_coming_back(super_: Writer, account: str) -> None:
    super_.done("deleteAdmin", id="12706")
    change = newest(super_, "admin", "12706", "DELETE")
    super_.done("createAdmin", orgId="6419", name="另一人", account=account)
    assert super_.refusals("restoreAdmin", changeId=change) == [("CONFLICT", [])]
