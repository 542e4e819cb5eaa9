"""Property relations and the housing log through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("PropertyRelation", "1", "space", "4238"),
    ("PropertyRelation", "48001", "community", "20670"),
    ("PropertyRelation", "1", "community", "10264"),
    ("PropertyRelation", "1", "customer", "9343"),
    ("PropertyRelation", "1", "zone", "41007"),
    ("PropertyRelation", "1", "carPark", None),
    ("PropertyRelation", "48001", "zone", "41061"),
    ("PropertyRelation", "48001", "carPark", "41062"),
    ("PropertyRelation", "48001", "parkingArea", "41064"),
    ("PropertyRelation", "48002", "zone", None),
    ("PropertyRelation", "48001", "parkingDetail", "49600"),
    ("PropertyRelation", "48003", "parkingDetail", None),
    ("PropertyRelation", "1", "holders", ["9343"]),
    ("PropertyRelation", "1", "housingRecords", ["10060", "10263", "10267", "10268", "48500"]),
    ("PropertyRelation", "48000", "housingRecords", []),
    ("HousingRecord", "10263", "propertyRelation", "1"),
    ("HousingRecord", "10263", "space", "4238"),
    ("HousingRecord", "10263", "customer", "9343"),
    ("PropertyRelation", "1", "verifications", ["49001"]),
    ("PropertyRelation", "10048", "verifications", []),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected
