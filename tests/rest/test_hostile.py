"""Hostile values at the legacy URLs: each is refused by name or read as what it says, and nothing is written."""

import pytest

from tests.clients.legacy import Legacy

UNREADABLE_NUMBERS = [True, "1_0", "１２", "+5", "nan", "inf", "1e", "0x2", [], {}]
"""No numbers of the documents; Python's own readers take most of them."""


@pytest.mark.parametrize("id_", [True, 2.0, "1_9", "２", "+2", "2.0", "1e2", [2], {"a": 2}])
def test_an_id_is_a_number_or_its_digits(ordinary: Legacy, id_: object) -> None:
    answer = ordinary.send("org/sub/list", {"id": id_})
    assert (answer.status_code, answer.json()["message"]) == (400, "id应为编号")


@pytest.mark.parametrize("number", UNREADABLE_NUMBERS)
def test_a_wrong_number_is_named(staff: Legacy, number: object) -> None:
    for path, body, name in [
        ("spacelocation/edit", {"space_id": 3429}, "lon"),
        ("spaceparkdetail/edit", {"space_id": 166}, "space_square"),
    ]:
        answer = staff.send(path, {**body, name: number})
        assert (answer.status_code, answer.json()["message"]) == (400, f"{name}应为数值")


def test_a_number_keeps_all_its_digits(staff: Legacy) -> None:
    for square in (12345678901.12, "12345678901.12"):
        answer = staff.result("spaceparkdetail/edit", {"space_id": 166, "space_square": square})
        assert answer["space_square"] == 12345678901.12


@pytest.mark.parametrize("number", [False, [], {}, 1.5, "x", 10**12, 10**18, "9" * 5000])
def test_a_wrong_page_is_named(ordinary: Legacy, number: object) -> None:
    for path in ("org/sub/list", "org/browse/2/2/1"):
        answer = ordinary.send(path, {"id": 2, "pageNo": number})
        assert (answer.status_code, answer.json()["message"]) == (400, "pageNo应为不超过40000000的整数")


def test_a_page_behind_the_last_one_is_empty(ordinary: Legacy) -> None:
    answer = ordinary.send("org/sub/list", {"id": 2, "pageNo": 40_000_000, "pageSize": 50}).json()
    assert (answer["result"], answer["pageNo"]) == ([], 40_000_000)
    assert answer["total"] > 0


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("orgroleadmin/orgroles2admin/rel", {"admin_id": 3, "org_role_ids": []}, "org_role_ids"),
        ("orgrolerel/add/batch", {"names": [], "list": [2]}, "names"),
    ],
)
def test_a_write_of_nothing_is_an_error(staff: Legacy, path: str, body: object, name: str) -> None:
    assert staff.send(path, body).json()["message"] == f"出现异常{name}不能为空"


@pytest.mark.parametrize("wrong", [False, 0, {}, {"a": 1}, "x", 1])
def test_a_list_of_another_type_is_not_passed_over(staff: Legacy, wrong: object) -> None:
    for path, body in [
        ("org/update", {"org_name": "甲", "parentid": 40020}),
        ("space/update", {"space_name": "甲", "space_type": "ZONE", "parentid": 41027}),
    ]:
        answer = staff.send(path, {**body, "list": wrong})
        assert (answer.status_code, answer.json()["message"]) == (400, "list应为对象数组")


@pytest.mark.parametrize("wrong", [False, 0, [], "x"])
def test_an_owner_of_another_type_is_not_passed_over(ordinary: Legacy, wrong: object) -> None:
    answer = ordinary.send("space/query/projects", {"authOrg": wrong})
    assert (answer.status_code, answer.json()["message"]) == (400, "authOrg应为对象")


@pytest.mark.parametrize("code", ["abc", 9, "1_0"])
def test_a_sub_type_that_neither_type_has_is_an_error(ordinary: Legacy, code: object) -> None:
    answer = ordinary.send("org/sub/list", {"id": 2, "sub_type": code}).json()
    assert answer["message"] == f"出现异常sub_type：没有编码{code}"


def test_no_parent_may_be_written_as_0(staff: Legacy, super_: Legacy) -> None:
    project = {"space_name": "无上级", "space_type": "COMMUNITY", "org_id": 40022, "parentid": 0}
    assert staff.result("space/update", project)["parentid"] is None
    assert super_.result("supper/menu/update", {"menu_name": "无上级", "parentid": 0})["parentid"] is None


def test_the_error_of_a_mixed_list_names_the_place_in_the_list(staff: Legacy) -> None:
    project = staff.result("space/update", {"space_name": "混合", "space_type": "COMMUNITY", "org_id": 40022})["id"]
    new = {"space_name": "甲", "space_type": "ZONE", "parentid": project}
    first = staff.send("space/add/batch", [new]).json()["result"][0]["id"]
    moved, renamed = {"id": first, "parentid": 10**15}, {"id": first, "space_name": "x" * 300}
    for rows, place in [([new, new, moved], 3), ([new, renamed], 2), ([renamed, new], 1), ([moved, new], 1)]:
        message = staff.send("space/add/batch", rows).json()["message"]
        assert message.startswith(f"出现异常第 {place} 条：")
    assert len(staff.result(f"space/tree/{project}")[0]["children"]) == 1
