"""Lists and trees of organisations at the legacy URLs (document 003, section 3, 4.18 and 4.22)."""

from typing import Any

import pytest

from tests.clients.legacy import nodes_in, refused, tops_in
from tests.rest.orgs import ABSENT, ADMINISTRATIVE, FOREIGN, LOW, MIDDLE, OTHERS, PART, PROJECT, TOP, Orgs, ids


@pytest.mark.rules("org-relative-tops/1", "org-relative-tops/4")
def test_3_4_the_super_administrator_gets_all_tops(orgs: Orgs) -> None:
    for type_ in (1, 2):
        for told in (1, 2, None):
            found = orgs.super.result("org/relative/tops", {"org_type": type_, "is_super": told, "id": PART})
            assert {(each["org_type"], each["parentid"]) for each in found} == {(type_, None)}
            assert {TOP, FOREIGN} <= {*ids(found)} if type_ == 2 else {ADMINISTRATIVE, OTHERS} <= {*ids(found)}
    answer = orgs.super.send("org/relative/tops", {"org_type": 1}).json()
    assert [answer[name] for name in ("pageNo", "pageSize", "total", "totalPage")] == [0] * 4


@pytest.mark.rules("org-relative-tops/2", "org-relative-tops/3", "org-relative-tops/5")
def test_3_4_others_get_what_belongs_to_their_organisation(orgs: Orgs) -> None:
    body = {"org_type": 2, "id": MIDDLE, "is_super": 2}
    assert ids(orgs.staff.result("org/relative/tops", body)) == [MIDDLE]
    assert ids(orgs.staff.result("org/relative/tops", {"org_type": 1, "id": LOW})) == [ADMINISTRATIVE]
    for type_ in (1, 2):
        refused(orgs.staff, "org/relative/tops", {"org_type": type_})
        refused(orgs.staff, "org/relative/tops", {"org_type": type_, "id": FOREIGN})
    refused(orgs.staff, "org/relative/tops", {"id": TOP})
    refused(orgs.staff, "org/relative/tops", {"org_type": [], "id": TOP}, "400")


@pytest.mark.rules("org-tree/1", "org-tree/3")
def test_3_5_a_whole_tree_is_loaded_by_as_many_statements_as_a_small_one(orgs: Orgs) -> None:
    (top,) = orgs.staff.result(f"org/tree/{ADMINISTRATIVE}/1")
    assert {row["org_type"] for row in nodes_in([top])} == {1}
    assert len(nodes_in([top])) == orgs.staff.send("org/sub/list", {"id": ADMINISTRATIVE}).json()["total"]
    by_id = {row["id"]: row for row in nodes_in([top])}
    assert all(
        row["parent_code"] == by_id[row["parentid"]]["org_code"] for row in by_id.values() if row["id"] != top["id"]
    )
    orgs.api.post("{ __typename }")
    orgs.staff.result(f"org/tree/{MIDDLE}/2")
    few = len(orgs.api.statements)
    assert orgs.staff.result(f"org/tree/{MIDDLE}/2")[0]["parent_code"] == "901"
    orgs.api.post("{ __typename }")
    orgs.staff.result(f"org/tree/{ADMINISTRATIVE}/1")
    assert len(orgs.api.statements) <= few <= 4
    for wrong in (f"{ADMINISTRATIVE}/2", f"{TOP}/1", f"{FOREIGN}/2", f"{ABSENT}/2"):
        refused(orgs.staff, f"org/tree/{wrong}")
        refused(orgs.staff, f"org/tree/{wrong}", {"org_name": "美"})


@pytest.mark.rules("org-tree/2")
def test_3_5_a_search_leaves_the_matching_and_those_above_them(orgs: Orgs) -> None:
    (top,) = orgs.staff.result(f"org/tree/{TOP}/2", {"org_name": "君兰江山"})
    assert [row["org_name"] for row in nodes_in([top])] == [
        "美的集团-业务组织", "美的物业", "产业发展事业部", "君兰江山小区", "美的君兰江山项目",
    ]  # fmt: skip
    assert orgs.staff.result(f"org/tree/{TOP}/2", {"org_name": "没有这个名字"}) == []
    (alone,) = orgs.staff.result(f"org/tree/{TOP}/2", {"org_name": "美的集团-业务组织"})
    assert (alone["id"], alone["children"]) == (TOP, None)
    whole = orgs.staff.result(f"org/tree/{TOP}/2")
    assert orgs.staff.result(f"org/tree/{TOP}/2", {"org_name": " "}) == whole


@pytest.mark.rules("org-trees-range/4", "org-trees-range/7", "org-trees-range/8")
def test_3_5a_the_super_administrator_gets_every_top_as_a_tree_of_one_node(orgs: Orgs) -> None:
    rows = [{"name": f"顶级{number}", "type": "BUSINESS"} for number in range(500)]
    create = "mutation ($i: CreateOrgsInput!) { createOrgs(input: $i) { errors { message } } }"
    made = orgs.api.post(create, {"i": {"orgs": rows}}, orgs.api.bearer("supperadm")).json()
    assert made["data"]["createOrgs"]["errors"] == []
    for given in (None, FOREIGN):
        found = tops_in(orgs.super.result("org/trees/range", {"org_type": 2, "create_org_id": given}))
        assert {TOP, FOREIGN, 19872} <= {*ids(found)}
        assert len(found) > len(rows)
        assert {(each["parentid"], each["children"]) for each in found} == {(None, None)}
    assert OTHERS in ids(tops_in(orgs.super.result("org/trees/range", {"org_type": 1})))


@pytest.mark.rules("org-trees-range/1", "org-trees-range/2", "org-trees-range/3")
def test_3_5a_the_range_of_others_follows_from_their_organisation(orgs: Orgs) -> None:
    (top,) = tops_in(orgs.staff.result("org/trees/range", {"org_type": 2, "create_org_id": MIDDLE}))
    assert top["id"] == MIDDLE
    assert {LOW, PROJECT} <= {*ids(nodes_in([top]))}
    (top,) = tops_in(orgs.staff.result("org/trees/range", {"org_type": 1, "create_org_id": TOP}))
    assert top["id"] == ADMINISTRATIVE
    assert PART in ids(nodes_in([top]))
    found = tops_in(orgs.staff.result("org/trees/range", {"org_type": 1, "create_org_id": PROJECT}))
    assert {8700, 8701, 8805} <= {*ids(found)}
    for type_ in (1, 2):
        for id_ in (FOREIGN, ABSENT, None):
            refused(orgs.staff, "org/trees/range", {"org_type": type_, "create_org_id": id_})


@pytest.mark.rules("org-trees-range/5", "org-trees-range/6")
def test_3_5a_without_a_relation_of_the_top_there_is_no_range(orgs: Orgs) -> None:
    alone = orgs.made("无关联", parentid=TOP)
    assert orgs.staff.result("org/trees/range", {"org_type": 1, "create_org_id": alone["id"]}) == []
    orgs.super.result("orgrel/business_admin_rel", {"business_org_id": FOREIGN, "admin_org_ids": []})
    try:
        assert "顶级" in refused(orgs.foreign, "org/trees/range", {"org_type": 1, "create_org_id": FOREIGN})
    finally:
        orgs.super.result("orgrel/business_admin_rel", {"business_org_id": FOREIGN, "admin_org_ids": [OTHERS]})
    assert OTHERS in ids(tops_in(orgs.foreign.result("org/trees/range", {"org_type": 1, "create_org_id": FOREIGN})))


@pytest.mark.rules("org-browse/1", "org-browse/2")
def test_3_8_organisations_of_a_kind_below_one(orgs: Orgs) -> None:
    paths = [f"{prefix}org/browse/{ADMINISTRATIVE}/1/1" for prefix in ("/", "/v1/iot/main/")]
    first, second = (orgs.staff.send(path, {"pageNo": 1, "pageSize": 5}).json() for path in paths)
    assert first == second
    assert (first["pageNo"], first["pageSize"], first["totalPage"]) == (1, 5, -(-first["total"] // 5))
    assert ids(first["result"]) == sorted(ids(first["result"]), reverse=True)
    assert {(row["org_type"], row["sub_type"]) for row in first["result"]} == {(1, 1)}
    everything = orgs.staff.send(paths[0], {"pageSize": 50}).json()["result"]
    assert ADMINISTRATIVE not in ids(everything)
    assert max(row["full_org_name"].count("/") for row in everything) > 1
    assert orgs.staff.send(f"/org/browse/{FOREIGN}/2/1").json()["total"] == 0


@pytest.mark.parametrize("path", ["/org/browse/6419/1/7", "/org/browse/6419/3/1", "/org/browse/6419/2/6"])
def test_3_8_an_unknown_code_is_refused(orgs: Orgs, path: str) -> None:
    refused(orgs.staff, path)


@pytest.mark.parametrize("path", ["/org/browse/x/1/1", "/org/browse/6419", "/org/nothing"])
def test_3_8_failures_without_the_prefix_are_in_the_envelope(orgs: Orgs, path: str) -> None:
    answer = orgs.staff.send(path)
    assert answer.json()["code"] == str(answer.status_code)
    assert orgs.api.client.post("/org/browse/6419/1/1").json()["code"] == "401"


@pytest.mark.rules("org-sub-list/1", "org-sub-list/4", "org-sub-list/5")
def test_3_9_the_organisation_itself_comes_first_on_every_path_through_the_pages(orgs: Orgs) -> None:
    answer = orgs.staff.send("org/sub/list", {"id": ADMINISTRATIVE}).json()
    assert (answer["pageNo"], answer["pageSize"]) == (1, 20)
    for order, only in ((order, only) for order in ("DESC", "ASC", "asc", None) for only in (True, False)):
        body = {"id": ADMINISTRATIVE, "orderby": order, "is_only_sub": only}
        whole = orgs.staff.send("org/sub/list", {**body, "pageSize": 50}).json()
        expected = ids(whole["result"])
        assert expected[0] == ADMINISTRATIVE
        assert expected[1:] == sorted(expected[1:], reverse=(order or "DESC").upper() == "DESC")
        assert {row["parentid"] == ADMINISTRATIVE for row in whole["result"][1:]} == ({True} if only else {True, False})
        for size in (1, 3):
            pages = [
                orgs.staff.send("org/sub/list", {**body, "pageSize": size, "pageNo": number}).json()
                for number in range(1, whole["total"] // size + 2)
            ]
            assert [row["id"] for page in pages for row in page["result"]] == expected
            assert {page["total"] for page in pages} == {whole["total"]}


@pytest.mark.rules("org-sub-list/2", "org-sub-list/3", "org-sub-list/6", "org-sub-list/7")
def test_3_9_the_conditions(orgs: Orgs) -> None:
    def found(**given: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = orgs.staff.result("org/sub/list", {"id": ADMINISTRATIVE, "pageSize": 50, **given})
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
    refused(orgs.staff, "org/sub/list", {"org_id": PART})
    for wrong in ({"status": 3}, {"org_type": 9}):
        refused(orgs.staff, "org/sub/list", {"id": ADMINISTRATIVE, **wrong})
    refused(orgs.staff, "org/sub/list", {"id": ADMINISTRATIVE, "orderby": "up"}, "400")
    refused(orgs.staff, "org/sub/list", {"id": ADMINISTRATIVE, "is_only_sub": "maybe"}, "400")


@pytest.mark.parametrize(("size", "shown"), [(0, 20), (-1, 20), (51, 50), (10**12, 50), (None, 20)])
def test_3_9_the_size_of_a_page(orgs: Orgs, size: int | None, shown: int) -> None:
    for path, body in (("org/sub/list", {"id": ADMINISTRATIVE}), (f"org/browse/{ADMINISTRATIVE}/1/1", {})):
        assert orgs.staff.send(path, {**body, "pageSize": size, "unknown": [1]}).json()["pageSize"] == shown


@pytest.mark.rules("org-trees-logined/1", "org-trees-logined/2")
def test_3_13_the_trees_are_those_of_the_caller(orgs: Orgs) -> None:
    found = tops_in(orgs.staff.result("org/trees/logined/1"))
    assert ids(found) == [2, TOP]
    assert {LOW, PROJECT} <= {*ids(nodes_in(found))}
    assert ids(tops_in(orgs.foreign.result("org/trees/logined/1"))) == [FOREIGN]
    assert {2, TOP, FOREIGN} <= {*ids(tops_in(orgs.super.result("org/trees/logined/1")))}
    low = next(row for row in nodes_in(found) if row["id"] == LOW)
    assert low["parent_code"] == "901105"
    refused(orgs.staff, "org/trees/logined/x", None, "400")


@pytest.mark.rules("org-contain-community-full-tree/1", "org-contain-community-full-tree/2")
def test_3_19_only_the_full_paths_to_communities(orgs: Orgs) -> None:
    bare = orgs.made("没有小区")["id"]
    (top,) = orgs.staff.result("org/containCommunity/orgFullTree", {"authOrgId": MIDDLE})
    rows = {row["id"]: row for row in nodes_in([top])}
    assert {TOP, MIDDLE, LOW, 9099, PROJECT} <= rows.keys()
    assert bare not in rows
    assert all(row["children"] or row["community_id"] for row in rows.values())
    assert (top["id"], top["parentid"], top["org_id"], top["parent_org_id"]) == (TOP, 0, 0, 0)
    assert (rows[PROJECT]["community_id"], rows[PROJECT]["community_code"]) == (9885, "1000")
    assert rows[LOW]["community_id"] is None
    (path,) = orgs.staff.result("org/containCommunity/orgFullTree", {"authOrgId": PROJECT})
    assert ids(nodes_in([path])) == [TOP, MIDDLE, LOW, PROJECT]
    assert orgs.staff.result("org/containCommunity/orgFullTree", {"authOrgId": bare}) == []
    answer = orgs.staff.send("org/containCommunity/orgFullTree", {"authOrgId": PROJECT}).json()
    assert list(answer)[:5] == ["code", "message", "version", "result", "communitys"]
    for wrong in (FOREIGN, None):
        refused(orgs.staff, "org/containCommunity/orgFullTree", {"authOrgId": wrong})


@pytest.mark.rules("org-login-menus/1", "org-login-menus/2")
def test_3_20_the_menus_in_the_organisation_that_the_caller_switches_to(orgs: Orgs) -> None:
    query = "{ me { admin { menus { id } } } }"
    for client, account, org in ((orgs.staff, "yanggc4", TOP), (orgs.super, "supperadm", 2)):
        menus = nodes_in(tops_in(client.result("org/loginmenus", {"create_org_id": org})))
        headers = {"authorization": orgs.api.bearer(account), "cadastre-org": str(org)}
        me = orgs.api.client.post("/graphql", json={"query": query}, headers=headers).json()["data"]["me"]
        assert sorted(ids(menus)) == sorted(int(each["id"]) for each in me["admin"]["menus"])
        assert menus
    assert {5, 8} <= {*ids(nodes_in(tops_in(orgs.staff.result("org/loginmenus", {"create_org_id": 2}))))}
    for wrong in (FOREIGN, ABSENT, ADMINISTRATIVE, None):
        refused(orgs.staff, "org/loginmenus", {"create_org_id": wrong})
    refused(orgs.staff, "org/loginmenus", {"create_org_id": {}}, "400")


@pytest.mark.rules("space-query-projects/1", "space-query-projects/2")
def test_4_18_each_project_with_its_community(orgs: Orgs) -> None:
    found = orgs.staff.result("space/query/projects", {"authOrg": {"id": TOP}})
    assert {(row["org_type"], row["sub_type"]) for row in found} == {(2, 1)}
    communities = {row["id"]: row["space_id"] for row in found}
    assert (communities[9099], communities[PROJECT]) == (3429, 9885)
    named = {"authOrg": {"id": TOP, "org_code": "901", "org_name": "简岸"}}
    assert ids(orgs.staff.result("space/query/projects", named)) == [PROJECT]
    assert orgs.staff.result("space/query/projects", {"authOrg": {"id": FOREIGN}}) == []
    assert {*communities} <= {*ids(orgs.staff.result("space/query/projects"))}
    assert FOREIGN not in ids(orgs.staff.result("space/query/projects", {"authOrg": None}))
    wrongs: list[object] = ["x", [TOP], {"id": {}}]
    for wrong in wrongs:
        refused(orgs.staff, "space/query/projects", {"authOrg": wrong}, "400")


@pytest.mark.rules("org-community-logined/1")
def test_4_22_the_communities_of_a_member_of_staff(orgs: Orgs) -> None:
    query = "{ admin(id: 3) { communities { id } } }"
    admin = orgs.api.post(query, None, orgs.api.bearer("supperadm")).json()["data"]["admin"]
    found = orgs.super.result("org/community/logined/3")
    assert [str(id_) for id_ in ids(found)] == [each["id"] for each in admin["communities"]]
    assert found[0]["space_type"] == "COMMUNITY"
    own = orgs.staff.result("org/community/logined/1")
    assert 3429 in ids(own)
    refused(orgs.foreign, "org/community/logined/1")
    refused(orgs.staff, f"org/community/logined/{ABSENT}")
