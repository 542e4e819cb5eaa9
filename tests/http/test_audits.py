"""The audits of the npm package graphql-http, which test a server for GraphQL over HTTP."""

import json
from collections.abc import Iterator

import pytest

from app.settings import Settings
from tests.clients.login import serving
from tests.clients.npm import run_node, workspace


@pytest.fixture
def url(demo_url: str) -> Iterator[str]:
    """Serve the demo world on a port of the loopback address."""
    with serving(Settings(database_url=demo_url, require_login=False)) as address:
        yield f"{address}/graphql"


def test_all_audits_of_graphql_over_http_pass(url: str) -> None:
    with workspace() as folder:
        results = json.loads(run_node(folder, "audit.mjs", AUDIT_URL=url))
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61
