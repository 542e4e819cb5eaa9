"""Staff and devices through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("Admin", "43003", "menus(first: 3)", ["5", "8", "20477"]),
    ("Admin", "1", "org", "40015"),
    ("Admin", "1", "adminGrants", ["31", "34", "46000", "46001", "46002", "46003"]),
    ("Admin", "1", "adminGroups", []),
    ("Admin", "8811", "adminGroups", ["8829", "8830"]),
    ("Admin", "21770", "adminGroups", ["46300", "46301", "46302"]),
    (
        "Admin",
        "1",
        "communities",
        [
            "2",
            "17",
            "18",
            "3429",
            "9885",
            "9886",
            "9887",
            "9888",
            "10264",
            "13430",
            "13702",
            "13910",
            "14302",
            "14308",
            "14314",
            "14316",
            "14318",
            "14321",
            "14323",
            "14488",
            "20670",
            "41027",
            "41052",
        ],
    ),
    ("Admin", "8811", 'adminGroupMember(groupId: "8830")', "46501"),
    ("Admin", "1", 'adminGroupMember(groupId: "8830")', None),
    ("Admin", "1", "roles", ["27", "110", "209", "20463", "20592"]),
    ("Admin", "2", "roles", ["20463"]),
    ("Admin", "43002", "businessOrgs", ["15264", "40028", "40029"]),
    ("Admin", "3", "businessOrgs", ["9099"]),
    ("Admin", "43002", "communities", ["15641", "22372"]),
    ("Admin", "43004", "communities", ["41079", "41083", "41084"]),
    ("Admin", "43002", "menus", ["20477", "20478", "20479", "20480", "20481", "20482", "20483", "20484", "20485"]),
    ("Admin", "3", "menus", []),
    ("Admin", "15678", "devices", ["49200"]),
    ("Admin", "1", "devices", []),
    ("Admin", "1", "reviewedVerifications", ["11266", "49000"]),
    ("Admin", "2", "reviewedVerifications", []),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected


def test_the_super_administrator_is_shown_all_organisations_communities_and_menus(api: Api) -> None:
    query = """{
      admins(filter: {account: {eq: "supperadm"}}) { nodes { businessOrgs { id } menus { id } communities { id } } }
      orgs(filter: {type: {eq: BUSINESS}}) { totalCount }
      all: menus { totalCount }
      spaces(filter: {type: {eq: COMMUNITY}}) { totalCount }
    }"""
    data = api.data(query)
    (shown,) = data["admins"]["nodes"]
    assert len(shown["businessOrgs"]) == data["orgs"]["totalCount"] > 0
    assert len(shown["menus"]) == data["all"]["totalCount"]
    assert len(shown["communities"]) == data["spaces"]["totalCount"] > 0
