"""Synchronising organisations of another system by their keys there, through GraphQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.writes import Writer

OWN, BELOW, PART, FOREIGN = "8829", "8830", "8831", "15264"
ORGS = "orgs { id name externalId source fullName depth status version parent { id } }"


def row(key: str, **fields: Any) -> dict[str, Any]:
    return {"source": "hr", "externalId": key, **fields}


def sync(staff: Writer, *rows: dict[str, Any], **options: Any) -> dict[str, Any]:
    return staff.payload("upsertOrgs", ORGS, orgs=[*rows], **options)


def test_new_records_may_hang_below_each_other_in_any_order(staff: Writer) -> None:
    payload = sync(
        staff,
        row("c", name="C", parentExternalId="b"),
        row("a", name="A", parentId=BELOW, status="DISABLED"),
        row("b", name="B", parentExternalId="a"),
        row("d", name="D", parentExternalId="a"),
    )
    assert payload["errors"] == []
    assert [(org["fullName"], org["depth"]) for org in payload["orgs"]] == [
        ("美的集团-业务组织/美的物业/A/B/C", 4),
        ("美的集团-业务组织/美的物业/A", 2),
        ("美的集团-业务组织/美的物业/A/B", 3),
        ("美的集团-业务组织/美的物业/A/D", 3),
    ]
    codes = [code for (code,) in staff.sql("select code from org where source = 'hr' order by external_id")]
    assert [code.removeprefix(codes[0]) for code in codes] == ["", "100000000", "100000000100000000", "100000001"]
    assert staff.differences() == []


def test_known_records_change_and_move_and_what_is_left_out_stays(staff: Writer) -> None:
    sync(staff, row("a", name="A", parentId=BELOW), row("b", name="B", parentExternalId="a"))
    payload = sync(
        staff,
        row("b", name="B2", status="DISABLED"),
        row("n", name="N", parentId=OWN),
        row("a", parentExternalId="n"),
    )
    assert payload["errors"] == []
    assert [(org["fullName"], org["status"]) for org in payload["orgs"]] == [
        ("美的集团-业务组织/N/A/B2", "DISABLED"),
        ("美的集团-业务组织/N", "ENABLED"),
        ("美的集团-业务组织/N/A", "ENABLED"),
    ]
    assert staff.differences() == []
    before = staff.everything()
    again = sync(staff, row("b", name="B2", parentExternalId="a"), row("a", parentExternalId="n", name="A"))
    assert (again["errors"], staff.everything()) == ([], before)


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ([row("a", parentId=BELOW)], [("INVALID_INPUT", "name")]),
        ([row("a", name="A", parentExternalId="?")], [("INVALID_INPUT", "parentExternalId")]),
        ([row("a", name="A", parentId=FOREIGN)], [("NOT_FOUND", "parentId")]),
        ([row("a", name="A", parentId=BELOW), row("a", name="B")], [("INVALID_INPUT", "externalId")]),
        ([row("a", name="A", parentId=BELOW, parentExternalId="b")], [("INVALID_INPUT", "parentExternalId")]),
        (
            [row("a", name="A", parentExternalId="b"), row("b", name="B", parentExternalId="a")],
            [("INVALID_INPUT", "parentExternalId")] * 2,
        ),
        ([row("a", name="A", parentId=BELOW, type="ADMINISTRATIVE")], [("INVALID_INPUT", "type")]),
        ([row(" ", name="A", parentId=BELOW)], [("INVALID_INPUT", "externalId")]),
    ],
)
def test_wrong_records_are_refused_with_their_place(
    staff: Writer, rows: list[dict[str, Any]], errors: list[tuple[str, str]]
) -> None:
    before = staff.everything()
    payload = sync(staff, row("ok", name="OK", parentId=OWN), *rows)
    assert [(error["code"], error["path"][-1]) for error in payload["errors"]] == errors
    assert all(error["index"] > 0 for error in payload["errors"])
    assert (payload["orgs"], staff.everything()) == ([], before)
    assert [org["externalId"] for org in sync(staff, row("ok", name="OK", parentId=OWN), *rows, onError="SKIP")["orgs"]]
    assert staff.differences() == []


def test_known_records_do_not_move_into_each_other(staff: Writer) -> None:
    sync(staff, row("a", name="A", parentId=BELOW), row("b", name="B", parentId=BELOW))
    payload = sync(staff, row("a", parentExternalId="b"), row("b", parentExternalId="a"))
    assert [error["code"] for error in payload["errors"]] == ["INVALID_INPUT"] * 2
    payload = sync(staff, row("a", parentExternalId="n"), row("n", name="N", parentExternalId="a"))
    assert [error["code"] for error in payload["errors"]] == ["INVALID_INPUT"]
    assert staff.differences() == []


def test_two_tenants_use_the_same_keys(staff: Writer, super_: Writer) -> None:
    super_.sql("update org set source = 'hr', external_id = 'z' where id = 15264")
    sync(staff, row("z", name="Z", parentId=OWN), row("y", name="Y", parentExternalId="z"))
    assert sync(staff, row("z", name="Z2"))["errors"] == []
    assert staff.sql("select name from org where source = 'hr' order by path") == [("美的置业-业务",), ("Z2",), ("Y",)]
    flat = sync(super_, row("z", name="一"), row("x", name="X", parentExternalId="z"))
    assert [(error["code"], error["path"][-1]) for error in flat["errors"]] == [("INVALID_INPUT", "externalId")] * 2
    assert (
        sync(super_, row("x", name="X", parentId=FOREIGN), row("y", parentExternalId="x", name="外Y"))["errors"] == []
    )
    assert sync(super_, row("y", name="Y2", parentExternalId="x"))["errors"] == []
    found = "select split_part(path, '/', 1), name from org where external_id = 'y' order by path"
    assert staff.sql(found) == [(FOREIGN, "Y2"), (OWN, "Y")]
    assert staff.differences() == []


def test_a_new_top_organisation_is_a_tenant_of_its_own(super_: Writer) -> None:
    top = row("t", name="T", type="BUSINESS", parentId=None)
    sync(super_, top, row("u", name="U", parentExternalId="t"))
    assert sync(super_, top, row("u", name="U2", parentExternalId="t"))["errors"] == []
    untyped = sync(super_, row("v", name="V"), row("w", name="W", parentExternalId="v"))
    assert [(error["code"], error["path"][-1]) for error in untyped["errors"]] == [("INVALID_INPUT", "type")] * 2
    assert super_.sql("select full_name from org where source = 'hr' order by id") == [("T",), ("T/U2",)]


def test_a_top_organisation_is_the_super_administrators(staff: Writer, own_api: Api, own_url: str) -> None:
    assert staff.forbidden("upsertOrgs", orgs=[row("t", name="T", type="BUSINESS")]) == "ORG_WRITE"
    super_ = Writer(own_api, own_url, "supperadm")
    payload = sync(super_, row("t", name="T", type="BUSINESS"), row("u", name="U", parentExternalId="t"))
    assert [org["fullName"] for org in payload["orgs"]] == ["T", "T/U"]
    assert super_.differences() == []


def test_a_thousand_records_take_as_many_statements_as_a_hundred_of_as_many_levels(staff: Writer) -> None:
    numbers = []
    for size in (112, 1000):
        rows = [row("0", name="0", parentId=OWN)]
        rows += [row(str(i), name=str(i), parentExternalId=str(i // 10)) for i in range(1, size)]
        assert len(sync(staff, *rows)["orgs"]) == size
        staff.sql("delete from org where source = 'hr'")
        assert len(sync(staff, *rows)["orgs"]) == size
        numbers.append(len([sql for sql in staff.api.statements if "with held as" not in sql]))  # finds the caller
        staff.sql("delete from org where source = 'hr'")
    assert numbers[0] == numbers[1]


def test_a_key_that_a_hidden_record_of_the_tenant_has_is_refused_alone(
    own_api: Api, own_url: str, super_: Writer
) -> None:
    sync(super_, row("k", name="上", parentId=OWN))
    part = Writer(own_api, own_url, "huangrp5")
    below = row("c", name="C", parentExternalId="k")
    rows = [row("k", name="A", parentId=PART), row("b", name="B", parentId=PART), below]
    payload = sync(part, *rows, onError="SKIP")
    assert [org["name"] for org in payload["orgs"]] == ["B"]
    refused = [(error["code"], error["index"], error["path"][-1]) for error in payload["errors"]]
    assert refused == [("CONFLICT", 0, "externalId"), ("INVALID_INPUT", 2, "parentExternalId")]


def test_many_upserts_of_one_new_record_create_it_once_and_change_it(staff: Writer) -> None:
    def write(number: int) -> list[Any]:
        return list(sync(staff, row("same", name=f"N{number}", parentId=BELOW))["errors"])

    with ThreadPoolExecutor(8) as writers:
        assert [*writers.map(write, range(16))] == [[]] * 16
    assert staff.sql("select version from org where external_id = 'same'") == [(16,)]
    assert staff.differences() == []
