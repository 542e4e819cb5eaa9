"""Customers through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("Customer", "9343", "topOrg", "8829"),
    ("Customer", "9343", "orgs", ["9099", "40024", "40025"]),
    ("Customer", "9343", 'approvedVerification(spaceId: "4238")', "49001"),
    ("Customer", "9343", 'approvedVerification(spaceId: "41095")', None),
    ("Customer", "9343", "propertyRelations", ["1", "48001", "48002", "48003", "48004", "48020"]),
    ("Customer", "9867", "propertyRelations", []),
    ("Customer", "9148", "verifications", ["11266", "49000"]),
    ("Customer", "9146", "verifications", []),
    ("Customer", "9343", "housingRecords", ["10060", "10263", "10267", "10268", "48500"]),
    ("Customer", "9146", "housingRecords", []),
    ("Customer", "9343", "spaces", ["4238", "20704", "20902", "41065", "41066", "41095"]),
    ("Customer", "9867", "spaces", []),
    ("Customer", "47002", "scopeOrgs", ["16432"]),
    ("Customer", "47002", "projects", ["16432"]),
    ("Customer", "9867", "current", "9867"),
    ("Customer", "9867", "mergedInto", None),
    ("Customer", "9867", "mergedCustomers", []),
    ("Customer", "9867", "duplicates", []),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected
