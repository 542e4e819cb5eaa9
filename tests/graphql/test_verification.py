"""Claims of app users through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("Verification", "11266", "space", "10468"),
    ("Verification", "11266", "community", "9888"),
    ("Verification", "11266", "building", "10459"),
    ("Verification", "11266", "unit", "10462"),
    ("Verification", "11266", "floor", "10465"),
    ("Verification", "11266", "org", "9105"),
    ("Verification", "11266", "topOrg", "8829"),
    ("Verification", "11266", "customer", "9148"),
    ("Verification", "11266", "propertyRelation", "48000"),
    ("Verification", "49001", "propertyRelation", "1"),
    ("Verification", "11266", "reviewer", "1"),
    ("Verification", "49001", "reviewer", None),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected
