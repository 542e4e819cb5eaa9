"""Groups of staff and their members (document 003, sections 8 and 9), through GraphQL."""

from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.writes import Writer
from tests.services.test_admin import ABSENT
from tests.services.test_restore import newest, row

ORG, FOREIGN, ADMINISTRATIVE = "8831", "15264", "6419"
GROUP, EMPTY, FULL = "8830", "9321", "9322"
MEMBER, STRANGER = "8843", "15678"


def test_8_2_groups_are_created_together_or_none(staff: Writer) -> None:
    groups = [{"orgId": ORG, "name": name} for name in ("一组", "二组")]
    made = staff.done("createAdminGroups", "adminGroups { name org { id } adminCount hasAdmins }", adminGroups=groups)
    assert made["adminGroups"] == [
        {"name": each["name"], "org": {"id": ORG}, "adminCount": 0, "hasAdmins": False} for each in groups
    ]
    again = [{"orgId": ORG, "name": "三组"}, groups[0]]
    assert staff.refusals("createAdminGroups", adminGroups=again) == [("CONFLICT", ["adminGroups", "1", "name"])]
    twice = [{"orgId": ORG, "name": "三组"}] * 2
    assert len(staff.refusals("createAdminGroups", adminGroups=twice)) == 2
    staff.done("createAdminGroup", orgCode="901", name="一组")  # another organisation
    both = [{**groups[0], "reuse": True}, {"orgId": ORG, "name": "四组", "reuse": True}]
    reused = staff.done("createAdminGroups", "adminGroups { name version }", adminGroups=both)["adminGroups"]
    assert reused == [{"name": "一组", "version": 1}, {"name": "四组", "version": 1}]


@pytest.mark.parametrize(
    ("input_", "refusal"),
    [
        ({"orgId": FOREIGN}, ("NOT_FOUND", ["orgId"])),
        ({"orgId": ABSENT}, ("NOT_FOUND", ["orgId"])),
        ({"orgId": ADMINISTRATIVE}, ("INVALID_INPUT", ["orgId"])),
        ({"orgCode": "100000012"}, ("NOT_FOUND", ["orgCode"])),
        ({}, ("INVALID_INPUT", ["orgId"])),
        ({"orgId": ORG, "name": " "}, ("INVALID_INPUT", ["name"])),
    ],
)
def test_8_2_a_wrong_group_is_refused(staff: Writer, input_: dict[str, Any], refusal: Any) -> None:
    assert staff.refusals("createAdminGroup", **{"name": "组", **input_}) == [refusal]


def test_8_3_a_group_gets_another_name_and_stays_in_its_organisation(staff: Writer) -> None:
    staff.done("updateAdminGroup", id=EMPTY, name="改名", orgId=ORG)
    assert row(staff, "admin_group", EMPTY)["name"] == "改名"
    assert staff.refusals("updateAdminGroup", id=EMPTY, orgId="8829") == [("INVALID_INPUT", ["orgId"])]
    taken = "产业技术研究部_组010"
    assert staff.refusals("updateAdminGroup", id=EMPTY, name=taken) == [("CONFLICT", ["name"])]
    staff.done("restoreAdminGroup", changeId=newest(staff, "admin_group", EMPTY))
    assert row(staff, "admin_group", EMPTY)["name"] == "产业技术研究部_组009"


def test_8_4_only_a_group_without_members_is_deleted_and_comes_back(staff: Writer) -> None:
    (error,) = staff.payload("deleteAdminGroup", id=FULL)["errors"]
    assert (error["code"], error["message"]) == ("IN_USE", "the group has members; remove them first")
    staff.done("deleteAdminGroup", id=EMPTY)
    staff.done("restoreAdminGroup", changeId=newest(staff, "admin_group", EMPTY, "DELETE"))
    assert row(staff, "admin_group", EMPTY)["org_id"] == int(ORG)


def test_9_4_staff_join_a_group_once(staff: Writer) -> None:
    selection = "adminGroupMembers { id groupId adminId version }"
    first = staff.done("addAdminGroupMembers", selection, groupId=GROUP, adminIds=[MEMBER, "9160"])["adminGroupMembers"]
    assert [each["adminId"] for each in first] == [MEMBER, "9160"]
    assert first[0]["id"] == "8934"  # was there before
    again = staff.done("addAdminGroupMembers", selection, groupId=GROUP, adminIds=["9160", MEMBER])["adminGroupMembers"]
    assert again == first[::-1]


@pytest.mark.parametrize(
    ("input_", "refusal"),
    [
        ({"groupId": ABSENT}, ("NOT_FOUND", ["groupId"])),
        ({"adminIds": []}, ("INVALID_INPUT", ["adminIds"])),
        ({"adminIds": [MEMBER, STRANGER]}, ("NOT_FOUND", ["adminIds"])),
        ({"adminIds": ["3"]}, ("INVALID_INPUT", ["adminIds"])),
    ],
)
def test_9_4_only_staff_who_serve_the_organisation_join(staff: Writer, input_: dict[str, Any], refusal: Any) -> None:
    assert staff.refusals("addAdminGroupMembers", **{"groupId": GROUP, "adminIds": [MEMBER], **input_}) == [refusal]


def test_9_2_members_leave_and_come_back(staff: Writer) -> None:
    assert staff.done("removeAdminGroupMembers", "deletedIds", ids=["8934"])["deletedIds"] == ["8934"]
    assert staff.refusals("removeAdminGroupMembers", ids=["8934"]) == [("NOT_FOUND", ["ids"])]
    assert staff.refusals("removeAdminGroupMembers", ids=[]) == [("INVALID_INPUT", ["ids"])]
    staff.done("restoreAdminGroupMember", changeId=newest(staff, "admin_group_member", "8934", "DELETE"))
    assert row(staff, "admin_group_member", "8934")["admin_id"] == int(MEMBER)


def test_groups_above_the_own_organisation_are_only_read(own_api: Api, own_url: str) -> None:
    huang = Writer(own_api, own_url, "huangrp5")  # administrator of 8831
    huang.done("updateAdminGroup", id=EMPTY, name="改名")
    assert huang.refusals("updateAdminGroup", id=GROUP, name="改名") == [("NOT_FOUND", ["id"])]
    assert huang.refusals("createAdminGroup", orgId="8829", name="组") == [("NOT_FOUND", ["orgId"])]
