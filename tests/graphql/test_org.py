"""Organisations through GraphQL, over the demo world."""

from itertools import pairwise

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

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
    assert all(one["depth"] >= next_["depth"] - 1 for one, next_ in pairwise(nodes))
    assert all(node["path"].startswith(org["path"]) and node["path"] != org["path"] for node in nodes)
    assert org["descendants"]["totalCount"] == len(nodes)
    first_level = api.data(query, {"depth": 1})["org"]["descendants"]
    assert [node["depth"] for node in first_level["nodes"]] == [1] * first_level["totalCount"]


def test_business_and_administrative_orgs_name_each_other(api: Api) -> None:
    served = api.data('{ org(id: "8830") { administrativeOrgs { id businessOrgs { id } } } }')["org"]
    assert {"id": "6422"} in [{"id": org["id"]} for org in served["administrativeOrgs"]]
    assert all({"id": "8830"} in org["businessOrgs"] for org in served["administrativeOrgs"])


EDGES: list[tuple[str, str, str, Reached]] = [
    ("Org", "9099", "isRelatedToCustomer", True),
    ("Org", "8829", "isRelatedToCustomer", False),
    ("Org", "8829", "hasPropertyRelations", False),
    ("Org", "6422", "parent", "6419"),
    ("Org", "6419", "parent", None),
    ("Org", "11010", "root", "6419"),
    ("Org", "6419", "root", "6419"),
    ("Org", "11010", "ancestors", ["6419", "11007", "11008", "11009"]),
    ("Org", "6419", "ancestors", []),
    ("Org", "6419", "children", ["6421", "6422", "11006", "11007"]),
    ("Org", "6419", "children(first: 2)", ["6421", "6422"]),
    ("Org", "2", "children(type: BUSINESS)", ["40019"]),
    ("Org", "11007", "children(status: ENABLED)", []),
    ("Org", "11007", "children(status: DISABLED)", ["11008"]),
    ("Org", "6419", "childCount", 4),
    ("Org", "6419", "childCount(type: BUSINESS)", 0),
    ("Org", "11007", "childCount(status: DISABLED)", 1),
    ("Org", "20239", "descendants", ["20253", "20254", "20255", "20256", "20257", "20258"]),
    ("Org", "20239", "descendants(depth: 2)", ["20253", "20254"]),
    ("Org", "20239", "descendants(depth: 0)", []),
    ("Org", "11007", "descendants(status: ENABLED)", ["11009", "11010"]),
    ("Org", "9103", "administrativeOrgs", ["8700", "8701", "8805"]),
    ("Org", "8831", "administrativeOrgs", ["6419", "6423"]),
    ("Org", "8805", "businessOrgs", ["9103", "9105"]),
    ("Org", "6419", "businessOrgs", ["8829", "8831"]),
    ("Org", "8805", "administrativeOrgs", []),
    ("Org", "9103", "outermostAdministrativeOrgs", ["8700", "8701", "8805"]),
    ("Org", "8831", "outermostAdministrativeOrgs", ["6419"]),
    ("Org", "8805", "outermostAdministrativeOrgs", []),
    ("Org", "9103", "administrativeOrgRelations", ["9108", "9109", "9110"]),
    ("Org", "8805", "administrativeOrgRelations", []),
    ("Org", "8805", "businessOrgRelations", ["9110", "9111"]),
    ("Org", "9103", "businessOrgRelations", []),
    ("Org", "9099", "communities", ["3429", "9886", "10264"]),
    ("Org", "21897", "communities", ["22676", "23655", "30387", "32510", "32509", "23040", "23812"]),
    (
        "Org",
        "8829",
        "communities",
        [
            "13430",
            "14302",
            "14308",
            "14488",
            "13910",
            "17",
            "18",
            "14314",
            "14316",
            "14318",
            "14321",
            "14323",
            "20670",
            "41052",
            "2",
            "3429",
            "9886",
            "10264",
            "9885",
            "9887",
            "9888",
            "13702",
        ],
    ),
    ("Org", "6419", "communities", []),
    ("Org", "9099", "community", "3429"),
    ("Org", "8831", "community", None),
    ("Org", "9103", "administrativeRange", ["8700", "8701", "8805"]),
    ("Org", "11007", "administrativeRange", []),
    ("Org", "20254", "communityOrgs", []),
    ("Org", "9099", "communityOrgs", ["8829", "8830", "8831", "9099"]),
    ("Org", "6419", "communityOrgs", []),
    ("Org", "2", "menuRange(first: 3)", ["5", "8", "20477"]),
    ("Org", "2", "menus", ["5", "8", "20481", "20482", "20483", "20484", "20485", "24599", "24600"]),
    ("Org", "23009", "menus", ["20478", "20481", "20482", "20483", "20484", "20485"]),
    ("Org", "19872", "roles", ["20459", "20589", "20591", "22965", "22970", "23045"]),
    ("Org", "23009", "roles", ["26859"]),
    ("Org", "2", "admins", ["1", "2"]),
    ("Org", "6423", "admins", ["8811", "8812", "8813"]),
    ("Org", "8829", "admins", ["1", "43001"]),
    ("Org", "21897", "adminGroups", ["46300", "46301", "46302"]),
    ("Org", "8829", "adminGroups", ["8829", "8830"]),
    ("Org", "8829", "adminGroupsBelow", ["8829", "8830", "9247", "9248", "9321", "9322"]),
    ("Org", "21897", "adminGroupsBelow", ["46300", "46301", "46302"]),
    ("Org", "6422", "staff", ["8811", "8812", "8813"]),
    ("Org", "8829", "staff", ["8811", "8812", "8813", "8843", "8852", "9160", "12706", "43001"]),
    ("Org", "9103", "staff", []),
    ("Org", "8829", "customers", ["9104", "9146", "9148", "9152", "9343", "9867", "20972", "47000"]),
    ("Org", "9099", "customers", ["9146", "9152", "9343", "9867"]),
    ("Org", "2", "adminGrants", ["31", "34", "46000", "46004"]),
    ("Org", "9103", "spaces(first: 2)", ["9885", "9889"]),
    ("Org", "8829", "spaces", []),
    ("Org", "15264", "appGrants", ["49300"]),
    ("Org", "15264", 'isGrantedToApp(appId: "123", appType: COMMUNITY)', True),
    ("Org", "15264", 'isGrantedToOtherApp(appId: "123", appType: COMMUNITY)', False),
    ("Org", "15264", 'isGrantedToOtherApp(appId: "9", appType: COMMUNITY)', True),
    ("Org", "15264", 'isBoundToApp(appId: "123", appType: COMMUNITY)', True),
    ("Org", "15264", 'isBoundToApp(appId: "123", appType: STEWARD)', False),
    ("Org", "2", "appGrants", []),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected
