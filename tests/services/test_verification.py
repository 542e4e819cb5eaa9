"""Claims on properties and the decisions on them (document 003, 12.3 and 12.4), through GraphQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.writes import Writer

HOUSE, VERIFIED_HOUSE, PARKING, COMMUNITY = "41017", "10468", "41024", "13702"
CUSTOMER, OTHER, VERIFIED, FOREIGN_CUSTOMER, FOREIGN_HOUSE, ABSENT = (
    "9867",
    "9146",
    "9148",
    "47001",
    "41078",
    "999999999",
)
APPROVED, FOREIGN = "11266", "49002"
CLAIM = """verification { id type status channel tenure customerId spaceId propertyRelationId identity reviewerAccount
  reviewerName reviewedAt submittedFrom version propertyRelation { tenure housingStatus isMain } }"""


def added(writer: Writer, space: str = HOUSE, customer: str = CUSTOMER, **values: Any) -> dict[str, Any]:
    payload = writer.done("addVerification", CLAIM, spaceId=space, customerId=customer, **values)
    claim: dict[str, Any] = payload["verification"]
    return claim


def pending(writer: Writer, space: str = HOUSE, customer: str | None = CUSTOMER, tenure: str = "OWNER") -> str:
    """Let an app user claim a property, as the app's own service does."""
    ((id_,),) = writer.sql(
        "insert into verification (type, space_id, customer_id, tenure, status, app_user_id, app_user_name,"
        " app_user_phone) values ('HOUSE', %s, %s, %s, 'PENDING', 7, 'app', '13900000007') returning id",
        space, customer, tenure,
    )  # fmt: skip
    return str(id_)


def reviewed(writer: Writer, id_: str, status: str = "APPROVED", **values: Any) -> dict[str, Any]:
    payload = writer.done("reviewVerification", CLAIM, id=id_, status=status, **values)
    claim: dict[str, Any] = payload["verification"]
    return claim


def log_of(writer: Writer, relation: str) -> list[str]:
    query = "select housing_status from housing_record where property_relation_id = %s order by id"
    return [row[0] for row in writer.sql(query, relation)]


def test_12_3_a_claim_of_the_back_office_is_approved_and_makes_the_relation(staff: Writer) -> None:
    claim = added(staff, identity="430421199307280051")
    assert claim["reviewedAt"]
    shown = claim.keys() - {"id", "reviewedAt", "propertyRelationId", "identity"}
    assert {name: claim[name] for name in shown} == {
        "type": "HOUSE", "status": "APPROVED", "channel": "BACK_OFFICE", "tenure": "OWNER", "customerId": CUSTOMER,
        "spaceId": HOUSE, "reviewerAccount": "yanggc4", "reviewerName": "杨观超", "submittedFrom": 2, "version": 1,
        "propertyRelation": {"tenure": "OWNER", "housingStatus": "LIVING_IN", "isMain": False},
    }  # fmt: skip
    assert log_of(staff, claim["propertyRelationId"]) == ["LIVING_IN"]
    again = added(staff, tenure="TENANT")
    assert again["propertyRelationId"] == claim["propertyRelationId"], "the valid relation is confirmed as it is"
    assert again["propertyRelation"]["tenure"] == "OWNER"
    assert log_of(staff, claim["propertyRelationId"]) == ["LIVING_IN"]
    assert added(staff, PARKING)["type"] == "PARKING"


def test_12_3_the_app_user_is_that_of_the_customers_last_claim(staff: Writer) -> None:
    pending(staff)
    id_ = added(staff)["id"]
    found = staff.sql("select app_user_id, app_user_name, app_user_phone from verification where id = %s", id_)
    assert found == [(7, "app", "13900000007")]


@pytest.mark.parametrize(
    ("values", "refusals"),
    [
        ({"spaceId": COMMUNITY}, [("INVALID_INPUT", ["spaceId"])]),
        ({"spaceId": FOREIGN_HOUSE}, [("NOT_FOUND", ["spaceId"])]),
        ({"spaceId": ABSENT, "customerId": ABSENT}, [("NOT_FOUND", ["spaceId"]), ("NOT_FOUND", ["customerId"])]),
        ({"customerId": FOREIGN_CUSTOMER}, [("NOT_FOUND", ["customerId"])]),
        ({"type": "PARKING"}, [("INVALID_INPUT", ["type"])]),
    ],
)
def test_12_3_what_is_not_there_or_does_not_fit_is_refused(
    staff: Writer, values: dict[str, Any], refusals: list[tuple[str, list[str]]]
) -> None:
    assert staff.refusals("addVerification", **{"spaceId": HOUSE, "customerId": CUSTOMER, **values}) == refusals


def test_12_3_a_property_of_another_verified_customer_needs_a_confirmation_that_moves_that_one_out(
    staff: Writer,
) -> None:
    staff.sql("update customer set name = '张小明', phone = '18812341234' where id = %s", VERIFIED)
    given = {"spaceId": VERIFIED_HOUSE, "customerId": CUSTOMER}
    payload = staff.payload("addVerification", "verification { id }", **given)
    assert payload["verification"] is None
    (error,) = payload["errors"]
    assert (error["code"], error["path"]) == ("CONFIRMATION_NEEDED", ["input", "moveOutOthers"])
    assert "张**" in error["message"]
    assert "188****1234" in error["message"]
    assert log_of(staff, "48000")[-1:] != ["MOVED_OUT"]
    claim = added(staff, VERIFIED_HOUSE, moveOutOthers=True)
    assert claim["status"] == "APPROVED"
    assert staff.sql("select housing_status from property_relation where id = 48000") == [("MOVED_OUT",)]
    assert log_of(staff, "48000")[-1] == "MOVED_OUT"
    staff.done("setHousingStatus", id=claim["propertyRelationId"], housingStatus="MOVED_OUT")
    assert added(staff, VERIFIED_HOUSE, OTHER)["status"] == "APPROVED", "who has moved out is in nobody's way"


def test_members_of_a_household_may_be_several_but_not_with_one_identity_number(staff: Writer) -> None:
    added(staff, tenure="OWNER_MEMBER", identity="430421199307280051")
    other = {"spaceId": HOUSE, "customerId": OTHER, "tenure": "OWNER_MEMBER"}
    ((identity,),) = staff.sql("select identity from customer where id = %s", CUSTOMER)
    assert staff.refusals("addVerification", **other, identity=identity) == [("CONFIRMATION_NEEDED", ["moveOutOthers"])]
    assert added(staff, customer=OTHER, tenure="OWNER_MEMBER")["status"] == "APPROVED"


def test_12_4_a_review_decides_and_may_be_changed_by_the_back_office(staff: Writer) -> None:
    id_ = pending(staff)
    claim = reviewed(staff, id_)
    assert (claim["status"], claim["channel"], claim["reviewerAccount"]) == ("APPROVED", "BACK_OFFICE", "yanggc4")
    relation = claim["propertyRelationId"]
    assert log_of(staff, relation) == ["LIVING_IN"]
    assert staff.refusals("reviewVerification", id=id_, status="APPROVED") == [("CONFLICT", ["status"])]
    assert staff.refusals("reviewVerification", id=id_, status="PENDING") == [("INVALID_INPUT", ["status"])]
    rejected = reviewed(staff, id_, "REJECTED", remark="错误")
    assert (rejected["status"], rejected["propertyRelationId"]) == ("REJECTED", None)
    assert log_of(staff, relation) == ["LIVING_IN"], "a rejection ends no relation"
    assert reviewed(staff, id_)["propertyRelationId"] == relation
    assert staff.refusals("reviewVerification", id=id_, status="REJECTED", expectedVersion=1) == [
        ("CONFLICT", ["expectedVersion"])
    ]


def test_12_4_a_claim_without_a_customer_is_approved_for_the_one_who_is_named(staff: Writer) -> None:
    id_ = pending(staff, customer=None)
    assert staff.refusals("reviewVerification", id=id_, status="APPROVED") == [("INVALID_INPUT", ["customerId"])]
    assert reviewed(staff, id_, "REJECTED")["customerId"] is None
    assert reviewed(staff, id_, customerId=CUSTOMER)["customerId"] == CUSTOMER
    assert staff.refusals("reviewVerification", id=id_, status="REJECTED", customerId=OTHER) == [
        ("INVALID_INPUT", ["customerId"])
    ]


@pytest.mark.parametrize("id_", [FOREIGN, ABSENT])
def test_12_4_a_claim_of_another_tenant_is_not_found(staff: Writer, id_: str) -> None:
    assert staff.refusals("reviewVerification", id=id_, status="REJECTED") == [("NOT_FOUND", ["id"])]


def test_12_4_an_approval_beside_another_verified_customer_needs_a_confirmation(staff: Writer) -> None:
    id_ = pending(staff, VERIFIED_HOUSE)
    needed = [("CONFIRMATION_NEEDED", ["moveOutOthers"])]
    assert staff.refusals("reviewVerification", id=id_, status="APPROVED") == needed
    assert reviewed(staff, id_, moveOutOthers=True)["status"] == "APPROVED"
    assert log_of(staff, "48000")[-1] == "MOVED_OUT"


def test_two_records_of_a_list_do_not_verify_one_property_for_two_customers(staff: Writer) -> None:
    rows = [{"spaceId": HOUSE, "customerId": each, "moveOutOthers": True} for each in (CUSTOMER, OTHER)]
    payload = staff.payload("addVerifications", "verifications { id }", verifications=rows)
    assert [(error["code"], error["index"]) for error in payload["errors"]] == [("CONFLICT", 1)]
    assert payload["verifications"] is None or payload["verifications"] == []


@pytest.mark.parametrize("decisions", [("APPROVED", "APPROVED"), ("REJECTED", "REJECTED")])
def test_of_two_reviewers_at_once_one_wins(staff: Writer, super_: Writer, decisions: tuple[str, str]) -> None:
    id_ = pending(staff)

    def review(writer: Writer, status: str) -> list[str]:
        payload = writer.payload("reviewVerification", "verification { id }", id=id_, status=status)
        return [error["code"] for error in payload["errors"]]

    with ThreadPoolExecutor(2) as reviewers:
        found = [*reviewers.map(review, (staff, super_), decisions)]
    assert sorted(found) == [[], ["CONFLICT"]]
    assert staff.sql("select version from verification where id = %s", id_) == [(2,)]


def test_claims_of_several_customers_on_one_property_at_once_verify_one(staff: Writer) -> None:
    claims = [pending(staff, customer=customer) for customer in (CUSTOMER, OTHER, VERIFIED)]

    def review(id_: str) -> list[str]:
        payload = staff.payload("reviewVerification", "verification { id }", id=id_, status="APPROVED")
        return [error["code"] for error in payload["errors"]]

    with ThreadPoolExecutor(3) as reviewers:
        found = sorted(reviewers.map(review, claims))
    assert found == [[], ["CONFIRMATION_NEEDED"], ["CONFIRMATION_NEEDED"]]
    valid = "select count(*) from property_relation where space_id = %s and housing_status = 'LIVING_IN'"
    assert staff.sql(valid, HOUSE) == [(1,)]


def test_an_opposite_decision_while_another_reviewer_decides_is_refused(staff: Writer, super_: Writer) -> None:
    id_ = pending(staff)
    staff.sql("update verification set status = 'APPROVED', reviewed_at = now() + interval '1 hour' where id = %s", id_)
    assert super_.refusals("reviewVerification", id=id_, status="REJECTED") == [("CONFLICT", ["status"])]


def test_who_may_not_review_is_refused(own_api: Api, own_url: str) -> None:
    for account in ("lisi", "wangwu"):
        reader = Writer(own_api, own_url, account)
        given = {"spaceId": HOUSE, "customerId": CUSTOMER}
        assert reader.forbidden("addVerification", **given) == "VERIFICATION_REVIEW"


def test_a_thousand_claims_take_as_many_statements_as_ten(staff: Writer) -> None:
    numbers = []
    added(staff, tenure="TENANT_MEMBER")
    for size in (10, 200):
        claims = [pending(staff, tenure="TENANT_MEMBER") for _ in range(size)]
        rows = [{"id": id_, "status": "APPROVED"} for id_ in claims]
        staff.api.forget()
        staff.done("reviewVerifications", "verifications { id status }", verifications=rows)
        numbers.append(len(staff.api.statements))
    assert numbers[0] == numbers[1]
