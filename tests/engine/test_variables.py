"""Variables that are left out, null, or null despite a default, in every position of a document."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type, is_input_object_type

from tests.clients.api import Api, open_api
from tests.worlds.schema import PLURALS, SINGULARS, filter_of

EXECUTORS = ("compiled", "core")
LIMITS = ("aliases", "roots", "variables", "fields", "duplicates", "length", "tokens", "cost")

LEFT_OUT = {
    "an operator": ("query ($i: ID) { orgs(filter: {id: {eq: $i}}) { totalCount } }", "id.eq"),
    "an operator beside a scope": ("query ($i: ID) { orgs(filter: {under: 1, id: {eq: $i}}) { totalCount } }", "id.eq"),
    "an operator that takes a list": ("query ($i: [ID!]) { orgs(filter: {id: {in: $i}}) { totalCount } }", "id.in"),
    "isNull": ("query ($i: Boolean) { orgs(filter: {id: {isNull: $i}}) { totalCount } }", "id.isNull"),
    "one of two operators": ('query ($i: ID) { orgs(filter: {id: {ne: "1", eq: $i}}) { totalCount } }', "id.eq"),
    "under": ("query ($i: ID) { orgs(filter: {under: $i}) { totalCount } }", "under"),
    "under below not": ("query ($i: ID) { orgs(filter: {not: {under: $i}}) { totalCount } }", "under"),
    "an operator below or": (
        'query ($i: ID) { orgs(filter: {or: [{id: {eq: "1"}}, {and: [{id: {eq: $i}}]}]}) { totalCount } }', "id.eq",
    ),
    "an operator in a fragment": (
        "query ($i: ID) { ...F } fragment F on Query { orgs(filter: {id: {eq: $i}}) { totalCount } }", "id.eq",
    ),
    "a variable of an earlier argument": (
        "query ($i: Int) { orgs(first: $i, filter: {depth: {eq: $i}, under: 8831}) { totalCount } }", "depth.eq",
    ),
    "one of two operations": (
        'query A($i: ID) { orgs(filter: {id: {eq: $i}}) { totalCount } } query B($i: ID = "1") { org(id: $i) { id } }',
        "id.eq",
    ),
}  # fmt: skip


@pytest.fixture(params=EXECUTORS)
def either(request: pytest.FixtureRequest, compiled: Api, core: Api) -> Api:
    """Give the API with plans, and under graphql-core alone."""
    return {"compiled": compiled, "core": core}[request.param]


def only_error(api: Api, query: str, variables: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Give the one error of an answer."""
    (error,) = api.post(query, variables, **members).json()["errors"]
    found: dict[str, Any] = error
    return found


@pytest.mark.parametrize("name", LEFT_OUT)
def test_an_operator_that_is_left_out_is_refused_as_null_is(either: Api, name: str) -> None:
    query, named = LEFT_OUT[name]
    operation = "A" if query.startswith("query A") else None
    left_out, null = (only_error(either, query, given, operationName=operation) for given in ({}, {"i": None}))
    assert left_out == null
    assert left_out["extensions"]["code"] == "INVALID_INPUT"
    assert f"the filter '{named}' must not be null" in left_out["message"]
    assert left_out["locations"]


NO_CONDITION = {
    "a filter": "query ($f: OrgFilter) { orgs(filter: $f) { totalCount } }",
    "a member": "query ($f: IDFilter) { orgs(filter: {id: $f}) { totalCount } }",
    "and": "query ($f: [OrgFilter!]) { orgs(filter: {and: $f}) { totalCount } }",
    "not": "query ($f: OrgFilter) { orgs(filter: {not: $f}) { totalCount } }",
    "a filter with a default": "query ($f: OrgFilter = null) { orgs(filter: $f) { totalCount } }",
}


@pytest.mark.parametrize("name", NO_CONDITION)
@pytest.mark.parametrize("variables", [{}, {"f": None}, None])
def test_a_filter_or_a_member_that_is_left_out_is_no_condition(
    either: Api, name: str, variables: dict[str, Any] | None
) -> None:
    assert either.data(NO_CONDITION[name], variables) == either.data("{ orgs { totalCount } }")


def test_a_default_stands_for_an_operator_that_is_left_out(either: Api) -> None:
    query = 'query ($i: ID = "6419") { orgs(filter: {id: {eq: $i}}) { nodes { id } } }'
    assert either.data(query) == {"orgs": {"nodes": [{"id": "6419"}]}}


NULL_FOR_A_DEFAULT = {
    "@include": 'query ($v: Boolean = true) { org(id: "6419") { name @include(if: $v) } }',
    "@skip": 'query ($v: Boolean = true) { org(id: "6419") { name @skip(if: $v) } }',
    "@include at the root": 'query ($v: Boolean = true) { org(id: "6419") @include(if: $v) { name } }',
    "@skip of a spread": """
        query ($v: Boolean = true) { org(id: "6419") { ...F @skip(if: $v) } } fragment F on Org { id }""",
    "@skip of an inline fragment": 'query ($v: Boolean = true) { org(id: "6419") { ... @skip(if: $v) { name } } }',
    "@include in a fragment": """
        query ($v: Boolean = true) { org(id: "6419") { ...F } } fragment F on Org { name @include(if: $v) }""",
    "@include below a list": 'query ($v: Boolean = true) { org(id: "6419") { children { id @include(if: $v) } } }',
    "@include in a page": "query ($v: Boolean = true) { orgs { nodes { id @include(if: $v) } } }",
    "@include of a cursor": "query ($v: Boolean = true) { orgs { edges { cursor @include(if: $v) } } }",
    "an id": 'query ($v: ID = "6419") { org(id: $v) { name } }',
    "an id of any type": 'query ($v: ID = "6419") { node(id: $v) { id } }',
    "a list": 'query ($v: [ID!] = ["6419"]) { nodes(ids: $v) { id } }',
    "an item of a list": 'query ($v: ID = "6419") { nodes(ids: ["1", $v]) { id } }',
    "an item of an operator": 'query ($v: ID = "6419") { orgs(filter: {id: {in: ["1", $v]}}) { totalCount } }',
    "an item of a filter": "query ($v: OrgFilter = {}) { orgs(filter: {and: [$v]}) { totalCount } }",
    "a field of an input": "query ($v: OrgOrderField = ID) { orgs(orderBy: {field: $v}) { totalCount } }",
    "a field with default": "query ($v: Direction = ASC) { orgs(orderBy: {field: ID, direction: $v}) { totalCount } }",
    "an argument in a fragment": 'query ($v: ID = "6419") { ...F } fragment F on Query { org(id: $v) { name } }',
    "an argument of introspection": 'query ($v: String = "Org") { __type(name: $v) { name } }',
    "an argument below introspection": """
        query ($v: Boolean = true) { __type(name: "Org") { fields(includeDeprecated: $v) { name } } }""",
    "@skip in introspection": "query ($v: Boolean = true) { __schema { queryType { name @skip(if: $v) } } }",
}


@pytest.mark.parametrize("name", NULL_FOR_A_DEFAULT)
def test_null_where_a_default_would_do_is_an_error_of_the_client(either: Api, name: str) -> None:
    error = only_error(either, NULL_FOR_A_DEFAULT[name], {"v": None})
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert "'$v'" in error["message"]
    assert "None" not in error["message"]
    assert error["locations"]
    assert "errors" not in either.post(NULL_FOR_A_DEFAULT[name], {}).json()


@pytest.mark.parametrize("name", NULL_FOR_A_DEFAULT)
def test_both_executors_say_the_same_of_null(compiled: Api, core: Api, name: str) -> None:
    bodies = [api.post(NULL_FOR_A_DEFAULT[name], {"v": None}).json() for api in (compiled, core)]
    for member in ("data", "errors"):
        assert bodies[0][member] == bodies[1][member]


def test_a_null_that_is_never_read_is_no_error(either: Api) -> None:
    query = 'query ($v: Boolean = true) { org(id: "999999") { children { id @include(if: $v) } } }'
    assert either.data(query, {"v": None}) == {"org": None}


UPDATE = "updateOrg(input: {id: 1, expectedVersion: 1})"
WRITES = {
    "the input": """
        mutation ($v: UpdateOrgInput = {id: 1, expectedVersion: 1}) { updateOrg(input: $v) { errors { code } } }""",
    "an id": "mutation ($v: ID = 1) { updateOrg(input: {id: $v, expectedVersion: 1}) { errors { code } } }",
    "a list": "mutation ($v: [CreateOrgInput!] = []) { createOrgs(input: {orgs: $v}) { errors { code } } }",
    "@skip of a root field": f"mutation ($v: Boolean = true) {{ {UPDATE} @skip(if: $v) {{ errors {{ code }} }} }}",
    "@skip in a payload": f"mutation ($v: Boolean = true) {{ {UPDATE} {{ errors {{ code @skip(if: $v) }} }} }}",
}


@pytest.mark.parametrize("with_plans", [True, False])
@pytest.mark.parametrize("name", WRITES)
def test_null_in_a_mutation_is_an_error_of_the_client(demo_url: str, name: str, *, with_plans: bool) -> None:
    with open_api(demo_url, compiled=with_plans) as api:
        error = only_error(api, WRITES[name], {"v": None}, authorization=api.bearer("supperadm"))
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert "'$v'" in error["message"]
    assert error["locations"]


def operators(name: str) -> Iterator[tuple[str, str, str]]:
    """List every operator of a type's filter, with the type of its operand."""
    for field, declared in filter_of(name).fields.items():
        type_ = get_named_type(declared.type)
        if not isinstance(type_, GraphQLInputObjectType):
            yield field, "", str(declared.type)
        elif not any(is_input_object_type(get_named_type(each.type)) for each in type_.fields.values()):
            yield from ((field, operator, str(each.type)) for operator, each in type_.fields.items())


@pytest.mark.parametrize("with_plans", [True, False])
def test_no_operator_of_the_schema_is_everything_when_it_is_left_out(demo_url: str, *, with_plans: bool) -> None:
    with open_api(demo_url, compiled=with_plans, **{f"max_{name}": 10**6 for name in LIMITS}) as api:
        for name, plural in PLURALS.items():
            asked = list(operators(name))
            assert len(asked) > 5
            variables = ", ".join(f"$v{n}: {type_}" for n, (_, _, type_) in enumerate(asked))
            operands = [f"{{{operator}: $v{n}}}" if operator else f"$v{n}" for n, (_, operator, _) in enumerate(asked)]
            fields = (
                f"a{n}: {plural}(filter: {{{field}: {operand}}}) {{ totalCount }}"
                for n, ((field, _, _), operand) in enumerate(zip(asked, operands, strict=True))
            )
            body = api.post(f"query ({variables}) {{ {' '.join(fields)} }}", {}).json()
            assert set(body["data"].values()) == {None}
            assert len(body["errors"]) == len(asked)
            assert {error["extensions"]["code"] for error in body["errors"]} <= {"INVALID_INPUT", "FORBIDDEN"}


def test_null_for_the_default_of_an_id_is_an_error_everywhere(either: Api) -> None:
    fields = " ".join(f"{field}(id: $v) {{ id }}" for field in SINGULARS.values())
    body = either.post(f'query ($v: ID = "1") {{ {fields} }}', {"v": None}).json()
    assert {error["extensions"]["code"] for error in body["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    assert [error["path"] for error in body["errors"]] == [[field] for field in SINGULARS.values()]
    assert all(error["locations"] for error in body["errors"])
