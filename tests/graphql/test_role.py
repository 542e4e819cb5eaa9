"""Roles and who holds them through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("Role", "2071", "orgs", ["2", "40019", "40020", "40021", "40022", "40023"]),
    ("Role", "20453", "orgs", ["15264", "16432"]),
    ("Role", "20463", "orgs", ["2", "8829", "8831", "15264", "21897", "32847"]),
    ("Role", "20589", "menus", ["20477", "20481", "20482", "20483"]),
    ("Role", "20463", "menus(orgId: 2)", ["5", "8", "20481", "20482", "20483", "20484", "20485", "24599", "24600"]),
    ("Role", "20463", "menus(orgId: 40019)", []),
    ("Role", "20463", "admins", ["1", "2", "8813", "32979", "43001", "43002"]),
    ("Role", "20463", "admins(orgId: 2)", ["1", "2"]),
    ("Role", "42502", "admins", ["43004"]),
    ("Role", "43", "admins", []),
    ("Role", "42502", "adminGrants", ["46011", "46012", "46013"]),
    ("Role", "43", "adminGrants", []),
    ("OrgRole", "44524", "orgRoleMenus", ["45075", "45076", "45077", "45078", "45079", "45080"]),
    ("OrgRole", "44524", "menuCount", 6),
    ("OrgRole", "44524", "menuTree", ["20477", "20478", "20481", "20482", "20483", "20484", "20485"]),
    ("Role", "110", "orgRoles", ["44509"]),
    ("Role", "20589", "orgRoleMenus", ["20655", "20656", "20657", "24608"]),
    ("OrgRole", "33", "org", "2"),
    ("OrgRole", "33", "role", "20592"),
    ("OrgRoleMenu", "20655", "org", "19872"),
    ("OrgRoleMenu", "20655", "role", "20589"),
    ("OrgRoleMenu", "20655", "menu", "20481"),
    ("Org", "40024", "orgRoles", ["44509", "44510"]),
    ("Org", "40024", "orgRoleMenus", []),
    ("Menu", "20481", "orgRoleMenus", ["20655", "45002", "45013", "45022", "45031", "45059", "45076"]),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected
