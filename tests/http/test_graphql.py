"""GraphQL over HTTP: media types, methods, and refusals, none of which is a 500."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from graphql import build_schema
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import Response

from app.db.pool import Pool
from app.execution.execution import Execution
from app.execution.request import Request
from app.http.answering import pieces_of
from app.http.graphql import LARGEST_BODY, response_of
from app.settings import Settings
from app.web.answers import json_response
from app.web.media_types import GRAPHQL_JSON, JSON, accepted_type, is_type
from tests.clients.api import Api, open_api

QUERY = b'{"query": "{ __typename }"}'
NAME = '{ org(id: "6419") { name } }'


def post(api: Api, body: bytes | Iterator[bytes], content_type: str | None = JSON, **headers: str) -> Any:
    """Send a body without encoding it."""
    given = headers if content_type is None else {"content-type": content_type, **headers}
    return api.client.post("/graphql", content=body, headers=given)


def get(api: Api, headers: dict[str, str] | None = None, **members: str) -> Any:
    return api.client.get(f"/graphql?{urlencode(members)}", headers=headers)


def refusal(response: Any) -> tuple[int, str]:
    """Return the status and the message of a refusal, which must be JSON without data."""
    assert response.headers["content-type"].split(";")[0] in {JSON, GRAPHQL_JSON}
    body = json.loads(bytes(response.body)) if isinstance(response, Response) else response.json()
    assert "data" not in body
    return response.status_code, body["errors"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"1", b'"a"', b"[]", b"true", b"{", b"{}", b'{"query": null}', b'{"query": ""}', b'{"query": 1}',
        b'[{"query": "{ __typename }"}]', b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5_000,
        b'{"query": "{ __typename }", "variables": {"a": ' + b"9" * 5_000 + b"}}",
        b"\x00", QUERY + b"\x00", b'{"query": "\xff"}', b'{"query": "{ a\\ud800 }"}', b'\xef\xbb\xbf{"query": 1}',
        '{"query": "{ __typename }"}'.encode("utf-16"), b"\xed\xa0\x80", b'{"query": NaN}',
        b'{"query": "{ __typename }", "variables": []}', b'{"query": "{ __typename }", "variables": "{}"}',
        b'{"query": "{ __typename }", "operationName": {}}', b'{"query": "{ __typename }", "extensions": [1]}',
        b"query=%7B__typename%7D",
    ],
)  # fmt: skip
def test_a_bad_body_is_400(api: Api, body: bytes) -> None:
    assert refusal(post(api, body))[0] == 400
    assert refusal(post(api, body, accept=GRAPHQL_JSON))[0] == 400


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ('{ org(id: "\x00") { name } }', {}),
        ("query ($i: ID!) { org(id: $i) { name } }", {"i": "\x00"}),
        ("query ($i: ID!) { org(id: $i) { name } }", {"i": 10**300}),
        ("query ($i: ID!) { org(id: $i) { name } }", {"i": {"a": 1}}),
        ("query ($n: Int) { orgs(first: $n) { nodes { id } } }", {"n": 2**40}),
        ("query ($n: Int) { orgs(first: $n) { nodes { id } } }", {"n": -1}),
        ("query ($n: Int) { orgs(first: $n) { nodes { id } } }", {"n": 1.5}),
        ("query ($n: Int) { orgs(first: $n) { nodes { id } } }", {"n": "1"}),
        ("query A { __typename } query B { __typename }", {}),
        ('{ orgs(filter: {name: {eq: "\\u0000"}}) { nodes { id } } }', {}),
        ("{ orgs(first: 1, last: 1) { nodes { id } } }", {}),
        ('{ orgs(after: "\x00") { nodes { id } } }', {}),
    ],
)
def test_a_bad_request_is_not_an_internal_error(api: Api, query: str, variables: dict[str, Any]) -> None:
    response = api.client.post("/graphql", json={"query": query, "variables": variables})
    assert response.status_code == 200
    codes = {error["extensions"]["code"] for error in response.json()["errors"]}
    assert codes.isdisjoint({"INTERNAL"})


@pytest.mark.parametrize("size", [LARGEST_BODY, LARGEST_BODY + 1, 20 * LARGEST_BODY])
def test_a_body_of_more_than_1_mib_is_413_however_it_is_sent(api: Api, size: int) -> None:
    body = QUERY + b" " * (size - len(QUERY))
    chunks = (body[start : start + 65_536] for start in range(0, size, 65_536))
    expected = 200 if size <= LARGEST_BODY else 413
    for response in (post(api, body), post(api, chunks)):
        assert response.status_code == expected
        assert ("errors" in response.json()) == (expected != 200)


@pytest.mark.parametrize(
    "content_type",
    [
        None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/graphql", "application/json; charset=utf-16", "application/json; charset=latin-1", "json", "*/*",
    ],
)  # fmt: skip
def test_a_body_that_a_foreign_page_can_send_is_415(api: Api, content_type: str | None) -> None:
    assert refusal(post(api, QUERY, content_type))[0] == 415


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json; charset=utf-8",
        'Application/JSON;charset="UTF-8"',
        "application/json; profile=x; charset=utf8",
    ],
)
def test_json_in_utf_8_is_read_however_it_is_named(api: Api, content_type: str) -> None:
    assert post(api, QUERY, content_type).json()["data"] == {"__typename": "Query"}


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60))
def test_any_content_type_can_be_parsed(content_type: str) -> None:
    assert is_type(content_type, JSON) in {True, False}
    assert is_type(f"{JSON}; {content_type}", JSON) in {True, False}


def test_a_get_answers_a_query(api: Api) -> None:
    query = "query A($i: ID!) { org(id: $i) { name } } query B { __typename }"
    response = get(api, query=query, operationName="A", variables='{"i": "6419"}')
    assert response.json()["data"] == {"org": {"name": "美的集团"}}


@pytest.mark.parametrize(
    "members",
    [
        {}, {"query": ""}, {"query": "{"}, {"query": "{ __typename }", "variables": "{"},
        {"query": "{ __typename }", "variables": "[]"}, {"query": "{ __typename }", "extensions": "1"},
        {"query": "{ __typename }", "variables": '{"a": "\\ud800"}'}, {"query": "\ufffd"},
    ],
)  # fmt: skip
def test_a_bad_get_is_400(api: Api, members: dict[str, str]) -> None:
    assert refusal(get(api, {"accept": GRAPHQL_JSON}, **members))[0] == 400


def test_a_get_with_bytes_that_are_no_utf_8_is_400(api: Api) -> None:
    response = api.client.get("/graphql?query=%ED%A0%80", headers={"accept": GRAPHQL_JSON})
    assert refusal(response)[0] == 400


@pytest.mark.parametrize("kind", ["mutation", "subscription"])
def test_a_get_of_anything_but_a_query_has_no_effect(api: Api, kind: str) -> None:
    api.post("{ __typename }")
    response = get(api, {"accept": GRAPHQL_JSON}, query=f"{kind} {{ __typename }}")
    assert 400 <= refusal(response)[0] < 500
    assert api.statements == []


@pytest.mark.parametrize("kind", ["mutation", "subscription"])
def test_a_get_of_a_change_is_405(kind: str) -> None:
    changing = build_schema("type Query { a: Int } type Mutation { a: Int } type Subscription { a: Int }")
    execution = Execution(changing, Pool("", 1), Settings())  # never opened: nothing may be asked of the database
    request = Request(f"{kind} {{ a }}", only_queries=True)
    answer = asyncio.run(execution.answer(request, None))
    for media_type in (JSON, GRAPHQL_JSON):
        response = response_of(answer, asyncio.run(pieces_of(answer, Settings())), media_type)
        assert refusal(response) == (405, "only queries may be sent by GET")
        assert response.headers["allow"] == "POST"


def test_a_get_may_be_refused_to_foreign_pages(demo_url: str) -> None:
    with open_api(demo_url, require_preflight=True) as api:
        assert refusal(get(api, query=NAME))[0] == 400
        for name, value in (("graphql-require-preflight", "1"), ("x-requested-with", "x"), ("content-type", JSON)):
            assert get(api, {name: value}, query=NAME).json()["data"] == {"org": {"name": "美的集团"}}
        for value in ("text/plain", "application/x-www-form-urlencoded"):
            assert refusal(get(api, {"content-type": value}, query=NAME))[0] == 400


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_405(api: Api, method: str) -> None:
    response = api.client.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["content-type"] == f"{JSON}; charset=utf-8"
    assert {"GET", "POST"} <= set(response.headers["allow"].split(", "))


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_no_other_site_may_read_answers(api: Api, origin: str) -> None:
    asked = {"origin": origin, "access-control-request-method": "POST"}
    for response in (
        post(api, QUERY, origin=origin),
        get(api, {"origin": origin}, query=NAME),
        api.client.options("/graphql", headers=asked),
    ):
        assert not [name for name in response.headers if name.startswith("access-control-")]
        assert "set-cookie" not in response.headers


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", JSON), ("", JSON), ("application/*", JSON), ("text/html, */*;q=0.1", JSON), (JSON, JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON), (f"{GRAPHQL_JSON}, {JSON};q=0.9", GRAPHQL_JSON),
        (f"{JSON}, {GRAPHQL_JSON}", JSON),
        (f"{GRAPHQL_JSON}; charset=utf-8", GRAPHQL_JSON),
        (f"{JSON};q=0.1, {GRAPHQL_JSON};q=0.9", GRAPHQL_JSON), (f"{GRAPHQL_JSON};q=0.1, {JSON}", JSON),
        (f"{JSON};q=0, {GRAPHQL_JSON}", GRAPHQL_JSON), (f"{JSON};q=0, */*", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0, application/*;q=0.1", JSON), (f"*/*;q=0.9, {GRAPHQL_JSON};q=0.2", JSON),
        (f"*/*;q=0.1, {GRAPHQL_JSON};q=0.2", GRAPHQL_JSON), (f"application/*;q=0, {JSON};q=0.001", JSON),
        ("*/*;q=0, application/*;q=0.5", JSON), (f" {GRAPHQL_JSON.upper()} ; Q=0.5 , text/html", GRAPHQL_JSON),
        (f"{JSON};q=0, {JSON};charset=utf-8", JSON), (f"{GRAPHQL_JSON};q=x", GRAPHQL_JSON), (",,", JSON),
    ],
)  # fmt: skip
def test_the_media_type_is_the_one_asked_for(accept: str, expected: str) -> None:
    assert accepted_type(accept) == expected


def test_accept_may_be_sent_in_several_lines(api: Api) -> None:
    headers = [("accept", f"{JSON};q=0.2"), ("accept", f"{GRAPHQL_JSON};q=0.7"), ("content-type", JSON)]
    response = api.client.post("/graphql", content=QUERY, headers=headers)
    assert response.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"


@pytest.mark.parametrize("body", [b"[]", b'[{"query": "{ __typename }"}]', b"[1]"])
def test_a_batch_is_refused_by_its_name(api: Api, body: bytes) -> None:
    status, message = refusal(post(api, body))
    assert status == 400
    assert message.startswith("a batch is not answered")


@pytest.mark.parametrize(
    "accept",
    ["text/html", "image/*", "application/xml", "*/*;q=0", f"{JSON};q=0, {GRAPHQL_JSON};q=0.000", "application/*;q=0"],
)
def test_an_unacceptable_answer_is_406(api: Api, accept: str) -> None:
    assert refusal(post(api, QUERY, accept=accept))[0] == 406


def test_half_a_surrogate_pair_in_an_answer_is_escaped() -> None:
    response = json_response({"errors": [{"message": "\ud800 简"}]}, 200, {})
    assert json.loads(bytes(response.body)) == {"errors": [{"message": "\ud800 简"}]}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.sampled_from(["query", "variables", "operationName", "extensions", "documentId"])


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(MEMBERS, JSON_VALUES, max_size=5))
def test_members_of_any_type_are_not_an_internal_error(api: Api, content: dict[str, Any]) -> None:
    response = post(api, json.dumps(content).encode(), accept=GRAPHQL_JSON)
    assert response.status_code in {200, 400}
    assert ("data" in response.json()) == (response.status_code == 200)
