"""Generated documents: no answer is a 5xx that is not 503, and none is an internal error.

`CADASTRE_FUZZ=50 pytest tests/http/test_fuzz.py` draws fifty documents of each root field for each caller, and others
each time. The suite draws one of every third field for each caller, always the same.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import graphql
import httpx2 as httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import mutations, nodes, queries

from app.db.embedded import EmbeddedServer
from app.graphql.schema import schema
from tests.clients.api import Api, open_api
from tests.databases import copied
from tests.worlds.two_executors import SHOWN, WORDS

ASKED = int(os.environ.get("CADASTRE_FUZZ", "0"))
EXAMPLES = ASKED or 1
CALLERS = ("", "yanggc4", "supperadm")
"""Nobody, a member of staff, and the super administrator."""

LARGEST = 2**63 - 1
IDS = [*SHOWN, "0", "-1", str(LARGEST), str(LARGEST + 1), "1.0", "x", "", " 1", "１"]
TEXTS = [*WORDS, "", " ", "'", '"', "\\", "\x00", "\ufffd", "😀", "a" * 300, "{}", "null", "%s", "$1"]
TIMES = ["2021-01-31T12:00:00+08:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z"]
TIMES += ["infinity", "2021-02-30T00:00:00Z", "2021-01-01T00:00:00+99:00", "x", ""]
DATES = ["1990-01-01", "0001-01-01", "9999-12-31", "2021-02-30", "x", ""]
NUMBERS = ["0", "-1", "20.20", "1e400", "NaN", "Infinity", "9" * 100, "0." + "1" * 100, "x"]

SCALARS: dict[str, st.SearchStrategy[graphql.ValueNode]] = {
    "ID": st.sampled_from(IDS).map(nodes.String),
    "String": st.one_of(st.sampled_from(TEXTS), st.text(max_size=20)).map(nodes.String),
    "Int": st.one_of(st.integers(-1, 4), st.integers(-(2**31), 2**31 - 1)).map(nodes.Int),
    "Float": st.sampled_from([0.0, -1.5, 1e308]).map(nodes.Float),
    "DateTime": st.sampled_from(TIMES).map(nodes.String),
    "Date": st.sampled_from(DATES).map(nodes.String),
    "Decimal": st.sampled_from(NUMBERS).map(nodes.String),
}

SCHEMA = graphql.build_schema(schema.as_str())
KINDS: dict[str, tuple[Callable[..., st.SearchStrategy[str]], graphql.GraphQLObjectType | None]] = {
    "queries": (queries, SCHEMA.query_type),
    "mutations": (mutations, SCHEMA.mutation_type),
}


@pytest.fixture(scope="module")
def world(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[Api]:
    """Give the API over a demo world that the documents may change."""
    with copied(server, demo_template, worker_id) as url, open_api(url, require_login=True) as api:
        yield api


def send(api: Api, document: str, account: str) -> httpx.Response:
    """Send a document as a caller."""
    headers = {"accept": "application/graphql-response+json"}
    headers |= {"authorization": api.bearer(account)} if account else {}
    return api.client.post("/graphql", json={"query": document}, headers=headers)


def bug_in(response: httpx.Response) -> str:
    """Return what is a bug in an answer; empty for none."""
    if response.status_code >= 500 and response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
        return f"{response.status_code} {response.text[:500]}"
    body: dict[str, Any] = response.json()
    codes = [error.get("extensions", {}).get("code") for error in body.get("errors", [])]
    return f"{codes} {response.text[:500]}" if "INTERNAL" in codes else ""


def roots_of(type_: graphql.GraphQLObjectType | None, account: str) -> list[str]:
    """Return the root fields whose documents a caller sends: all of them if it was asked for, or else every third."""
    names = list(type_.fields) if type_ else []
    return names if ASKED else names[CALLERS.index(account) :: len(CALLERS)]


@pytest.mark.parametrize("account", CALLERS, ids=["anonymous", "ordinary", "super"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_generated_document_is_a_bug(world: Api, kind: str, account: str) -> None:
    draw, type_ = KINDS[kind]
    bugs: list[tuple[str, str]] = []
    for root in roots_of(type_, account):

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=not ASKED,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(document=draw(SCHEMA, custom_scalars=SCALARS, fields=[root]))
        def ask(document: str) -> None:
            if bug := bug_in(send(world, document, account)):
                bugs.append((document, bug))

        ask()
    assert bugs == []
