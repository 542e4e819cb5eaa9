"""Unexpected errors: masked, logged once without a value of the request, and named by an id."""

import asyncio
import logging
import re
from typing import Any

import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from tests.clients.api import Api, open_api
from tests.databases import copy_of, execute

CANARY = "13800138000"
BY_LITERAL = f'{{ customers(filter: {{name: {{eq: "{CANARY}"}}}}) {{ nodes {{ name }} }} }}'
BY_VARIABLE = "query ($n: String) { customers(filter: {name: {eq: $n}}) { nodes { name } } }"


@pytest.fixture
def broken_url(server: EmbeddedServer, demo_template: str, worker_id: str) -> Any:
    """Give the URL of a demo world whose customers have lost their names."""
    url = copy_of(server, demo_template, f"broken_{worker_id}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("alter table customer drop column name cascade")
    yield url
    execute(server, f"drop database broken_{worker_id} with (force)")


@pytest.mark.parametrize("compiled", [True, False])
def test_a_canary_is_in_no_answer_and_in_no_log(
    broken_url: str, caplog: pytest.LogCaptureFixture, *, compiled: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    with open_api(broken_url, compiled=compiled, development=True) as api:
        for query, variables in ((BY_LITERAL, None), (BY_VARIABLE, {"n": CANARY})):
            caplog.clear()
            response = api.post(query, variables)
            (error,) = response.json()["errors"]
            error_id = error["extensions"]["errorId"]
            assert re.fullmatch(r"[0-9a-f]{32}", error_id)
            assert error["message"] == f"internal error {error_id}"
            assert error["extensions"] == {"code": "INTERNAL", "errorId": error_id}
            assert error["path"] == ["customers"]
            assert CANARY not in response.text
            assert "UndefinedColumn" not in response.text.replace('"reason":"UndefinedColumn"', "")
            ours = [record for record in caplog.records if record.name.startswith("cadastre")]
            assert [error_id in record.getMessage() for record in ours] == [True]
            assert "UndefinedColumn 42703" in ours[0].getMessage()
            assert all(record.exc_info is None for record in ours)
            assert CANARY not in caplog.text


def test_one_cause_is_logged_once_however_many_fields_it_hits(
    broken_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with open_api(broken_url) as api:
        fields = " ".join(f"a{i}: customers(first: {i + 1}) {{ nodes {{ id name }} }}" for i in range(20))
        body = api.post(f"{{ {fields} }}").json()
    ids = {error["extensions"]["errorId"] for error in body["errors"]}
    logged = [record for record in caplog.records if record.name.startswith("cadastre")]
    assert len(body["errors"]) == 20
    assert len(logged) == len(ids) <= 2, "the first statement fails by itself, the others as its transaction is over"


def test_foreseen_errors_keep_their_code_and_their_numbers(api: Api) -> None:
    body = api.post('{ a: org(id: "6419") { name } b: org(id: "x") { name } }').json()
    assert body["data"] == {"a": {"name": "美的集团"}, "b": None}
    (error,) = body["errors"]
    assert (error["path"], error["extensions"]) == (["b"], {"code": "INVALID_INPUT"})


def test_what_fails_before_a_field_is_masked_as_well(
    api: Api, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    execution: Any = api.client.app.state.execution  # type: ignore[attr-defined]

    async def find(*_: object) -> None:
        await asyncio.sleep(0)
        raise ValueError(CANARY)

    monkeypatch.setattr(execution._preparer._documents, "find", find)  # noqa: SLF001 - the only way to a bug that is not there
    response = api.post("{ __typename }")
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert CANARY not in response.text + caplog.text
    assert "ValueError at" in caplog.text


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ orgz { nodes { id } } }", None),
        ('{ org(id: "1") { nam } }', None),
        ('{ org(idd: "1") { name } }', None),
        ("query ($t: OrgTyp) { __typename }", None),
        ("query ($f: OrgFilter) { orgs(filter: $f) { nodes { id } } }", {"f": {"nam": {"eq": "x"}}}),
        ("query ($f: OrgFilter) { orgs(filter: $f) { nodes { id } } }", {"f": {"type": {"eq": "BUSINES"}}}),
    ],
)
def test_names_are_suggested_only_in_development(demo_url: str, query: str, variables: dict[str, Any] | None) -> None:
    for development in (False, True):
        with open_api(demo_url, development=development) as api:
            messages = " ".join(error["message"] for error in api.post(query, variables).json()["errors"])
            assert ("Did you mean" in messages) == development


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        '{ __type(name: "Org") { name } }',
        "{ ...F } fragment F on Query { ... { a: __schema { types { name } } } }",
        '{ __typename org(id: "6419") { name } __schema @include(if: false) { types { name } } }',
    ],
)
def test_questions_about_the_schema_may_be_refused(demo_url: str, query: str) -> None:
    with open_api(demo_url, introspection=False) as api:
        body = api.post(query).json()
        assert body["errors"][0]["extensions"] == {"code": "INTROSPECTION_REFUSED"}
        assert "data" not in body
        assert api.data("{ __typename }") == {"__typename": "Query"}
    with open_api(demo_url) as api:
        assert "errors" not in api.post(query).json()


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("field", ["org(id: 2) @skip(if: $null) { id }", "org(id: 2) { id @include(if: $null) }"])
def test_a_null_condition_is_no_bug(demo_url: str, field: str, *, compiled: bool) -> None:
    with open_api(demo_url, compiled=compiled) as api:
        answer = api.post(f"query ($null: Boolean = false) {{ {field} }}", {"null": None}).json()
    assert [error["extensions"] for error in answer["errors"]] == [{"code": "GRAPHQL_VALIDATION_FAILED"}]
