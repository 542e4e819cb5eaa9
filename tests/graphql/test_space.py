"""Spaces and their addresses through GraphQL, over the demo world and over a generated community."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("Space", "18", "parent", "17"),
    ("Space", "17", "parent", None),
    ("Space", "11230", "root", "9886"),
    ("Space", "17", "root", "17"),
    ("Space", "11230", "ancestors", ["9886", "11221", "11226", "11227", "11228", "11229"]),
    ("Space", "9886", "ancestors", []),
    ("Space", "11221", "children", ["11222", "11226"]),
    ("Space", "41016", "children(type: HOUSE)", ["41017", "41018", "41019", "41020"]),
    ("Space", "41016", "children(type: FLOOR)", []),
    ("Space", "41016", "childCount", 4),
    ("Space", "41016", "childCount(type: PARK_SPACE)", 0),
    ("Space", "41016", "childCount(status: DISABLED)", 0),
    ("Space", "15641", "physicalSpaceCount", 21),
    ("Space", "15641", "physicalSpaceCount(status: DISABLED)", 0),
    ("Space", "13702", "physicalSpaceCount", 0),
    ("Space", "13702", "descendantCount", 15),
    ("Space", "13702", "descendantCount(type: HOUSE)", 4),
    ("Space", "13702", "descendantCount(status: DISABLED)", 0),
    ("Space", "18", "descendantCount", 0),
    ("Space", "10264", "hasValidProperty", True),
    ("Space", "4238", "hasValidProperty", True),
    ("Space", "41020", "hasValidProperty", False),
    ("Space", "10264", "hasCurrentVerification", True),
    ("Space", "10468", "hasCurrentVerification", True),
    ("Space", "41020", "hasCurrentVerification", False),
    ("Space", "166", "carPark", "118"),
    ("Space", "118", "carPark", "118"),
    ("Space", "13702", "carPark", None),
    ("Space", "13702", "descendants(type: PARK_SPACE)", ["41024", "41025", "41026"]),
    ("Space", "13702", "descendants(depth: 2)", ["41012", "41013", "41021"]),
    (
        "Space",
        "13702",
        "descendants",
        [
            "41012",
            "41013",
            "41014",
            "41015",
            "41016",
            "41017",
            "41018",
            "41019",
            "41020",
            "41021",
            "41022",
            "41023",
            "41024",
            "41025",
            "41026",
        ],
    ),
    ("Space", "18", "descendants", []),
    ("Space", "11230", "community", "9886"),
    ("Space", "18", "community", "18"),
    ("Space", "1", "community", "41000"),
    ("Space", "11230", "org", "9099"),
    ("Space", "41000", "org", None),
    ("Space", "1", "org", None),
    ("Space", "3429", "spaceLocation", "123"),
    ("Space", "9886", "spaceLocation", "8825"),
    ("Space", "17", "spaceLocation", None),
    ("Space", "10482", "parkingDetail", "13515"),
    ("Space", "20704", "parkingDetail", "49600"),
    ("Space", "166", "parkingDetail", None),
    ("Space", "4238", "propertyRelations", ["1"]),
    ("Space", "10468", "propertyRelations", ["48000"]),
    ("Space", "4238", "customers", ["9343"]),
    ("Space", "10468", "customers", ["9148"]),
    ("Space", "3280", "customers", []),
    ("Space", "10468", "verifications", ["11266", "49000"]),
    ("Space", "4238", "verifications", ["49001"]),
    ("SpaceLocation", "123", "space", "3429"),
    ("Space", "4238", "housingRecords", ["10060", "10263", "10267", "10268", "48500"]),
    ("Space", "10468", "housingRecords", []),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected


def test_a_space_tells_its_branch_its_areas_and_its_place(api: Api) -> None:
    fields = "type category fullName depth path area feeArea communityId orgId businessType externalId"
    house = api.data(f'{{ space(id: "41017") {{ {fields} }} }}')["space"]
    assert house == {
        "type": "HOUSE",
        "category": "STRUCTURE",
        "fullName": "云悦江山小区-项目2/片区1/建筑物1/楼栋1/单元1/楼层1/101",
        "depth": 6,
        "path": "13702/41012/41013/41014/41015/41016/41017/",
        "area": "88.50",
        "feeArea": "75.00",
        "communityId": "13702",
        "orgId": "9105",
        "businessType": None,
        "externalId": None,
    }


def test_a_space_tells_which_types_may_lie_below(api: Api) -> None:
    asked = "query Types($id: ID!) { space(id: $id) { childTypes } }"
    below = {id_: api.data(asked, {"id": id_})["space"]["childTypes"] for id_ in ("41015", "41016", "41017", "41021")}
    assert below == {
        "41015": ["FLOOR", "HOUSE"],
        "41016": ["HOUSE"],
        "41017": [],
        "41021": ["PARK_NAME", "PARK_AREA", "PARK_SPACE"],
    }


LEVELS = {"COMMUNITY": 1, "ZONE": 5, "BUILDING": 40, "UNIT": 160, "FLOOR": 2_880, "HOUSE": 11_520}


def test_a_generated_community_is_answered_whole_with_one_statement_a_level(generated_api: Api) -> None:
    below = "children { id type " * 5 + "propertyRelations { id }" + "}" * 5
    query = f"{{ spaces(filter: {{type: {{eq: COMMUNITY}}}}) {{ nodes {{ id type {below} }} }} }}"
    level = generated_api.data(query)["spaces"]["nodes"]
    assert len(generated_api.statements) == len(LEVELS) + 1
    for type_, number in LEVELS.items():
        assert len(level) == number
        assert {space["type"] for space in level} == {type_}
        owned = [space for space in level if space.get("propertyRelations")]
        level = [child for space in level for child in space.get("children", ())]
    assert len(owned) == 7_500


def test_seven_levels_of_edges_take_seven_statements(generated_api: Api) -> None:
    edges = ("propertyRelations", "customer", "propertyRelations", "space", "parent", "parent", "ancestors")
    query = "{ spaces(filter: {type: {eq: HOUSE}}, first: 100) { nodes { id "
    query += " ".join(f"{edge} {{ id" for edge in edges) + "}" * len(edges) + " } } }"
    houses = generated_api.data(query)["spaces"]["nodes"]
    assert len(generated_api.statements) == 1 + len(edges)
    assert len(houses) == 100
    one = next(house for house in houses if house["propertyRelations"])
    for edge in edges:
        found = one[edge]
        one = found[0] if isinstance(found, list) else found
    assert (
        one["id"]
        == generated_api.data("{ spaces(filter: {type: {eq: COMMUNITY}}) { nodes { id } } }")["spaces"]["nodes"][0][
            "id"
        ]
    )
