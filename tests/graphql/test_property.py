"""Property relations, the housing log and claims through GraphQL, over the demo world."""

import pytest

from tests.api import Api
from tests.edges import Reached, edge_name, edges_of, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("PropertyRelation", "1", "space", "4238"),
    ("PropertyRelation", "48001", "community", "20670"),
    ("PropertyRelation", "1", "community", "10264"),
    ("PropertyRelation", "1", "customer", "9343"),
    ("PropertyRelation", "1", "records", ["10060", "10263", "10267", "10268", "48500"]),
    ("PropertyRelation", "48000", "records", []),
    ("HousingRecord", "10263", "propertyRelation", "1"),
    ("HousingRecord", "10263", "space", "4238"),
    ("HousingRecord", "10263", "customer", "9343"),
    ("Verification", "11266", "space", "10468"),
    ("Verification", "11266", "customer", "9148"),
    ("Verification", "11266", "propertyRelation", "48000"),
    ("Verification", "49001", "propertyRelation", "1"),
    ("Verification", "11266", "reviewer", "1"),
    ("Verification", "49001", "reviewer", None),
]


def test_every_edge_is_followed() -> None:
    assert {(type_, edge_name(edge)) for type_, _, edge, _ in EDGES} == edges_of(
        "PropertyRelation", "HousingRecord", "Verification"
    )


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected
