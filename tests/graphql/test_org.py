"""Organisations through GraphQL, over the demo world."""

from tests.api import Api

TREE = '{ org(id: "6419") { name children { name children { name } } } }'


def test_a_tree_is_answered_to_the_depth_asked_for(api: Api) -> None:
    org = api.data(TREE)["org"]
    assert org["name"] == "美的集团"
    assert {child["name"] for child in org["children"]} >= {"职能账户组织机构", "美的物业"}
    assert all("children" not in grandchild for child in org["children"] for grandchild in child["children"])


def test_a_tree_takes_one_statement_a_level(api: Api) -> None:
    api.data(TREE)
    assert len(api.statements) == 3


def test_an_org_knows_its_place_in_the_tree(api: Api) -> None:
    org = api.data('{ org(id: "6422") { fullName depth path parent { id } root { id } ancestors { id } } }')["org"]
    assert org["fullName"] == "美的集团/美的物业"
    assert org["depth"] == 1
    assert org["path"] == "6419/6422/"
    assert org["parent"] == org["root"] == {"id": "6419"}
    assert org["ancestors"] == [{"id": "6419"}]


def test_children_are_chosen_by_type_status_and_number(api: Api) -> None:
    query = """{ org(id: "6419") {
      all: children { id }  enabled: children(status: ENABLED) { id }
      business: children(type: BUSINESS) { id }  two: children(first: 2) { id }
      childCount  businessCount: childCount(type: BUSINESS) } }"""
    org = api.data(query)["org"]
    assert org["childCount"] == len(org["all"]) == len(org["enabled"])
    assert org["two"] == org["all"][:2]
    assert (org["business"], org["businessCount"]) == ([], 0)


def test_descendants_are_flat_in_tree_order_and_bounded_by_depth(api: Api) -> None:
    query = """query ($depth: Int) { org(id: "6419") { path
      descendants(depth: $depth, first: 100) { totalCount nodes { path depth parentId } } } }"""
    org = api.data(query)["org"]
    nodes = org["descendants"]["nodes"]
    assert [node["path"] for node in nodes] == sorted(node["path"] for node in nodes)
    assert all(node["path"].startswith(org["path"]) and node["path"] != org["path"] for node in nodes)
    assert org["descendants"]["totalCount"] == len(nodes)
    first_level = api.data(query, {"depth": 1})["org"]["descendants"]
    assert [node["depth"] for node in first_level["nodes"]] == [1] * first_level["totalCount"]


def test_business_and_administrative_orgs_name_each_other(api: Api) -> None:
    served = api.data('{ org(id: "8830") { administrativeOrgs { id businessOrgs { id } } } }')["org"]
    assert {"id": "6422"} in [{"id": org["id"]} for org in served["administrativeOrgs"]]
    assert all({"id": "8830"} in org["businessOrgs"] for org in served["administrativeOrgs"])
