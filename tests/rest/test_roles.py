"""Roles at the legacy URLs (document 003, 6.1 to 6.6, 6.11 and 6.14)."""

from typing import Any

import pytest

from tests.clients.api import Api
from tests.clients.legacy import Legacy

TOP, BELOW, LEAF, FOREIGN, ABSENT, BUILT_IN = 2, 40019, 40020, 15264, 999_999_999, 20463
"""An organisation of yanggc4, one below it, one below that, another tenant's, none, and the built-in role."""

RELATION = [
    "create_by", "update_by", "create_time", "update_time", "id", "org_id", "role_id", "org_name", "org_code",
    "full_org_name", "role_name",
]  # fmt: skip
PAGE = ["orderby", "pageNo", "pageSize"]


def page(legacy: Legacy, **members: object) -> dict[str, Any]:
    answer: dict[str, Any] = legacy.send("orgrolerel/query/page", members).json()
    assert answer["code"] == "200", answer
    return answer


def ids(answer: dict[str, Any]) -> list[int]:
    return [row["role_id"] for row in answer["result"]]


def orgs_of(legacy: Legacy, role: int) -> list[int]:
    """Give the organisations that have a role; an empty list when there is none."""
    answer = legacy.send(f"orgrolerel/detail/{TOP}/{role}").json()
    return answer["result"]["list"] if answer["code"] == "200" else []


def made(legacy: Legacy, *orgs: int) -> int:
    """Make a role and give its id."""
    rows = legacy.result("orgrolerel/add", {"name": "维护", "list": list(orgs), "create_org_id": TOP})
    role: int = rows[0]["role_id"]
    return role


@pytest.mark.rules("orgrolerel-query-page/1", "orgrolerel-query-page/3", "orgrolerel-query-page/6")
def test_6_1_lists_each_role_once_newest_first(reader: Legacy) -> None:
    answer = page(reader, create_org_id=TOP)
    assert ids(answer) == [20592, BUILT_IN, 2136, 2077, 2071, 43, 42, 27]
    assert [answer[name] for name in ("pageNo", "pageSize", "total", "totalPage")] == [1, 20, 8, 1]
    assert list(answer["result"][4]) == ["role_id", "role_name", "org_rel_num", "update_time"]
    assert answer["result"][4]["org_rel_num"] == 6
    assert ids(page(reader, create_org_id=TOP, orderby="asc")) == ids(answer)[::-1]
    second = page(reader, create_org_id=TOP, pageNo="2", pageSize=3)
    assert (ids(second), second["totalPage"]) == ([2077, 2071, 43], 3)


@pytest.mark.rules("orgrolerel-query-page/2")
def test_6_1_finds_roles_by_a_part_of_the_name(reader: Legacy) -> None:
    assert ids(page(reader, create_org_id=TOP, role_name="增")) == [2077, 2071]
    assert page(reader, create_org_id=TOP, role_name=" ")["total"] == 8
    assert page(reader, create_org_id=TOP, role_name="%")["total"] == 0


@pytest.mark.rules("orgrolerel-query-page/4", "orgrolerel-query-page/5")
def test_6_1_is_narrowed_by_the_organisation_worked_in_and_by_another(reader: Legacy) -> None:
    rows = page(reader, create_org_id=BELOW)["result"]
    assert [(row["role_id"], row["org_rel_num"]) for row in rows] == [(2136, 1), (2071, 5)]
    assert ids(page(reader, create_org_id=TOP, org_id=LEAF)) == [2071]
    assert ids(page(reader, create_org_id=LEAF, org_id=TOP)) == []


@pytest.mark.rules("orgrolerel-query-page/7")
def test_6_1_shows_the_built_in_role_to_the_super_administrator_only(reader: Legacy, ordinary: Legacy) -> None:
    assert BUILT_IN in ids(page(reader, create_org_id=TOP))
    assert ids(page(ordinary, create_org_id=TOP)) == [20592, 2136, 2077, 2071, 43, 42, 27]
    assert BUILT_IN not in ids(page(ordinary))
    assert page(ordinary, create_org_id=FOREIGN)["total"] == 0


@pytest.mark.parametrize(
    ("members", "number", "size"),
    [
        ({"pageSize": 0}, 1, 20), ({"pageSize": -1}, 1, 20), ({"pageSize": 51}, 1, 50), ({"pageSize": 10**12}, 1, 50),
        ({"pageNo": 0}, 1, 20), ({"pageNo": -7}, 1, 20), ({"unknown": [1]}, 1, 20),
    ],
)  # fmt: skip
def test_6_1_takes_any_page(reader: Legacy, members: dict[str, object], number: int, size: int) -> None:
    answer = page(reader, create_org_id=TOP, **members)
    assert (answer["pageNo"], answer["pageSize"], answer["total"]) == (number, size, 8)


@pytest.mark.parametrize(
    "members", [{"pageSize": "x"}, {"orderby": "up"}, {"orderby": ["ASC"]}, {"create_org_id": "x"}, {"role_name": {}}]
)
def test_6_1_refuses_wrong_types(reader: Legacy, members: dict[str, object]) -> None:
    answer = reader.send("orgrolerel/query/page", members)
    assert (answer.status_code, answer.json()["code"], answer.json()["result"]) == (400, "400", None)


@pytest.mark.rules("orgrolerel-detail/1")
def test_6_3_shows_a_role_with_its_organisations(reader: Legacy, ordinary: Legacy) -> None:
    assert reader.result(f"orgrolerel/detail/{TOP}/42") == {"name": "角色测试Y", "id": 42, "list": [TOP]}
    assert ordinary.result(f"orgrolerel/detail/{BELOW}/2071")["list"] == [BELOW, LEAF, 40021, 40022, 40023]
    refused = [ordinary.send(f"orgrolerel/detail/{TOP}/{id_}").json() for id_ in (20453, ABSENT)]
    assert [each["code"] for each in refused] == ["1", "1"]
    assert refused[0]["message"].replace("20453", str(ABSENT)) == refused[1]["message"]
    assert ordinary.send(f"orgrolerel/detail/{TOP}/x").json()["code"] == "400"


def test_an_alias_that_stands_for_a_record_in_the_legacy_dialect_is_a_plain_one_in_graphql(api: Api) -> None:
    assert api.data('{ role(id: "42") { orgs { _: id } } }') == {"role": {"orgs": [{"_": "2"}]}}


@pytest.mark.rules("orgrolerel-list/1", "orgrolerel-list/2", "orgrolerel-list/3")
def test_6_11_lists_the_roles_of_an_organisation_and_those_below(reader: Legacy) -> None:
    answer = reader.send("orgrolerel/list", {"org_id": BELOW, "create_org_id": TOP}).json()
    rows = answer["result"]
    assert [row["id"] for row in rows] == [44519, 44516, 44515, 44514, 44513, 44512]
    assert {row["org_id"] for row in rows} == {BELOW, LEAF, 40021, 40022, 40023}
    assert list(rows[0]) == [*RELATION, *PAGE, "grant_by_supper", "create_org_id"]
    assert [answer[name] for name in ("pageNo", "pageSize", "total", "totalPage")] == [0, 0, 0, 0]
    up = reader.result("orgrolerel/list", {"org_id": BELOW, "create_org_id": TOP, "orderby": "ASC"})
    assert up == rows[::-1]
    assert reader.result("orgrolerel/list", {"org_id": TOP, "create_org_id": BELOW}) == rows
    assert len(reader.result("orgrolerel/list", {"org_id": str(TOP)})) > len(rows)


@pytest.mark.rules("orgrolerel-root/1")
def test_6_14_lists_the_roles_of_one_organisation_with_and_without_the_slash(reader: Legacy) -> None:
    rows = reader.result("orgrolerel/", {"org_id": TOP, "create_org_id": TOP})
    assert {row["org_id"] for row in rows} == {TOP}
    granted = {row["role_id"]: row["grant_by_supper"] for row in rows}
    assert (granted[BUILT_IN], granted[42]) == (2, 1)
    assert reader.result("orgrolerel", {"org_id": TOP, "create_org_id": TOP}) == rows
    assert reader.send("orgrolerel/", {"create_org_id": TOP}).json()["code"] == "1"


def test_lists_of_roles_show_no_other_tenant(ordinary: Legacy) -> None:
    for path in ("orgrolerel/list", "orgrolerel/"):
        assert ordinary.result(path, {"org_id": FOREIGN}) == ordinary.result(path, {"org_id": ABSENT}) == []


def test_a_list_of_roles_takes_the_same_statements_for_any_number_of_rows(api: Api) -> None:
    legacy, counts = Legacy(api, "supperadm"), set()
    legacy.result("orgrolerel/list", {"org_id": TOP})  # finds the caller
    for org in (TOP, 40024):
        for path in ("orgrolerel/list", "orgrolerel/query/page"):
            api.forget()
            legacy.result(path, {"org_id": org, "create_org_id": org})
            counts.add((path, len(api.statements)))
    assert len(counts) == 2


@pytest.mark.rules("orgrolerel-add/1", "orgrolerel-add/2", "orgrolerel-add/3")
def test_6_6_adds_a_role_of_several_organisations(staff: Legacy) -> None:
    answer = staff.send("orgrolerel/add", {"name": "维护人员", "list": [TOP, BELOW], "create_org_id": TOP}).json()
    rows = answer["result"]
    assert [(row["org_id"], row["role_name"], row["create_by"]) for row in rows] == [
        (TOP, "维护人员", "yanggc4"), (BELOW, "维护人员", "yanggc4"),
    ]  # fmt: skip
    assert len({row["role_id"] for row in rows}) == 1
    assert list(rows[0]) == [*RELATION, *PAGE]
    assert rows[1]["full_org_name"] == "测试顶级业务组织1/测试二级业务组织1"
    before = page(staff)["total"]
    wrongs: list[dict[str, object]] = [
        {"list": []},
        {"list": [FOREIGN]},
        {"list": [TOP, ABSENT]},
        {"list": None},
        {"name": " "},
    ]
    for wrong in wrongs:
        refused = staff.send("orgrolerel/add", {"name": "甲", "list": [TOP], **wrong}).json()
        assert (refused["code"], refused["result"]) == ("1", None)
    assert staff.send("orgrolerel/add", {"name": "甲", "list": "2"}).status_code == 400
    assert page(staff)["total"] == before


@pytest.mark.rules("orgrolerel-add-batch/1", "orgrolerel-add-batch/2", "orgrolerel-add-batch/3")
def test_6_5_adds_several_roles_of_several_organisations_and_is_deprecated(staff: Legacy) -> None:
    members = {"create_org_id": TOP, "names": ["甲", "乙"], "list": [TOP, LEAF]}
    answer = staff.send("orgrolerel/add/batch", members)
    assert answer.headers["deprecation"] == "@1609430400"
    rows = answer.json()["result"]
    assert [(row["role_name"], row["org_id"]) for row in rows] == [
        ("甲", TOP), ("甲", LEAF), ("乙", TOP), ("乙", LEAF),
    ]  # fmt: skip
    assert (len({row["role_id"] for row in rows}), list(rows[0])) == (2, RELATION)
    before = page(staff)["total"]
    wrongs: list[dict[str, object]] = [{"list": []}, {"names": ["甲", "\0"]}, {"names": None}]
    for wrong in wrongs:
        assert staff.send("orgrolerel/add/batch", {**members, **wrong}).json()["code"] == "1"
    assert page(staff)["total"] == before


@pytest.mark.rules("orgrolerel-edit/2", "orgrolerel-edit/3")
def test_6_4_renames_a_role_and_relates_it_to_other_organisations(staff: Legacy) -> None:
    role = made(staff, TOP, BELOW)
    rows = staff.result("orgrolerel/edit", {"id": role, "name": "新名", "list": [LEAF, TOP], "create_org_id": TOP})
    assert [(row["role_id"], row["org_id"], row["role_name"]) for row in rows] == [
        (role, TOP, "新名"), (role, LEAF, "新名"),
    ]  # fmt: skip
    assert list(rows[0]) == [*RELATION, *PAGE]
    assert orgs_of(staff, role) == [TOP, LEAF]


@pytest.mark.rules("orgrolerel-edit/1", "orgrolerel-edit/4", "orgrolerel-edit/5")
def test_6_4_takes_a_role_only_from_organisations_below_the_one_worked_in(staff: Legacy) -> None:
    role = made(staff, TOP, BELOW, LEAF)
    assert staff.result("orgrolerel/edit", {"id": role, "name": "维护", "list": [], "create_org_id": BELOW}) == []
    assert orgs_of(staff, role) == [TOP]
    assert staff.result("orgrolerel/edit", {"id": role, "name": "维护", "list": [], "create_org_id": TOP}) == []
    assert staff.send(f"orgrolerel/detail/{TOP}/{role}").json()["code"] == "1"


def test_6_4_as_the_super_administrator_changes_no_other_tenant(super_: Legacy) -> None:
    super_.result("orgrolerel/edit", {"id": 20453, "name": "维护人员", "list": [16432], "create_org_id": 16432})
    assert super_.result(f"orgrolerel/detail/{FOREIGN}/20453")["list"] == [FOREIGN]
    super_.result("orgrolerel/edit", {"id": 20453, "name": "维护人员", "list": [], "create_org_id": 16432})
    assert super_.result(f"orgrolerel/detail/{FOREIGN}/20453")["list"] == [FOREIGN]


@pytest.mark.parametrize(
    "members",
    [{"id": BUILT_IN}, {"id": 20453}, {"id": ABSENT}, {"list": [FOREIGN]}, {"create_org_id": FOREIGN}, {"id": None}],
)
def test_6_4_refuses_what_is_not_the_callers(staff: Legacy, members: dict[str, object]) -> None:
    role = made(staff, TOP)
    body = {"id": role, "name": "别名", "list": [BELOW], "create_org_id": TOP, **members}
    assert staff.send("orgrolerel/edit", body).json()["code"] == "1"
    assert orgs_of(staff, role) == [TOP]


@pytest.mark.rules("orgrolerel-remove/2", "orgrolerel-remove/3")
def test_6_2_takes_a_role_from_an_organisation_and_those_below(staff: Legacy) -> None:
    role = made(staff, TOP, BELOW, LEAF)
    answer = staff.send("orgrolerel/remove", {"role_id": role, "delete_role": True, "create_org_id": BELOW}).json()
    assert (answer["code"], answer["result"]) == ("200", None)
    assert orgs_of(staff, role) == [TOP]


@pytest.mark.rules("orgrolerel-remove/1", "orgrolerel-remove/4")
def test_6_2_deletes_a_role_only_when_told_to(staff: Legacy, super_: Legacy) -> None:
    role = made(staff, TOP)
    assert staff.send("orgrolerel/remove", {"role_id": role, "create_org_id": TOP}).json()["code"] == "1"
    assert orgs_of(staff, role) == [TOP]
    staff.result("orgrolerel/remove", {"role_id": role, "create_org_id": TOP, "delete_role": "true"})
    assert staff.send(f"orgrolerel/detail/{TOP}/{role}").json()["code"] == "1"
    for id_ in (BUILT_IN, 20453, ABSENT, None):
        body = {"role_id": id_, "create_org_id": TOP, "delete_role": True}
        assert staff.send("orgrolerel/remove", body).json()["code"] == "1"
    by_super = made(super_, TOP)
    assert staff.send("orgrolerel/remove", {"role_id": by_super, "delete_role": True}).json()["code"] == "1"


def test_changes_of_roles_need_the_capability(world: Api) -> None:
    legacy = Legacy(world, "lisi")
    for path, body in (
        ("orgrolerel/add", {"name": "甲", "list": [9099]}),
        ("orgrolerel/edit", {"id": 42500, "name": "甲"}),
        ("orgrolerel/remove", {"role_id": 42500, "delete_role": True}),
    ):
        answer = legacy.send(path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "403")
