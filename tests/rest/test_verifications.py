"""Claims on properties at the legacy URLs (document 003, section 12 and 13.5)."""

from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.legacy import Legacy, refused

LIST, DETAIL, ADD, REVIEW, HAS, COMPARE = (
    f"auth/{name}" for name in ("query/page", "detail", "update", "auth", "hasAuth", "validate")
)
HOUSE, OTHER_HOUSE, PARKING, CUSTOMER, OTHER, FOREIGN_HOUSE, FOREIGN_CUSTOMER, FOREIGN, ABSENT = (
    41017, 41018, 41024, 9867, 9146, 41078, 47001, 49002, 999_999_999,
)  # fmt: skip
OWNER, MEMBER, TENANT = 1, 2, 3
PENDING, REJECTED, APPROVED = 1, 2, 3
TAKEN = "当前产权已被客户张**的188****1234认证,请确认是否继续,继续将迁出该手机号"


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


def claim(space: int = HOUSE, customer: int = CUSTOMER, type_: int = OWNER, **more: Any) -> dict[str, Any]:
    return {"space_id": space, "customer_id": customer, "auth_type": type_, **more}


def named(world: Api, customer: int, name: str) -> None:
    """Give a customer a name and the phone number as in the documents' example."""
    world.sql("update customer set name = %s, phone = '18812341234' where id = %s", name, customer)


@pytest.mark.rules("auth-query-page/1")
def test_12_1_lists_the_claims_of_communities_and_of_a_subtree(ordinary: Legacy, reader: Legacy) -> None:
    both = {"communityIdList": [9888], "space_code": "1003"}
    answer = ordinary.send(LIST, both).json()
    assert (ids(answer["result"]), answer["pageNo"], answer["pageSize"], answer["total"]) == (
        [11266, 49000], 1, 10, 2,
    )  # fmt: skip
    (first, _) = answer["result"]
    assert [first[name] for name in ("assembleName", "full_space_name", "community_id", "top_org_code")] == [
        "云悦江山-片区1-建筑物1-楼栋1-单元1-楼层1-房间01-1",
        "云悦江山/片区1/建筑物1/楼栋1/单元1/楼层1/房间01-1",
        9888,
        "901",
    ]  # fmt: skip
    assert ids(ordinary.result(LIST, {"communityIdList": ["10264", 9888]})) == [11266, 49000, 49001]
    assert ids(ordinary.result(LIST, {"space_code": "1003100110011001100110011001"})) == [11266, 49000]
    every = ordinary.result(LIST)
    assert ids(every) == ids(ordinary.result(LIST, {"communityIdList": []})) == [11266, 49000, 49001]
    for none in ({**both, "communityIdList": [10264]}, {"communityIdList": [ABSENT]}, {"space_code": "no"}):
        assert ordinary.result(LIST, none) == []
    assert FOREIGN in ids(reader.result(LIST))
    assert ordinary.result(LIST, {"space_code": "100001073"}) == [], "of another tenant"
    assert ids(ordinary.result(LIST, {"pageNo": 2, "pageSize": 2})) == [49001]
    for wrong in ({"communityIdList": 9888}, {"communityIdList": ["x"]}, {"pageNo": "x"}):
        refused(ordinary, LIST, wrong, code="400")


@pytest.mark.rules("auth-query-page/2")
def test_12_1_the_documented_codes_are_compared(ordinary: Legacy) -> None:
    conditions = {"type": 1, "auth_type": OWNER, "approved_status": REJECTED, "approval_type": 4}
    assert ids(ordinary.result(LIST, conditions)) == [49000]
    assert ids(ordinary.result(LIST, {"approved_status": APPROVED})) == [11266, 49001]
    assert ids(ordinary.result(LIST, {"approval_type": "5"})) == [49001]
    for none in ({"type": 2}, {"auth_type": TENANT}, {"approved_status": PENDING}, {"approval_type": 1}):
        assert ordinary.result(LIST, none) == []
    for wrong in ({"type": 3}, {"auth_type": 5}, {"approved_status": 0}, {"approval_type": 6}):
        refused(ordinary, LIST, wrong)


def test_12_1_parts_of_names_and_phones_and_whole_identity_numbers(ordinary: Legacy, api: Api) -> None:
    person = {"user_name": "客户2", "user_phone": "8777", "identity": "430421199307280001"}
    assert ids(ordinary.result(LIST, person)) == [11266, 49000]
    for none in ({"user_name": "客户3"}, {"user_phone": "87771"}, {"identity": "43042119930728000"}):
        assert ordinary.result(LIST, none) == []
    lisi = Legacy(api, "lisi")
    for personal in ({"user_phone": "134"}, {"identity": "430421199307280001"}):
        assert lisi.send(LIST, personal).json()["code"] == "403"
    assert lisi.send(LIST, {"user_name": "客户"}).json()["code"] == "200"


@pytest.mark.rules("auth-query-page/3")
def test_12_1_both_bounds_of_a_time_are_inclusive(super_: Legacy, world: Api) -> None:
    at = 1606207215000
    bounds = ("begin_approved_time", "end_approved_time")
    assert ids(super_.result(LIST, dict.fromkeys(bounds, at))) == [49000]
    assert ids(super_.result(LIST, dict.fromkeys(bounds, "2020-11-24 16:40:15"))) == [49000]
    assert ids(super_.result(LIST, dict.fromkeys(bounds, "2020-11-24"))) == [49000]
    assert ids(super_.result(LIST, dict.fromkeys(bounds, "2020-11-24T08:40:15.000+0000"))) == [49000]
    assert super_.result(LIST, {"begin_approved_time": at + 1, "end_approved_time": at + 999}) == []
    world.sql("update verification set submitted_at = '2026-01-02T03:04:05.678901Z' where id = 49001")
    shown = super_.result(DETAIL, {"id": 49001})["sent_time"]
    assert ids(super_.result(LIST, {"begin_sent_time": shown, "end_sent_time": str(shown)})) == [49001]
    assert super_.result(LIST, {"end_sent_time": shown - 1}) == []
    no_times: list[Any] = ["soon", 10**30, "2020-13-01", True, {}]
    for wrong in no_times:
        refused(super_, LIST, {"begin_sent_time": wrong}, code="400")


@pytest.mark.rules("auth-detail/1")
def test_12_2_shows_a_claim_with_customer_spaces_and_organisation(ordinary: Legacy, reader: Legacy) -> None:
    shown = ordinary.result(DETAIL, {"id": 11266})
    assert [shown[name] for name in ("customerName", "customerPhone", "customerIdentity", "assembleName")] == [
        "客户2", "13418770002", "430421199307280001", "楼栋1单元1房间01-1",
    ]  # fmt: skip
    assert [shown[name]["id"] for name in ("building", "unit", "floor")] == [10459, 10462, 10465]
    assert (shown["unit"]["parent_code"], shown["floor"]["space_sort"]) == ("1003100110011001", "STRUCTURE")
    (org,) = shown["relationOrgList"]
    assert (org["id"], org["org_code"], org["parentid"]) == (9105, "901105109103", 8831)
    assert (shown["approved_status"], shown["customer_house_rel"], shown["approval_name"]) == (3, 48000, "system")
    assert reader.result(DETAIL, {"id": FOREIGN})["id"] == FOREIGN
    for id_ in (FOREIGN, ABSENT):
        refused(ordinary, DETAIL, {"id": id_})
    assert "id" in refused(ordinary, DETAIL)
    refused(ordinary, DETAIL, {"id": "x"}, code="400")


@pytest.mark.rules("auth-add/1", "auth-add/2", "auth-add/3", "auth-add/4", "auth-add/5")
def test_12_3_enters_an_approved_claim_and_asks_before_it_moves_another_customer_out(staff: Legacy, world: Api) -> None:
    made = staff.result(ADD, {**claim(identity="430421199307280051", type=1), "space_name": "x", "community_id": 1})
    assert [made[name] for name in ("approved_status", "approval_type", "auth_client", "auth_type", "type")] == [
        3, 4, 2, 1, 1,
    ]  # fmt: skip
    assert (made["space_name"], made["user_phone"], made["customerName"]) == ("101", "13418770051", None)
    assert [(org["id"], org["org_code"], org["org_name"]) for org in made["orgList"]] == [(8829, "901", None)]
    assert made["customer_house_rel"] is not None
    assert staff.result("customer/house/relation/hasProperty", {"space_id": HOUSE}) is True
    named(world, CUSTOMER, "张小明")
    other = claim(customer=OTHER)
    for asked in (other, {**other, "moveOutOtherUser": False}):
        answer = staff.send(ADD, asked)
        assert (answer.status_code, answer.json()["code"]) == (200, "200")
        assert answer.json()["result"] == {"operateCode": "1999", "operateMessage": TAKEN}
    relation = "select housing_status from property_relation where id = %s"
    assert world.sql(relation, made["customer_house_rel"]) == [("LIVING_IN",)]
    moved = staff.result(ADD, {**other, "moveOutOtherUser": True})
    assert moved["id"] not in {None, made["id"]}
    assert world.sql(relation, made["customer_house_rel"]) == [("MOVED_OUT",)]
    assert staff.result(ADD, claim(PARKING, type_=4, type=2))["type"] == 2


def test_12_3_wrong_claims_are_refused(staff: Legacy, world: Api) -> None:
    for name in ("space_id", "customer_id", "auth_type"):
        assert name in refused(staff, ADD, {**claim(OTHER_HOUSE), name: None})
    refusals = ({"type": 2}, {"auth_type": 5}, {"space_id": FOREIGN_HOUSE}, {"customer_id": FOREIGN_CUSTOMER})
    for values in refusals:
        refused(staff, ADD, {**claim(OTHER_HOUSE), **values})
    wrong_types: list[dict[str, Any]] = [{"space_id": "x"}, {"moveOutOtherUser": "perhaps"}, {"identity": []}]
    for wrong in wrong_types:
        refused(staff, ADD, {**claim(OTHER_HOUSE), **wrong}, code="400")
    assert Legacy(world, "lisi").send(ADD, claim(OTHER_HOUSE)).json()["code"] == "403"


@pytest.mark.rules("auth-audit/1", "auth-audit/2", "auth-audit/3", "auth-audit/4", "auth-audit/5")
def test_12_4_the_detail_is_sent_back_with_the_decision(staff: Legacy, world: Api) -> None:
    made = staff.result(ADD, claim(41019))
    detail = staff.result(DETAIL, {"id": made["id"]})
    assert staff.result(REVIEW, {**detail, "approved_status": REJECTED}) is True
    assert staff.result(DETAIL, {"id": made["id"]})["approved_status"] == REJECTED
    assert staff.result(HAS, {"community_id": 41019}) is False
    other = staff.result(ADD, claim(41019, OTHER))
    named(world, OTHER, "张大")
    answer = staff.send(REVIEW, {**detail, "approved_status": APPROVED})
    assert (answer.status_code, answer.json()["result"]) == (200, {"operateCode": "1999", "operateMessage": TAKEN})
    assert staff.result(REVIEW, {**detail, "approved_status": APPROVED, "moveOutOtherUser": True}) is True
    assert world.sql("select housing_status from property_relation where id = %s", other["customer_house_rel"]) == [
        ("MOVED_OUT",)
    ]
    shown = staff.result(DETAIL, {"id": made["id"]})
    assert (shown["approved_status"], shown["approval_type"], shown["approval_acount"]) == (3, 4, "yanggc4")
    for again in (APPROVED, PENDING, 4):
        refused(staff, REVIEW, {**detail, "approved_status": again})
    refused(staff, REVIEW, {**detail, "customer_id": OTHER, "approved_status": REJECTED})
    for id_ in (FOREIGN, ABSENT):
        refused(staff, REVIEW, {"id": id_, "approved_status": REJECTED})
    for name in ("id", "approved_status"):
        assert name in refused(staff, REVIEW, {**detail, name: ""})


@pytest.mark.rules("auth-has-auth/1")
def test_12_5_says_whether_a_claim_below_is_pending_or_approved(ordinary: Legacy, staff: Legacy, world: Api) -> None:
    assert [ordinary.result(HAS, {"community_id": id_}) for id_ in (9888, 10468, "10264", 9885)] == [
        True, True, True, False,
    ]  # fmt: skip
    query = "insert into verification (type, space_id, tenure, status) values ('HOUSE', %s, 'OWNER', %s)"
    world.sql(query, 41020, "REJECTED")
    assert staff.result(HAS, {"community_id": 41020}) is False
    world.sql(query, 41020, "PENDING")
    assert staff.result(HAS, {"community_id": 41020}) is True
    for id_ in (FOREIGN_HOUSE, ABSENT):
        refused(ordinary, HAS, {"community_id": id_})
    assert "community_id" in refused(ordinary, HAS)


@pytest.mark.rules("auth-validate/1")
def test_13_5_names_what_the_customer_is_to_the_property_if_it_is_something_else(
    staff: Legacy, ordinary: Legacy
) -> None:
    asked = {"customer_id": 20972, "space_code": "100001000100000000100000000100000000100000003100000000"}
    different = ordinary.result(COMPARE, {**asked, "auth_type": TENANT})
    assert (different["operateCode"], different["operateMessage"]) == ("2000", "当前产权的客户类型是业主")
    assert {**asked, "auth_type": 3, "moveOutOtherUser": False, "id": None}.items() <= different.items()
    same = ordinary.result(COMPARE, {**asked, "auth_type": "1"})
    assert {**different, "auth_type": 1, "operateCode": None, "operateMessage": None} == same
    for other in ({"customer_id": ABSENT}, {"space_code": "no"}, {"customer_id": FOREIGN_CUSTOMER}):
        assert ordinary.result(COMPARE, {**asked, "auth_type": TENANT, **other})["operateCode"] is None
    for name in ("customer_id", "space_code", "auth_type"):
        assert name in refused(ordinary, COMPARE, {**asked, "auth_type": 1, name: None})
    made = staff.result(ADD, claim(OTHER_HOUSE, type_=MEMBER))
    there = {"customer_id": CUSTOMER, "space_code": made["space_code"], "auth_type": TENANT}
    assert staff.result(COMPARE, there)["operateMessage"] == "当前产权的客户类型是业主成员"
    question = {"operateCode": "2000", "operateMessage": "当前产权的客户类型是业主成员"}
    assert staff.result(ADD, claim(OTHER_HOUSE, type_=TENANT)) == question
    changed = staff.result(ADD, claim(OTHER_HOUSE, type_=TENANT, coverCustomerHouseRel=True))
    assert (changed["auth_type"], changed["customer_house_rel"]) == (TENANT, made["customer_house_rel"])
    assert staff.result(COMPARE, there)["operateCode"] is None
    relation = {"id": made["customer_house_rel"], "housing_status": 1003}
    staff.result("customer/house/relation/update", relation)
    assert staff.result(COMPARE, {**there, "auth_type": OWNER})["operateCode"] is None, "it has ended"
