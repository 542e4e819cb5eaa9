"""Who holds which role, through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("AdminGrant", "31", "org", "2"),
    ("AdminGrant", "31", "role", "27"),
    ("AdminGrant", "31", "admin", "1"),
    ("Org", "8831", "grantees", ["8813"]),
    ("Org", "8831", "grantees(roleId: 20463)", ["8813"]),
    ("Org", "40024", "grantees", []),
    ("Org", "2", "grantableAdmins", ["3", "43000"]),
    ("Org", "2", "grantableAdmins(roleId: 27)", ["2", "3", "43000"]),
    ("Org", "15263", "grantableAdmins", []),
    ("Org", "8831", "administrators", ["1", "8813", "43001"]),
    ("Org", "8829", "administrators", ["1", "43001"]),
    ("Org", "15263", "administrators", []),
    ("Org", "8831", "appointableAdmins", ["8811", "8812", "8843", "8852", "9160", "12706"]),
    ("Admin", "43001", "isUpperAdministrator(orgId: 8831)", True),
    ("Admin", "43001", "isUpperAdministrator(orgId: 8829)", False),
    ("Admin", "43001", "isUpperAdministrator", True),
    ("Admin", "8813", "isUpperAdministrator(orgId: 8831)", False),
    ("Space", "20670", "roles(adminId: 1)", ["110", "209"]),
    ("Space", "20670", "roles(adminId: 3)", []),
    ("Role", "2071", "orgs(under: 40019)", ["40019", "40020", "40021", "40022", "40023"]),
    ("Role", "2071", "orgCount(under: 40019)", 5),
    ("Role", "2071", "orgCount", 6),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected
