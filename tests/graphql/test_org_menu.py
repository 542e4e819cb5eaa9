"""Which menus business organisations may use, through GraphQL, over the demo world."""

import pytest

from tests.clients.api import Api
from tests.worlds.edges import Reached, reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("OrgMenu", "468", "org", "2"),
    ("OrgMenu", "468", "menu", "5"),
    ("Menu", "5", "orgMenus", ["468"]),
    ("Org", "2", "orgMenus", ["468", "469", "44000", "44001", "44002", "44003", "44004", "44005", "44006"]),
]


@pytest.mark.parametrize(("type_", "id_", "edge", "expected"), EDGES)
def test_an_edge_leads_where_the_documents_say(api: Api, type_: str, id_: str, edge: str, expected: Reached) -> None:
    assert reached(api, type_, id_, edge) == expected
