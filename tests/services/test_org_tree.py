"""Creating, moving, enabling and deleting organisations (document 003, 3.1, 3.2 and 3.14), through GraphQL."""

from typing import Any

import pytest

from app.services.org import USES
from app.services.uses import Use
from tests.clients.writes import Writer

OWN, BELOW, DEEP, ADMINISTRATIVE, FOREIGN, ABSENT = "8829", "8830", "8831", "6419", "15264", "999999999"
"""A top organisation of yanggc4, two below it, an administrative one, another tenant's, and none."""

ORG = "org { id name code path fullName depth type administrativeSubType businessSubType status version createdBy }"


def test_3_1_a_new_organisation_gets_the_next_code_and_the_type_of_its_parent(staff: Writer) -> None:
    first = staff.done("createOrg", ORG, name="新\u0301", parentId=BELOW)["org"]
    second = staff.done("createOrg", ORG, name="b", parentId=BELOW, businessSubType="NON_PROJECT", status="DISABLED")[
        "org"
    ]
    assert int(second.pop("code")) == int(first.pop("code")) + 1
    assert first == {
        "id": first["id"], "name": "新\u0301", "path": f"{OWN}/{BELOW}/{first['id']}/", "depth": 2,
        "fullName": "美的集团-业务组织/美的物业/新\u0301", "type": "BUSINESS", "administrativeSubType": None,
        "businessSubType": "PROJECT", "status": "ENABLED", "version": 1, "createdBy": "yanggc4",
    }  # fmt: skip
    assert (second["businessSubType"], second["status"]) == ("NON_PROJECT", "DISABLED")
    assert staff.differences() == []


def test_3_1_a_number_is_never_given_twice(staff: Writer) -> None:
    codes = []
    for _ in range(3):
        made = staff.done("createOrg", ORG, name="x", parentId=BELOW)["org"]
        codes.append(made["code"])
        staff.done("deleteOrg", "deletedIds", id=made["id"], expectedVersion=1)
    assert len(set(codes)) == 3
    assert codes == sorted(codes)


@pytest.mark.parametrize(
    ("input_", "refusal"),
    [
        ({"name": "x", "parentId": FOREIGN}, ("NOT_FOUND", ["parentId"])),
        ({"name": "x", "parentId": ABSENT}, ("NOT_FOUND", ["parentId"])),
        ({"name": "x", "parentId": BELOW, "type": "ADMINISTRATIVE"}, ("INVALID_INPUT", ["type"])),
        (
            {"name": "x", "parentId": BELOW, "administrativeSubType": "INTERNAL"},
            ("INVALID_INPUT", ["administrativeSubType"]),
        ),
        ({"name": " ", "parentId": BELOW}, ("INVALID_INPUT", ["name"])),
        ({"name": "x", "parentId": "0"}, ("INVALID_INPUT", ["parentId"])),
    ],
)
def test_3_1_a_wrong_new_organisation_is_refused(staff: Writer, input_: dict[str, Any], refusal: Any) -> None:
    assert staff.refusals("createOrg", **input_) == [refusal]


@pytest.mark.parametrize("input_", [{"type": "BUSINESS"}, {"parentId": ADMINISTRATIVE}, {"type": "ADMINISTRATIVE"}])
def test_18_1_only_the_super_administrator_creates_top_and_administrative_organisations(
    staff: Writer, super_: Writer, input_: dict[str, str]
) -> None:
    assert staff.forbidden("createOrg", name="x", **input_) == "ORG_WRITE"
    made = super_.done("createOrg", ORG, name="x", **input_)["org"]
    assert made["path"].endswith(f"{made['id']}/")
    assert super_.differences() == []


def test_3_1_a_top_organisation_needs_a_type(super_: Writer) -> None:
    assert super_.refusals("createOrg", name="x") == [("INVALID_INPUT", ["type"])]


def test_3_1_a_thousand_organisations_take_as_many_statements_as_one(staff: Writer) -> None:
    numbers = []
    staff.done("createOrg", ORG, name="x", parentId=OWN)  # the caller is found once
    for count in (1, 1000):
        orgs = [{"name": f"n{i}", "parentId": BELOW if i % 2 else OWN} for i in range(count)]
        payload = staff.done("createOrgs", "orgs { id code fullName parent { id } }", orgs=orgs)
        assert [each["fullName"].rsplit("/", 1)[1] for each in payload["orgs"]] == [org["name"] for org in orgs]
        numbers.append(len(staff.api.statements))
    assert numbers[0] == numbers[1]
    assert staff.differences() == []


def test_a_bulk_mutation_is_all_or_nothing_and_names_the_wrong_records(staff: Writer) -> None:
    orgs = [{"name": "a", "parentId": OWN}, {"name": "\u0007", "parentId": OWN}, {"name": "c", "parentId": FOREIGN}]
    before = staff.everything()
    payload = staff.payload("createOrgs", "orgs { id }", orgs=orgs)
    assert payload["orgs"] == []
    assert [(error["index"], error["path"]) for error in payload["errors"]] == [
        (1, ["input", "orgs", "1", "name"]),
        (2, ["input", "orgs", "2", "parentId"]),
    ]
    assert staff.everything() == before


def test_a_bulk_mutation_skips_wrong_records_on_request(staff: Writer) -> None:
    orgs = [{"name": "a", "parentId": OWN}, {"name": "", "parentId": OWN}, {"name": "c", "parentId": FOREIGN}]
    payload = staff.payload(
        "createOrgs", "orgs { name }", orgs=[*orgs, {"name": "d", "parentId": BELOW}], onError="SKIP"
    )
    assert [each["name"] for each in payload["orgs"]] == ["a", "d"]
    assert [error["index"] for error in payload["errors"]] == [1, 2]
    assert staff.differences() == []


def test_a_dry_run_answers_as_usual_and_writes_nothing(staff: Writer) -> None:
    before = staff.everything()
    payload = staff.done("createOrgs", "orgs { fullName }", orgs=[{"name": "dry", "parentId": BELOW}], dryRun=True)
    assert payload["orgs"] == [{"fullName": "美的集团-业务组织/美的物业/dry"}]
    staff.done("createOrgs", orgs=[{"name": "dry", "parentId": BELOW}], dryRun=True)
    assert any('insert into "org"' in sql for sql in staff.api.statements)  # also when the payload reads no record
    assert staff.everything() == before
    assert staff.payload("createOrgs", orgs=[{"name": "", "parentId": BELOW}], dryRun=True)["errors"] != []


@pytest.mark.parametrize(("count", "code"), [(1001, "LIST_TOO_LONG"), (0, None)])
def test_a_bulk_mutation_takes_up_to_a_thousand_records(staff: Writer, count: int, code: str | None) -> None:
    answer = staff.answer("createOrgs", "orgs { id }", {"orgs": [{"name": "x", "parentId": OWN}] * count})
    found = answer["errors"][0]["extensions"]["code"] if "errors" in answer else None
    assert found == code


def test_3_2_a_moved_organisation_takes_its_subtree_and_its_spaces_along(staff: Writer) -> None:
    target = staff.done("createOrg", ORG, name="target", parentId=OWN)["org"]
    below = staff.sql("select count(*) from org where path ^@ %s", f"{OWN}/{BELOW}/")[0][0]
    spaces = staff.sql("select count(*) from space where org_path ^@ %s", f"{OWN}/{BELOW}/")[0][0]
    moved = staff.done("moveOrg", ORG, id=BELOW, parentId=target["id"], expectedVersion=1)["org"]
    path = f"{target['path']}{BELOW}/"
    assert (moved["path"], moved["code"][:-9], moved["version"]) == (path, target["code"], 2)
    assert moved["fullName"] == "美的集团-业务组织/target/美的物业"
    assert staff.sql("select count(*), max(version) from org where path ^@ %s", path) == [(below, 2)]
    assert staff.sql("select count(*) from space where org_path ^@ %s", path) == [(spaces,)]
    assert (below > 1, spaces > 1, staff.differences()) == (True, True, [])


@pytest.mark.parametrize(
    ("id_", "parent", "refusal"),
    [
        (BELOW, BELOW, ("INVALID_INPUT", ["parentId"])),
        (OWN, BELOW, ("INVALID_INPUT", ["parentId"])),
        (BELOW, "2", ("INVALID_INPUT", ["parentId"])),  # another tenant of the same administrator
        (BELOW, FOREIGN, ("NOT_FOUND", ["parentId"])),
        (BELOW, ABSENT, ("NOT_FOUND", ["parentId"])),
        (FOREIGN, OWN, ("NOT_FOUND", ["id"])),
    ],
)
def test_3_2_a_move_that_would_break_the_tree_is_refused(staff: Writer, id_: str, parent: str, refusal: Any) -> None:
    assert staff.refusals("moveOrg", id=id_, parentId=parent) == [refusal]


def test_3_2_an_organisation_stays_in_the_tree_of_its_type(super_: Writer) -> None:
    assert super_.refusals("moveOrg", id=BELOW, parentId=ADMINISTRATIVE) == [("INVALID_INPUT", ["type"])]


def test_3_2_a_move_to_the_same_parent_is_no_change(staff: Writer) -> None:
    before = staff.everything()
    staff.done("moveOrg", ORG, id=BELOW, parentId=OWN)
    assert staff.everything() == before


def test_status_is_of_the_organisation_alone(staff: Writer) -> None:
    org = staff.done("setOrgStatus", ORG, id=OWN, status="DISABLED", expectedVersion=1)["org"]
    assert (org["status"], org["version"]) == ("DISABLED", 2)
    assert staff.sql("select distinct status from org where parent_id = %s", OWN) == [("ENABLED",)]
    assert staff.refusals("setOrgStatus", id=OWN, status="ENABLED", expectedVersion=1) == [
        ("CONFLICT", ["expectedVersion"])
    ]


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.table}.{use.column}")
def test_3_14_an_organisation_that_is_needed_is_not_deleted(super_: Writer, use: Use) -> None:
    rows = super_.sql(f"select {use.column} from {use.table} where {use.column} is not null order by 1 limit 1")
    payload = super_.payload("deleteOrg", "deletedIds", id=str(rows[0][0]))
    assert [error["code"] for error in payload["errors"]] == ["IN_USE"]
    assert payload["deletedIds"] == []


def test_3_14_every_table_that_refers_to_organisations_keeps_them_from_being_deleted(super_: Writer) -> None:
    query = (
        "select c.conrelid::regclass::text, a.attname from pg_constraint c"
        " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]"
        " where c.confrelid = 'org'::regclass and cardinality(c.conkey) = 1"
    )
    assert {tuple(row) for row in super_.sql(query)} == {(use.table, use.column) for use in USES}


def test_3_14_an_unused_organisation_is_deleted(staff: Writer) -> None:
    id_ = staff.done("createOrg", ORG, name="x", parentId=BELOW)["org"]["id"]
    assert staff.refusals("deleteOrg", id=id_, expectedVersion=7) == [("CONFLICT", ["expectedVersion"])]
    assert staff.done("deleteOrg", "deletedIds", id=id_, expectedVersion=1)["deletedIds"] == [id_]
    assert staff.refusals("deleteOrg", id=id_) == [("NOT_FOUND", ["id"])]


def test_a_tree_has_at_most_fifty_levels(staff: Writer) -> None:
    parent = OWN
    for _ in range(49):
        parent = staff.done("createOrg", "org { id }", name="x", parentId=parent)["org"]["id"]
    assert staff.refusals("createOrg", name="x", parentId=parent) == [("INVALID_INPUT", ["parentId"])]
