"""Documents named by a hash: stored ones, registered ones, and programs that run no others."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest

from app.services import stored_document
from app.web.media_types import GRAPHQL_JSON
from tests.clients.api import Api, open_api
from tests.clients.program import cadastre

QUERY = "query Named($id: ID!) { org(id: $id) { name } }"
OTHER = "{ __typename }"
VARIABLES = {"id": "6419"}
DATA = {"org": {"name": "美的集团"}}
NOT_SUPPORTED = {"message": "PersistedQueryNotSupported", "extensions": {"code": "PERSISTED_QUERY_NOT_SUPPORTED"}}
NOT_FOUND = {"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def apollo(text: str, **changes: Any) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(text), **changes}}


def send(api: Api, **members: Any) -> Any:
    return api.client.post("/graphql", json={"variables": VARIABLES, **members}).json()


@pytest.fixture
def stored(demo_url: str) -> Iterator[str]:
    """Store a document, and give the URL of its database."""
    with psycopg.connect(demo_url, autocommit=True) as connection:
        stored_document.add(connection, QUERY, "named", "test")
        yield demo_url
        stored_document.remove(connection, sha256(QUERY))


def test_a_stored_document_is_run_by_its_id(stored: str) -> None:
    with open_api(stored) as api:
        assert send(api, documentId=f"sha256:{sha256(QUERY)}")["data"] == DATA
        assert send(api, extensions=apollo(QUERY))["data"] == DATA
        assert send(api, extensions=apollo(QUERY), query=QUERY)["data"] == DATA
        by_get = urlencode({"extensions": json.dumps(apollo(QUERY)), "variables": json.dumps(VARIABLES)})
        assert api.client.get(f"/graphql?{by_get}").json()["data"] == DATA


def test_a_stored_document_is_looked_up_once(stored: str) -> None:
    with open_api(stored) as api:
        for times in (1, 0, 0):
            api.post(None, VARIABLES, documentId=f"sha256:{sha256(QUERY)}")  # type: ignore[arg-type]
            assert sum("stored_document" in statement for statement in api.statements) == times


UNKNOWN: dict[str, dict[str, Any]] = {
    "documentId": {"documentId": f"sha256:{sha256(OTHER)}"},
    "persistedQuery": {"extensions": apollo(OTHER)},
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_hash_is_not_found_where_documents_are_stored(stored: str, name: str) -> None:
    with open_api(stored) as api:
        assert send(api, **UNKNOWN[name])["errors"] == [NOT_FOUND]


@pytest.mark.parametrize(
    ("settings", "persisted"),
    [
        ({}, NOT_SUPPORTED),
        ({"trusted_only": True}, NOT_SUPPORTED),
        ({"trusted_only": True, "development": True}, NOT_SUPPORTED),
        ({"development": True}, NOT_FOUND),
    ],
)
def test_where_none_is_stored_or_registered_apollo_sends_no_more_hashes(
    demo_url: str, settings: dict[str, bool], persisted: dict[str, Any]
) -> None:
    with open_api(demo_url, **settings) as api:
        assert send(api, **UNKNOWN["persistedQuery"])["errors"] == [persisted]
        assert send(api, **UNKNOWN["documentId"])["errors"] == [NOT_FOUND]


@pytest.mark.parametrize(
    "members",
    [
        {"documentId": sha256(QUERY)}, {"documentId": f"sha256:{sha256(QUERY).upper()}"}, {"documentId": "sha256:"},
        {"documentId": f"sha256:{sha256(QUERY)}\n"}, {"documentId": "sha256:\x00"}, {"documentId": 1},
        {"documentId": f"sha256:{sha256(QUERY)}", "query": QUERY},
        {"documentId": f"sha256:{sha256(QUERY)}", "extensions": apollo(QUERY)},
        {"extensions": {"persistedQuery": 1}}, {"extensions": apollo(QUERY, version=2)},
        {"extensions": apollo(QUERY, sha256Hash=1)}, {"extensions": apollo(QUERY, sha256Hash="x")},
        {"extensions": apollo(QUERY), "query": OTHER},
    ],
)  # fmt: skip
def test_a_hash_that_is_none_or_of_another_text_is_400(api: Api, members: dict[str, Any]) -> None:
    response = api.client.post("/graphql", json=members)
    assert response.status_code == 400
    assert "data" not in response.json()


def test_clients_register_documents_only_in_development(demo_url: str) -> None:
    for development in (False, True):
        with open_api(demo_url, development=development) as api:
            assert send(api, extensions=apollo(QUERY))["errors"] == [NOT_FOUND if development else NOT_SUPPORTED]
            assert send(api, extensions=apollo(QUERY), query=QUERY)["data"] == DATA
            assert send(api, extensions=apollo(QUERY)).get("data") == (DATA if development else None)
    with psycopg.connect(demo_url) as connection:
        assert stored_document.all_documents(connection) == []


@pytest.mark.parametrize("development", [False, True])
def test_a_program_that_trusts_no_others_runs_stored_documents_only(stored: str, *, development: bool) -> None:
    with open_api(stored, trusted_only=True, development=development) as api:
        assert send(api, documentId=f"sha256:{sha256(QUERY)}")["data"] == DATA
        assert send(api, query=QUERY)["data"] == DATA
        for members in ({"query": OTHER}, {"query": QUERY + " "}, {"query": OTHER, "extensions": apollo(OTHER)}):
            assert send(api, **members)["errors"][0]["extensions"] == {"code": "DOCUMENT_NOT_TRUSTED"}
        assert send(api, extensions=apollo(OTHER))["errors"] == [NOT_FOUND]
        assert send(api, query="{")["errors"][0]["extensions"] == {"code": "DOCUMENT_NOT_TRUSTED"}


def test_a_stored_document_is_held_to_the_limits(stored: str) -> None:
    with open_api(stored, max_depth=1) as api:
        (error,) = send(api, documentId=f"sha256:{sha256(QUERY)}")["errors"]
        assert error["extensions"] == {"code": "DEPTH_LIMIT_EXCEEDED", "found": 2, "allowed": 1}


def test_without_a_database_a_hash_is_503() -> None:
    with open_api("postgresql://127.0.0.1:1/none", pool_timeout=0.2) as api:
        body = {"documentId": f"sha256:{sha256(QUERY)}"}
        response = api.client.post("/graphql", json=body, headers={"accept": GRAPHQL_JSON})
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")


def test_documents_are_stored_listed_and_removed_by_command(empty_url: str, tmp_path: Any) -> None:
    file = tmp_path / "named.graphql"
    file.write_text(QUERY + "\n", encoding="utf-8")
    id_ = f"sha256:{sha256(QUERY + chr(10))}"
    assert cadastre("documents", "add", file, url=empty_url).stdout == f"{id_}\n"
    assert cadastre("documents", "add", file, url=empty_url).stdout == f"{id_} was stored before\n"
    (line,) = cadastre("documents", "list", url=empty_url).stdout.splitlines()
    assert line.startswith(f"{id_}  named.graphql  20")
    assert cadastre("documents", "remove", id_, url=empty_url).stdout == "Removed.\n"
    again = cadastre("documents", "remove", id_, url=empty_url)
    assert (again.returncode, again.stderr) == (2, f"cadastre: no document is stored as {id_}\n")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{", "the document cannot be run: Syntax Error"),
        (b"{ nothing }", "the document cannot be run: Cannot query field 'nothing'"),
        (b"\xff", "cannot be read: it is not UTF-8"),
        (None, "cannot be read: No such file"),
    ],
)
def test_what_cannot_be_run_is_not_stored(empty_url: str, tmp_path: Any, content: bytes | None, expected: str) -> None:
    file = tmp_path / "bad.graphql"
    if content is not None:
        file.write_bytes(content)
    done = cadastre("documents", "add", file, url=empty_url)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert expected in line
