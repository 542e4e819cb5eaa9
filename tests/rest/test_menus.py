"""Menus, their guidance, and their grants to organisations and roles (document 003, sections 1, 5 and 15)."""

from typing import Any

import pytest

from app.access.capabilities import SUPER
from app.rest.urls import URLS
from tests.clients.api import Api
from tests.clients.legacy import Legacy, nodes_in, tops_in

ORG, BELOW, ZHONGHAI, FOREIGN, ABSENT = 2, 40019, 19872, 15264, 999_999_999
"""An organisation of yanggc4, one below it, one that only the super administrator has, another tenant's, and none."""

BUILT_IN, ORDINARY, PAIR = 20463, 42, "2-42"
MENU_KEYS = [
    "create_by", "update_by", "create_time", "update_time", "id", "parentid", "menu_name", "menu_url", "menu_code",
    "parent_code", "full_menu_name", "parent_name", "menu_type", "pageNo", "pageSize", "total", "children",
]  # fmt: skip


def code(legacy: Legacy, path: str, body: object = None) -> tuple[int, str]:
    answer = legacy.send(path, body)
    assert answer.json()["code"] == "200" or answer.json()["result"] is None
    return answer.status_code, answer.json()["code"]


def tops(result: dict[str, Any]) -> list[dict[str, Any]]:
    assert {name: result[name] for name in ("code", "message", "version")} == dict.fromkeys(
        ("code", "message", "version")
    )
    return tops_in(result)


def ids(result: dict[str, Any]) -> set[int]:
    return {node["id"] for node in nodes_in(tops(result))}


def menu(super_: Legacy, name: str, **more: object) -> dict[str, Any]:
    made: dict[str, Any] = super_.result("supper/menu/update", {"menu_name": name, **more})
    return made


@pytest.mark.rules(
    "menu-update/1", "menu-list/1", "menu-tree/1", "menu-detail/1", "supper-guidance-update/1",
    "supper-guidance-load/1", "supper-menu-org-rel/1", "supper-admin-add/3", "supper-admin-unrel/1",
    "supper-role-list/1",
)  # fmt: skip
def test_only_the_super_administrator_uses_what_is_below_supper(staff: Legacy) -> None:
    paths = {url.path for url in URLS if url.path.startswith("supper/")}
    assert all(url.needs == SUPER for url in URLS if url.path in paths)
    for path in paths:
        values = {"id": 5, "menu_id": 5}
        assert code(staff, path.format(**values), {}) == (403, "403")
    assert code(staff, "guidance/update", {"menu_id": 5, "content": "x"}) == (403, "403")


@pytest.mark.rules("menu-update/2", "menu-update/3", "menu-update/4", "menu-update/5")
def test_1_1_a_menu_is_created_changed_and_moved(super_: Legacy) -> None:
    top, other = menu(super_, "新菜单", menu_url="#", menu_type=2), menu(super_, "别的", menu_type="1")
    assert (list(top), top["parentid"], top["menu_type"], top["full_menu_name"]) == (MENU_KEYS, None, 2, "新菜单")
    assert (len(top["menu_code"]), len({top["menu_code"], other["menu_code"]}), other["menu_type"]) == (6, 2, 1)
    child = menu(super_, "下级", parentid=top["id"])
    assert child["menu_code"] == top["menu_code"] + "100000"
    assert (child["parent_code"], child["parent_name"]) == (top["menu_code"], "新菜单")
    assert child["full_menu_name"] == "新菜单/下级"
    changed = menu(super_, "改名", id=child["id"], parentid=top["id"], menu_type=1, identifier="x")
    assert (changed["id"], changed["menu_code"], changed["menu_type"]) == (child["id"], child["menu_code"], 1)
    moved = super_.result("supper/menu/update", {"id": child["id"], "parentid": other["id"]})
    assert (moved["full_menu_name"], moved["parent_code"]) == ("别的/改名", other["menu_code"])


def test_1_1_a_wrong_menu_is_refused_and_nothing_of_it_stays(super_: Legacy) -> None:
    made = menu(super_, "留")
    refused: list[dict[str, Any]] = [{"menu_name": " "}, {}, {"menu_name": "x", "parentid": ABSENT}]
    for body in [*refused, {"menu_name": "x", "menu_type": 9}]:
        assert code(super_, "supper/menu/update", body) == (200, "1")
    wrong: list[dict[str, Any]] = [{"menu_name": {}}, {"id": "x", "menu_name": "y"}, {"menu_name": True}]
    for body in wrong:
        assert code(super_, "supper/menu/update", body) == (400, "400")
    assert code(super_, "supper/menu/update", {"id": made["id"], "menu_name": "不", "parentid": made["id"]}) == (
        200,
        "1",
    )
    assert super_.result(f"supper/menu/detail/{made['id']}")["menu_name"] == "留"
    assert code(super_, "supper/menu/update", {"id": ABSENT, "menu_name": "x"}) == (200, "1")


@pytest.mark.rules("menu-list/2", "menu-list/3", "menu-list/4", "menu-list/5")
def test_1_1a_menus_are_listed_page_by_page(super_: Legacy) -> None:
    first = super_.send("supper/menu/list", {}).json()
    assert (first["pageNo"], first["pageSize"], len(first["result"])) == (1, 20, 20)
    assert first["totalPage"] == -(-first["total"] // 20)
    times = [row["update_time"] for row in first["result"]]
    assert times == sorted(times, reverse=True)
    up = super_.send("supper/menu/list", {"orderby": "ASC", "pageSize": 50}).json()["result"]
    assert [row["update_time"] for row in up] == sorted(row["update_time"] for row in up)
    assert {row["id"] for row in super_.result("supper/menu/list", {"menu_name": "行管"})} == {5, 20477}
    assert [row["id"] for row in super_.result("supper/menu/list", {"menu_name": "行管", "menu_url": "#"})] == [20477]
    under = super_.result("supper/menu/list", {"id": 20477})
    assert {row["id"] for row in under} == {20477, 20478, 20479, 20480}


@pytest.mark.parametrize(
    ("page", "numbers"),
    [({"pageSize": 0}, (1, 20)), ({"pageSize": -1}, (1, 20)), ({"pageSize": 51}, (1, 50)), ({"pageNo": 0}, (1, 20))],
)
def test_1_1a_and_5_3_page_numbers_are_mended(super_: Legacy, page: dict[str, int], numbers: tuple[int, int]) -> None:
    for path in ("supper/menu/list", "orgrolemenu/query/page"):
        answer = super_.send(path, {**page, "unknown": []}).json()
        assert (answer["pageNo"], answer["pageSize"]) == numbers


@pytest.mark.rules("menu-tree/2", "menu-tree/3")
def test_1_1b_the_tree_has_every_menu(super_: Legacy) -> None:
    tree = super_.result("supper/menu/tree")
    total = super_.send("supper/menu/list", {}).json()["total"]
    assert len(ids(tree)) == total
    assert list(nodes_in(tops(tree))[0])[:17] == MENU_KEYS


@pytest.mark.rules("menu-detail/2")
def test_1_1c_a_menu_is_shown_without_a_body(super_: Legacy) -> None:
    found = super_.result("supper/menu/detail/20478")
    assert (list(found), found["parent_name"]) == (MENU_KEYS, "通行管理")
    assert code(super_, f"supper/menu/detail/{ABSENT}") == (200, "1")
    assert code(super_, "supper/menu/detail/x") == (400, "400")


@pytest.mark.rules(
    "supper-guidance-update/2", "supper-guidance-update/3", "supper-guidance-load/2", "supper-guidance-load/3"
)
def test_1_1d_and_15_2_a_menu_has_at_most_one_guidance(super_: Legacy, staff: Legacy) -> None:
    where = menu(super_, "有指引")["id"]
    assert super_.result(f"supper/guidance/load/{where}") is None
    made = super_.result("supper/guidance/update", {"menu_id": where, "content": "一"})
    changed = super_.result("guidance/update", {"id": made["id"], "menu_id": where, "content": "二"})
    assert (changed["id"], changed["content"], changed["full_menu_name"]) == (made["id"], "二", "有指引")
    assert super_.result(f"supper/guidance/load/{where}") == super_.result("guidance/get", {"menu_id": where})
    for body in ({"menu_id": where}, {"content": "x"}, {"id": 32486, "menu_id": where, "content": "x"}):
        assert code(super_, "supper/guidance/update", body) == (200, "1")
    assert code(super_, f"supper/guidance/load/{ABSENT}") == (200, "1")
    assert code(staff, "guidance/get", {"menu_id": where}) == (200, "1")  # none of their menus


@pytest.mark.rules(
    "supper-menu-org-rel/2", "supper-menu-org-rel/3", "supper-menu-org-rel/4", "orgmenu-rel/1", "orgmenu-rel/2",
    "orgmenu-rel/3", "orgmenu-rel/4", "orgmenu-rel/5",
)  # fmt: skip
def test_5_1_what_is_granted_replaces_what_was_but_protected_grants_stay(super_: Legacy, staff: Legacy) -> None:
    def granted(legacy: Legacy, path: str, *menus: int) -> list[int]:
        rows = legacy.result(path, {"menu_ids": menus, "business_org_ids": [BELOW, 40022]})
        assert [row["menu_id"] for row in rows if row["org_id"] == 40022] == [
            row["menu_id"] for row in rows if row["org_id"] == BELOW and row["menu_id"] != 20483
        ]
        return [row["menu_id"] for row in rows if row["org_id"] == BELOW]

    assert granted(super_, "supper/menu/org/rel", 20481) == [20481]
    assert granted(staff, "orgmenu/rel", 20482) == [20481, 20482]
    super_.result("orgrolemenu/rel", {"org_role_ids": [f"{BELOW}-2136"], "menu_ids": [20483]})
    assert granted(staff, "orgmenu/rel") == [20481, 20483]
    for body, refused in (
        ({"menu_ids": [20482], "business_org_ids": []}, (200, "1")),
        ({"business_org_ids": [BELOW]}, (200, "1")),
        ({"menu_ids": [20482], "business_org_ids": [FOREIGN]}, (200, "1")),
        ({"menu_ids": [20479], "business_org_ids": [BELOW]}, (200, "1")),
        ({"menu_ids": 20482, "business_org_ids": [BELOW]}, (400, "400")),
    ):
        assert code(staff, "orgmenu/rel", body) == refused
    assert granted(super_, "orgmenu/rel") == []
    assert super_.result(f"orgrolemenu/menuids/{BELOW}/2136")["list"] == []


@pytest.mark.rules("supper-role-list/2", "supper-role-list/3")
def test_1_5_the_roles_of_an_organisation_are_listed_without_pages(super_: Legacy) -> None:
    roles = super_.result("supper/orgrolerel/query/nonpage", {"org_id": ZHONGHAI})
    assert [role["id"] for role in roles] == [23045, 22970, 22965, 20591, 20589, 20459]
    assert list(roles[0]) == ["id", "name"]
    up = super_.result("supper/orgrolerel/query/nonpage", {"org_id": ZHONGHAI, "orderby": "asc"})
    assert up == roles[::-1]
    assert super_.result("supper/orgrolerel/query/nonpage", {"org_id": ZHONGHAI, "create_org_id": ORG}) == []


@pytest.mark.rules("orgmenu-trees/1", "orgmenu-trees/2", "orgmenu-trees/3", "orgmenu-trees/4")
def test_5_2_the_range_of_menus_depends_on_who_asks(super_: Legacy, staff: Legacy) -> None:
    of_org = staff.result(f"orgmenu/trees/{ORG}", {"menu_name": "通行"})
    assert ids(of_org) == {5, 8, 20481, 20482, 20483, 20484, 20485, 24599, 24600}
    assert ids(super_.result(f"orgmenu/trees/{ORG}")) == ids(super_.result("supper/menu/tree"))
    by_id = {node["id"]: node for node in nodes_in(tops(super_.result("orgmenu/trees/23009")))}
    assert (by_id[20478]["org_menu_id"], by_id[20477]["org_menu_id"]) == (44043, None)
    assert by_id[20478]["parent_name"] == "通行管理"
    for org in (FOREIGN, ABSENT):
        assert code(staff, f"orgmenu/trees/{org}") == (200, "1")


@pytest.mark.rules("orgmenu-trees/3")
def test_5_2_missing_parents_are_added_for_an_ordinary_administrator(super_: Legacy, staff: Legacy) -> None:
    super_.result("supper/menu/org/rel", {"menu_ids": [20482], "business_org_ids": [40023]})
    (top,) = tops(staff.result("orgmenu/trees/40023"))
    assert (top["id"], top["org_menu_id"], [child["id"] for child in top["children"]]) == (20481, None, [20482])


@pytest.mark.rules("orgmenu-rel-trees/1", "orgmenu-rel-trees/2")
def test_5_2c_shows_the_related_menus_only(super_: Legacy, staff: Legacy) -> None:
    found = nodes_in(tops(super_.result("orgmenu/rel/trees/23009", {"menu_name": "x"})))
    assert {node["id"] for node in found} == {20478, 20481, 20482, 20483, 20484, 20485}
    assert all(node["org_menu_id"] for node in found)
    assert code(staff, f"orgmenu/rel/trees/{FOREIGN}") == (200, "1")


@pytest.mark.rules("orgrolemenu-menuids/1", "orgrolemenu-detail/1")
def test_5_2a_and_5_4_show_the_menus_of_a_role_in_an_organisation(super_: Legacy, staff: Legacy) -> None:
    menus = super_.result("orgrolemenu/menuids/23009/26859")
    assert menus == {"org_id": 23009, "role_id": 26859, "list": [20478, 20481, 20482, 20483, 20484, 20485]}
    rows = super_.result("orgrolemenu/detail/23009/26859")
    assert [row["menu_id"] for row in rows] == menus["list"]
    assert {(row["org_name"], row["role_name"]) for row in rows} == {(rows[0]["org_name"], "门禁管理员")}
    (access, staffing) = tops(super_.result("orgrolemenu/trees/23009/26859"))
    assert ([access["id"], staffing["id"]], access["children"][0]["id"]) == ([20477, 20481], 20478)
    for path in ("menuids", "detail", "trees"):
        assert super_.result(f"/orgrolemenu/{path}/23009/26859") == super_.result(f"orgrolemenu/{path}/23009/26859")
        assert code(staff, f"orgrolemenu/{path}/23009/26859") == (200, "1")
        assert code(super_, f"/orgrolemenu/{path}/23009/{ABSENT}") == (200, "1")


def test_failures_below_orgrolemenu_have_the_envelope(super_: Legacy) -> None:
    assert code(super_, "/orgrolemenu/nothing") == (404, "404")
    assert code(super_, "/orgrolemenu/rel", [1]) == (400, "400")


@pytest.mark.rules("orgmenu-trees-admin/1", "orgmenu-trees-admin/2", "orgmenu-trees-admin/3")
def test_5_2b_the_menus_of_staff_are_those_of_their_log_in(super_: Legacy, staff: Legacy, world: Api) -> None:
    found = staff.result("orgmenu/trees/admin/1")
    query = "{ me { admin { menus { id } } } }"
    mine = world.post(query, authorization=world.bearer("yanggc4")).json()["data"]["me"]["admin"]["menus"]
    assert ids(found) == {int(each["id"]) for each in mine}
    assert {"org_menu_id", "org_code"} < nodes_in(tops(found))[0].keys()
    parents = {node["parentid"] for node in nodes_in(tops(found))} - {None}
    assert parents <= ids(found)
    assert code(super_, f"orgmenu/trees/admin/{ABSENT}") == (200, "1")


@pytest.mark.rules(
    "orgrolemenu-query-page/1", "orgrolemenu-query-page/2", "orgrolemenu-query-page/3", "orgrolemenu-query-page/4",
    "orgrolemenu-query-page/5", "orgrolemenu-query-page/6", "orgrolemenu-query-page/7",
)  # fmt: skip
def test_5_3_roles_of_organisations_are_listed_with_their_number_of_menus(super_: Legacy, staff: Legacy) -> None:
    answer = staff.send("orgrolemenu/query/page", {"create_org_id": ORG}).json()
    pairs = [(row["org_id"], row["role_id"]) for row in answer["result"]]
    assert (answer["pageNo"], answer["pageSize"], answer["total"]) == (1, 20, len(pairs))
    assert (ORG, BUILT_IN) not in pairs
    assert {role for org, role in pairs if org == BELOW} == {2071, 2136}
    numbers = {(row["org_id"], row["role_id"]): row["org_role_menu_rel_num"] for row in answer["result"]}
    assert (numbers[ORG, 20592], numbers[ORG, 43]) == (1, 0)
    asc = staff.result("orgrolemenu/query/page", {"create_org_id": ORG, "orderby": "ASC"})
    assert [(row["org_id"], row["role_id"]) for row in asc] == pairs[::-1]
    all_pairs = super_.result("orgrolemenu/query/page", {"create_org_id": ORG, "role_name": "管理"})
    assert {row["role_id"] for row in all_pairs} == {20592, BUILT_IN}
    assert staff.result("orgrolemenu/query/page", {"create_org_id": FOREIGN}) == []
    named = staff.result("orgrolemenu/query/page", {"org_name": "二级", "role_name": "测试"})
    assert [(row["org_id"], row["role_name"]) for row in named] == [(BELOW, "测试10")]


@pytest.mark.rules(
    "orgrolemenu-rel/1", "orgrolemenu-rel/2", "orgrolemenu-rel/3", "orgrolemenu-rel/4", "orgrolemenu-rel/5"
)
def test_5_5_the_menus_of_several_roles_are_set_at_once(super_: Legacy, staff: Legacy) -> None:
    def set_(legacy: Legacy, *menus: int, pairs: object = (PAIR, "2-43", PAIR)) -> list[tuple[int, int, int]]:
        rows = legacy.result("orgrolemenu/rel", {"org_role_ids": pairs, "menu_ids": menus, "create_org_id": ORG})
        return [(row["role_id"], row["menu_id"], row["grant_by_supper"]) for row in rows]

    assert set_(staff, 20481, 5) == [(42, 5, 1), (42, 20481, 1), (43, 5, 1), (43, 20481, 1)]
    assert set_(staff, 8) == [(42, 8, 1), (43, 8, 1)]
    assert set_(staff) == []
    protected = super_.result("orgrolemenu/detail/2/20592")
    kept = set_(staff, 8, pairs=["2-20592"])
    assert kept == [(20592, 8, 1), (20592, protected[0]["menu_id"], 2)]
    assert set_(super_, 8, pairs=["2-20592"]) == [(20592, 8, 1)]
    for pairs, menus, refused in (
        (["2-20463"], [5], (200, "1")),  # the built-in role
        (["2-42"], [20479], (200, "1")),  # a menu that the organisation lacks
        ([f"{FOREIGN}-20453"], [5], (200, "1")),
        ([], [5], (200, "1")),
        (["242"], [5], (400, "400")),
        (["a-b"], [5], (400, "400")),
        ("2-42", [5], (400, "400")),
    ):
        assert code(staff, "orgrolemenu/rel", {"org_role_ids": pairs, "menu_ids": menus}) == refused


def test_5_5_the_super_administrator_gives_what_an_organisation_lacks(super_: Legacy) -> None:
    assert 30281 not in ids(super_.result(f"orgmenu/rel/trees/{ZHONGHAI}"))
    body = {"org_role_ids": [f"{ZHONGHAI}-20459"], "menu_ids": [30281]}
    assert [row["menu_id"] for row in super_.result("orgrolemenu/rel", body)] == [30281]
    assert 30281 in ids(super_.result(f"orgmenu/rel/trees/{ZHONGHAI}"))
    assert code(super_, "orgrolemenu/rel", {**body, "menu_ids": [ABSENT]}) == (200, "1")
