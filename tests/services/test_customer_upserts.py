"""Upserts of customers: whom the matching rules find (document 003, 10.1, 10.4 and 10.5), through GraphQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.clients.writes import Writer
from tests.services.customers import (
    ABSENT,
    CARD,
    FOREIGN,
    ORG,
    OTHER,
    OTHER_CARD,
    TOP,
    clerk,
    created,
    row,
    upsert_refusals,
    upserted,
)

AT_TOP = {"orgId": TOP}
IDENTITY = {"identityType": "IDENTITY_CARD", "identity": "430421199307280051"}
"""The document of customer 9867, whose check character is wrong."""


def test_the_first_rule_that_finds_a_customer_decides(staff: Writer) -> None:
    made = created(staff, name="甲", phone="1", identityType="IDENTITY_CARD", identity=CARD, fourgridId="70")["id"]
    card = {"identityType": "IDENTITY_CARD", "identity": f" {CARD} "}
    assert upserted(staff, {**AT_TOP, "id": made, "level": 1}) == [made]
    assert upserted(staff, {**AT_TOP, "fourgridId": "70", "level": 2}) == [made]
    assert upserted(staff, {**AT_TOP, **card, "level": 3}) == [made]
    assert upserted(staff, {**AT_TOP, "name": "甲", "phone": "1", "level": 4}) == [made]
    assert (row(staff, made)["level"], row(staff, made)["version"]) == (4, 5)
    assert upserted(staff, {**AT_TOP, "fourgridId": "70", "name": "乙", "phone": "2"}) == [made]
    (other,) = upserted(staff, {**AT_TOP, "name": "甲", "phone": "1"})
    assert other != made, "the name and phone number are free again"
    clash = {**AT_TOP, "fourgridId": "70", "name": "甲", "phone": "1"}
    assert upsert_refusals(staff, clash) == [("CONFLICT", ["phone"])], "two rules find two customers"


def test_a_customer_is_found_by_the_key_in_another_system(staff: Writer) -> None:
    (made,) = upserted(staff, {**AT_TOP, "source": "crm", "externalId": "a", "name": "甲"})
    assert (row(staff, made)["source"], row(staff, made)["external_id"]) == ("crm", "a")
    assert upserted(staff, {**AT_TOP, "source": "crm", "externalId": "a", "name": "乙"}) == [made]
    assert upserted(staff, {**AT_TOP, "source": "crm2", "externalId": "a", "name": "丙"}) != [made]
    assert upsert_refusals(staff, {**AT_TOP, "externalId": "a", "name": "x"}) == [("INVALID_INPUT", ["source"])]


def test_10_4_an_update_without_an_id_finds_the_customer_by_the_document(staff: Writer) -> None:
    sent = {**IDENTITY, "name": "客户51_修改", "phone": "13418770051", "orgIds": [ORG, OTHER]}
    assert upserted(staff, sent) == ["9867"], "the register holds the number already, so it is not checked again"
    unknown = {**sent, "identity": "430421199307280061", "name": "x"}
    assert upsert_refusals(staff, unknown) == [("INVALID_INPUT", ["identity"])]


@pytest.mark.parametrize("stored", ["HONG_KONG", "MACAU", "TAIWAN"])
def test_10_4_the_front_end_has_one_code_for_three_documents(staff: Writer, stored: str) -> None:
    made = created(staff, identityType=stored, identity="A123456(7)")["id"]
    assert upserted(staff, {**AT_TOP, "identityType": "HONG_KONG", "identity": "a123456（7）"}) == [made]
    assert row(staff, made)["identity_type"] == stored, "a more exact kind stays"
    assert upserted(staff, {**AT_TOP, "identityType": "TAIWAN", "identity": "A123456(7)"}) == [made]
    assert row(staff, made)["identity_type"] == "TAIWAN"


def test_10_1_the_community_leads_to_the_organisation_that_knows_the_customer(super_: Writer) -> None:
    sent = {"orgId": TOP, "fourgridId": "7", "name": "客户14-1", "phone": "13418770014", "communityId": "2"}
    assert upserted(super_, sent) == ["47000"]
    known = super_.sql("select org_id from customer_org where customer_id = 47000 order by 1")
    assert (40026,) in known
    assert upsert_refusals(super_, {**sent, "communityId": ABSENT}) == [("NOT_FOUND", ["communityId"])]
    assert upsert_refusals(super_, {**sent, "orgId": FOREIGN}) == [("INVALID_INPUT", ["orgIds"])]


def test_a_new_customer_needs_a_name_and_a_tenant(staff: Writer) -> None:
    assert upsert_refusals(staff, {**AT_TOP, "phone": "1"}) == [("INVALID_INPUT", ["name"])]
    assert upsert_refusals(staff, {"name": "x"}) == [("INVALID_INPUT", ["orgId"])]
    assert upsert_refusals(staff, {"id": ABSENT, "name": "x"}) == [("NOT_FOUND", ["id"])]
    assert upsert_refusals(staff, {"id": "9867", "orgIds": ["2"]}) == [("INVALID_INPUT", ["orgIds"])]
    assert upserted(clerk(staff, ORG), {"name": "甲", "orgIds": [ORG]}), "a caller of one tenant need not name it"


def test_two_rows_about_one_customer_are_refused(staff: Writer) -> None:
    one = {**AT_TOP, "name": "甲", "phone": "1"}
    assert upsert_refusals(staff, one, {**one, "level": 1}) == [("INVALID_INPUT", ["name"])]
    known = {**AT_TOP, "id": "9867"}
    assert upsert_refusals(staff, known, {**AT_TOP, **IDENTITY}) == [("INVALID_INPUT", ["name"])]


def test_a_hidden_customer_is_neither_changed_nor_told_of(staff: Writer) -> None:
    hidden = created(staff, name="甲", phone="1", orgIds=[OTHER], identityType="IDENTITY_CARD", identity=CARD)["id"]
    at_org, before = clerk(staff, ORG), row(staff, hidden)
    by_document = {"orgId": ORG, "identityType": "IDENTITY_CARD", "identity": CARD, "name": "乙"}
    assert upsert_refusals(at_org, by_document) == [("CONFLICT", ["identity"])]
    assert at_org.refusals("createCustomer", **by_document) == [("CONFLICT", ["identity"])]
    assert upsert_refusals(at_org, {"orgId": ORG, "name": "甲", "phone": "1"}) == [("CONFLICT", ["phone"])]
    assert upsert_refusals(at_org, {"id": hidden, "name": "x"}) == [("NOT_FOUND", ["id"])]
    assert row(staff, hidden) == before
    messages = {
        field: at_org.payload(field, **input_)["errors"][0]["message"]
        for field, input_ in (("createCustomer", by_document), ("upsertCustomers", {"customers": [by_document]}))
    }
    assert len({*messages.values()}) == 1


def test_a_clerk_of_one_tenant_never_finds_the_customers_of_another(staff: Writer, super_: Writer) -> None:
    foreign = created(super_, orgId=FOREIGN, name="甲", phone="1", identityType="IDENTITY_CARD", identity=CARD)["id"]
    (own,) = upserted(staff, {**AT_TOP, "name": "甲", "phone": "1", "identityType": "IDENTITY_CARD", "identity": CARD})
    assert own != foreign
    assert row(staff, own)["top_org_id"] == int(TOP)


def test_two_requests_with_one_new_person_make_one_record(staff: Writer) -> None:
    sent = {**AT_TOP, "name": "甲", "phone": "1", "identityType": "IDENTITY_CARD", "identity": OTHER_CARD}

    def send(_: int) -> list[str]:
        return upserted(staff, sent)

    with ThreadPoolExecutor(4) as pool:
        ids = {id_ for made in pool.map(send, range(8)) for id_ in made}
    assert len(ids) == 1
    assert staff.sql("select count(*) from customer where identity = %s", OTHER_CARD) == [(1,)]


def test_ten_times_the_customers_take_the_same_statements(staff: Writer) -> None:
    def statements(number: int) -> int:
        rows: list[dict[str, Any]] = [
            {**AT_TOP, "name": f"甲{number}-{n}", "phone": str(n), "orgIds": [ORG]} for n in range(number)
        ]
        staff.api.statements.clear()
        upserted(staff, *rows)
        upserted(staff, *rows)
        return len(staff.api.statements)

    assert statements(10) == statements(100)
