"""Claims of app users through GraphQL, over the demo world."""

import pytest

from app.db.scope import Scope
from tests.clients.api import Api
from tests.databases import opened
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


def test_whether_a_subtree_has_a_current_claim_is_read_from_one_index(api: Api, demo_url: str) -> None:
    api.forget()
    asked = '{ spaces(filter: {id: {in: ["10264", "9888", "41020"]}}) { nodes { hasCurrentVerification } } }'
    nodes = api.post(asked, {}, api.bearer("yanggc4")).json()["data"]["spaces"]["nodes"]
    assert sorted(node["hasCurrentVerification"] for node in nodes) == [False, True, True]
    (sql,) = {statement for statement in api.statements if "FROM verification" in statement}
    scope = Scope(43001, is_super=False, scopes=("8829/",), admin_scopes=(), capabilities={})
    with opened(demo_url, scope.opening_to_write()) as connection:
        connection.execute("set local enable_seqscan = off")
        connection.execute("set local plan_cache_mode = force_generic_plan")
        connection.execute(f"prepare asked as {sql}".encode())
        plan = "\n".join(row[0] for row in connection.execute("explain execute asked(array['10264/'], 1, 100)"))
    assert "Index Only Scan using verification_open_idx" in plan, plan
