"""Who changed what, when and why, through GraphQL: histories, the list for auditors, and who sees which changes."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from tests.clients.api import Api, open_api
from tests.databases import copied
from tests.worlds.edges import Reached

EDGES: list[tuple[str, str, str, Reached]] = [
    ("Change", "renamed", "actor", "1"),
    ("Change", "renamed", "org", "8830"),
]

RENAME = """mutation ($id: ID!, $name: String!) { updateOrg(input: { id: $id, name: $name }) {
  org { id version } errors { code } } }"""
CHANGE = """{ operation entity entityId actorAccount client requestId reason changedFields
  differences { field before after } }"""
OWN, BELOW, FOREIGN = "8829", "8830", "15264"


@pytest.fixture(scope="module")
def changed(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[tuple[Api, str]]:
    """Give the API, for callers who log in, over a demo world whose organisation BELOW was renamed."""
    with copied(server, demo_template, worker_id) as url, open_api(url, require_login=True) as api:
        rename(api, BELOW, "新名", **{"x-change-reason": quote("合同更名 №7"), "x-request-id": "audit-1"})
        yield api, url


def rename(api: Api, id_: str, name: str, account: str = "yanggc4", **headers: str) -> Any:
    body = {"query": RENAME, "variables": {"id": id_, "name": name}}
    given = {"authorization": api.bearer(account), **headers}
    return api.client.post("/graphql", json=body, headers=given).json()["data"]["updateOrg"]


def asked(api: Api, account: str, query: str, **variables: Any) -> Any:
    answer = api.post(query, variables, authorization=api.bearer(account)).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def sql(url: str, statement: str, *values: object) -> list[Any]:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def history(api: Api, account: str, noun: str, id_: str, selection: str = CHANGE) -> list[Any]:
    record = asked(api, account, f'{{ {noun}(id: "{id_}") {{ history {{ nodes {selection} }} }} }}')[noun]
    nodes: list[Any] = record["history"]["nodes"]
    return nodes


def test_a_history_says_who_when_and_why(changed: tuple[Api, str]) -> None:
    api, _ = changed
    newest = history(api, "yanggc4", "org", BELOW)[0]
    assert newest == {
        "operation": "UPDATE",
        "entity": "org",
        "entityId": BELOW,
        "actorAccount": "yanggc4",
        "client": "h5-client",
        "requestId": "audit-1",
        "reason": "合同更名 №7",
        "changedFields": ["name", "fullName"],
        "differences": [
            {"field": "name", "before": newest["differences"][0]["before"], "after": "新名"},
            {"field": "fullName", "before": newest["differences"][1]["before"], "after": "美的集团-业务组织/新名"},
        ],
    }
