"""Claims on properties: entered by the back office, confirmed, deleted (document 003, 12.3, 13.5), through GraphQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.writes import Writer
from tests.worlds.claims import (
    ABSENT,
    CLAIM,
    COMMUNITY,
    CUSTOMER,
    FOREIGN,
    FOREIGN_CUSTOMER,
    FOREIGN_HOUSE,
    HOUSE,
    ORG,
    OTHER,
    OTHER_HOUSE,
    PARKING,
    added,
    log_of,
    pending,
    relation_of,
    reviewed,
)


def test_12_3_a_claim_of_the_back_office_is_approved_and_makes_the_relation(staff: Writer) -> None:
    claim = added(staff, identity=" 11010119900307123x")
    ((relation,),) = staff.sql("select id::text from property_relation where space_id = %s", HOUSE)
    assert {**claim, "submittedAt": None} == {
        "id": claim["id"], "type": "HOUSE", "spaceId": HOUSE, "customerId": CUSTOMER, "tenure": "OWNER",
        "status": "APPROVED", "channel": "BACK_OFFICE", "propertyRelationId": relation,
        "identity": "11010119900307123X", "appUserName": "客户51_修改", "appUserPhone": "13418770051",
        "submittedFrom": 2, "submittedAt": None, "reviewedAt": claim["submittedAt"],
        "reviewerId": claim["reviewerId"], "reviewerAccount": "yanggc4", "reviewerName": claim["reviewerName"],
        "version": 1, "createdBy": "yanggc4",
    }  # fmt: skip
    ((account, name),) = staff.sql("select account, name from admin where id = %s", claim["reviewerId"])
    assert (account, name) == ("yanggc4", claim["reviewerName"])
    assert relation_of(staff) == [("OWNER", "LIVING_IN", False)]
    assert log_of(staff) == ["LIVING_IN"]
    known = "select count(*) from customer_org where org_id = %s and customer_id = %s"
    assert staff.sql(known, ORG, CUSTOMER) == [(1,)]
    place = added(staff, PARKING, tenure="TENANT", type="PARKING")
    assert (place["type"], place["identity"]) == ("PARKING", "430421199307280051")


def test_12_3_the_app_user_of_the_customer_is_that_of_the_last_claim(staff: Writer) -> None:
    old = pending(staff, OTHER_HOUSE)
    reviewed(staff, old, "REJECTED")
    claim = added(staff)
    assert (claim["appUserName"], claim["appUserPhone"]) == ("用户500", "13900000500")


def test_12_3_a_claim_that_is_there_is_taken_instead_of_a_new_one(staff: Writer) -> None:
    waiting = pending(staff)
    claim = added(staff)
    assert (claim["id"], claim["status"], claim["submittedFrom"]) == (waiting, "APPROVED", None)
    assert added(staff) == claim, "an approved claim stays as it is"
    assert log_of(staff) == ["LIVING_IN"]
    staff.done("setHousingStatus", id=claim["propertyRelationId"], housingStatus="MOVED_OUT")
    again = added(staff)
    assert again["id"] != waiting
    assert relation_of(staff) == [("OWNER", "MOVED_OUT", False), ("OWNER", "LIVING_IN", False)]


@pytest.mark.parametrize(
    ("values", "refusals"),
    [
        ({"spaceId": COMMUNITY}, [("INVALID_INPUT", ["spaceId"])]),
        ({"spaceId": FOREIGN_HOUSE}, [("NOT_FOUND", ["spaceId"])]),
        ({"spaceId": ABSENT, "customerId": ABSENT}, [("NOT_FOUND", ["spaceId"]), ("NOT_FOUND", ["customerId"])]),
        ({"customerId": FOREIGN_CUSTOMER}, [("NOT_FOUND", ["customerId"])]),
        ({"type": "PARKING"}, [("INVALID_INPUT", ["type"])]),
        ({"remark": "x" * 201}, [("INVALID_INPUT", ["remark"])]),
    ],
)
def test_12_3_a_wrong_claim_is_refused(staff: Writer, values: dict[str, Any], refusals: Any) -> None:
    wanted = {"spaceId": HOUSE, "customerId": CUSTOMER, "tenure": "OWNER", **values}
    assert staff.refusals("addVerification", **wanted) == refusals


def test_12_3_customer_and_community_belong_to_one_tenant(super_: Writer) -> None:
    wanted = {"spaceId": HOUSE, "customerId": FOREIGN_CUSTOMER, "tenure": "OWNER"}
    assert super_.refusals("addVerification", **wanted) == [("INVALID_INPUT", ["customerId"])]


def test_12_3_another_verified_customer_is_moved_out_only_when_that_is_confirmed(staff: Writer) -> None:
    first = added(staff)
    wanted = {"spaceId": HOUSE, "customerId": OTHER, "tenure": "OWNER"}
    before = staff.everything()
    (error,) = staff.payload("addVerification", **wanted)["errors"]
    assert (error["code"], error["path"], staff.everything()) == (
        "VERIFIED_BY_OTHER", ["input", "moveOutOther"], before,
    )  # fmt: skip
    assert "客** with the phone number 134****0051" in error["message"]
    added(staff, customer=OTHER, tenure="OWNER_MEMBER")
    staff.sql("update customer set phone = null where id = %s", CUSTOMER)
    assert staff.refusals("addVerification", **{**wanted, "customerId": "9148"}) == [
        ("VERIFIED_BY_OTHER", ["moveOutOther"])
    ]
    added(staff, customer="9148", moveOutOther=True)
    assert relation_of(staff) == [("OWNER", "MOVED_OUT", False)]
    assert log_of(staff) == ["LIVING_IN", "MOVED_OUT"]
    assert relation_of(staff, customer=OTHER) == [("OWNER_MEMBER", "LIVING_IN", False)], "verified as something else"
    assert staff.sql("select status from verification where id = %s", first["id"]) == [("APPROVED",)]
    assert staff.refusals("addVerification", spaceId=HOUSE, customerId=CUSTOMER, tenure="OWNER") == [
        ("VERIFIED_BY_OTHER", ["moveOutOther"])
    ]
    staff.sql("update property_relation set housing_status = 'MOVED_OUT' where space_id = %s", HOUSE)
    added(staff)


def test_12_3_members_of_a_household_may_be_several_but_not_with_one_identity_number(staff: Writer) -> None:
    added(staff, tenure="OWNER_MEMBER")
    number = {"identity": "430421199307280051", "identityType": "IDENTITY_CARD"}
    wanted = {"spaceId": HOUSE, "customerId": OTHER, "tenure": "OWNER_MEMBER"}
    assert staff.refusals("addVerification", **wanted, **number) == [("VERIFIED_BY_OTHER", ["moveOutOther"])]
    rows = [{**wanted, **number, "tenure": "TENANT_MEMBER", "customerId": each} for each in (OTHER, "9148")]
    assert staff.refusals("addVerifications", verifications=rows) == [
        ("INVALID_INPUT", ["verifications", "1", "customerId"])
    ]
    added(staff, customer=OTHER, tenure="OWNER_MEMBER")
    assert relation_of(staff) == [("OWNER_MEMBER", "LIVING_IN", False)]


def test_13_5_another_tenure_of_the_customer_changes_only_when_that_is_confirmed(staff: Writer) -> None:
    relation = staff.done(
        "createPropertyRelation", "propertyRelation { id }", spaceId=HOUSE, customerId=CUSTOMER, isMain=True
    )["propertyRelation"]["id"]
    wanted = {"spaceId": HOUSE, "customerId": CUSTOMER, "tenure": "TENANT"}
    (error,) = staff.payload("addVerification", **wanted)["errors"]
    assert (error["code"], error["path"]) == ("TENURE_DIFFERS", ["input", "replaceTenure"])
    assert "OWNER" in error["message"]
    claim = added(staff, tenure="TENANT", replaceTenure=True)
    assert claim["propertyRelationId"] == relation
    assert relation_of(staff) == [("TENANT", "LIVING_IN", False)]
    assert log_of(staff) == ["LIVING_IN"]


def test_12_3_of_two_customers_verified_at_once_one_has_to_confirm(staff: Writer) -> None:
    customers = (CUSTOMER, OTHER, "9148", "9152")
    wanted = [{"spaceId": HOUSE, "customerId": customer, "tenure": "OWNER"} for customer in customers]
    with ThreadPoolExecutor(4) as writers:
        answers = list(writers.map(lambda each: staff.payload("addVerification", CLAIM, **each), wanted))
    assert sorted(error["code"] for answer in answers for error in answer["errors"]) == ["VERIFIED_BY_OTHER"] * 3
    assert staff.sql("select count(*) from property_relation where space_id = %s", HOUSE) == [(1,)]
    moving = [{**each, "moveOutOther": True} for each in wanted]
    with ThreadPoolExecutor(4) as writers:
        answers = list(writers.map(lambda each: staff.payload("addVerification", CLAIM, **each), moving))
    assert not any(answer["errors"] for answer in answers)
    valid = "select count(*) from property_relation where space_id = %s and housing_status = 'LIVING_IN'"
    assert staff.sql(valid, HOUSE) == [(1,)]


def test_a_list_decides_once_on_a_property(staff: Writer) -> None:
    one = {"spaceId": HOUSE, "customerId": CUSTOMER, "tenure": "OWNER"}
    for other in ({**one, "customerId": OTHER}, {**one, "tenure": "TENANT"}, one):
        assert staff.refusals("addVerifications", verifications=[one, other]) == [
            ("INVALID_INPUT", ["verifications", "1", "customerId"])
        ]
    kept = staff.payload(
        "addVerifications", "verifications { id }", verifications=[one, {**one, "spaceId": ABSENT}], onError="SKIP"
    )
    assert len(kept["verifications"]) == 1
    claims = [pending(staff, OTHER_HOUSE), pending(staff, OTHER_HOUSE)]
    approved = [{"id": id_, "status": "APPROVED"} for id_ in claims]
    assert staff.refusals("reviewVerifications", verifications=approved) == [
        ("INVALID_INPUT", ["verifications", "1", "id"])
    ]
    staff.done("reviewVerifications", verifications=[{"id": id_, "status": "REJECTED"} for id_ in claims])
    staff.done("reviewVerifications", verifications=[approved[0]], dryRun=True)
    assert relation_of(staff, OTHER_HOUSE) == []


def test_a_claim_needs_the_capability_of_the_organisation_of_its_space(
    staff: Writer, own_api: Api, own_url: str
) -> None:
    id_ = pending(staff)
    for account in ("lisi", "wangwu"):
        other = Writer(own_api, own_url, account)
        wanted = {"spaceId": HOUSE, "customerId": CUSTOMER, "tenure": "OWNER"}
        assert other.forbidden("addVerification", **wanted) == "VERIFICATION_REVIEW"
        assert other.forbidden("reviewVerification", id=id_, status="APPROVED") == "VERIFICATION_REVIEW"
        assert other.forbidden("deleteVerification", id=id_) == "VERIFICATION_REVIEW"


def test_a_claim_that_is_not_approved_is_deleted_and_comes_back(staff: Writer) -> None:
    id_ = added(staff)["id"]
    assert staff.refusals("deleteVerification", id=id_) == [("IN_USE", ["id"])]
    assert staff.refusals("deleteVerification", id=FOREIGN) == [("NOT_FOUND", ["id"])]
    reviewed(staff, id_, "REJECTED")
    assert staff.refusals("deleteVerification", id=id_, expectedVersion=1) == [("CONFLICT", ["expectedVersion"])]
    assert staff.done("deleteVerification", "deletedIds", id=id_)["deletedIds"] == [id_]
    changes = "select id::text, operation from change where entity = 'verification' and entity_id = %s order by id"
    recorded = staff.sql(changes, id_)
    assert [operation for _, operation in recorded] == ["INSERT", "UPDATE", "DELETE"]
    assert staff.refusals("restoreVerification", changeId=recorded[1][0]) == [("NOT_FOUND", ["changeId"])]
    back = staff.done("restoreVerification", CLAIM, changeId=recorded[2][0])["verification"]
    assert (back["id"], back["status"], back["version"]) == (id_, "REJECTED", 3)


def test_a_decision_follows_a_moved_community(staff: Writer, super_: Writer) -> None:
    id_ = pending(staff)
    paths = (
        "select verification.space_path = space.path, verification.space_org_path = space.org_path from verification"
    )
    paths += " join space on space.id = verification.space_id where verification.id = %s"
    assert staff.sql(paths, id_) == [(True, True)]
    staff.done("moveSpace", id="41016", parentId="41015")
    super_.done("setCommunityOrg", id=COMMUNITY, orgId="9103")
    assert staff.sql(paths, id_) == [(True, True)]
    assert staff.sql("select version from verification where id = %s", id_) == [(1,)]


def test_a_thousand_claims_take_as_many_statements_as_a_hundred(staff: Writer) -> None:
    numbers: dict[str, list[int]] = {"add": [], "move out": [], "reject": []}
    floor = staff.sql("select parent_id::text from space where id = %s", HOUSE)[0][0]
    added(staff)  # the caller is found once
    for count in (100, 1000):
        spaces = [{"name": f"{count}-{i}", "type": "HOUSE", "parentId": floor} for i in range(count)]
        houses = [each["id"] for each in staff.done("createSpaces", "spaces { id }", spaces=spaces)["spaces"]]
        rows = [{"spaceId": house, "customerId": CUSTOMER, "tenure": "OWNER"} for house in houses]
        staff.done("addVerifications", verifications=rows)
        numbers["add"].append(len(staff.api.statements))
        moving = [{**row, "customerId": OTHER, "moveOutOther": True} for row in rows]
        made = staff.done("addVerifications", "verifications { id spaceId }", verifications=moving)["verifications"]
        numbers["move out"].append(len(staff.api.statements))
        assert [each["spaceId"] for each in made] == houses
        rejected = [{"id": each["id"], "status": "REJECTED"} for each in made]
        staff.done("reviewVerifications", verifications=rejected)
        numbers["reject"].append(len(staff.api.statements))
    assert all(first == second for first, second in numbers.values()), numbers
    ended = "select housing_status, count(*) from property_relation where space_id <> %s and created_by = 'yanggc4'"
    assert staff.sql(f"{ended} group by 1 order by 1", HOUSE) == [("CANCELLED", 1100), ("MOVED_OUT", 1100)]
