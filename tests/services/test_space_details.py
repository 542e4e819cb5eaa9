"""Addresses of communities and details of parking places (document 003, 4.2 and 4.6), through GraphQL."""

from typing import Any

import pytest

from tests.clients.writes import Writer

ORG, COMMUNITY, FOREIGN = "10454", "13430", "22234"
LOCATION = "spaceLocation { id spaceId province street longitude latitude version createdBy }"
PARKING = "parkingDetail { id spaceId number type nature area version }"


@pytest.fixture
def community(staff: Writer) -> str:
    id_: str = staff.done("createSpace", "space { id }", name="园", type="COMMUNITY", orgId=ORG)["space"]["id"]
    return id_


@pytest.fixture
def place(staff: Writer, community: str) -> str:
    id_: str = staff.done("createSpace", "space { id }", name="1", type="PARK_SPACE", parentId=community)["space"]["id"]
    return id_


def test_4_2_a_community_has_one_address_which_is_made_and_changed(staff: Writer, community: str) -> None:
    made = staff.done("setSpaceLocation", LOCATION, spaceId=community, province="广东省", longitude=113.2)[
        "spaceLocation"
    ]
    assert made == {
        "id": made["id"], "spaceId": community, "province": "广东省", "street": None, "longitude": 113.2,
        "latitude": None, "version": 1, "createdBy": "yanggc4",
    }  # fmt: skip
    values: dict[str, Any] = {"street": "林港路 22 号", "longitude": None, "expectedVersion": 1}
    changed = staff.done("setSpaceLocation", LOCATION, spaceId=community, **values)["spaceLocation"]
    assert changed == {**made, "street": "林港路 22 号", "longitude": None, "version": 2}
    assert staff.refusals("setSpaceLocation", spaceId=community, city="x", expectedVersion=1) == [
        ("CONFLICT", ["expectedVersion"])
    ]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"spaceId": FOREIGN, "city": "x"}, ("NOT_FOUND", ["spaceId"])),
        ({"spaceId": COMMUNITY, "longitude": 180.5}, ("INVALID_INPUT", ["longitude"])),
        ({"spaceId": COMMUNITY, "latitude": -181}, ("INVALID_INPUT", ["latitude"])),
        ({"spaceId": COMMUNITY, "street": "a\u0000"}, ("INVALID_INPUT", ["street"])),
        ({"spaceId": COMMUNITY, "city": "x" * 201}, ("INVALID_INPUT", ["city"])),
    ],
)
def test_4_2_a_wrong_address_is_refused(staff: Writer, values: dict[str, Any], refusal: Any) -> None:
    assert staff.refusals("setSpaceLocation", **values) == [refusal]


def test_4_2_only_communities_have_addresses_and_4_6_only_parking_places_details(
    staff: Writer, community: str, place: str
) -> None:
    assert staff.refusals("setSpaceLocation", spaceId=place, city="x") == [("INVALID_INPUT", ["spaceId"])]
    assert staff.refusals("setParkingDetail", spaceId=community, number="A1") == [("INVALID_INPUT", ["spaceId"])]


def test_4_6_a_parking_place_is_standard_by_default(staff: Writer, place: str) -> None:
    made = staff.done("setParkingDetail", PARKING, spaceId=place, number="A1", nature="OWNED", area="12.5")[
        "parkingDetail"
    ]
    assert (made["type"], made["nature"], made["area"], made["version"]) == ("STANDARD", "OWNED", "12.50", 1)
    changed = staff.done("setParkingDetail", PARKING, spaceId=place, type="MINI")["parkingDetail"]
    assert (changed["id"], changed["number"], changed["type"]) == (made["id"], "A1", "MINI")
    assert staff.refusals("setParkingDetail", spaceId=place, area="-1") == [("INVALID_INPUT", ["area"])]


def test_4_2_an_address_is_deleted(staff: Writer, community: str) -> None:
    assert staff.refusals("deleteSpaceLocation", spaceId=community) == [("NOT_FOUND", ["spaceId"])]
    id_ = staff.done("setSpaceLocation", LOCATION, spaceId=community, city="x")["spaceLocation"]["id"]
    assert staff.refusals("deleteSpaceLocation", spaceId=community, expectedVersion=3) == [
        ("CONFLICT", ["expectedVersion"])
    ]
    assert staff.done("deleteSpaceLocation", "deletedIds", spaceId=community)["deletedIds"] == [id_]


def test_a_space_with_its_details_is_deleted(staff: Writer, place: str) -> None:
    staff.done("setParkingDetail", PARKING, spaceId=place, number="A1")
    assert staff.done("deleteSpace", "deletedIds", id=place)["deletedIds"] == [place]
    assert staff.sql("select count(*) from parking_detail where space_id = %s", place) == [(0,)]


def test_4_3_and_4_7_a_detail_is_named_by_its_id_and_a_parking_place_by_its_own(staff: Writer, place: str) -> None:
    made = staff.done("setParkingDetail", PARKING, id=place, number="A1")["parkingDetail"]
    assert made["spaceId"] == place
    changed = staff.done("setParkingDetail", PARKING, id=made["id"], number="A2")["parkingDetail"]
    assert (changed["id"], changed["number"]) == (made["id"], "A2")
    both = staff.done("setParkingDetail", PARKING, id=made["id"], spaceId=place, number="A3")["parkingDetail"]
    assert both["number"] == "A3"
    address = staff.done("setSpaceLocation", LOCATION, spaceId=COMMUNITY, city="x")["spaceLocation"]
    assert staff.done("setSpaceLocation", LOCATION, id=address["id"], street="y")["spaceLocation"]["street"] == "y"


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"city": "x"}, ("INVALID_INPUT", ["spaceId"])),
        ({"id": "8825", "spaceId": COMMUNITY, "city": "x"}, ("INVALID_INPUT", ["id"])),
        ({"id": FOREIGN, "city": "x"}, ("NOT_FOUND", ["id"])),
        ({"id": "1", "city": "x"}, ("NOT_FOUND", ["id"])),
    ],
)
def test_4_3_an_id_that_names_nothing_is_refused(staff: Writer, values: dict[str, Any], refusal: Any) -> None:
    assert staff.refusals("setSpaceLocation", **values) == [refusal]


def test_4_3_an_address_of_another_community_is_refused(staff: Writer, community: str) -> None:
    address = staff.done("setSpaceLocation", LOCATION, spaceId=community, city="x")["spaceLocation"]
    values = {"id": address["id"], "spaceId": COMMUNITY, "city": "y"}
    assert staff.refusals("setSpaceLocation", **values) == [("INVALID_INPUT", ["id"])]
