"""The categories of work orders through GraphQL: three levels of each top organisation (document 000, 4.2)."""

from typing import Any

import pytest

from tests.clients.writes import Writer
from tests.worlds.orders import ABSENT, CATEGORY, ONE, THREE, TWO, made, reported


def test_4_2_categories_have_three_levels(staff: Writer) -> None:
    one = made(staff, name="电梯", topOrgId="8829")
    two = made(staff, name="轿厢", parentId=one["id"])
    three = made(staff, name="异响", parentId=two["id"])
    assert [each["level"] for each in (one, two, three)] == [1, 2, 3]
    assert {each["topOrgId"] for each in (one, two, three)} == {"8829"}
    assert staff.refusals("createWorkOrderCategory", name="a", parentId=three["id"]) == [
        ("INVALID_INPUT", ["parentId"])
    ]
    assert reported(staff, categoryThreeId=three["id"])["categoryOneId"] == one["id"]


@pytest.mark.parametrize(
    ("values", "refusals"),
    [
        ({}, [("INVALID_INPUT", ["parentId"])]),
        ({"parentId": ONE, "topOrgId": "8829"}, [("INVALID_INPUT", ["parentId"])]),
        ({"parentId": ABSENT}, [("NOT_FOUND", ["parentId"])]),
        ({"parentId": "49500"}, [("NOT_FOUND", ["parentId"])]),
        ({"topOrgId": "8831"}, [("INVALID_INPUT", ["topOrgId"])]),
        ({"topOrgId": "40034"}, [("NOT_FOUND", ["topOrgId"])]),
        ({"topOrgId": "8829", "name": "楼道"}, [("CONFLICT", [])]),
        ({"topOrgId": "8829", "name": " "}, [("INVALID_INPUT", ["name"])]),
    ],
)
def test_4_2_a_wrong_category_is_refused(staff: Writer, values: dict[str, Any], refusals: Any) -> None:
    assert staff.refusals("createWorkOrderCategory", **{"name": "新", **values}) == refusals


def test_4_2_a_category_that_is_used_stays(staff: Writer) -> None:
    for used in (ONE, TWO, THREE):
        assert staff.refusals("deleteWorkOrderCategory", id=used) == [("IN_USE", ["id"])]
    free = made(staff, name="闲置", topOrgId="8829")
    renamed = staff.done("updateWorkOrderCategory", CATEGORY, id=free["id"], name="空闲", expectedVersion=1)
    assert renamed["workOrderCategory"]["name"] == "空闲"
    staff.done("deleteWorkOrderCategory", "deletedIds", id=free["id"])
    ((change,),) = staff.sql("select id::text from change where entity_id = %s and operation = 'DELETE'", free["id"])
    assert staff.done("restoreWorkOrderCategory", CATEGORY, changeId=change)["workOrderCategory"]["name"] == "空闲"
