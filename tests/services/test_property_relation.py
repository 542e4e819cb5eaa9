"""Who owns or rents what, and the housing log (document 003, 11.3 and 11.4), through GraphQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.writes import Writer

HOUSE, OTHER_HOUSE, PARKING, COMMUNITY, ORG = "41017", "41018", "41024", "13702", "9105"
CUSTOMER, OTHER, FOREIGN_CUSTOMER, FOREIGN_HOUSE, FOREIGN, ABSENT = (
    "9867",
    "9146",
    "47001",
    "41078",
    "48007",
    "999999999",
)
HELD = "48000"
"""A relation that an approved claim made."""
RELATION = "propertyRelation { id type spaceId customerId tenure isMain housingStatus source version createdBy }"


def created(writer: Writer, space: str = HOUSE, customer: str = CUSTOMER, **values: Any) -> dict[str, Any]:
    payload = writer.done("createPropertyRelation", RELATION, spaceId=space, customerId=customer, **values)
    relation: dict[str, Any] = payload["propertyRelation"]
    return relation


def log_of(writer: Writer, relation: str) -> list[tuple[str, str | None]]:
    query = "select housing_status, customer_name from housing_record where property_relation_id = %s order by id"
    return writer.sql(query, relation)


def knows(writer: Writer, org: str, customer: str) -> bool:
    query = "select exists (select from customer_org where org_id = %s and customer_id = %s)"
    return bool(writer.sql(query, org, customer)[0][0])


def test_11_3_a_new_relation_is_logged_and_the_organisation_knows_the_customer(staff: Writer) -> None:
    assert not knows(staff, ORG, CUSTOMER)
    made = created(staff)
    assert made == {
        "id": made["id"], "type": "HOUSE", "spaceId": HOUSE, "customerId": CUSTOMER, "tenure": "OWNER", "isMain": False,
        "housingStatus": "LIVING_IN", "source": "own", "version": 1, "createdBy": "yanggc4",
    }  # fmt: skip
    assert log_of(staff, made["id"]) == [("LIVING_IN", "客户51_修改")]
    assert knows(staff, ORG, CUSTOMER)
    place = created(staff, PARKING, tenure="TENANT_MEMBER", type="PARKING", housingStatus="AWAY")
    assert (place["type"], place["tenure"], log_of(staff, place["id"])) == (
        "PARKING", "TENANT_MEMBER", [("AWAY", "客户51_修改")],
    )  # fmt: skip
    assert staff.sql("select created_by from customer_org where org_id = %s and customer_id = %s", ORG, CUSTOMER) == [
        ("yanggc4",)
    ]


def test_11_5_the_log_has_an_entry_for_each_change_of_the_housing_status_and_no_other(staff: Writer) -> None:
    id_ = created(staff)["id"]
    for status in ("CANCELLED", "CANCELLED", "AWAY", "LIVING_IN"):
        staff.done("setHousingStatus", id=id_, housingStatus=status)
    staff.done("updatePropertyRelation", id=id_, tenure="TENANT")
    staff.done("updatePropertyRelation", id=id_, tenure="TENANT", housingStatus="LIVING_IN")
    assert [status for status, _ in log_of(staff, id_)] == ["LIVING_IN", "CANCELLED", "AWAY", "LIVING_IN"]
    ((version,),) = staff.sql("select version from property_relation where id = %s", id_)
    assert version == 5, "a change that changes nothing leaves the version as it is"
    many = [{"id": each, "housingStatus": "MOVED_OUT"} for each in (id_, created(staff, PARKING)["id"])]
    written = staff.done("setHousingStatuses", "propertyRelations { housingStatus }", propertyRelations=many)
    assert [each["housingStatus"] for each in written["propertyRelations"]] == ["MOVED_OUT"] * 2
    assert [status for status, _ in log_of(staff, many[1]["id"])] == ["LIVING_IN", "MOVED_OUT"]


@pytest.mark.parametrize(
    ("values", "refusals"),
    [
        ({"spaceId": COMMUNITY}, [("INVALID_INPUT", ["spaceId"])]),
        ({"spaceId": FOREIGN_HOUSE}, [("NOT_FOUND", ["spaceId"])]),
        ({"spaceId": ABSENT, "customerId": ABSENT}, [("NOT_FOUND", ["spaceId"]), ("NOT_FOUND", ["customerId"])]),
        ({"customerId": FOREIGN_CUSTOMER}, [("NOT_FOUND", ["customerId"])]),
        ({"type": "PARKING"}, [("INVALID_INPUT", ["type"])]),
        ({"tenure": "TENANT", "isMain": True}, [("INVALID_INPUT", ["isMain"])]),
    ],
)
def test_11_3_a_wrong_relation_is_refused(staff: Writer, values: dict[str, Any], refusals: Any) -> None:
    assert staff.refusals("createPropertyRelation", **{"spaceId": HOUSE, "customerId": CUSTOMER, **values}) == refusals


def test_11_3_customer_and_space_belong_to_one_tenant(super_: Writer) -> None:
    refused = [("INVALID_INPUT", ["customerId"])]
    assert super_.refusals("createPropertyRelation", spaceId=HOUSE, customerId=FOREIGN_CUSTOMER) == refused
    assert super_.refusals("createPropertyRelation", spaceId="1", customerId=CUSTOMER) == [
        ("INVALID_INPUT", ["spaceId"])
    ]


def test_11_3_a_customer_has_one_valid_relation_with_a_space(staff: Writer) -> None:
    first = created(staff)["id"]
    twice = [{"spaceId": OTHER_HOUSE, "customerId": CUSTOMER}] * 2
    assert staff.refusals("createPropertyRelation", spaceId=HOUSE, customerId=CUSTOMER) == [
        ("CONFLICT", ["customerId"])
    ]
    assert staff.refusals("createPropertyRelations", propertyRelations=twice) == [
        ("CONFLICT", ["propertyRelations", "1", "customerId"])
    ]
    staff.done("setHousingStatus", id=first, housingStatus="MOVED_OUT")
    created(staff)
    assert staff.refusals("setHousingStatus", id=first, housingStatus="LIVING_IN") == [("CONFLICT", ["customerId"])]
    created(staff, customer=OTHER, housingStatus="CANCELLED")


def test_11_3_a_property_has_one_main_owner(staff: Writer) -> None:
    first = created(staff, isMain=True)["id"]
    other = created(staff, customer=OTHER)["id"]
    assert staff.refusals("createPropertyRelation", spaceId=HOUSE, customerId="9148", isMain=True) == [
        ("CONFLICT", ["isMain"])
    ]
    assert staff.refusals("updatePropertyRelation", id=other, isMain=True) == [("CONFLICT", ["isMain"])]
    assert staff.refusals("updatePropertyRelation", id=first, tenure="TENANT") == [("INVALID_INPUT", ["isMain"])]
    handed_over = [{"id": other, "isMain": True}, {"id": first, "isMain": False}]
    moved_out = [{"id": first, "isMain": True}, {"id": other, "isMain": True, "housingStatus": "MOVED_OUT"}]
    for changes in (handed_over, moved_out):
        staff.done("updatePropertyRelations", propertyRelations=changes)
    mains = "select customer_id::text, housing_status from property_relation where space_id = %s and is_main order by 2"
    assert staff.sql(mains, HOUSE) == [(CUSTOMER, "LIVING_IN"), (OTHER, "MOVED_OUT")]
    assert staff.refusals("setHousingStatus", id=other, housingStatus="AWAY") == [("CONFLICT", ["isMain"])]


def test_two_requests_at_once_make_one_main_owner(staff: Writer) -> None:
    for space in (HOUSE, OTHER_HOUSE, "41019", "41020"):
        inputs = [
            {"spaceId": space, "customerId": customer, "isMain": True} for customer in (CUSTOMER, OTHER, "9148", "9152")
        ]
        with ThreadPoolExecutor(len(inputs)) as writers:
            answers = list(writers.map(lambda each: staff.payload("createPropertyRelation", RELATION, **each), inputs))
        codes = sorted(error["code"] for answer in answers for error in answer["errors"])
        assert codes == ["CONFLICT"] * 3
        mains = "select count(*), bool_and(is_main) from property_relation where space_id = %s"
        assert staff.sql(mains, space) == [(1, True)]


def test_11_3_a_relation_keeps_its_space_and_its_customer(staff: Writer) -> None:
    id_ = created(staff)["id"]
    same = {"spaceId": HOUSE, "customerId": CUSTOMER, "type": "HOUSE", "expectedVersion": 1}
    changed = staff.done("updatePropertyRelation", RELATION, id=id_, isMain=True, **same)["propertyRelation"]
    assert (changed["isMain"], changed["version"]) == (True, 2)
    for other in ({"spaceId": OTHER_HOUSE}, {"customerId": OTHER}, {"spaceId": FOREIGN_HOUSE}, {"type": "PARKING"}):
        assert staff.refusals("updatePropertyRelation", id=id_, **other) == [("INVALID_INPUT", [*other])]
    assert staff.refusals("updatePropertyRelation", id=id_, isMain=False, expectedVersion=1) == [
        ("CONFLICT", ["expectedVersion"])
    ]
    assert staff.refusals("updatePropertyRelation", id=FOREIGN, isMain=True) == [("NOT_FOUND", ["id"])]


def test_a_relation_needs_the_capability_of_the_organisation_of_its_space(own_api: Api, own_url: str) -> None:
    for account in ("lisi", "wangwu"):
        other = Writer(own_api, own_url, account)
        assert other.forbidden("createPropertyRelation", spaceId=HOUSE, customerId=CUSTOMER) == "PROPERTY_WRITE"
        assert other.forbidden("setHousingStatus", id=HELD, housingStatus="AWAY") == "PROPERTY_WRITE"


def test_a_relation_is_deleted_with_its_log_and_comes_back(staff: Writer) -> None:
    id_ = created(staff, isMain=True)["id"]
    staff.done("setHousingStatus", id=id_, housingStatus="AWAY")
    log = log_of(staff, id_)
    assert staff.refusals("deletePropertyRelation", id=HELD) == [("IN_USE", ["id"])]
    assert staff.refusals("deletePropertyRelation", id=FOREIGN) == [("NOT_FOUND", ["id"])]
    assert staff.refusals("deletePropertyRelation", id=id_, expectedVersion=1) == [("CONFLICT", ["expectedVersion"])]
    assert staff.done("deletePropertyRelation", "deletedIds", id=id_)["deletedIds"] == [id_]
    assert log_of(staff, id_) == []
    ((change,),) = staff.sql(
        "select id::text from change where entity = 'property_relation' and entity_id = %s and operation = 'DELETE'",
        id_,
    )
    replacement = created(staff, customer=OTHER, isMain=True)["id"]
    assert staff.refusals("restorePropertyRelation", changeId=change) == [("CONFLICT", ["changeId"])]
    staff.done("updatePropertyRelation", id=replacement, isMain=False)
    back = staff.done("restorePropertyRelation", RELATION, changeId=change)["propertyRelation"]
    assert (back["id"], back["isMain"], back["housingStatus"]) == (id_, True, "AWAY")
    assert log_of(staff, id_) == log


def test_a_changed_relation_is_put_back_and_the_log_says_so(staff: Writer) -> None:
    id_ = created(staff)["id"]
    staff.done("updatePropertyRelation", id=id_, housingStatus="MOVED_OUT", tenure="TENANT")
    query = "select id::text from change where entity_id = %s and entity = 'property_relation' order by id desc limit 1"
    ((change,),) = staff.sql(query, id_)
    back = staff.done("restorePropertyRelation", RELATION, changeId=change)["propertyRelation"]
    assert (back["housingStatus"], back["tenure"]) == ("LIVING_IN", "OWNER")
    assert [status for status, _ in log_of(staff, id_)] == ["LIVING_IN", "MOVED_OUT", "LIVING_IN"]


def upserted(writer: Writer, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    selection = f"propertyRelations {{ {RELATION.partition('{')[2]} "
    payload = writer.done("upsertPropertyRelations", selection, propertyRelations=list(rows))
    relations: list[dict[str, Any]] = payload["propertyRelations"]
    return relations


FROM_4G = {"fourgridId": "77", "fourgridSpaceId": "277937", "fourgridCommunityId": "610", "fourgridCustomerId": "7"}


def test_11_4_the_4g_system_names_relation_space_and_customer_by_its_own_ids(staff: Writer) -> None:
    (made,) = upserted(staff, {**FROM_4G, "tenure": "TENANT"})
    assert (made["spaceId"], made["customerId"], made["tenure"], made["source"]) == ("4238", "47000", "TENANT", "4g")
    (again,) = upserted(staff, {**FROM_4G, "housingStatus": "MOVED_OUT"})
    assert (again["id"], again["tenure"], again["housingStatus"], again["version"]) == (
        made["id"], "TENANT", "MOVED_OUT", 2,
    )  # fmt: skip
    assert [status for status, _ in log_of(staff, made["id"])] == ["LIVING_IN", "MOVED_OUT"]
    (same,) = upserted(staff, {"fourgridId": "77", "housingStatus": "MOVED_OUT"})
    assert (same["id"], same["version"]) == (made["id"], 2)
    links = "select fourgrid_id, fourgrid_space_id, fourgrid_community_id, fourgrid_customer_id from property_relation"
    assert staff.sql(f"{links} where id = %s", made["id"]) == [(77, 277937, 610, 7)]
    (known,) = upserted(staff, {"id": made["id"], "tenure": "TENANT_MEMBER"})
    assert (known["id"], known["tenure"]) == (made["id"], "TENANT_MEMBER")


def test_11_4_a_relation_that_was_entered_by_hand_becomes_that_of_the_4g_system(staff: Writer) -> None:
    by_hand = created(staff, "4238", "47000")["id"]
    (adopted,) = upserted(staff, {**FROM_4G, "tenure": "OWNER_MEMBER"})
    assert (adopted["id"], adopted["tenure"], adopted["source"]) == (by_hand, "OWNER_MEMBER", "own")


@pytest.mark.parametrize(
    ("values", "refusals"),
    [
        ({"fourgridSpaceId": "5"}, [("NOT_FOUND", ["fourgridSpaceId"])]),
        ({"fourgridCommunityId": "611"}, [("NOT_FOUND", ["fourgridSpaceId"])]),
        ({"fourgridCustomerId": "5"}, [("NOT_FOUND", ["fourgridCustomerId"])]),
        ({"fourgridId": None}, [("INVALID_INPUT", ["id"])]),
        ({"fourgridSpaceId": None}, [("INVALID_INPUT", ["spaceId"])]),
        ({"fourgridCustomerId": None}, [("INVALID_INPUT", ["customerId"])]),
        ({"fourgridId": "1"}, [("INVALID_INPUT", ["customerId"])]),  # the relation of another customer
        ({"spaceId": FOREIGN_HOUSE}, [("NOT_FOUND", ["spaceId"])]),
        ({"id": FOREIGN}, [("NOT_FOUND", ["id"])]),
        ({"isMain": True}, [("CONFLICT", ["isMain"])]),
    ],
)
def test_11_4_what_cannot_be_resolved_is_refused(staff: Writer, values: dict[str, Any], refusals: Any) -> None:
    rows = [{**FROM_4G, **values}]
    expected = [(code, ["propertyRelations", "0", *path]) for code, path in refusals]
    assert staff.refusals("upsertPropertyRelations", propertyRelations=rows) == expected
    answer = staff.payload(
        "upsertPropertyRelations", "propertyRelations { id }", propertyRelations=rows, onError="SKIP"
    )
    assert answer["propertyRelations"] == []


def test_11_4_two_tenants_with_the_same_4g_ids_are_kept_apart(staff: Writer, super_: Writer) -> None:
    super_.sql("update space set fourgrid_id = 277937, fourgrid_community_id = 610 where id = %s", FOREIGN_HOUSE)
    super_.sql("update customer set fourgrid_id = 7 where id = %s", FOREIGN_CUSTOMER)
    assert super_.refusals("upsertPropertyRelations", propertyRelations=[FROM_4G]) == [
        ("INVALID_INPUT", ["propertyRelations", "0", "fourgridSpaceId"]),
        ("INVALID_INPUT", ["propertyRelations", "0", "fourgridCustomerId"]),
    ]
    (own,) = upserted(staff, FROM_4G)
    super_.done("setHousingStatus", id=FOREIGN, housingStatus="CANCELLED")
    (other,) = upserted(super_, {**FROM_4G, "spaceId": FOREIGN_HOUSE})
    assert (own["spaceId"], other["spaceId"], other["customerId"]) == ("4238", FOREIGN_HOUSE, FOREIGN_CUSTOMER)


def test_11_4_requests_at_once_synchronise_one_relation(staff: Writer) -> None:
    rows = [{**FROM_4G, "tenure": "TENANT"}]
    with ThreadPoolExecutor(4) as writers:
        list(writers.map(lambda _: staff.done("upsertPropertyRelations", propertyRelations=rows), range(4)))
    assert staff.sql("select count(*) from property_relation where fourgrid_id = 77") == [(1,)]


def test_a_thousand_relations_take_as_many_statements_as_a_hundred(staff: Writer) -> None:
    numbers: dict[str, list[int]] = {"create": [], "status": [], "upsert": []}
    floor = staff.sql("select parent_id::text from space where id = %s", HOUSE)[0][0]
    created(staff)  # the caller is found once
    for count in (100, 1000):
        spaces = [{"name": f"{count}-{i}", "type": "HOUSE", "parentId": floor} for i in range(count)]
        houses = staff.done("createSpaces", "spaces { id }", spaces=spaces)["spaces"]
        rows = [{"spaceId": house["id"], "customerId": CUSTOMER, "isMain": True} for house in houses]
        made = staff.done("createPropertyRelations", "propertyRelations { id spaceId }", propertyRelations=rows)
        numbers["create"].append(len(staff.api.statements))
        assert [each["spaceId"] for each in made["propertyRelations"]] == [house["id"] for house in houses]
        ids = [each["id"] for each in made["propertyRelations"]]
        staff.done("setHousingStatuses", propertyRelations=[{"id": id_, "housingStatus": "AWAY"} for id_ in ids])
        numbers["status"].append(len(staff.api.statements))
        upserts = [{"id": id_, "fourgridId": f"{count}{i}", "tenure": "OWNER"} for i, id_ in enumerate(ids)]
        staff.done("upsertPropertyRelations", propertyRelations=upserts)
        numbers["upsert"].append(len(staff.api.statements))
    assert all(first == second for first, second in numbers.values()), numbers
    assert staff.sql("select count(*) from housing_record where housing_status = 'AWAY'") == [(1101,)]
