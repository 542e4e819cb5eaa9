"""Organisations at the legacy URLs (document 003, section 3, and 4.18 and 4.22), over the demo world."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.api import Api, open_api
from tests.clients.legacy import Legacy
from tests.databases import copied

TOP, MIDDLE, LOW, PROJECT, FOREIGN, ABSENT = 8829, 8830, 8831, 9103, 15264, 999999999
"""A top business organisation of yanggc4, three below it, another tenant's, and none."""

ADMINISTRATIVE, PART, OTHERS = 6419, 6422, 15263
"""The administrative organisation that serves TOP, one below it, and one that serves another tenant."""


class World:
    """A demo world of this module: its tests create what they change."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.super, self.staff, self.foreign = (Legacy(api, each) for each in ("supperadm", "yanggc4", "zhangx"))

    def made(self, name: str, **given: Any) -> dict[str, Any]:
        """Create an organisation below LOW, or where `given` says."""
        created: dict[str, Any] = self.super.result("org/update", {"org_name": name, "parentid": LOW, **given})
        return created


@pytest.fixture(scope="module")
def world(server: Any, demo_template: str, worker_id: str) -> Iterator[World]:
    with copied(server, demo_template, worker_id) as url, open_api(url, require_login=True) as api:
        yield World(api)


def refused(client: Legacy, path: str, body: object = None, code: str = "1") -> str:
    """Send a request that must fail, and give its message."""
    answer = client.send(path, body)
    assert answer.json()["code"] == code, answer.json()
    assert answer.json()["result"] is None
    return str(answer.json()["message"])


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


def flat(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the nodes of trees in their order."""
    return [each for node in nodes for each in [node, *flat(node["children"] or [])]]


def tops_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    return [top for tree in result["trees"] for top in tree["tree"]]


@pytest.mark.rules("org-add/1", "org-add/2", "org-add/4", "org-add/5", "org-add/6")
def test_3_1_an_organisation_is_created_at_the_top_or_below_a_parent(world: World) -> None:
    top = world.made("租户", parentid=0, org_type=2, sub_type=2)
    assert (top["parentid"], top["parent_code"], top["org_type"], top["sub_type"]) == (None, None, 2, 2)
    body = {"org_name": "小区甲", "org_type": "2", "sub_type": 1, "parentid": str(top["id"])}
    answer = world.super.send("org/update", body).json()
    made = answer["result"]
    assert "results" not in answer
    assert made["parent_name"] == "租户"
    assert made["org_code"] == top["org_code"] + "100000000"
    assert (made["parent_code"], made["parentid"], made["src"]) == (top["org_code"], top["id"], 1)
    assert made["full_org_name"] == "租户/小区甲"
    assert world.made("租户-行政", parentid=None, org_type=1, sub_type=6)["sub_type"] == 6


@pytest.mark.rules("org-add/3")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"parentid": LOW}, "1"),
        ({"org_name": " ", "parentid": LOW}, "1"),
        ({"org_name": "x"}, "1"),
        ({"org_name": "x", "parentid": ABSENT}, "1"),
        ({"org_name": "x", "parentid": LOW, "org_type": 1}, "1"),
        ({"org_name": "x", "parentid": LOW, "org_type": 3}, "1"),
        ({"org_name": "x", "parentid": LOW, "org_type": 2, "sub_type": 6}, "1"),
        ({"org_name": "x", "parentid": LOW, "sub_type": 1}, "1"),
        ({"org_name": {}, "parentid": LOW}, "400"),
        ({"org_name": "x", "parentid": [LOW]}, "400"),
        ({"org_name": "x", "parentid": True}, "400"),
    ],
)
def test_3_1_what_is_wrong_is_refused(world: World, body: dict[str, Any], code: str) -> None:
    before = world.super.send("org/sub/list", {"id": TOP}).json()["total"]
    refused(world.super, "org/update", body, code)
    assert world.super.send("org/sub/list", {"id": TOP}).json()["total"] == before


def test_3_1_another_tenants_parent_does_not_exist(world: World) -> None:
    absent = refused(world.staff, "org/update", {"org_name": "x", "parentid": ABSENT})
    foreign = refused(world.staff, "org/update", {"org_name": "x", "parentid": FOREIGN})
    assert foreign.replace(str(FOREIGN), "?") == absent.replace(str(ABSENT), "?")
    assert refused(world.staff, "org/update", {"org_name": "x", "org_type": 2}, "403")


@pytest.mark.rules("org-update-batch/1", "org-update-batch/2", "org-update-batch/3", "org-update-batch/4")
def test_3_1_a_list_is_created_below_one_parent(world: World) -> None:
    parent = world.made("批量")
    answer = world.staff.send(
        "org/update", {"parentid": parent["id"], "list": [{"org_name": "甲"}, {"org_name": "乙", "parentid": FOREIGN}]}
    ).json()
    assert answer["result"] is None
    first, second = answer["results"]
    assert (first["org_type"], first["sub_type"], first["parentid"]) == (2, 1, parent["id"])
    assert second["parentid"] == parent["id"]
    assert [first["org_code"], second["org_code"]] == [f"{parent['org_code']}10000000{n}" for n in (0, 1)]
    refused(world.staff, "org/update", {"list": [{"org_name": "丙"}]})
    refused(world.staff, "org/update", {"parentid": parent["id"], "list": "丙"}, "400")
    refused(world.staff, "org/update", {"parentid": parent["id"], "list": ["丙"]}, "400")


def test_3_1_the_types_beside_a_list_are_those_of_its_records(world: World) -> None:
    parent = world.made("类型", sub_type=2, org_type=2)
    rows = [{"org_name": "甲"}, {"org_name": "乙", "sub_type": 1}]
    body = {"parentid": parent["id"], "org_type": 2, "sub_type": 2, "list": rows}
    assert [row["sub_type"] for row in world.staff.send("org/update", body).json()["results"]] == [2, 1]


@pytest.mark.rules("org-update/1", "org-update/2", "org-update/3")
def test_3_2_a_change_may_be_a_move_as_well(world: World) -> None:
    old, new = world.made("旧"), world.made("新")
    moved = world.made("孩子", parentid=old["id"])
    below = world.made("孙子", parentid=moved["id"])
    body = {"id": moved["id"], "org_name": "孩子2", "org_type": 2, "sub_type": 2, "parentid": new["id"]}
    changed = world.staff.result("org/update", body)
    assert changed["full_org_name"] == f"{new['full_org_name']}/孩子2"
    assert (changed["parentid"], changed["parent_code"], changed["sub_type"]) == (new["id"], new["org_code"], 2)
    detail = world.staff.result(f"org/detail/{below['id']}")
    assert detail["full_org_name"] == f"{new['full_org_name']}/孩子2/孙子"
    assert detail["org_code"].startswith(changed["org_code"])
    again = world.staff.result("org/update", {**body, "org_name": "孩子3"})
    assert again["org_code"] == changed["org_code"]
    for nothing in (None, 0, "", "0"):
        kept = world.staff.result("org/update", {"id": moved["id"], "parentid": nothing, "org_name": "孩子4"})
        assert (kept["parentid"], kept["org_name"]) == (new["id"], "孩子4")


@pytest.mark.parametrize(
    "change",
    [{"parentid": FOREIGN}, {"parentid": ABSENT}, {"parentid": PART}, {"org_name": "x\0"}, {"org_type": 1}],
)
def test_3_2_a_move_and_a_rename_are_all_or_nothing(world: World, change: dict[str, Any]) -> None:
    target, made = world.made("去处"), world.made("不动")
    refused(world.super, "org/update", {"id": made["id"], "org_name": "动", "parentid": target["id"], **change})
    kept = world.staff.result(f"org/detail/{made['id']}")
    assert (kept["org_name"], kept["parentid"]) == ("不动", LOW)
    refused(world.staff, "org/update", {"id": made["id"], "parentid": made["id"]})
    refused(world.staff, "org/update", {"id": FOREIGN, "org_name": "x"})


@pytest.mark.rules("org-sort/1")
def test_3_3_the_classification_is_constant(world: World) -> None:
    found = world.staff.result("org/sort")
    assert [(each["org_type"], each["org_name"], len(each["subs"])) for each in found] == [
        (1, "行政组织", 6),
        (2, "业务组织", 2),
    ]
    assert found[1]["subs"] == [
        {"sub_type": "1", "sub_name": "项目类型"},
        {"sub_type": "2", "sub_name": "非项目类型"},
    ]
    world.api.post("{ __typename }")
    world.staff.result("org/sort")
    assert world.api.statements == []
    assert world.api.client.post("/v1/iot/main/org/sort").json()["code"] == "401"


@pytest.mark.rules("org-relative-tops/1", "org-relative-tops/4")
def test_3_4_the_super_administrator_gets_all_tops(world: World) -> None:
    for type_ in (1, 2):
        for told in (1, 2, None):
            found = world.super.result("org/relative/tops", {"org_type": type_, "is_super": told, "id": PART})
            assert {(each["org_type"], each["parentid"]) for each in found} == {(type_, None)}
            assert {TOP, FOREIGN} <= {*ids(found)} if type_ == 2 else {ADMINISTRATIVE, OTHERS} <= {*ids(found)}
    answer = world.super.send("org/relative/tops", {"org_type": 1}).json()
    assert [answer[name] for name in ("pageNo", "pageSize", "total", "totalPage")] == [0] * 4


@pytest.mark.rules("org-relative-tops/2", "org-relative-tops/3", "org-relative-tops/5")
def test_3_4_others_get_what_belongs_to_their_organisation(world: World) -> None:
    body = {"org_type": 2, "id": MIDDLE, "is_super": 2}
    assert ids(world.staff.result("org/relative/tops", body)) == [MIDDLE]
    assert ids(world.staff.result("org/relative/tops", {"org_type": 1, "id": LOW})) == [ADMINISTRATIVE]
    for type_ in (1, 2):
        refused(world.staff, "org/relative/tops", {"org_type": type_})
        refused(world.staff, "org/relative/tops", {"org_type": type_, "id": FOREIGN})
    refused(world.staff, "org/relative/tops", {"id": TOP})
    refused(world.staff, "org/relative/tops", {"org_type": [], "id": TOP}, "400")


@pytest.mark.rules("org-tree/1", "org-tree/3")
def test_3_5_a_whole_tree_is_loaded_by_as_many_statements_as_a_small_one(world: World) -> None:
    (top,) = world.staff.result(f"org/tree/{ADMINISTRATIVE}/1")
    assert {row["org_type"] for row in flat([top])} == {1}
    assert len(flat([top])) == world.staff.send("org/sub/list", {"id": ADMINISTRATIVE}).json()["total"]
    by_id = {row["id"]: row for row in flat([top])}
    assert all(
        row["parent_code"] == by_id[row["parentid"]]["org_code"] for row in by_id.values() if row["id"] != top["id"]
    )
    world.api.post("{ __typename }")
    world.staff.result(f"org/tree/{MIDDLE}/2")
    few = len(world.api.statements)
    assert world.staff.result(f"org/tree/{MIDDLE}/2")[0]["parent_code"] == "901"
    world.api.post("{ __typename }")
    world.staff.result(f"org/tree/{ADMINISTRATIVE}/1")
    assert len(world.api.statements) <= few <= 4
    for wrong in (f"{ADMINISTRATIVE}/2", f"{TOP}/1", f"{FOREIGN}/2", f"{ABSENT}/2"):
        refused(world.staff, f"org/tree/{wrong}")
        refused(world.staff, f"org/tree/{wrong}", {"org_name": "美"})


@pytest.mark.rules("org-tree/2")
def test_3_5_a_search_leaves_the_matching_and_those_above_them(world: World) -> None:
    (top,) = world.staff.result(f"org/tree/{TOP}/2", {"org_name": "君兰江山"})
    assert [row["org_name"] for row in flat([top])] == [
        "美的集团-业务组织", "美的物业", "产业发展事业部", "君兰江山小区", "美的君兰江山项目",
    ]  # fmt: skip
    assert world.staff.result(f"org/tree/{TOP}/2", {"org_name": "没有这个名字"}) == []
    (alone,) = world.staff.result(f"org/tree/{TOP}/2", {"org_name": "美的集团-业务组织"})
    assert (alone["id"], alone["children"]) == (TOP, None)
    whole = world.staff.result(f"org/tree/{TOP}/2")
    assert world.staff.result(f"org/tree/{TOP}/2", {"org_name": " "}) == whole


@pytest.mark.rules("org-trees-range/4", "org-trees-range/7", "org-trees-range/8")
def test_3_5a_the_super_administrator_gets_every_top_as_a_tree_of_one_node(world: World) -> None:
    rows = [{"name": f"顶级{number}", "type": "BUSINESS"} for number in range(500)]
    create = "mutation ($i: CreateOrgsInput!) { createOrgs(input: $i) { errors { message } } }"
    made = world.api.post(create, {"i": {"orgs": rows}}, world.api.bearer("supperadm")).json()
    assert made["data"]["createOrgs"]["errors"] == []
    for given in (None, FOREIGN):
        found = tops_of(world.super.result("org/trees/range", {"org_type": 2, "create_org_id": given}))
        assert {TOP, FOREIGN, 19872} <= {*ids(found)}
        assert len(found) > len(rows)
        assert {(each["parentid"], each["children"]) for each in found} == {(None, None)}
    assert OTHERS in ids(tops_of(world.super.result("org/trees/range", {"org_type": 1})))


@pytest.mark.rules("org-trees-range/1", "org-trees-range/2", "org-trees-range/3")
def test_3_5a_the_range_of_others_follows_from_their_organisation(world: World) -> None:
    (top,) = tops_of(world.staff.result("org/trees/range", {"org_type": 2, "create_org_id": MIDDLE}))
    assert top["id"] == MIDDLE
    assert {LOW, PROJECT} <= {*ids(flat([top]))}
    (top,) = tops_of(world.staff.result("org/trees/range", {"org_type": 1, "create_org_id": TOP}))
    assert top["id"] == ADMINISTRATIVE
    assert PART in ids(flat([top]))
    found = tops_of(world.staff.result("org/trees/range", {"org_type": 1, "create_org_id": PROJECT}))
    assert {8700, 8701, 8805} <= {*ids(found)}
    for type_ in (1, 2):
        for id_ in (FOREIGN, ABSENT, None):
            refused(world.staff, "org/trees/range", {"org_type": type_, "create_org_id": id_})


@pytest.mark.rules("org-trees-range/5", "org-trees-range/6")
def test_3_5a_without_a_relation_of_the_top_there_is_no_range(world: World) -> None:
    alone = world.made("无关联", parentid=TOP)
    assert world.staff.result("org/trees/range", {"org_type": 1, "create_org_id": alone["id"]}) == []
    world.super.result("orgrel/business_admin_rel", {"business_org_id": FOREIGN, "admin_org_ids": []})
    try:
        assert "顶级" in refused(world.foreign, "org/trees/range", {"org_type": 1, "create_org_id": FOREIGN})
    finally:
        world.super.result("orgrel/business_admin_rel", {"business_org_id": FOREIGN, "admin_org_ids": [OTHERS]})
    assert OTHERS in ids(tops_of(world.foreign.result("org/trees/range", {"org_type": 1, "create_org_id": FOREIGN})))


@pytest.mark.rules("org-detail/1", "org-get/1", "org-get-top/1")
def test_3_6_3_18_and_3_21_show_one_organisation(world: World) -> None:
    assert world.staff.result("org/detail/6421")["org_name"] == "职能账户组织机构"
    found = world.staff.result(f"org/get/{MIDDLE}")
    assert (found["id"], found["parent_code"], found["status"], found["selected"]) == (MIDDLE, "901", 1, False)
    answer = world.staff.send(f"org/getTopOrg/{PROJECT}").json()
    assert (answer["result"]["id"], answer["result"]["logic_deleted"]) == (TOP, 1)
    assert list(answer) == ["code", "message", "version", "returnExceptionData", "result", "data"]
    for path in ("org/detail/", "org/detail/rel/", "org/get/", "org/getTopOrg/"):
        absent, hidden = (refused(world.staff, f"{path}{id_}") for id_ in (ABSENT, FOREIGN))
        assert absent.replace(str(ABSENT), "?") == hidden.replace(str(FOREIGN), "?")
        refused(world.staff, f"{path}x", None, "400")


@pytest.mark.rules("org-detail-rel/1")
def test_3_7_a_business_organisation_with_those_that_serve_it(world: World) -> None:
    found = world.staff.result(f"org/detail/rel/{PROJECT}")
    assert found["admin_org_names"] == "美的翰诚嘉园(北滘),邯郸拉德芳斯,前期-秩序部"
    relation = found["orgRels"][0]
    assert (relation["admin_org_id"], relation["business_org_id"]) == (8700, PROJECT)
    assert (relation["admin_org_code"], relation["business_org_name"]) == ("101105117131108107100", "简岸花园小区")
    none = world.staff.result(f"org/detail/rel/{world.made('无')['id']}")
    assert (none["admin_org_names"], none["orgRels"]) == ("", [])


@pytest.mark.rules("org-browse/1", "org-browse/2")
def test_3_8_organisations_of_a_kind_below_one(world: World) -> None:
    paths = [f"{prefix}org/browse/{ADMINISTRATIVE}/1/1" for prefix in ("/", "/v1/iot/main/")]
    first, second = (world.staff.send(path, {"pageNo": 1, "pageSize": 5}).json() for path in paths)
    assert first == second
    assert (first["pageNo"], first["pageSize"], first["totalPage"]) == (1, 5, -(-first["total"] // 5))
    assert ids(first["result"]) == sorted(ids(first["result"]), reverse=True)
    assert {(row["org_type"], row["sub_type"]) for row in first["result"]} == {(1, 1)}
    everything = world.staff.send(paths[0], {"pageSize": 50}).json()["result"]
    assert ADMINISTRATIVE not in ids(everything)
    assert max(row["full_org_name"].count("/") for row in everything) > 1
    assert world.staff.send(f"/org/browse/{FOREIGN}/2/1").json()["total"] == 0


@pytest.mark.parametrize("path", ["/org/browse/6419/1/7", "/org/browse/6419/3/1", "/org/browse/6419/2/6"])
def test_3_8_an_unknown_code_is_refused(world: World, path: str) -> None:
    refused(world.staff, path)


@pytest.mark.parametrize("path", ["/org/browse/x/1/1", "/org/browse/6419", "/org/nothing"])
def test_3_8_failures_without_the_prefix_are_in_the_envelope(world: World, path: str) -> None:
    answer = world.staff.send(path)
    assert answer.json()["code"] == str(answer.status_code)
    assert world.api.client.post("/org/browse/6419/1/1").json()["code"] == "401"


@pytest.mark.rules("org-sub-list/1", "org-sub-list/4", "org-sub-list/5")
def test_3_9_the_organisation_itself_comes_first_on_every_path_through_the_pages(world: World) -> None:
    answer = world.staff.send("org/sub/list", {"id": ADMINISTRATIVE}).json()
    assert (answer["pageNo"], answer["pageSize"]) == (1, 20)
    for order, only in ((order, only) for order in ("DESC", "ASC", "asc", None) for only in (True, False)):
        body = {"id": ADMINISTRATIVE, "orderby": order, "is_only_sub": only}
        whole = world.staff.send("org/sub/list", {**body, "pageSize": 50}).json()
        expected = ids(whole["result"])
        assert expected[0] == ADMINISTRATIVE
        assert expected[1:] == sorted(expected[1:], reverse=(order or "DESC").upper() == "DESC")
        assert {row["parentid"] == ADMINISTRATIVE for row in whole["result"][1:]} == ({True} if only else {True, False})
        for size in (1, 3):
            pages = [
                world.staff.send("org/sub/list", {**body, "pageSize": size, "pageNo": number}).json()
                for number in range(1, whole["total"] // size + 2)
            ]
            assert [row["id"] for page in pages for row in page["result"]] == expected
            assert {page["total"] for page in pages} == {whole["total"]}


@pytest.mark.rules("org-sub-list/2", "org-sub-list/3", "org-sub-list/6", "org-sub-list/7")
def test_3_9_the_conditions(world: World) -> None:
    def found(**given: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = world.staff.result("org/sub/list", {"id": ADMINISTRATIVE, "pageSize": 50, **given})
        return rows

    assert {row["org_name"][:2] for row in found(org_name="置业")} == {"置业"}
    assert found(org_name="业-2") == []
    assert all("107" in row["org_code"] for row in found(org_code="107"))
    assert {row["status"] for row in found(status=2)} == {2}
    assert {row["status"] for row in found(status="1")} == {1}
    assert {row["sub_type"] for row in found(sub_type=1)} == {1}
    assert ids(found(sub_type=1)) == ids(found(sub_type=1, org_type=1))
    assert found(sub_type=6) == found(org_type=2) == []
    assert ids(found(org_id=PART)) == [PART]
    assert found(org_id=TOP) == []
    names = [row["org_name"] for row in found(org_name="置业", pageSize=1, pageNo=2)]
    assert names == [row["org_name"] for row in found(org_name="置业")[1:2]]
    refused(world.staff, "org/sub/list", {"org_id": PART})
    for wrong in ({"status": 3}, {"org_type": 9}):
        refused(world.staff, "org/sub/list", {"id": ADMINISTRATIVE, **wrong})
    refused(world.staff, "org/sub/list", {"id": ADMINISTRATIVE, "orderby": "up"}, "400")
    refused(world.staff, "org/sub/list", {"id": ADMINISTRATIVE, "is_only_sub": "maybe"}, "400")


@pytest.mark.parametrize(("size", "shown"), [(0, 20), (-1, 20), (51, 50), (10**12, 50), (None, 20)])
def test_3_9_the_size_of_a_page(world: World, size: int | None, shown: int) -> None:
    for path, body in (("org/sub/list", {"id": ADMINISTRATIVE}), (f"org/browse/{ADMINISTRATIVE}/1/1", {})):
        assert world.staff.send(path, {**body, "pageSize": size, "unknown": [1]}).json()["pageSize"] == shown


@pytest.mark.rules("orgrel-business-admin/1", "orgrel-business-admin/2", "orgrel-business-admin/3")
def test_3_10_the_administrative_organisations_are_replaced(world: World) -> None:
    made = world.made("顶级业务", parentid=None, org_type=2)["id"]
    (relation,) = world.super.result("orgrel/business_admin_rel", {"business_org_id": made, "admin_org_ids": [OTHERS]})
    assert (relation["admin_org_id"], relation["business_full_org_name"]) == (OTHERS, "顶级业务")
    body = {"business_org_id": made, "admin_org_ids": [ADMINISTRATIVE, OTHERS]}
    assert "顶级行政组织" in refused(world.super, "orgrel/business_admin_rel", body)
    relations = world.staff.result(
        "orgrel/business_admin_rel", {"business_org_id": world.made("业务")["id"], "admin_org_ids": [PART, 8700]}
    )
    assert [row["admin_org_id"] for row in relations] == [PART, 8700]
    for ids_ in ([OTHERS], [ABSENT], [LOW]):
        refused(world.staff, "orgrel/business_admin_rel", {"business_org_id": LOW, "admin_org_ids": ids_})
    refused(world.staff, "orgrel/business_admin_rel", {"business_org_id": LOW})
    refused(world.staff, "orgrel/business_admin_rel", {"business_org_id": LOW, "admin_org_ids": PART}, "400")


@pytest.mark.rules("orgrel-admin-business/1")
def test_3_11_an_administrative_organisation_serves_more_business_organisations(world: World) -> None:
    first, second = world.made("甲"), world.made("乙")
    body = {"admin_org_id": PART, "business_org_ids": [first["id"], second["id"]]}
    answer = world.staff.send("orgrel/admin_business_rel", body)
    assert answer.headers["deprecation"]
    relations = answer.json()["result"]
    assert [(row["admin_org_id"], row["business_org_id"]) for row in relations] == [
        (PART, first["id"]), (PART, second["id"]),
    ]  # fmt: skip
    world.staff.result("orgrel/admin_business_rel", {"admin_org_id": 8700, "business_org_ids": [first["id"]]})
    assert world.staff.result("orgrel/admin_business_rel", body) == relations
    related = world.staff.result(f"org/relation/admin/{first['id']}")
    assert [row["admin_org_id"] for row in related] == [PART, 8700]
    for wrong in ({"admin_org_id": OTHERS}, {"business_org_ids": [FOREIGN]}, {"business_org_ids": [8700]}):
        refused(world.staff, "orgrel/admin_business_rel", {**body, **wrong})
    refused(world.super, "orgrel/admin_business_rel", {**body, "admin_org_id": OTHERS})


@pytest.mark.rules("org-trees-logined/1", "org-trees-logined/2")
def test_3_13_the_trees_are_those_of_the_caller(world: World) -> None:
    found = tops_of(world.staff.result("org/trees/logined/1"))
    assert ids(found) == [2, TOP]
    assert {LOW, PROJECT} <= {*ids(flat(found))}
    assert ids(tops_of(world.foreign.result("org/trees/logined/1"))) == [FOREIGN]
    assert {2, TOP, FOREIGN} <= {*ids(tops_of(world.super.result("org/trees/logined/1")))}
    low = next(row for row in flat(found) if row["id"] == LOW)
    assert low["parent_code"] == "901105"
    refused(world.staff, "org/trees/logined/x", None, "400")


@pytest.mark.rules("org-set-status/1")
def test_3_14_an_organisation_is_disabled_and_enabled(world: World) -> None:
    made, below = world.made("开关"), world.made("下级")
    for status in (2, "1"):
        answer = world.staff.send("org/set", {"id": made["id"], "status": status}).json()
        assert answer == {"code": "200", "message": "成功", "version": None, "result": None}
        assert world.staff.result(f"org/get/{made['id']}")["status"] == int(status)
        assert world.staff.result(f"org/get/{below['id']}")["status"] == 1
    for wrong in ({"status": 3}, {"status": None}, {"id": FOREIGN}, {"id": None}):
        refused(world.staff, "org/set", {"id": made["id"], "status": 2, **wrong})
    refused(world.staff, "org/set", {"id": ADMINISTRATIVE, "status": 2}, "403")


@pytest.mark.rules("org-delete/1")
def test_3_14_an_organisation_of_the_type_is_deleted(world: World) -> None:
    made = world.made("删除")
    unknown = refused(world.staff, f"org/delete/{made['id']}/1")
    assert unknown.replace(str(made["id"]), "?") == refused(world.staff, f"org/delete/{ABSENT}/1").replace(
        str(ABSENT), "?"
    )
    refused(world.staff, f"org/delete/{made['id']}/3")
    assert world.staff.result(f"org/delete/{made['id']}/2") is True
    refused(world.staff, f"org/detail/{made['id']}")
    assert "下级" in refused(world.staff, f"org/delete/{LOW}/2")


@pytest.mark.rules("org-relation-admin-orgs/1", "org-relation-admin-names/1", "org-relation-admin/1")
def test_3_15_to_3_17_who_serves_a_business_organisation(world: World) -> None:
    made = world.made("被服务")["id"]
    body = {"business_org_id": made, "admin_org_ids": [PART, 8700, 6423]}
    world.staff.result("orgrel/business_admin_rel", body)
    assert ids(world.staff.result(f"org/relation/admin/orgs/{made}")) == [PART]
    names = world.staff.result(f"org/relation/admin/names/{made}")
    assert names == ["美的物业", "产业发展事业部", "美的翰诚嘉园(北滘)"]
    relations = world.staff.result(f"org/relation/admin/{made}")
    assert [row["admin_org_id"] for row in relations] == [PART, 8700, 6423]
    for kind in ("orgs/", "names/", ""):
        refused(world.staff, f"org/relation/admin/{kind}{FOREIGN}")
        assert world.staff.result(f"org/relation/admin/{kind}{world.made('无人')['id']}") == []


@pytest.mark.rules("org-contain-community-full-tree/1", "org-contain-community-full-tree/2")
def test_3_19_only_the_full_paths_to_communities(world: World) -> None:
    bare = world.made("没有小区")["id"]
    (top,) = world.staff.result("org/containCommunity/orgFullTree", {"authOrgId": MIDDLE})
    rows = {row["id"]: row for row in flat([top])}
    assert {TOP, MIDDLE, LOW, 9099, PROJECT} <= rows.keys()
    assert bare not in rows
    assert all(row["children"] or row["community_id"] for row in rows.values())
    assert (top["id"], top["parentid"], top["org_id"], top["parent_org_id"]) == (TOP, 0, 0, 0)
    assert (rows[PROJECT]["community_id"], rows[PROJECT]["community_code"]) == (9885, "1000")
    assert rows[LOW]["community_id"] is None
    (path,) = world.staff.result("org/containCommunity/orgFullTree", {"authOrgId": PROJECT})
    assert ids(flat([path])) == [TOP, MIDDLE, LOW, PROJECT]
    assert world.staff.result("org/containCommunity/orgFullTree", {"authOrgId": bare}) == []
    answer = world.staff.send("org/containCommunity/orgFullTree", {"authOrgId": PROJECT}).json()
    assert list(answer)[:5] == ["code", "message", "version", "result", "communitys"]
    for wrong in (FOREIGN, None):
        refused(world.staff, "org/containCommunity/orgFullTree", {"authOrgId": wrong})


@pytest.mark.rules("org-login-menus/1", "org-login-menus/2")
def test_3_20_the_menus_in_the_organisation_that_the_caller_switches_to(world: World) -> None:
    query = "{ me { admin { menus { id } } } }"
    for client, account, org in ((world.staff, "yanggc4", TOP), (world.super, "supperadm", 2)):
        menus = flat(tops_of(client.result("org/loginmenus", {"create_org_id": org})))
        headers = {"authorization": world.api.bearer(account), "cadastre-org": str(org)}
        me = world.api.client.post("/graphql", json={"query": query}, headers=headers).json()["data"]["me"]
        assert sorted(ids(menus)) == sorted(int(each["id"]) for each in me["admin"]["menus"])
        assert menus
    assert {5, 8} <= {*ids(flat(tops_of(world.staff.result("org/loginmenus", {"create_org_id": 2}))))}
    for wrong in (FOREIGN, ABSENT, ADMINISTRATIVE, None):
        refused(world.staff, "org/loginmenus", {"create_org_id": wrong})
    refused(world.staff, "org/loginmenus", {"create_org_id": {}}, "400")


@pytest.mark.rules("space-query-projects/1", "space-query-projects/2")
def test_4_18_each_project_with_its_community(world: World) -> None:
    found = world.staff.result("space/query/projects", {"authOrg": {"id": TOP}})
    assert {(row["org_type"], row["sub_type"]) for row in found} == {(2, 1)}
    communities = {row["id"]: row["space_id"] for row in found}
    assert (communities[9099], communities[PROJECT]) == (3429, 9885)
    named = {"authOrg": {"id": TOP, "org_code": "901", "org_name": "简岸"}}
    assert ids(world.staff.result("space/query/projects", named)) == [PROJECT]
    assert world.staff.result("space/query/projects", {"authOrg": {"id": FOREIGN}}) == []
    assert {*communities} <= {*ids(world.staff.result("space/query/projects"))}
    assert FOREIGN not in ids(world.staff.result("space/query/projects", {"authOrg": None}))
    wrongs: list[object] = ["x", [TOP], {"id": {}}]
    for wrong in wrongs:
        refused(world.staff, "space/query/projects", {"authOrg": wrong}, "400")


@pytest.mark.rules("org-community-logined/1")
def test_4_22_the_communities_of_a_member_of_staff(world: World) -> None:
    query = "{ admin(id: 3) { communities { id } } }"
    admin = world.api.post(query, None, world.api.bearer("supperadm")).json()["data"]["admin"]
    found = world.super.result("org/community/logined/3")
    assert [str(id_) for id_ in ids(found)] == [each["id"] for each in admin["communities"]]
    assert found[0]["space_type"] == "COMMUNITY"
    own = world.staff.result("org/community/logined/1")
    assert 3429 in ids(own)
    refused(world.foreign, "org/community/logined/1")
    refused(world.staff, f"org/community/logined/{ABSENT}")
