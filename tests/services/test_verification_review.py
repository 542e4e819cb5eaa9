"""Reviews of claims on properties (document 003, 12.4), through GraphQL."""

from concurrent.futures import ThreadPoolExecutor

from tests.clients.api import Api
from tests.clients.writes import Writer
from tests.worlds.claims import (
    ABSENT,
    CLAIM,
    CUSTOMER,
    FOREIGN,
    FOREIGN_CUSTOMER,
    HOUSE,
    ORG,
    OTHER,
    OTHER_HOUSE,
    log_of,
    pending,
    relation_of,
    reviewed,
)


def test_12_4_an_approval_confirms_the_relation_that_is_there(staff: Writer) -> None:
    relation = staff.done(
        "createPropertyRelation", "propertyRelation { id version }", spaceId=HOUSE, customerId=CUSTOMER, isMain=True
    )["propertyRelation"]
    claim = reviewed(staff, pending(staff), "APPROVED", remark="见过房产证")
    assert (claim["propertyRelationId"], claim["channel"], claim["version"]) == (relation["id"], "BACK_OFFICE", 2)
    assert staff.sql("select version from property_relation where id = %s", relation["id"]) == [(1,)]
    assert staff.sql("select remark from verification where id = %s", claim["id"]) == [("见过房产证",)]
    rejected = reviewed(staff, claim["id"], "REJECTED")
    assert (rejected["propertyRelationId"], rejected["status"]) == (None, "REJECTED")
    assert relation_of(staff) == [("OWNER", "LIVING_IN", True)], "the relation is older than the claim's approval"


def test_12_4_a_rejected_approval_cancels_the_relation_that_it_made(staff: Writer) -> None:
    id_ = pending(staff)
    reviewed(staff, id_, "APPROVED")
    reviewed(staff, id_, "REJECTED", remark="证件有误")
    assert relation_of(staff) == [("OWNER", "CANCELLED", False)]
    assert log_of(staff) == ["LIVING_IN", "CANCELLED"]
    again = reviewed(staff, id_, "APPROVED")
    assert again["status"] == "APPROVED"
    assert relation_of(staff) == [("OWNER", "CANCELLED", False), ("OWNER", "LIVING_IN", False)]
    second = pending(staff, tenure="TENANT")
    reviewed(staff, second, "APPROVED", replaceTenure=True)
    reviewed(staff, id_, "REJECTED")
    assert relation_of(staff)[1:] == [("TENANT", "LIVING_IN", False)], "another approved claim has the relation"


def test_12_4_states_move_along_allowed_edges_only(staff: Writer) -> None:
    id_ = pending(staff)
    assert staff.refusals("reviewVerification", id=id_, status="PENDING") == [("INVALID_INPUT", ["status"])]
    claim = reviewed(staff, id_, "REJECTED", channel="STEWARD")
    assert (claim["channel"], claim["propertyRelationId"], relation_of(staff)) == ("STEWARD", None, [])
    assert staff.refusals("reviewVerification", id=id_, status="REJECTED") == [("CONFLICT", ["status"])]
    assert staff.refusals("reviewVerification", id=id_, status="APPROVED", channel="OWNER") == [
        ("CONFLICT", ["channel"])
    ]
    assert staff.refusals("reviewVerification", id=id_, status="APPROVED", expectedVersion=1) == [
        ("CONFLICT", ["expectedVersion"])
    ]
    assert reviewed(staff, id_, "APPROVED", expectedVersion=2)["version"] == 3
    for absent in (FOREIGN, ABSENT):
        assert staff.refusals("reviewVerification", id=absent, status="REJECTED") == [("NOT_FOUND", ["id"])]


def test_12_4_a_review_names_the_customer_of_a_claim_that_has_none(staff: Writer) -> None:
    id_ = pending(staff, customer=None)
    assert staff.refusals("reviewVerification", id=id_, status="APPROVED") == [("INVALID_INPUT", ["customerId"])]
    for hidden in (FOREIGN_CUSTOMER, ABSENT):
        assert staff.refusals("reviewVerification", id=id_, status="APPROVED", customerId=hidden) == [
            ("NOT_FOUND", ["customerId"])
        ]
    assert reviewed(staff, id_, "APPROVED", customerId=CUSTOMER)["customerId"] == CUSTOMER
    assert staff.refusals("reviewVerification", id=id_, status="REJECTED", customerId=OTHER) == [
        ("INVALID_INPUT", ["customerId"])
    ]


def test_12_4_the_customer_of_a_claim_counts_even_if_the_reviewer_does_not_see_that_one_yet(
    staff: Writer, own_api: Api, own_url: str
) -> None:
    staff.sql("delete from customer_org where customer_id = %s", CUSTOMER)
    staff.sql("delete from housing_record where customer_id = %s", CUSTOMER)
    staff.sql("delete from property_relation where customer_id = %s", CUSTOMER)
    staff.sql(
        "insert into org_role (org_id, role_id) select %s, id from role where is_system_default on conflict do nothing",
        ORG,
    )
    staff.sql(
        "insert into admin_grant (admin_id, org_id, role_id) select admin.id, %s, role.id from admin, role"
        " where admin.account = 'lisi' and role.is_system_default",
        ORG,
    )
    local = Writer(own_api, own_url, "lisi")
    wanted = {"spaceId": HOUSE, "customerId": CUSTOMER, "tenure": "OWNER"}
    assert local.refusals("addVerification", **wanted) == [("NOT_FOUND", ["customerId"])]
    assert reviewed(local, pending(staff), "APPROVED")["customerId"] == CUSTOMER
    assert relation_of(staff) == [("OWNER", "LIVING_IN", False)]


def test_12_4_of_two_reviewers_at_once_one_gets_a_conflict(staff: Writer) -> None:
    for _ in range(3):
        id_ = pending(staff, OTHER_HOUSE)
        version = {"id": id_, "expectedVersion": 1}
        reviews = [{**version, "status": status} for status in ("APPROVED", "REJECTED", "APPROVED", "REJECTED")]
        with ThreadPoolExecutor(len(reviews)) as reviewers:
            answers = list(reviewers.map(lambda each: staff.payload("reviewVerification", CLAIM, **each), reviews))
        codes = sorted(error["code"] for answer in answers for error in answer["errors"])
        assert codes == ["CONFLICT"] * 3
        ((status, version_now),) = staff.sql("select status, version from verification where id = %s", id_)
        assert version_now == 2
        held = [row for row in relation_of(staff, OTHER_HOUSE) if row[1] == "LIVING_IN"]
        assert len(held) == (status == "APPROVED")
        staff.sql("update property_relation set housing_status = 'MOVED_OUT' where space_id = %s", OTHER_HOUSE)


def test_12_4_approvals_of_one_claim_at_once_make_one_relation(staff: Writer) -> None:
    id_ = pending(staff)
    with ThreadPoolExecutor(4) as reviewers:
        answers = list(
            reviewers.map(lambda _: staff.payload("reviewVerification", CLAIM, id=id_, status="APPROVED"), range(4))
        )
    assert sorted(error["code"] for answer in answers for error in answer["errors"]) == ["CONFLICT"] * 3
    assert relation_of(staff) == [("OWNER", "LIVING_IN", False)]
