"""Menus through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("Menu", "20478", "parent", "20477"),
    ("Menu", "20477", "parent", None),
    ("Menu", "20478", "root", "20477"),
    ("Menu", "30284", "ancestors", ["30281"]),
    ("Menu", "20477", "children", ["20478", "20479", "20480"]),
    ("Menu", "20477", "children(type: BUTTON)", ["20478", "20479", "20480"]),
    ("Menu", "5", "children(type: BUTTON)", []),
    ("Menu", "20481", "childCount", 4),
    ("Menu", "5", "childCount(type: BUTTON)", 0),
    ("Menu", "30281", "descendants", ["30284", "30314", "30324", "30326", "30328"]),
    ("Menu", "30281", "descendants(type: UNSET)", []),
    ("Menu", "30281", "menuGuidance", "32486"),
    ("Menu", "30284", "menuGuidance", "32487"),
    ("Menu", "20477", "menuGuidance", None),
    ("Menu", "20478", "orgMenu(orgId: 19872)", "20607"),
    ("Menu", "20478", "orgMenu(orgId: 2)", None),
    ("Menu", "5", "orgs", ["2"]),
    ("Menu", "30281", "orgs", ["32847"]),
    ("Menu", "20478", "orgs", ["8829", "15264", "19872", "21897", "23009"]),
    ("MenuGuidance", "32486", "menu", "30281"),
    ("Menu", "20481", "roles", ["42", "20463", "20589", "26859"]),
    ("Menu", "20481", "roles(orgId: 19872)", ["20589"]),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected
