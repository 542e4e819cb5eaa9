"""The guidance of menus (document 003, 1.1D and 15.2), through GraphQL."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.clients.writes import Writer

GUIDED, GUIDANCE, BARE, ABSENT = "30281", "32486", "20477", "999999999"
"""A menu with guidance, its guidance, a menu without, and none."""

SHOWN = "menuGuidance { id content version menu { id } createdBy updatedBy }"


def test_15_2_a_menu_gets_its_guidance_and_has_at_most_one(super_: Writer) -> None:
    made = super_.done("setMenuGuidance", SHOWN, menuId=BARE, content="第一步\n\t第二步", expectedVersion=0)
    guidance = made["menuGuidance"]
    assert guidance == {
        "id": guidance["id"], "content": "第一步\n\t第二步", "version": 1, "menu": {"id": BARE},
        "createdBy": "supperadm", "updatedBy": "supperadm",
    }  # fmt: skip
    changed = super_.done("setMenuGuidance", SHOWN, menuId=BARE, content="b", expectedVersion=1)["menuGuidance"]
    assert (changed["id"], changed["content"], changed["version"]) == (guidance["id"], "b", 2)


def test_1_1d_the_guidance_of_a_menu_is_changed(super_: Writer) -> None:
    changed = super_.done("setMenuGuidance", SHOWN, menuId=GUIDED, content="新")["menuGuidance"]
    assert (changed["id"], changed["content"], changed["version"]) == (GUIDANCE, "新", 2)
    before = super_.everything()
    assert super_.done("setMenuGuidance", SHOWN, menuId=GUIDED, content="新")["menuGuidance"]["version"] == 2
    assert super_.everything() == before


@pytest.mark.parametrize(
    ("input_", "refusal"),
    [
        ({"menuId": ABSENT, "content": "x"}, ("NOT_FOUND", ["menuId"])),
        ({"menuId": GUIDANCE, "content": "x"}, ("NOT_FOUND", ["menuId"])),  # an id of another table
        ({"menuId": GUIDED, "content": " "}, ("INVALID_INPUT", ["content"])),
        ({"menuId": GUIDED, "content": "a\u202eb"}, ("INVALID_INPUT", ["content"])),
        ({"menuId": GUIDED, "content": "x" * 100_001}, ("INVALID_INPUT", ["content"])),
        ({"menuId": GUIDED, "content": "x", "expectedVersion": 7}, ("CONFLICT", ["expectedVersion"])),
        ({"menuId": BARE, "content": "x", "id": GUIDANCE}, ("NOT_FOUND", ["id"])),  # of another menu
        ({"menuId": BARE, "content": "x", "expectedVersion": 1}, ("CONFLICT", ["expectedVersion"])),
    ],
)
def test_15_2_wrong_guidance_is_refused(super_: Writer, input_: dict[str, Any], refusal: Any) -> None:
    assert super_.refusals("setMenuGuidance", **input_) == [refusal]


def test_15_2_guidance_is_deleted(super_: Writer) -> None:
    assert super_.refusals("deleteMenuGuidance", id=GUIDANCE, expectedVersion=7) == [("CONFLICT", ["expectedVersion"])]
    assert super_.refusals("deleteMenuGuidance", id=GUIDED) == [("NOT_FOUND", ["id"])]
    assert super_.done("deleteMenuGuidance", "deletedIds", id=GUIDANCE)["deletedIds"] == [GUIDANCE]
    assert super_.sql("select count(*) from menu_guidance where menu_id = %s", GUIDED) == [(0,)]


def test_15_2_guidance_set_at_the_same_time_is_one(super_: Writer) -> None:
    bearer = super_.api.bearer("supperadm")

    def write(number: int) -> list[object]:
        field = f'setMenuGuidance(input: {{menuId: "{BARE}", content: "{number}"}}) {{ errors {{ code }} }}'
        answer = super_.api.client.post(
            "/graphql", json={"query": f"mutation {{ {field} }}"}, headers={"authorization": bearer}
        ).json()
        errors: list[object] = answer["data"]["setMenuGuidance"]["errors"]
        return errors

    with ThreadPoolExecutor(8) as writers:
        assert list(writers.map(write, range(8))) == [[]] * 8
    assert super_.sql("select count(*), max(version) from menu_guidance where menu_id = %s", BARE) == [(1, 8)]
