"""Customers who were entered twice are found and merged, through GraphQL."""

from typing import Any

from tests.clients.writes import Writer
from tests.services.customers import CARD, FOREIGN, ORG, OTHER, TOP, clerk, created, row, upserted

MERGED = "customer { id phone identity status version mergedIntoId mergedCustomers { id } orgs { id } }"
KEEP, LOSE = "9867", "9343"
"""A customer without property, and one with property relations, a housing log and organisations."""


def merged(writer: Writer, keep: str, lose: str, **versions: int) -> dict[str, Any]:
    customer: dict[str, Any] = writer.done("mergeCustomers", MERGED, keepId=keep, loseId=lose, **versions)["customer"]
    return customer


def count(writer: Writer, table: str, customer: str) -> int:
    ((number,),) = writer.sql(f"select count(*) from {table} where customer_id = %s", customer)
    return int(number)


def ask(writer: Writer, query: str) -> Any:
    return writer.api.post(query, {}, writer.api.bearer(writer.account)).json()["data"]


def test_all_that_the_merged_customer_had_belongs_to_the_other_one(staff: Writer) -> None:
    before = {table: count(staff, table, LOSE) for table in ("property_relation", "housing_record")}
    assert all(before.values())
    kept = merged(staff, KEEP, LOSE)
    assert {table: count(staff, table, KEEP) for table in before} == before
    assert {table: count(staff, table, LOSE) for table in (*before, "customer_org")} == dict.fromkeys(
        (*before, "customer_org"), 0
    )
    assert [org["id"] for org in kept["orgs"]] == ["9099", "9103", "40024", "40025"], "those of both, each once"
    assert kept["mergedCustomers"] == [{"id": LOSE}]
    gone = row(staff, LOSE)
    assert (gone["merged_into_id"], gone["status"], gone["identity"]) == (int(KEEP), "DISABLED", "430421199307280013")


def test_empty_columns_are_filled_from_the_merged_customer(staff: Writer) -> None:
    keep = created(staff, name="甲")["id"]
    lose = created(
        staff, name="甲", phone="1", identityType="IDENTITY_CARD", identity=CARD, fourgridId="70", sex="MALE", level=2
    )["id"]
    merged(staff, keep, lose)
    kept = row(staff, keep)
    assert [kept[name] for name in ("phone", "identity_type", "identity", "fourgrid_id", "sex", "level")] == [
        "1", "IDENTITY_CARD", CARD, 70, "MALE", 2,
    ]  # fmt: skip
    assert (kept["name"], kept["status"], kept["version"], kept["updated_by"]) == ("甲", "ENABLED", 2, "yanggc4")


def test_the_id_and_the_keys_of_the_merged_customer_lead_to_the_other_one(staff: Writer) -> None:
    keep = created(staff, name="甲", phone="1", orgIds=[ORG])["id"]
    lose = created(staff, name="乙", phone="2", fourgridId="70", orgIds=[OTHER])["id"]
    first = created(staff, name="丙", orgIds=[OTHER])["id"]
    merged(staff, lose, first)
    merged(staff, keep, lose)
    record = "id status mergedInto { id name }"
    answer = ask(
        staff, f'{{ customer(id: "{lose}") {{ {record} }} node(id: "{first}") {{ ... on Customer {{ {record} }} }} }}'
    )
    assert answer["customer"] == {"id": lose, "status": "DISABLED", "mergedInto": {"id": keep, "name": "甲"}}
    assert answer["node"]["mergedInto"]["id"] == keep, "of a chain too"
    assert upserted(staff, {"orgId": TOP, "fourgridId": "70", "level": 1}) == [keep]
    assert upserted(staff, {"orgId": TOP, "name": "乙", "phone": "2"}) == [keep]
    assert staff.refusals("updateCustomer", id=lose, name="x") == [("INVALID_INPUT", ["id"])]
    assert staff.refusals("relateCustomerOrgs", id=lose, orgIds=[ORG]) == [("INVALID_INPUT", ["id"])]
    assert (
        staff.done("setCustomerStatus", "customer { id }", fourgridId="70", status="ENABLED")["customer"]["id"] == keep
    )
    at_org = clerk(staff, ORG)
    shown = ask(at_org, f'{{ customer(id: "{lose}") {{ id mergedInto {{ id }} }} }}')
    assert shown["customer"] == {"id": lose, "mergedInto": {"id": keep}}, "visible to those who see the other one"
    hidden = ask(clerk(staff, "9104", "wangwu"), f'{{ customer(id: "{lose}") {{ id }} }}')
    assert hidden["customer"] is None


def test_a_space_that_both_hold_is_held_once_with_the_stronger_tenure(staff: Writer) -> None:
    staff.sql(
        "insert into property_relation (id, type, space_id, customer_id, tenure, is_main)"
        " values (60001, 'HOUSE', 4238, 9867, 'TENANT', false)"
    )
    staff.sql("update housing_record set property_relation_id = 1 where customer_id = 9343")
    merged(staff, KEEP, LOSE)
    held = staff.sql("select id, tenure, is_main, fourgrid_id from property_relation where space_id = 4238"
                     " and customer_id = 9867")  # fmt: skip
    assert held == [(60001, "OWNER", True, 1)]
    assert staff.sql("select count(*) from property_relation where id = 1") == [(0,)]
    assert {
        id_ for (id_,) in staff.sql("select property_relation_id from housing_record where customer_id = 9867")
    } == {60001}
    recorded = staff.sql("select count(distinct transaction_id) from change where entity_id in (1, 60001, 9343, 9867)"
                         " and actor_account = 'yanggc4'")  # fmt: skip
    assert recorded == [(1,)], "one transaction, recorded"


def test_what_is_no_pair_of_one_tenant_is_refused(staff: Writer, super_: Writer) -> None:
    def refusals(keep: str, lose: str, writer: Writer = staff, **versions: int) -> list[tuple[str, list[str]]]:
        return writer.refusals("mergeCustomers", keepId=keep, loseId=lose, **versions)

    foreign = created(super_, orgId=FOREIGN)["id"]
    assert refusals(KEEP, KEEP) == [("INVALID_INPUT", ["loseId"])]
    assert refusals(KEEP, foreign) == [("NOT_FOUND", ["loseId"])]
    assert refusals(KEEP, foreign, super_) == [("INVALID_INPUT", ["loseId"])]
    assert refusals(KEEP, LOSE, keepExpectedVersion=7) == [("CONFLICT", ["keepExpectedVersion"])]
    assert refusals(KEEP, LOSE, loseExpectedVersion=7) == [("CONFLICT", ["loseExpectedVersion"])]
    merged(staff, KEEP, LOSE, keepExpectedVersion=1, loseExpectedVersion=1)
    assert refusals("9146", LOSE) == [("INVALID_INPUT", ["loseId"])], "merged before"
    assert staff.refusals("deleteCustomer", id=KEEP)[0][0] == "IN_USE"


def test_who_speaks_for_one_of_several_organisations_merges_nobody(staff: Writer) -> None:
    one, other = (created(staff, name=name, orgIds=[ORG, OTHER])["id"] for name in ("甲", "乙"))
    assert clerk(staff, ORG).forbidden("mergeCustomers", keepId=one, loseId=other) == "CUSTOMER_WRITE"


def test_records_that_may_be_of_one_customer_are_shown(staff: Writer) -> None:
    one = created(staff, name="甲", phone="1", identityType="OTHER", identity=CARD, orgIds=[ORG])["id"]
    two = created(staff, name="乙", phone="2", identityType="IDENTITY_CARD", identity=CARD, orgIds=[OTHER])["id"]
    three = created(staff, name="乙", phone="3", orgIds=[OTHER])["id"]
    query = '{{ customers(filter: {{ id: {{ in: ["{}", "{}"] }} }}) {{ nodes {{ id duplicates {{ id }} }} }} }}'
    found = {each["id"]: each["duplicates"] for each in ask(staff, query.format(one, three))["customers"]["nodes"]}
    assert found == {one: [{"id": two}], three: []}
    hidden = ask(clerk(staff, ORG), query.format(one, three))["customers"]["nodes"]
    assert hidden == [{"id": one, "duplicates": []}], "hidden ones are not told of"
    merged(staff, one, two)
    assert ask(staff, query.format(one, three))["customers"]["nodes"][0]["duplicates"] == []
