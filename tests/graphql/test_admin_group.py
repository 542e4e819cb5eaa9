"""Groups of staff through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

MEMBERS = ["8811", "8812", "8813", "8843", "8852", "12706"]

EDGES: list[tuple[str, str, str, Reached]] = [
    ("AdminGroup", "8830", "org", "8829"),
    ("AdminGroup", "8830", "admins", MEMBERS),
    ("AdminGroup", "46300", "admins", ["21770"]),
    ("AdminGroup", "9247", "admins", []),
    ("AdminGroup", "8830", "adminCount", 6),
    ("AdminGroup", "9247", "adminCount", 0),
    ("AdminGroup", "8830", "hasAdmins", 1),
    ("AdminGroup", "9247", "hasAdmins", 0),
    ("AdminGroup", "8830", "availableAdmins", ["9160", "43001"]),
    ("AdminGroup", "9247", "availableAdmins", [*MEMBERS[:5], "9160", "12706", "43001"]),
    ("AdminGroup", "8830", "adminGroupMembers", ["8934", "46501", "46502", "46503", "46504", "46505"]),
    ("AdminGroupMember", "8934", "group", "8830"),
    ("AdminGroupMember", "8934", "admin", "8843"),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected
