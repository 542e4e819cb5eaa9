"""Hostile documents are refused before any statement runs, whichever way their sizes are given."""

import pytest
from graphql import get_introspection_query

from app.declarations.resolvers import core_schema
from app.engine.document import Document, tokens_of
from app.engine.limits import Limits
from app.engine.measuring import Measures
from app.errors import LimitExceededError, RequestError
from app.graphql.schema import schema
from app.settings import Settings
from tests.attacks.documents import HOSTILE, Hostile, nested
from tests.clients.api import Api

SCHEMA = core_schema(schema)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_is_refused_before_any_statement(api: Api, hostile: Hostile) -> None:
    response = api.post(hostile.query, hostile.variables)
    body = response.json()
    assert response.status_code == 200, "JSON's status; see the next test for the newer media type"
    assert "data" not in body
    assert {error["extensions"]["code"] for error in body["errors"]} == {hostile.code}
    assert len(body["errors"]) <= 9
    assert api.statements == []
    if hostile.sized:
        found, allowed = (body["errors"][0]["extensions"][name] for name in ("found", "allowed"))
        assert found > allowed
    assert {"estimated", "estimatedLimit", "actual", "limit"} <= body["extensions"]["cost"].keys()
    assert body["extensions"]["cost"]["actual"] == 0


def test_a_refusal_is_400_in_the_newer_media_type(api: Api) -> None:
    headers = {"accept": "application/graphql-response+json"}
    for hostile in HOSTILE.values():
        body = {"query": hostile.query, "variables": hostile.variables}
        assert api.client.post("/graphql", json=body, headers=headers).status_code == 400


OTHER_LIMITS = (
    "DOCUMENT_TOO_LONG",
    *(f"{what}_LIMIT_EXCEEDED" for what in ("TOKEN", "SPREAD", "VARIABLE", "FRAGMENT", "ROOT")),
)


@pytest.mark.parametrize("code", [*(each.code for each in Limits.of(Settings()).measured(Measures())), *OTHER_LIMITS])
def test_every_limit_is_tried(code: str) -> None:
    assert code in {hostile.code for hostile in HOSTILE.values()}


@pytest.mark.parametrize(
    ("query", "setting", "variables"),
    [
        (nested(3), {"max_depth": 3}, None),
        ("{ ...F } fragment F on Query { __typename }", {"max_fields": 1, "max_fragments": 1, "max_spreads": 1}, None),
        ("{ a: __typename }", {"max_aliases": 1, "max_roots": 1}, None),
        ("{ __typename @skip(if: false) }", {"max_directives": 1}, None),
        ("{ __typename __typename }", {"max_duplicates": 1}, None),
        ("{ nodes(ids: [1, 2]) { id } }", {"max_list": 2, "max_value_depth": 1, "max_values": 3}, None),
        ("{ orgs(first: 9) { nodes { id } } }", {"max_page": 9, "max_cost": 18}, None),
        ("{ orgs(offset: 9) { nodes { id } } }", {"max_offset": 9}, None),
        ("query ($n: Int) { orgs(offset: $n) { nodes { id } } }", {"max_offset": 9}, {"n": 9}),
        (
            "query ($n: Int) { orgs(first: $n) { nodes { id } } }",
            {"max_page": 9, "max_cost": 18, "max_variables": 2},
            {"n": 9},
        ),
        ("{__typename}", {"max_tokens": 3, "max_length": 12}, None),
    ],
)
def test_limits_are_settings_and_what_reaches_them_is_allowed(
    query: str, setting: dict[str, int], variables: dict[str, int] | None
) -> None:
    def check(settings: Settings) -> None:
        Document.of(query, SCHEMA, Limits.of(settings)).measured(variables)

    default = Settings()
    check(default.model_copy(update=setting))
    for name, limit in setting.items():
        with pytest.raises(LimitExceededError) as raised:
            check(default.model_copy(update={name: limit - 1}))
        assert raised.value.allowed == limit - 1
        assert raised.value.found > limit - 1


def test_the_usual_introspection_is_within_all_limits() -> None:
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
    assert Document.of(query, SCHEMA, Limits.of(Settings())).introspects


def test_unspread_fragments_are_held_to_the_limits() -> None:
    query = "{ __typename } fragment F on Query {" + " __typename" * 102 + "}"
    with pytest.raises(LimitExceededError, match="repetitions"):
        Document.of(query, SCHEMA, Limits.of(Settings()))


@pytest.mark.parametrize("query", ["{ node(id: 1) { } }", "{ }", "", " ", "#", "{ org(id: 1) { id }", "\ufeff", "\x00"])
def test_what_is_no_document_is_refused_plainly(query: str) -> None:
    with pytest.raises(RequestError) as raised:
        Document.of(query, SCHEMA, Limits.of(Settings()))
    assert raised.value.code == "GRAPHQL_PARSE_FAILED"


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ('{a(x:"#}{",y:"""a"b\\"""c {}""" ,z:-1.5e+10){b...on C@d}} # hi', 22),
        ("query($a:[Int!]!=[1,2,3]){a:b(c:$a)}", 28),
        ('# "x\n# """\n{a}', 3),
        ('"' * 9 + "a", 2),
        ('{"\\" a b c', 2),
        ("a" * 65_000, 1),
        ("-" * 5_000, 5_000),
    ],
)
def test_tokens_are_counted_without_parsing(text: str, tokens: int) -> None:
    assert len(tokens_of(text)) == tokens
