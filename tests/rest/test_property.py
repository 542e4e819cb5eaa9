"""Property relations at the legacy URLs (document 003, section 11)."""

from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.legacy import Legacy, refused

AT = "customer/house/relation"
PROPERTY, LIST, OF_CUSTOMER = f"{AT}/update", f"{AT}/query/page", f"{AT}/query/byCustomerId"
HOUSE, OTHER_HOUSE, CUSTOMER, FOREIGN_HOUSE, FOREIGN_CUSTOMER, ABSENT = 41017, 41018, 9867, 41078, 47001, 999_999_999


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


@pytest.mark.rules("house-rel-query-communitys/1", "house-rel-query-communitys/2")
def test_11_1_lists_the_communities_of_an_organisation_and_those_below(reader: Legacy, ordinary: Legacy) -> None:
    url = f"{AT}/query/communitys"
    answer = ordinary.send(url, {"org_code": "901", "space_name": "花园"}).json()
    assert {row["space_name"] for row in answer["result"]} == {"简岸花园", "海岸花园"}
    assert {row["space_type"] for row in answer["result"]} == {"COMMUNITY"}
    assert (answer["pageNo"], answer["total"]) == (0, 0)
    every = ordinary.result(url, {"org_code": "901"})
    assert ordinary.result(url, {"org_code": "901105109103"}) == [row for row in every if row["org_id"] == 9105]
    foreign = reader.result("org/detail/16432")["org_code"]
    assert (ids(reader.result(url, {"org_code": foreign})), ordinary.result(url, {"org_code": foreign})) != ([], [])
    assert ordinary.result(url, {"org_code": foreign}) == []
    paged = ordinary.send(url, {"org_code": "901", "pageNo": 2, "pageSize": 2}).json()
    assert (ids(paged["result"]), paged["total"]) == (ids(every)[2:4], len(every))
    assert "org_code" in refused(ordinary, url, {"space_name": "花园"})


@pytest.mark.rules("house-rel-query-communitys/3")
def test_11_1_counts_zones_only_when_asked(ordinary: Legacy) -> None:
    url, body = f"{AT}/query/communitys", {"org_code": "901", "space_name": "悦然寓"}
    assert "directZoneNums" not in ordinary.result(url, body)[0]
    assert ordinary.result(url, {**body, "needReturnZoneCount": True})[0]["directZoneNums"] == 2
    refused(ordinary, url, {**body, "needReturnZoneCount": "often"}, code="400")


@pytest.mark.rules("house-rel-query-spaces/1", "house-rel-query-spaces/2", "house-rel-query-spaces/3")
def test_11_2_lists_the_spaces_of_a_type_below_the_one_with_a_code(ordinary: Legacy) -> None:
    url = f"{AT}/query/spaces"
    houses = ordinary.result(url, {"space_code": "3983", "space_type": "HOUSE"})
    assert ids(houses) == [4238, 41095]
    assert ids(ordinary.result(url, {"space_code": "3983", "space_type": "HOUSE", "space_name": "1301"})) == [4238]
    assert ordinary.result(url, {"space_code": "3983", "space_type": "ZONE"}) == []
    shared = ordinary.result(url, {"space_code": "1000", "space_type": "BUILDING"})
    assert {row["full_space_name"].split("/")[0] for row in shared} >= {"简岸花园"}, "several communities have the code"
    assert ids(ordinary.result(url, {"space_code": "3983", "space_type": "PARKING-PLACE"})) == []
    assert "CASTLE" in refused(ordinary, url, {"space_code": "3983", "space_type": "CASTLE"})
    assert ordinary.result(url, {"space_code": "100001073", "space_type": "STRUCTURE"}) == [], "of another tenant"
    assert "space_code" in refused(ordinary, url, {"space_type": "HOUSE"})
    assert ids(ordinary.send(url, {"space_code": "3983", "pageSize": 1, "pageNo": 2}).json()["result"]) == [41008]


@pytest.mark.rules(
    "house-rel-update/1", "house-rel-update/2", "house-rel-update/3", "house-rel-update/4", "house-rel-update/5"
)
def test_11_3_enters_and_changes_a_relation(staff: Legacy, world: Api) -> None:
    made = staff.result(PROPERTY, {"space_id": HOUSE, "customer_id": CUSTOMER, "src": 1, "area": 1, "space_name": "x"})
    assert [made[name] for name in ("type", "customer_type", "main_flag", "housing_status", "src")] == [
        1,
        1,
        0,
        1000,
        1,
    ]
    assert (made["space_id"], made["space_name"], made["area"]) == (HOUSE, "101", 88.5), (
        "texts of the client are ignored"
    )
    change = {**made, "customer_type": 3, "housing_status": 1001, "main_flag": "0"}
    changed = staff.result(PROPERTY, change)
    assert [changed[name] for name in ("id", "customer_type", "housing_status")] == [made["id"], 3, 1001]
    refused(staff, PROPERTY, {**change, "main_flag": 1})
    refused(staff, PROPERTY, {**change, "space_id": OTHER_HOUSE})
    refused(staff, PROPERTY, {**change, "id": ABSENT})
    assert "space_id" in refused(staff, PROPERTY, {"customer_id": CUSTOMER})
    place = {"space_id": 41024, "customer_id": CUSTOMER, "type": 2, "customer_type": 4, "housing_status": 1003}
    assert staff.result(PROPERTY, place)["customer_type"] == 4
    for wrong in ({"type": 1}, {"customer_type": 5}, {"housing_status": 1002}, {"src": 3}, {"main_flag": 2}):
        refused(staff, PROPERTY, {**place, **wrong})
    refused(staff, PROPERTY, {**place, "space_id": "house"}, code="400")
    for foreign in ({"space_id": FOREIGN_HOUSE}, {"customer_id": FOREIGN_CUSTOMER}):
        refused(staff, PROPERTY, {**place, **foreign})
    assert Legacy(world, "lisi").send(PROPERTY, place).json()["code"] == "403"


@pytest.mark.rules("house-rel-4g-update/1", "house-rel-4g-update/2", "house-rel-4g-update/3", "house-rel-4g-update/4")
def test_11_4_synchronises_a_relation_of_the_4g_system(staff: Legacy) -> None:
    url, known = f"{AT}/4g/update", {"e_cus_hou_rel_id": 1, "e_space_id": 277937, "e_community_id": 610}
    body = {
        **known,
        "e_customer_id": 1,
        "type": 1,
        "customer_type": 1,
        "main_flag": 1,
        "housing_status": 1001,
        "src": 2,
    }
    assert staff.result(url, body) is True
    detail = staff.result(f"{AT}/detail/relId", {"id": 1})
    assert (detail["housing_status"], detail["src"], detail["main_flag"]) == (1001, 2, 1)
    new = {**body, "e_cus_hou_rel_id": 5, "e_customer_id": 7, "main_flag": 0, "customer_type": 2}
    assert staff.result(url, new) is True
    (row,) = [row for row in staff.result(LIST, {"space_code": "3983"}) if row["e_cus_hou_rel_id"] == 5]
    assert (row["customer_id"], row["space_id"], row["customer_type"], row["src"]) == (47000, 4238, 2, 2)
    refused(staff, url, {**new, "e_cus_hou_rel_id": 6, "e_space_id": 5})
    refused(staff, url, {**new, "e_cus_hou_rel_id": 6, "e_customer_id": 5})
    refused(staff, url, {**new, "type": 2})
    assert "e_cus_hou_rel_id" in refused(staff, url, {**new, "e_cus_hou_rel_id": None})


@pytest.mark.rules("house-rel-detail-relid/1", "house-rel-detail-relid/2")
def test_11_5_shows_a_relation_with_the_customers_and_the_housing_log(ordinary: Legacy, reader: Legacy) -> None:
    url = f"{AT}/detail/relId"
    relation = ordinary.result(url, {"id": 1})
    assert [relation[name] for name in ("space_code", "community_id", "customer_id", "e_space_id", "area")] == [
        "39831001100010121000", 10264, 9343, 277937, 20.2,
    ]  # fmt: skip
    (customer,) = relation["relationCustomers"]
    assert (customer["id"], customer["customer_name"], customer["top_org_code"]) == (9343, "客户13", "901")
    assert [row["housing_status"] for row in relation["housingRecords"]] == [1000, 1004, 1004, 1000, 1001]
    assert {row["customer_house_rel_id"] for row in relation["housingRecords"]} == {1}
    assert reader.result(url, {"id": 48007})["id"] == 48007
    for id_ in (48007, ABSENT):
        refused(ordinary, url, {"id": id_})


@pytest.mark.rules("house-rel-detail-spaceid/1")
def test_11_6_shows_a_house_and_its_housing_log(ordinary: Legacy) -> None:
    url = f"{AT}/detail/spaceId"
    house = ordinary.result(url, {"space_id": 4238})
    known = {name for name, value in house.items() if value is not None}
    assert known == {"full_space_name", "area", "housingRecords"}
    assert [row["id"] for row in house["housingRecords"]] == [10060, 10263, 10267, 10268, 48500]
    assert ordinary.result(url, {"space_id": 41024})["housingRecords"] == []
    for id_ in (10264, FOREIGN_HOUSE, ABSENT):
        refused(ordinary, url, {"space_id": id_})


@pytest.mark.rules("house-rel-customers-spaceid/1", "house-rel-customers-spaceid/2")
def test_11_7_lists_the_customers_of_a_house_with_the_app_user_if_asked(ordinary: Legacy) -> None:
    url = f"{AT}/customers/spaceId"
    answer = ordinary.send(url, {"space_id": 4238, "pageNo": 1, "pageSize": 2}).json()
    assert (ids(answer["result"]), answer["total"], answer["totalPage"]) == ([9343], 1, 1)
    assert answer["result"][0]["userId"] is None
    asked = ordinary.result(url, {"space_id": 4238, "needReturnUserId": True})
    assert (asked[0]["userId"], asked[0]["customer_properties"], asked[0]["status"]) == (111, 1, 2)
    assert ordinary.result(url, {"space_id": 41095, "needReturnUserId": True})[0]["userId"] is None
    refused(ordinary, url, {"space_id": FOREIGN_HOUSE})


@pytest.mark.rules(
    "house-rel-query-page/1", "house-rel-query-page/2", "house-rel-query-page/3", "house-rel-query-page/4"
)
def test_11_8_searches_property_relations(ordinary: Legacy, reader: Legacy, api: Api) -> None:
    body = {
        "space_code": "3983",
        "customer_name": "客户",
        "customer_phone": "134187",
        "full_space_name": "美的君兰江山",
    }
    answer = ordinary.send(LIST, {**body, "customer_type": 1, "main_flag": 1, "housing_status": 1000, "type": 1}).json()
    assert (ids(answer["result"]), answer["pageNo"], answer["pageSize"]) == ([1, 48020], 1, 10)
    assert (answer["result"][0]["customer_name"], answer["result"][0]["customer_phone"]) == ("客户13", "13418770013")
    assert ids(ordinary.result(LIST, {"customer_id": 9343, "type": 2})) == [48001, 48002, 48003, 48004]
    assert ids(ordinary.result(LIST, {"customer_type": 2, "main_flag": 0, "customer_name": "13"})) == [
        48001, 48002, 48003, 48004,
    ]  # fmt: skip
    assert ids(ordinary.result(LIST, {"space_code": "39831001100010121000"})) == [1], "a house itself"
    for none in ({"housing_status": 1003}, {"space_code": "100001073"}, {"customer_id": FOREIGN_CUSTOMER}):
        assert ordinary.result(LIST, none) == []
    assert ids(reader.result(LIST, {"customer_id": FOREIGN_CUSTOMER})) == [48007]
    small = ordinary.send(LIST, {"pageSize": 51, "pageNo": 0}).json()
    assert (small["pageSize"], small["pageNo"]) == (50, 1)
    refused(ordinary, LIST, {"type": 3})
    assert Legacy(api, "lisi").send(LIST, {"customer_phone": "134187"}).json()["code"] == "403"


@pytest.mark.rules("house-rel-query-by-customerid/1")
def test_11_9_lists_the_properties_of_a_customer_with_where_parking_places_are(ordinary: Legacy) -> None:
    answer = ordinary.send(OF_CUSTOMER, {"customer_id": 9343, "type": 2, "pageNo": 1, "pageSize": 2}).json()
    assert (answer["total"], answer["totalPage"]) == (4, 2)
    places = [[row[name] for name in ("name1", "name2", "name3", "park_no")] for row in answer["result"]]
    assert places == [["南区", "车场", "中庭区域", "10111"], [None, "车场", "车场区域1", "cw001"]]
    houses = ordinary.result(OF_CUSTOMER, {"customer_id": 9343, "type": 1})
    assert [(row["space_id"], row["name2"], row["park_no"]) for row in houses] == [
        (4238, None, None), (41095, None, None),
    ]  # fmt: skip
    assert len(ordinary.result(OF_CUSTOMER, {"customer_id": 9343})) == 6
    refused(ordinary, OF_CUSTOMER, {"customer_id": FOREIGN_CUSTOMER})
    assert "customer_id" in refused(ordinary, OF_CUSTOMER, {})


@pytest.mark.rules("house-rel-has-property/1")
def test_11_10_says_whether_somebody_has_property_below_a_space(ordinary: Legacy, staff: Legacy) -> None:
    url = f"{AT}/hasProperty"
    assert [ordinary.result(url, {"space_id": id_}) for id_ in (10264, 41007, 4238, 41020)] == [True, True, True, False]
    refused(ordinary, url, {"space_id": FOREIGN_HOUSE})
    refused(ordinary, url, {"space_id": "x"}, code="400")
    body = {"space_id": 41020, "customer_id": CUSTOMER}
    made = staff.result(PROPERTY, {**body, "housing_status": 1004})
    assert staff.result(url, {"space_id": 41020}) is False
    staff.result(PROPERTY, {"id": made["id"], "housing_status": 1001})
    assert staff.result(url, {"space_id": 41020}) is True
