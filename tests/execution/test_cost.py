"""What a request is said to cost, and what is counted of it."""

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from app.main import metrics
from tests.clients.api import LOCAL, Api, open_api

CHILDREN = '{ org(id: "6419") { id children { id children { id } } } }'
PAGE = "query ($n: Int = 3) { orgs(first: $n) { nodes { id } totalCount } }"


def cost(api: Api, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = api.post(query, variables).json()["extensions"]["cost"]
    return rows_in(found)


def rows_in(cost: dict[str, Any]) -> dict[str, Any]:
    """Give the figures of objects and rows, with their limits."""
    return {name: cost[name] for name in ("estimated", "estimatedLimit", "actual", "limit")}


@pytest.mark.parametrize(("query", "variables"), [(CHILDREN, None), (PAGE, None), (PAGE, {"n": 1})])
def test_rows_are_counted_whichever_way_a_query_is_run(
    demo_url: str, query: str, variables: dict[str, Any] | None
) -> None:
    costs = []
    for compiled in (True, False):
        with open_api(demo_url, compiled=compiled) as api:
            costs.append(cost(api, query, variables))
    assert costs[0] == costs[1]
    assert costs[0]["actual"] > 1
    assert costs[0]["limit"] == 100_000


def test_literal_and_variable_cost_the_same(api: Api) -> None:
    literal = cost(api, "{ orgs(first: 7) { nodes { children(first: 3) { id } } } }")
    variables = {"n": 7, "m": 3}
    given = cost(
        api, "query ($n: Int, $m: Int) { orgs(first: $n) { nodes { children(first: $m) { id } } } }", variables
    )
    default = cost(api, "query ($n: Int = 7, $m: Int = 3) { orgs(first: $n) { nodes { children(first: $m) { id } } } }")
    assert literal == given == default
    assert literal["estimated"] == 7 * (1 + 1 + 3)


def test_a_connection_below_a_record_is_measured_as_one_at_the_root(api: Api) -> None:
    query = "{ orgs(first: 7) { nodes { adminsConnection%s { nodes { id } } } } }"
    assert cost(api, query % "(first: 3)")["estimated"] == 7 * (1 + 1 + 3 * 2)
    assert cost(api, query % "")["estimated"] == 7 * (1 + 1 + 20 * 2)
    answer = api.post(query % "(first: 101)").json()
    assert answer["errors"][0]["extensions"]["code"] == "PAGE_TOO_LARGE"


def test_a_refused_request_tells_what_is_known_of_its_cost(api: Api) -> None:
    limits = {"estimatedLimit": 1_000_000, "limit": 100_000}
    assert cost(api, "{") == {"estimated": None, "actual": 0, **limits}
    assert cost(api, "{ orgs(first: 101) { nodes { id } } }") == {"estimated": 202, "actual": 0, **limits}
    assert cost(api, "query ($n: Int!) { orgs(first: $n) { nodes { id } } }")["estimated"] == 40


def test_each_figure_has_the_limit_that_holds_for_it(demo_url: str) -> None:
    with open_api(demo_url, max_cost=50, max_nodes=5) as api:
        body = api.post("{ orgs(first: 30) { nodes { id } } }").json()
        assert body["errors"][0]["extensions"] == {"code": "COST_LIMIT_EXCEEDED", "found": 60, "allowed": 50}
        assert rows_in(body["extensions"]["cost"]) == {"estimated": 60, "estimatedLimit": 50, "actual": 0, "limit": 5}
        body = api.post("{ orgs(first: 10) { nodes { id } } }").json()
        assert body["errors"][0]["extensions"] == {"code": "NODE_LIMIT_EXCEEDED", "found": 6, "allowed": 5}
        assert rows_in(body["extensions"]["cost"]) == {"estimated": 20, "estimatedLimit": 50, "actual": 6, "limit": 5}


@pytest.mark.parametrize("compiled", [True, False])
def test_a_query_ends_when_its_rows_exceed_the_budget(demo_url: str, *, compiled: bool) -> None:
    with open_api(demo_url, compiled=compiled, max_nodes=3) as api:
        body = api.post(CHILDREN).json()
        (error,) = body["errors"]
        assert error["extensions"]["code"] == "NODE_LIMIT_EXCEEDED"
        assert error["extensions"]["found"] > error["extensions"]["allowed"] == 3
        assert "data" not in body
        assert body["extensions"]["cost"]["actual"] == 3 + 1  # the one that tells that there are more


@pytest.mark.parametrize("compiled", [True, False])
def test_edges_that_load_at_the_same_time_share_what_is_left(demo_url: str, *, compiled: bool) -> None:
    query = "{ a: orgs(first: 50) { nodes { id } } b: spaces(first: 50) { nodes { id } } c: menus { nodes { id } } }"
    with open_api(demo_url, compiled=compiled, max_nodes=60) as api:
        body = api.post(query).json()
        assert [error["extensions"]["code"] for error in body["errors"]] == ["NODE_LIMIT_EXCEEDED"]
        assert 60 < body["extensions"]["cost"]["actual"] <= 60 + len(api.statements)


def test_one_edge_may_take_more_than_its_share_of_what_is_left(demo_url: str) -> None:
    query = '{ menus(first: 100) { nodes { id } } org(id: "6419") { id } }'
    with open_api(demo_url, development=True) as api:
        rows = len(api.data(query)["menus"]["nodes"]) + 1
    with open_api(demo_url, development=True, max_nodes=rows) as api:
        body = api.post(query).json()
        assert len(body["data"]["menus"]["nodes"]) == rows - 1 > 2
        assert (body["extensions"]["plan"]["way"], body["extensions"]["cost"]["actual"]) == ("compiled", rows)
    with open_api(demo_url, max_nodes=rows - 1) as api:
        assert api.error(query)["extensions"]["code"] == "NODE_LIMIT_EXCEEDED"


def counted() -> dict[str, float]:
    """Read the metrics as Prometheus does: requests by the way they went."""
    with TestClient(Starlette(routes=[Route("/metrics", metrics)]), client=LOCAL) as client:
        response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    families = {family.name: family for family in text_string_to_metric_families(response.text)}
    assert {"cadastre_queries", "cadastre_query_seconds"} <= families.keys()
    counts = {s.labels["way"]: s.value for s in families["cadastre_queries"].samples if s.name.endswith("_total")}
    timed = {s.labels["way"]: s.value for s in families["cadastre_query_seconds"].samples if s.name.endswith("_count")}
    assert counts == timed
    return counts


def test_requests_are_counted_by_the_way_they_went(api: Api) -> None:
    before = counted()
    api.post(CHILDREN)
    api.post("{")
    api.post("{ __schema { queryType { name } } }")
    after = counted()
    grown = {way: after[way] - before.get(way, 0) for way in after}
    assert grown == {"compiled": 1, "graphql-core": 1, "refused": 1}
