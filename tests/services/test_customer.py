"""Customers are created, changed, related and deleted (document 003, part 10), through GraphQL."""

from datetime import date

import pytest

from app.errors import InvalidInputError
from app.services.identity import check_identity, normalised_identity, with_check
from tests.clients.writes import Writer
from tests.services.customers import (
    ABSENT,
    CARD,
    CUSTOMER,
    FOREIGN,
    ORG,
    OTHER,
    OTHER_CARD,
    TOP,
    clerk,
    created,
    row,
)

TODAY = date(2026, 11, 28)


def test_a_customer_is_created_and_known_to_organisations(staff: Writer) -> None:
    made = created(staff, phone=" 138 0013 8000 ", identityType="IDENTITY_CARD", identity=CARD, orgIds=[ORG, OTHER])
    assert (made["topOrgId"], made["phone"], made["status"]) == (TOP, "13800138000", "ENABLED")
    assert [org["id"] for org in made["orgs"]] == [ORG, OTHER]
    assert created(staff, name="李", orgId=ORG)["orgs"] == [{"id": ORG}], "orgId is enough"
    assert created(staff, name="赵", orgId=TOP)["orgs"] == [], "the top organisation sees its customers anyway"
    assert staff.refusals("createCustomer", name="x", orgId=FOREIGN) == [("NOT_FOUND", ["orgId"])]
    assert staff.refusals("createCustomer", name="x", orgIds=[ORG, ABSENT]) == [("NOT_FOUND", ["orgIds"])]
    assert staff.refusals("createCustomer", name="x") == [("INVALID_INPUT", ["orgId"])], "8829 or 2?"
    assert staff.refusals("createCustomer", name="x", orgIds=[ORG, "2"]) == [("INVALID_INPUT", ["orgIds"])]
    assert staff.refusals("createCustomer", name=" ", orgId=TOP) == [("INVALID_INPUT", ["name"])]


def test_what_another_customer_of_the_tenant_has_is_a_conflict(staff: Writer, super_: Writer) -> None:
    card = {"identityType": "IDENTITY_CARD", "identity": CARD}
    created(staff, phone="13800138000", fourgridId="77", **card)
    taken = {"orgId": TOP, "name": "x"}
    assert staff.refusals("createCustomer", **taken, **card) == [("CONFLICT", ["identity"])]
    same = {**taken, "name": "王五", "phone": "138 00138000"}
    assert staff.refusals("createCustomer", **same) == [("CONFLICT", ["phone"])]
    assert staff.refusals("createCustomer", **taken, fourgridId="77") == [("CONFLICT", ["fourgridId"])]
    assert created(super_, orgId=FOREIGN, phone="13800138000", fourgridId="77", **card)["topOrgId"] == FOREIGN
    rows = [{"name": "甲", "phone": "1", "orgId": TOP}] * 2
    codes = staff.refusals("createCustomers", customers=rows)
    assert codes == [("CONFLICT", ["customers", "0", "phone"]), ("CONFLICT", ["customers", "1", "phone"])]


def test_many_customers_are_changed_at_once_or_none_is(staff: Writer) -> None:
    first, second = created(staff, phone="1"), created(staff, phone="2")
    both = [{"id": first["id"], "phone": "3"}, {"id": second["id"], "sex": "FEMALE", "expectedVersion": 1}]
    changed = staff.done("updateCustomers", "customers { id phone sex version }", customers=both)["customers"]
    expected = [(first["id"], "3", "UNKNOWN", 2), (second["id"], "2", "FEMALE", 2)]
    assert [(each["id"], each["phone"], each["sex"], each["version"]) for each in changed] == expected
    wrong = [{"id": first["id"], "phone": "4"}, {"id": second["id"], "phone": "4"}, {"id": ABSENT}]
    assert staff.refusals("updateCustomers", customers=wrong) == [("NOT_FOUND", ["customers", "2", "id"])]
    assert [row(staff, each["id"])["phone"] for each in (first, second)] == ["3", "2"]
    codes = staff.refusals("updateCustomers", customers=wrong[:2])
    assert codes == [("CONFLICT", ["customers", str(place), "phone"]) for place in (0, 1)]


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (f" {CARD[:6]} {CARD[6:]}\u3000", CARD),
        ("１１０１０５19491231002ｘ", "11010519491231002X"),
        ("11010519491231002x", "11010519491231002X"),
        ("110101900307001", with_check("11010119900307001")),
    ],
)
def test_a_number_of_an_identity_card_is_stored_in_one_form(given: str, stored: str) -> None:
    assert normalised_identity(given, "IDENTITY_CARD") == stored
    check_identity(stored, "IDENTITY_CARD", TODAY)


@pytest.mark.parametrize(
    "number",
    [
        "430421199307280051",  # of the documents: the check character is 7
        "11010119900230001X",  # 30 February
        "110101299001010010",  # in the future
        "1101011990030700",  # 16 characters
        "X1010119900307001X",
        "110101199003070011X",
    ],
)
def test_a_number_that_no_identity_card_has_is_refused(number: str) -> None:
    with pytest.raises(InvalidInputError):
        check_identity(number, "IDENTITY_CARD", TODAY)
    check_identity(number, "PASSPORT", TODAY)


def test_every_single_mistyped_digit_is_noticed() -> None:
    for place in range(17):
        wrong = CARD[:place] + str((int(CARD[place]) + 1) % 10) + CARD[place + 1 :]
        with pytest.raises(InvalidInputError):
            check_identity(wrong, "IDENTITY_CARD", TODAY)


def test_a_wrong_number_is_refused_unless_the_register_holds_it_already(staff: Writer) -> None:
    wrong = {"orgId": TOP, "name": "x", "identityType": "IDENTITY_CARD", "identity": "430421199307280051"}
    assert staff.refusals("createCustomer", **wrong) == [("INVALID_INPUT", ["identity"])]
    without = {"orgId": TOP, "name": "x", "identity": CARD}
    assert staff.refusals("createCustomer", **without) == [("INVALID_INPUT", ["identityType"])]
    same = {"id": "9867", "identity": "430421199307280051", "identityType": "IDENTITY_CARD"}
    assert staff.done("updateCustomer", CUSTOMER, **same, sex="MALE")["customer"]["sex"] == "MALE"
    changed = {**same, "identity": "430421199307280061"}
    assert staff.refusals("updateCustomer", **changed) == [("INVALID_INPUT", ["identity"])]
    assert staff.refusals("updateCustomer", id="9867", identityType=None) == [("INVALID_INPUT", ["identityType"])]
    assert staff.done("updateCustomer", CUSTOMER, **{**same, "identity": CARD})["customer"]["identity"] == CARD


def test_a_refusal_does_not_quote_the_number(staff: Writer) -> None:
    wrong = {"orgId": TOP, "name": "x", "identityType": "IDENTITY_CARD", "identity": "430421199307280061"}
    (error,) = staff.payload("createCustomer", **wrong)["errors"]
    assert "430421" not in str(error)


def test_10_4_a_customer_is_changed(staff: Writer) -> None:
    made = created(staff, phone="1", level=3)
    changed = staff.done("updateCustomer", CUSTOMER, id=made["id"], name="王六", phone=None, expectedVersion=1)[
        "customer"
    ]
    assert (changed["name"], changed["phone"], changed["version"]) == ("王六", None, 2)
    assert row(staff, made["id"])["level"] == 3, "what is left out stays"
    assert row(staff, made["id"])["updated_by"] == "yanggc4"
    stale = {"id": made["id"], "name": "x", "expectedVersion": 1}
    assert staff.refusals("updateCustomer", **stale) == [("CONFLICT", ["expectedVersion"])]
    assert staff.refusals("updateCustomer", id="47001", name="x") == [("NOT_FOUND", ["id"])], "of another tenant"
    taken = {"id": made["id"], "name": "客户51_修改", "phone": "13418770051"}
    assert staff.refusals("updateCustomer", **taken) == [("CONFLICT", ["phone"])]


def test_10_2_a_customer_is_declared_invalid_by_id_or_by_4g_id(staff: Writer, super_: Writer) -> None:
    relations = staff.sql("select housing_status from property_relation where customer_id = 9343")
    assert staff.done("setCustomerStatus", CUSTOMER, fourgridId="7", status="DISABLED")["customer"]["id"] == "47000"
    assert staff.done("setCustomerStatus", CUSTOMER, id="9343", status="DISABLED")["customer"]["status"] == "DISABLED"
    assert staff.sql("select housing_status from property_relation where customer_id = 9343") == relations
    assert staff.refusals("setCustomerStatus", fourgridId="99", status="ENABLED") == [("NOT_FOUND", ["fourgridId"])]
    assert staff.refusals("setCustomerStatus", status="ENABLED") == [("INVALID_INPUT", ["id"])]
    created(super_, orgId=FOREIGN, fourgridId="7")
    assert super_.refusals("setCustomerStatus", fourgridId="7", status="ENABLED") == [("INVALID_INPUT", ["fourgridId"])]
    assert staff.done("setCustomerStatus", CUSTOMER, fourgridId="7", status="ENABLED")["customer"]["id"] == "47000"


def test_10_4_organisations_are_related_and_unrelated(staff: Writer) -> None:
    made = created(staff, orgIds=[ORG])["id"]
    related = staff.done("relateCustomerOrgs", CUSTOMER, id=made, orgIds=[OTHER, ORG], unrelatedOrgIds=[])["customer"]
    assert [org["id"] for org in related["orgs"]] == [ORG, OTHER]
    related = staff.done("relateCustomerOrgs", CUSTOMER, id=made, unrelatedOrgIds=[ORG, "9104"])["customer"]
    assert [org["id"] for org in related["orgs"]] == [OTHER]
    both = {"id": made, "orgIds": [ORG], "unrelatedOrgIds": [ORG]}
    assert staff.refusals("relateCustomerOrgs", **both) == [("INVALID_INPUT", ["unrelatedOrgIds"])]
    assert staff.refusals("relateCustomerOrgs", id=made, orgIds=["2"]) == [("INVALID_INPUT", ["orgIds"])]
    held = staff.sql("select s.org_id::text from property_relation r join space s on s.id = r.space_id"
                     " where r.id = 10048")[0][0]  # fmt: skip
    kept = {"id": "9148", "unrelatedOrgIds": [held]}
    assert staff.refusals("relateCustomerOrgs", **kept) == [("IN_USE", ["unrelatedOrgIds"])]


def test_a_customer_that_is_needed_is_not_deleted(staff: Writer) -> None:
    assert staff.refusals("deleteCustomer", id="9343") == [("IN_USE", ["id"])], "valid property relations"
    staff.sql("update property_relation set housing_status = 'MOVED_OUT' where customer_id = 9148")
    assert staff.refusals("deleteCustomer", id="9148") == [("IN_USE", ["id"])], "claims"
    staff.sql("update verification set status = 'REJECTED' where customer_id = 9148")
    before = {table: staff.sql(f"select * from {table} where customer_id = 9148") for table in DEPENDENT}
    assert staff.done("deleteCustomer", "deletedIds", id="9148")["deletedIds"] == ["9148"]
    ((change,),) = staff.sql("select id::text from change where entity = 'customer' and operation = 'DELETE'")
    assert all(staff.sql(f"select 1 from {table} where customer_id = 9148") == [] for table in DEPENDENT)
    restored = staff.done("restoreCustomer", CUSTOMER, changeId=change)["customer"]
    assert (restored["id"], restored["name"], len(restored["orgs"])) == ("9148", "客户2", 2)
    after = {table: staff.sql(f"select * from {table} where customer_id = 9148") for table in DEPENDENT}
    assert {table: len(rows) for table, rows in after.items()} == {table: len(rows) for table, rows in before.items()}


DEPENDENT = ("customer_org", "property_relation", "housing_record", "verification")


def test_a_changed_customer_goes_back(staff: Writer) -> None:
    made = created(staff, phone="1")
    staff.done("updateCustomer", id=made["id"], phone="2", sex="MALE")
    ((change,),) = staff.sql("select id::text from change where entity_id = %s and operation = 'UPDATE'", made["id"])
    assert staff.done("restoreCustomer", CUSTOMER, changeId=change)["customer"]["phone"] == "1"


def test_a_clerk_of_one_organisation_writes_the_customers_that_it_knows(staff: Writer) -> None:
    known, unknown = created(staff, name="甲", orgIds=[ORG])["id"], created(staff, name="乙")["id"]
    at_org = clerk(staff, ORG)
    assert at_org.done("updateCustomer", CUSTOMER, id=known, name="丙")["customer"]["name"] == "丙"
    assert at_org.refusals("updateCustomer", id=unknown, name="x") == [("NOT_FOUND", ["id"])], "only the top knows it"
    made = created(at_org, name="丁", orgId=ORG)
    assert (made["topOrgId"], made["orgs"]) == (TOP, [{"id": ORG}])
    assert at_org.refusals("createCustomer", name="x", orgIds=[OTHER]) == [("NOT_FOUND", ["orgIds"])]
    assert at_org.forbidden("createCustomer", name="x") == "CUSTOMER_WRITE", "only the top would know it"
    assert at_org.refusals("relateCustomerOrgs", id=known, orgIds=[OTHER]) == [("NOT_FOUND", ["orgIds"])]
    assert at_org.done("deleteCustomer", "deletedIds", id=made["id"])["deletedIds"] == [made["id"]]


def test_a_clerk_fills_in_what_is_empty_of_a_customer_whom_others_know_too(staff: Writer) -> None:
    shared = created(staff, name="甲", phone="1", orgIds=[ORG, OTHER])["id"]
    at_org = clerk(staff, ORG)
    card = {"identityType": "IDENTITY_CARD", "identity": OTHER_CARD}
    assert at_org.done("updateCustomer", CUSTOMER, id=shared, name="甲", **card)["customer"]["identity"] == OTHER_CARD
    for change in ({"phone": "2"}, {"name": "乙"}, {"identity": CARD}, {"type": "ENTERPRISE"}, {"phone": None}):
        assert at_org.refusals("updateCustomer", id=shared, **change) == [("INVALID_INPUT", [*change])]
    disabled = {"id": shared, "status": "DISABLED"}
    assert at_org.refusals("setCustomerStatus", **disabled) == [("INVALID_INPUT", ["status"])]
    assert at_org.forbidden("deleteCustomer", id=shared) == "CUSTOMER_WRITE"
    assert staff.done("updateCustomer", CUSTOMER, id=shared, phone="2")["customer"]["phone"] == "2"


def test_a_customer_who_only_moved_out_is_seen_and_not_written(staff: Writer) -> None:
    ((org,),) = staff.sql(
        "select s.org_id::text from property_relation r join space s on s.id = r.space_id where r.id = 48000"
    )
    at_org = clerk(staff, org)
    staff.sql("delete from customer_org where customer_id = 9148 and org_id = %s", org)
    filled = at_org.done("updateCustomer", CUSTOMER, id="9148", sex="MALE")["customer"]
    assert filled["sex"] == "MALE", "who holds property in its communities is known to an organisation"
    staff.sql("update property_relation set housing_status = 'MOVED_OUT' where id = 48000")
    staff.sql(
        "update property_relation r set housing_status = 'MOVED_OUT' from space s"
        " where s.id = r.space_id and s.org_id = %s and r.customer_id = 9148",
        org,
    )
    assert at_org.forbidden("updateCustomer", id="9148", facePicture="x") == "CUSTOMER_WRITE"
