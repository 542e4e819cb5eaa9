"""Creating, changing, moving and synchronising spaces (document 003, 4.1, 4.9 and 4.14), through GraphQL."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.models.space import PARENT_TYPES, SpaceType
from tests.clients.api import Api
from tests.clients.writes import Writer
from tests.databases import ROOT
from tests.worlds.spaces import COMMUNITY, OTHER_ORG, SPACE, building, made

ORG, FOREIGN_ORG, ABSENT = "10454", "16432", "999999999"
"""A project organisation of yanggc4 below 8829, as OTHER_ORG is, another tenant's, and none."""
FOREIGN_COMMUNITY = "22234"
"""A community of another tenant."""


def test_5a_the_demo_world_and_the_generated_data_fit_the_table_of_parents() -> None:
    rows = json.loads((ROOT / "app" / "demo" / "space.json").read_text("utf-8"))
    types: Mapping[int, SpaceType] = {row["id"]: SpaceType[row["type"]] for row in rows}
    wrong = [
        row["id"]
        for row in rows
        if (types[row["parent_id"]] if row.get("parent_id") else None) not in PARENT_TYPES[types[row["id"]]]
    ]
    assert wrong == []
    assert PARENT_TYPES.keys() == set(SpaceType)


def test_4_1_a_new_space_gets_its_code_community_and_owner_from_above(staff: Writer) -> None:
    community = made(staff, name="园", type="COMMUNITY", orgId=ORG)
    assert (community["path"], community["depth"], community["communityId"]) == (
        f"{community['id']}/",
        0,
        community["id"],
    )
    assert (community["orgId"], community["businessType"], community["createdBy"]) == (ORG, "RESIDENTIAL", "yanggc4")
    house = made(staff, type="HOUSE", parentId=community["id"], area="80.50", feeArea="75", status="DISABLED")
    assert house == {
        "id": house["id"], "name": "x", "code": community["code"] + "100000000",
        "path": f"{community['path']}{house['id']}/",
        "fullName": "园/x", "depth": 1, "type": "HOUSE", "status": "DISABLED", "businessType": None, "area": "80.50",
        "feeArea": "75.00", "version": 1, "createdBy": "yanggc4", "communityId": community["id"], "orgId": ORG,
        "parentId": community["id"],
    }  # fmt: skip
    nested = made(staff, type="COMMUNITY", parentId=community["id"])
    assert (nested["communityId"], nested["orgId"]) == (nested["id"], ORG)
    assert staff.differences() == []


WRONG: list[tuple[dict[str, Any], tuple[str, list[str]]]] = [
    ({"type": "COMMUNITY"}, ("INVALID_INPUT", ["orgId"])),
    ({"type": "COMMUNITY", "orgId": FOREIGN_ORG}, ("NOT_FOUND", ["orgId"])),
    ({"type": "COMMUNITY", "orgId": ABSENT}, ("NOT_FOUND", ["orgId"])),
    ({"type": "COMMUNITY", "orgId": "6419"}, ("NOT_FOUND", ["orgId"])),  # an administrative organisation
    ({"type": "COMMUNITY", "orgId": "8830"}, ("INVALID_INPUT", ["orgId"])),  # no project
    ({"type": "COMMUNITY", "orgId": "40021", "parentId": COMMUNITY}, ("INVALID_INPUT", ["orgId"])),  # another tenant
    ({"type": "HOUSE"}, ("INVALID_INPUT", ["type"])),
    ({"type": "HOUSE", "parentId": FOREIGN_COMMUNITY}, ("NOT_FOUND", ["parentId"])),
    ({"type": "HOUSE", "parentId": ABSENT}, ("NOT_FOUND", ["parentId"])),
    ({"type": "HOUSE", "parentId": COMMUNITY, "orgId": ORG}, ("INVALID_INPUT", ["orgId"])),
    ({"type": "HOUSE", "parentId": COMMUNITY, "businessType": "VILLA"}, ("INVALID_INPUT", ["businessType"])),
    ({"type": "HOUSE", "parentId": COMMUNITY, "area": "-0.01"}, ("INVALID_INPUT", ["area"])),
    ({"type": "HOUSE", "parentId": COMMUNITY, "area": "1e12"}, ("INVALID_INPUT", ["area"])),
    ({"type": "HOUSE", "parentId": COMMUNITY, "area": "0.001"}, ("INVALID_INPUT", ["area"])),
    ({"type": "HOUSE", "parentId": COMMUNITY, "area": f"1.{'0' * 30}1"}, ("INVALID_INPUT", ["area"])),
    ({"type": "HOUSE", "parentId": COMMUNITY, "feeArea": "9" * 100}, ("INVALID_INPUT", ["feeArea"])),
    ({"type": "HOUSE", "parentId": COMMUNITY, "name": "\u200b \u3164"}, ("INVALID_INPUT", ["name"])),
    ({"type": "HOUSE", "parentId": COMMUNITY, "name": "\t"}, ("INVALID_INPUT", ["name"])),
]


@pytest.mark.parametrize(("input_", "refusal"), WRONG)
def test_4_1_a_wrong_new_space_is_refused(staff: Writer, input_: dict[str, Any], refusal: Any) -> None:
    assert staff.refusals("createSpace", **{"name": "x", **input_}) == [refusal]


@pytest.mark.parametrize(
    ("type_", "parent"), [("ZONE", "HOUSE"), ("UNIT", "HOUSE"), ("COMMUNITY", "BUILDING"), ("PARK", "UNIT")]
)
def test_5a_a_space_lies_only_below_a_fitting_type(staff: Writer, type_: str, parent: str) -> None:
    parents = {space["type"]: space["id"] for space in building(staff)}
    org = {"orgId": ORG} if type_ == "COMMUNITY" else {}
    assert staff.refusals("createSpace", name="x", type=type_, parentId=parents[parent], **org) == [
        ("INVALID_INPUT", ["type"])
    ]


def test_4_1_a_space_needs_the_capability_of_its_owner(own_api: Api, own_url: str) -> None:
    for account in ("lisi", "wangwu"):
        other = Writer(own_api, own_url, account)
        answer = other.answer("createSpace", "", {"name": "x", "type": "HOUSE", "parentId": COMMUNITY})
        assert answer["errors"][0]["extensions"] == {"code": "FORBIDDEN", "capability": "SPACE_WRITE"}


def test_4_14_a_thousand_spaces_take_as_many_statements_as_one(staff: Writer) -> None:
    floor, numbers = building(staff)[2]["id"], []
    selection = "spaces { id name fullName code type status depth parentId parent { id name } }"
    for count in (1, 1000):
        spaces = [{"name": f"{i}", "type": "HOUSE", "parentId": floor} for i in range(count)]
        payload = staff.done("createSpaces", selection, spaces=spaces)
        assert [space["name"] for space in payload["spaces"]] == [space["name"] for space in spaces]
        numbers.append(len(staff.api.statements))
    assert numbers[0] == numbers[1]
    assert staff.differences() == []


def test_4_9_a_new_name_changes_the_full_names_below(staff: Writer) -> None:
    top, *_, house = building(staff)
    renamed = staff.done("updateSpace", SPACE, id=top["id"], expectedVersion=1, name="甲", area="12.5000")["space"]
    assert (renamed["fullName"].rsplit("/", 1)[1], renamed["area"], renamed["version"]) == ("甲", "12.50", 2)
    assert staff.sql("select full_name ~ '/甲/unit/floor/house$', version from space where id = %s", house["id"]) == [
        (True, 1)
    ]
    assert staff.refusals("updateSpace", id=top["id"], expectedVersion=1, name="乙") == [
        ("CONFLICT", ["expectedVersion"])
    ]
    assert staff.refusals("updateSpace", id=top["id"], businessType="VILLA") == [("INVALID_INPUT", ["businessType"])]
    assert staff.refusals("updateSpace", id=FOREIGN_COMMUNITY, name="x") == [("NOT_FOUND", ["id"])]
    assert staff.differences() == []


def test_4_9_a_moved_space_takes_its_subtree_to_another_owner(staff: Writer) -> None:
    other = made(staff, name="园", type="COMMUNITY", orgId=OTHER_ORG)
    top, *_, house = building(staff)
    moved = staff.done("moveSpace", SPACE, id=top["id"], parentId=other["id"], expectedVersion=1)["space"]
    assert (moved["communityId"], moved["orgId"], moved["fullName"]) == (other["id"], OTHER_ORG, "园/building")
    query = (
        "select community_id::text, org_id::text, code ^@ %s, version, updated_at > created_at from space where id = %s"
    )
    assert staff.sql(query, moved["code"], house["id"]) == [(other["id"], OTHER_ORG, True, 1, True)]
    assert staff.differences() == []


def test_4_9_a_move_that_would_break_the_tree_is_refused(staff: Writer) -> None:
    top, unit, floor, house = building(staff)
    other_tenant = made(staff, type="COMMUNITY", orgId="40021")
    for id_, parent, refusal in (
        (top["id"], floor["id"], ("INVALID_INPUT", ["parentId"])),
        (unit["id"], unit["id"], ("INVALID_INPUT", ["parentId"])),
        (unit["id"], house["id"], ("INVALID_INPUT", ["parentId"])),
        (unit["id"], None, ("INVALID_INPUT", ["parentId"])),
        (top["id"], other_tenant["id"], ("INVALID_INPUT", ["parentId"])),
        (top["id"], FOREIGN_COMMUNITY, ("NOT_FOUND", ["parentId"])),
    ):
        assert staff.refusals("moveSpace", id=id_, parentId=parent) == [refusal]
    answer = staff.payload("moveSpace", id=unit["id"])
    assert [(error["code"], error["path"]) for error in answer["errors"]] == [("INVALID_INPUT", ["input", "parentId"])]


def test_4_1_a_community_without_a_project_belongs_to_the_top_organisation(staff: Writer) -> None:
    project = staff.done("createOrg", "org { id }", name="p", parentId=ORG, businessSubType="PROJECT")["org"]["id"]
    assert made(staff, type="COMMUNITY", topOrgId=project)["orgId"] == "8829"
    assert made(staff, type="COMMUNITY", topOrgId="8829", orgId=ORG)["orgId"] == ORG
    assert made(staff, type="COMMUNITY", topOrgId="8829", parentId=COMMUNITY)["orgId"] == ORG
    values = {"name": "x", "type": "COMMUNITY"}
    assert staff.refusals("createSpace", **values) == [("INVALID_INPUT", ["orgId"])]
    assert staff.refusals("createSpace", topOrgId=FOREIGN_ORG, **values) == [("NOT_FOUND", ["topOrgId"])]
    assert staff.refusals("createSpace", topOrgId=ABSENT, **values) == [("NOT_FOUND", ["topOrgId"])]
    assert staff.differences() == []


def test_4_9_a_sent_type_must_be_the_stored_one(staff: Writer) -> None:
    changed = staff.done("updateSpace", SPACE, id=COMMUNITY, type="COMMUNITY", name="n")["space"]
    assert (changed["name"], changed["type"]) == ("n", "COMMUNITY")
    assert staff.refusals("updateSpace", id=COMMUNITY, type="HOUSE", name="m") == [("INVALID_INPUT", ["type"])]


def test_4_9_only_communities_have_an_organisation_to_be_taken_away(staff: Writer) -> None:
    *_, house = building(staff)
    related = staff.done("setCommunityOrg", SPACE, id=house["id"], orgId=None)["space"]
    assert (related["orgId"], related["version"]) == (ORG, house["version"])


def test_4_14_spaces_are_changed_and_moved_together(staff: Writer) -> None:
    one, other = building(staff)[0], building(staff)[0]
    rows = [{"id": one["id"], "name": "a"}, {"id": other["id"], "name": "b"}]
    changed = staff.done("updateSpaces", "spaces { id name }", spaces=rows)["spaces"]
    assert changed == rows
    zone = made(staff, name="z", type="ZONE", parentId=COMMUNITY)["id"]
    moves = [{"id": row["id"], "parentId": zone} for row in rows]
    moved = staff.done("moveSpaces", "spaces { id parentId fullName }", spaces=moves)["spaces"]
    assert [(row["parentId"], row["fullName"].rsplit("/", 2)[1:]) for row in moved] == [
        (zone, ["z", "a"]), (zone, ["z", "b"]),
    ]  # fmt: skip
    wrong = [{"id": one["id"], "name": "c"}, {"id": FOREIGN_COMMUNITY, "name": "c"}]
    assert staff.refusals("updateSpaces", spaces=wrong) == [("NOT_FOUND", ["spaces", "1", "id"])]
    assert staff.differences() == []


def test_4_9_a_nested_community_may_move_to_the_top(staff: Writer) -> None:
    nested = made(staff, type="COMMUNITY", parentId=COMMUNITY)
    house = made(staff, type="HOUSE", parentId=nested["id"])
    moved = staff.done("moveSpace", SPACE, id=nested["id"], parentId=None)["space"]
    assert (moved["path"], moved["depth"], moved["fullName"], moved["orgId"]) == (f"{nested['id']}/", 0, "x", ORG)
    assert staff.sql("select full_name from space where id = %s", house["id"]) == [("x/x",)]
    assert staff.differences() == []


def test_4_9_another_owner_of_a_community_is_carried_to_all_its_spaces(staff: Writer, super_: Writer) -> None:
    nested = made(staff, type="COMMUNITY", parentId=COMMUNITY, orgId=OTHER_ORG)
    *_, house = building(staff)
    third = staff.done("createOrg", "org { id path }", name="p", parentId="8829")["org"]
    related = staff.done("setCommunityOrg", SPACE, id=COMMUNITY, orgId=third["id"])["space"]
    assert related["orgId"] == third["id"]
    owners = "select org_id::text, org_path from space where id = any(%s::bigint[]) order by id"
    assert staff.sql(owners, [nested["id"], house["id"]]) == [
        (OTHER_ORG, f"8829/10455/{OTHER_ORG}/"),
        (third["id"], third["path"]),
    ]
    assert staff.refusals("setCommunityOrg", id=house["id"], orgId=ORG) == [("INVALID_INPUT", ["id"])]
    assert staff.refusals("setCommunityOrg", id=COMMUNITY, orgId="40021") == [("INVALID_INPUT", ["orgId"])]
    assert staff.refusals("setCommunityOrg", id=COMMUNITY, orgId=FOREIGN_ORG) == [("NOT_FOUND", ["orgId"])]
    assert staff.forbidden("setCommunityOrg", id=COMMUNITY, orgId=None) == "SPACE_WRITE"
    assert super_.done("setCommunityOrg", SPACE, id=COMMUNITY, orgId=None)["space"]["orgId"] is None
    assert super_.done("setCommunityOrg", SPACE, id=COMMUNITY, orgId=ORG)["space"]["orgId"] == ORG
    assert staff.differences() == []


def test_a_moved_organisation_carries_the_paths_of_its_spaces(staff: Writer) -> None:
    target = staff.done("createOrg", "org { id path }", name="p", parentId="8829")["org"]
    house = building(staff)[-1]["id"]
    staff.done("moveOrg", "org { id }", id=ORG, parentId=target["id"])
    assert staff.sql("select org_path from space where id = %s", house) == [(f"{target['path']}{ORG}/",)]
    assert staff.done("updateSpace", SPACE, id=house, name="after")["space"]["name"] == "after"
    assert staff.differences() == []


def test_spaces_of_another_system_are_synchronised(staff: Writer) -> None:
    selection = "spaces { id fullName orgId communityId status area }"
    key = {"source": "4g"}
    rows = [
        {**key, "externalId": "c", "name": "园", "type": "COMMUNITY", "orgId": ORG},
        {**key, "externalId": "h", "name": "房", "type": "HOUSE", "parentExternalId": "b", "area": "9.5"},
        {**key, "externalId": "b", "name": "栋", "type": "BUILDING", "parentExternalId": "c"},
    ]
    first = staff.done("upsertSpaces", selection, spaces=rows)["spaces"]
    assert [space["fullName"] for space in first] == ["园", "园/栋/房", "园/栋"]
    assert {space["orgId"] for space in first} == {ORG}
    rows[1] = {**key, "externalId": "h", "parentExternalId": "c", "status": "DISABLED"}
    second = staff.done("upsertSpaces", selection, spaces=rows)["spaces"]
    assert [(space["id"], space["fullName"]) for space in second] == [
        (first[0]["id"], "园"), (first[1]["id"], "园/房"), (first[2]["id"], "园/栋"),
    ]  # fmt: skip
    assert (second[1]["status"], second[1]["area"]) == ("DISABLED", "9.50")
    wrong = [
        {**key, "externalId": "z", "name": "z", "type": "ZONE", "parentExternalId": "h"},
        {**key, "externalId": "y"},
    ]
    payload = staff.payload("upsertSpaces", selection, spaces=wrong)
    assert [(error["index"], error["path"][-1]) for error in payload["errors"]] == [(0, "type"), (1, "type")]
    assert staff.differences() == []
