"""Any record by its id alone: `node` and `nodes`."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.execution.request import Request
from app.main import create_app
from app.settings import Settings
from tests.clients.api import Api, open_api
from tests.worlds.schema import PLURALS

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
SHARED = {"1": "Admin", "2": "Admin", "8829": "AdminGroup", "8830": "AdminGroup", "9104": "Customer", "30281": "Menu"}
"""Ids that the documents use for several records (docs/demo-world.md)."""


@pytest.mark.parametrize("name", PLURALS)
def test_every_record_is_found_by_its_id(api: Api, name: str) -> None:
    rows = api.data(f"{{ {PLURALS[name]}(first: 100) {{ nodes {{ id }} }} }}")[PLURALS[name]]["nodes"]
    wanted = [row["id"] for row in rows]
    found = {node["id"]: node["__typename"] for node in api.data(NODES, {"ids": wanted})["nodes"]}
    assert found == {id_: SHARED.get(id_, name) for id_ in wanted}


def test_an_id_that_records_share_names_the_first_type(api: Api) -> None:
    nodes = api.data(NODES, {"ids": list(SHARED)})["nodes"]
    assert {node["id"]: node["__typename"] for node in nodes} == SHARED


def test_nodes_come_in_the_order_asked_for_with_null_for_what_is_not_there(api: Api) -> None:
    wanted = ["11230", "999999999", "6419", "9343", "6419", "9223372036854775807", "11266"]
    nodes = api.data(NODES, {"ids": wanted})["nodes"]
    assert [node and (node["id"], node["__typename"]) for node in nodes] == [
        ("11230", "Space"),
        None,
        ("6419", "Org"),
        ("9343", "Customer"),
        ("6419", "Org"),
        None,
        ("11266", "Verification"),
    ]
    assert api.data(NODES, {"ids": []})["nodes"] == []


def test_a_node_has_the_fields_of_its_type(api: Api) -> None:
    query = """query ($id: ID!) { node(id: $id) { id
      ... on Org { name children(first: 1) { id } } ... on Space { name community { id } } } }"""
    assert api.data(query, {"id": "6419"})["node"] == {"id": "6419", "name": "美的集团", "children": [{"id": "6421"}]}
    assert api.data(query, {"id": "18"})["node"] == {"id": "18", "name": "美的君兰江山一期A", "community": {"id": "18"}}
    assert api.data(query, {"id": "9343"})["node"] == {"id": "9343"}
    assert api.data(query, {"id": "999999999"})["node"] is None


def test_a_link_between_records_is_no_node(api: Api) -> None:
    assert api.data('{ node(id: "47500") { id } }') == {"node": None}  # an organisation that knows a customer


def test_a_type_takes_one_statement_beside_the_search(api: Api) -> None:
    api.data(NODES, {"ids": ["6419", "6422", "8831"]})
    assert len(api.statements) <= 2


@pytest.mark.parametrize("given", ['ids: ["1", "x"]', "ids: [0]", 'ids: [""]'])
def test_one_bad_id_is_told(api: Api, given: str) -> None:
    assert api.error(f"{{ nodes({given}) {{ id }} }}")["extensions"]["code"] == "INVALID_INPUT"


def test_a_bad_id_leaves_nothing_behind_in_the_connection(demo_url: str, tmp_path: Path) -> None:
    """The load of the good id beside a bad one is still to come when the request is answered."""
    wanted = {'["6419", "x"]': "INVALID_INPUT", '["6419"]': None, "[0]": "INVALID_INPUT"}

    async def run() -> None:
        app = create_app(Settings(database_url=demo_url, data_dir=tmp_path, require_login=False, pool_size=1))
        await app.state.pool.open()
        for _ in range(20):
            requests = [Request(f"{{ nodes(ids: {ids}) {{ id }} }}") for ids in wanted]
            answers = await asyncio.gather(*(app.state.execution.answer(each, None) for each in requests))
            assert [code_of(answer.body) for answer in answers] == list(wanted.values())
        await app.state.pool.close()

    asyncio.run(run())


def code_of(body: dict[str, Any]) -> str | None:
    return body["errors"][0]["extensions"]["code"] if "errors" in body else None


@pytest.mark.parametrize("given", ["ids: null", "ids: [null]", "ids: [1.5]", "ids: [true]", "ids: {}", ""])
def test_what_is_no_list_of_ids_is_told(api: Api, given: str) -> None:
    arguments = f"({given})" if given else ""
    assert api.error(f"{{ nodes{arguments} {{ id }} }}")["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_a_hundred_ids_are_answered_and_more_are_refused_before_any_statement(api: Api) -> None:
    assert api.data(NODES, {"ids": ["6419"] * 100})["nodes"] == [{"__typename": "Org", "id": "6419"}] * 100
    error = api.error(NODES, {"ids": ["6419"] * 101})
    assert error["extensions"] == {"code": "PAGE_TOO_LARGE", "found": 101, "allowed": 100}
    assert api.statements == []


@pytest.mark.parametrize("compiled", [True, False])
def test_the_largest_page_is_a_setting_that_counts_everywhere(demo_url: str, *, compiled: bool) -> None:
    with open_api(demo_url, max_page=150, compiled=compiled) as api:
        assert len(api.data("{ spaces(first: 150) { nodes { id } } }")["spaces"]["nodes"]) == 150
        assert len(api.data(NODES, {"ids": ["6419"] * 150})["nodes"]) == 150
        assert api.data('{ org(id: "6419") { children(first: 150) { id } } }')["org"]["children"]
        for query in ("{ spaces(last: 151) { nodes { id } } }", '{ org(id: "6419") { children(first: 151) { id } } }'):
            assert api.error(query)["extensions"] == {"code": "PAGE_TOO_LARGE", "found": 151, "allowed": 150}
