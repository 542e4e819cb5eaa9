"""Hostile requests: each gets an error with a code, without a 500, a traceback or a needless statement."""

from typing import Any

import pytest

from tests.clients.api import Api

BAD_IDS = [
    "", " ", "x", "-1", "+1", "0", "00", "01", "1.0", "1e3", " 1", "1 ", "１", "²", "1_000", "0x1", "null",
    "9223372036854775808", "1" * 20, "9" * 5000, "\x00", "1\x00", "'; drop table org; --", "{}", "美",
]  # fmt: skip
SECRETS = ("Traceback", 'File "', "/site-packages/", "psycopg", "sqlalchemy", "select ")


def refused(api: Api, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    """Send a request that must fail and return its first error."""
    response = api.post(query, variables)
    assert response.status_code in {200, 400}
    assert not any(secret in response.text for secret in SECRETS), response.text
    body = response.json()
    assert body["errors"]
    for error in body["errors"]:
        assert set(error) <= {"message", "locations", "path", "extensions"}
        assert error["extensions"]["code"] != "INTERNAL"
        assert "internal error" not in error["message"]
    first: dict[str, Any] = body["errors"][0]
    return first


def code_of(api: Api, query: str, variables: dict[str, Any] | None = None) -> str:
    return str(refused(api, query, variables)["extensions"]["code"])


@pytest.mark.parametrize("id_", BAD_IDS, ids=lambda id_: repr(id_)[:20])
def test_a_malformed_id_is_refused_everywhere(api: Api, id_: str) -> None:
    for query in (
        "query ($id: ID!) { org(id: $id) { id } }",
        "query ($id: ID!) { node(id: $id) { id } }",
        "query ($id: ID!) { nodes(ids: [$id]) { id } }",
        "query ($id: ID!) { spaces(filter: {under: $id}) { nodes { id } } }",
        "query ($id: ID!) { spaces(filter: {parentId: {eq: $id}}) { totalCount } }",
        "query ($id: ID!) { spaces(filter: {id: {in: [$id]}}) { nodes { id } } }",
        'query ($id: ID!) { role(id: "20463") { menus(orgId: $id) { id } } }',
    ):
        error = refused(api, query, {"id": id_})
        assert error["extensions"] == {"code": "INVALID_INPUT"}
        assert "is not an id: ids are whole numbers from 1 to 9223372036854775807" in error["message"]
        assert len(error["message"]) < 120


@pytest.mark.parametrize("id_", [None, True, 1.5, [], {}, [1], {"id": 1}])
def test_an_id_of_another_type_is_refused(api: Api, id_: object) -> None:
    query = "query ($id: ID!) { org(id: $id) { id } }"
    error = refused(api, query, {"id": id_})
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "'$id'" in error["message"]


@pytest.mark.parametrize("literal", ["-1", "0", "9" * 5000, '"x"', '"\\u0000"'])
def test_a_literal_is_refused_like_a_variable(api: Api, literal: str) -> None:
    assert code_of(api, f"{{ org(id: {literal}) {{ id }} }}") == "INVALID_INPUT"


VALUES: list[tuple[str, str, object]] = [
    ("Decimal", "area", "x"),
    ("Decimal", "area", "NaN"),
    ("Decimal", "area", "-Infinity"),
    ("Decimal", "area", "1e1000000"),
    ("Decimal", "area", "1e-100000"),
    ("Decimal", "area", "9" * 5000),
    ("DateTime", "createdAt", "yesterday"),
    ("DateTime", "createdAt", "2020-13-01T00:00:00Z"),
    ("DateTime", "createdAt", 1),
    ("Int", "depth", 2**31),
    ("Int", "depth", "1"),
    ("Int", "depth", 1.5),
    ("String", "name", 1),
    ("String", "name", "a\x00b"),
    ("SpaceType", "type", "house"),
    ("SpaceType", "type", "HOUSE; --"),
    ("SpaceType", "type", 1),
]


@pytest.mark.parametrize(("scalar", "name", "value"), VALUES)
def test_a_value_of_the_wrong_scalar_is_refused(api: Api, scalar: str, name: str, value: object) -> None:
    query = f'query ($v: {scalar}) {{ spaces(filter: {{under: "17", {name}: {{eq: $v}}}}) {{ totalCount }} }}'
    assert code_of(api, query, {"v": value}) in {"INVALID_INPUT", "GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize(("depth", "count"), [(0, 0), (1, 4), (2**31 - 1, 30)])
def test_any_number_of_levels_may_be_asked_for(api: Api, depth: int, count: int) -> None:
    query = 'query ($depth: Int) { org(id: "6419") { descendants(depth: $depth) { totalCount } } }'
    assert api.data(query, {"depth": depth})["org"]["descendants"]["totalCount"] == count


@pytest.mark.parametrize("argument", ["descendants(depth: -1) { nodes { id } }", "children(first: -1) { id }"])
def test_a_negative_number_is_refused(api: Api, argument: str) -> None:
    assert code_of(api, f'{{ org(id: "6419") {{ {argument} }} }}') == "INVALID_INPUT"


def nested(depth: int) -> str:
    return '{ org(id: "6419") ' + "{ parent " * depth + "{ id }" + "}" * depth + " }"


def doubling(number: int) -> str:
    fragments = (
        f"fragment F{i} on Org {{ a: parent {{ ...F{i + 1} }} b: parent {{ ...F{i + 1} }} }}" for i in range(number)
    )
    return f'{{ org(id: "6419") {{ ...F0 }} }} {" ".join(fragments)} fragment F{number} on Org {{ id }}'


VALIDATION, PARSING, DEPTH = "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "DEPTH_LIMIT_EXCEEDED"
IDS = ", ".join(['"1"'] * 251)

DOCUMENTS: dict[str, tuple[str, set[str]]] = {
    "unknown field": ('{ org(id: "1") { nope } }', {VALIDATION}),
    "unknown argument": ("{ org(ident: 1) { id } }", {VALIDATION}),
    "unknown root": ("{ nope { id } }", {VALIDATION}),
    "unknown type": ("{ node(id: 1) { ... on Nope { id } } }", {VALIDATION}),
    "unknown directive": ("{ node(id: 1) { id @nope } }", {VALIDATION}),
    "no selection": ('{ org(id: "1") }', {VALIDATION}),
    "selection of a leaf": ('{ org(id: "1") { id { id } } }', {VALIDATION}),
    "undefined variable": ("{ org(id: $id) { id } }", {VALIDATION}),
    "mutation": ("mutation { nope }", {VALIDATION}),
    "subscription": ("subscription { nope }", {VALIDATION}),
    "two operations": ("query A { __typename } query B { __typename }", {"INVALID_INPUT"}),
    "blank": ("   ", {PARSING}),
    "no GraphQL": ("select * from org", {PARSING}),
    "half": ("{ org(id: 1) {", {PARSING}),
    "half a surrogate pair": ('{ org(id: "\\ud800") { id } }', {PARSING}),
    "number with a leading zero": ("{ org(id: 01) { id } }", {PARSING}),
    "depth 26": (nested(25), {DEPTH}),
    "depth 200": (nested(200), {DEPTH, PARSING}),
    "depth 1,500": (nested(1_500), {DEPTH, PARSING}),
    "deep value": (f"{{ orgs(filter: {'{not: ' * 30}{{}}{'}' * 30}) {{ totalCount }} }}", {"VALUE_TOO_DEEP"}),
    "deeper value": (
        f"{{ orgs(filter: {'{not: ' * 900}{{}}{'}' * 900}) {{ totalCount }} }}",
        {"VALUE_TOO_DEEP", PARSING, DEPTH},
    ),
    "cycle": ("{ org(id: 1) { ...A } } fragment A on Org { parent { ...A } }", {VALIDATION, DEPTH}),
    "cycle of two": (
        "{ org(id: 1) { ...A } } fragment A on Org { ...B } fragment B on Org { ...A }",
        {VALIDATION, DEPTH},
    ),
    "101 aliases": ("{ org(id: 1) { " + " ".join(f"a{i}: id" for i in range(101)) + " } }", {"ALIAS_LIMIT_EXCEEDED"}),
    "51 directives": ("{ org(id: 1) { id " + "@include(if: true) " * 51 + "} }", {"DIRECTIVE_LIMIT_EXCEEDED"}),
    "500 repetitions": ("{ org(id: 1) { " + "id " * 500 + "} }", {"DUPLICATE_LIMIT_EXCEEDED"}),
    "150 doubling fragments": (doubling(150), {"SPREAD_LIMIT_EXCEEDED"}),
    "20 doubling fragments": (doubling(20), {"FIELD_LIMIT_EXCEEDED", "ALIAS_LIMIT_EXCEEDED"}),
    "5,001 tokens": ("{ " + "a " * 5_000 + "}", {"TOKEN_LIMIT_EXCEEDED"}),
    "first: 101": ("{ orgs(first: 101) { nodes { id } } }", {"PAGE_TOO_LARGE"}),
    "first of 5,000 digits": (f"{{ orgs(first: {'9' * 5_000}) {{ nodes {{ id }} }} }}", {"PAGE_TOO_LARGE"}),
    "251 items": (f"{{ orgs(filter: {{id: {{in: [{IDS}]}}}}) {{ nodes {{ id }} }} }}", {"LIST_TOO_LONG"}),
    "101 ids": (f"{{ nodes(ids: [{', '.join(['1'] * 101)}]) {{ id }} }}", {"PAGE_TOO_LARGE"}),
    "pages of pages": (
        "{ orgs(first: 100) { nodes { " + "descendants(first: 100) { nodes { " * 3 + "id" + "} }" * 3 + " } } }",
        {"COST_LIMIT_EXCEEDED"},
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_asks_too_much_is_refused_before_any_statement(api: Api, name: str) -> None:
    query, codes = DOCUMENTS[name]
    assert code_of(api, query) in codes
    assert api.statements == []


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("query ($n: Int) { orgs(first: $n) { nodes { id } } }", {"n": 101}, "PAGE_TOO_LARGE"),
        ("query ($n: Int = 101) { orgs(first: $n) { nodes { id } } }", None, "PAGE_TOO_LARGE"),
        ("query ($n: Int) { orgs(last: $n) { nodes { id } } }", {"n": 101}, "PAGE_TOO_LARGE"),
        ('query ($n: Int) { org(id: "6419") { children(first: $n) { id } } }', {"n": 101}, "PAGE_TOO_LARGE"),
        ("query ($i: [ID!]) { orgs(filter: {id: {in: $i}}) { totalCount } }", {"i": ["1"] * 251}, "LIST_TOO_LONG"),
        ("query ($f: OrgFilter) { orgs(filter: $f) { totalCount } }", {"f": {"or": [{}] * 251}}, "LIST_TOO_LONG"),
    ],
)
def test_a_variable_is_held_to_the_limits_of_a_literal(
    api: Api, query: str, variables: dict[str, Any] | None, code: str
) -> None:
    assert code_of(api, query, variables) == code
    assert api.statements == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"null",
        b"[]",
        b'"query"',
        b"{}",
        b'{"query": 1}',
        b'{"query": null}',
        b'{"query": ""}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "operationName": 1}',
        b'{"query": "\xff"}',
        b'{"query": "{ org(id: \\"\\ud800\\") { id } }"}',
        b'{"query": "query ($id: ID!) { org(id: $id) { id } }", "variables": {"id": "\\ud800"}}',
        b'{"query": "query ($id: ID!) { org(id: $id) { id } }", "variables": {"id": ' + b"9" * 5_000 + b"}}",
        b'{"query": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    ],
    ids=lambda body: repr(body)[2:40],
)
def test_a_malformed_body_is_refused(api: Api, body: bytes) -> None:
    response = api.client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert not any(secret in response.text for secret in SECRETS)
