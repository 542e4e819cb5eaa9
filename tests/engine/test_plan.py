"""What plans can express, and what they may load."""

import pytest
from graphql import GraphQLObjectType, is_introspection_type

from app.graphql.resolving import core_schema
from app.graphql.schema import schema
from app.loaders.reads import READ
from tests.api import Api, open_api

CONNECTION_FIELDS = {"edges", "nodes", "pageInfo", "totalCount"}
NOT_PLANNED: dict[str, set[str]] = {
    "PageInfo": {"hasNextPage", "hasPreviousPage", "startCursor", "endCursor"},  # made with its page
    "Query": {"me"},  # small, and answered from the token as much as from the register
    "Me": {"clientId", "capabilities"},  # reached by `me` alone
}
"""Fields that carry no read of their own, and why that is right."""


def object_types() -> list[GraphQLObjectType]:
    types = core_schema(schema).type_map.values()
    return [t for t in types if isinstance(t, GraphQLObjectType) and not is_introspection_type(t)]


@pytest.mark.parametrize("type_", object_types(), ids=lambda t: t.name)
def test_every_field_can_be_planned(type_: GraphQLObjectType) -> None:
    if type_.name.endswith("Connection"):
        assert set(type_.fields) == CONNECTION_FIELDS
    elif type_.name.endswith("Edge"):
        assert set(type_.fields) == {"cursor", "node"}
    else:
        unread = {name for name, field in type_.fields.items() if READ not in field.extensions}
        assert unread == NOT_PLANNED.get(type_.name, set())


def test_an_answer_tells_how_it_was_run_in_development_only(compiled: Api, api: Api) -> None:
    query = '{ org(id: "6419") { id } }'
    assert compiled.post(query).json()["extensions"]["plan"] == "compiled"
    assert "plan" not in api.post(query).json()["extensions"]


def test_introspection_is_left_to_graphql_core(compiled: Api) -> None:
    answer = compiled.post("{ __schema { queryType { name } } }").json()
    assert answer["extensions"]["plan"].startswith("graphql-core")


def test_the_answer_tells_how_many_rows_it_took(compiled: Api) -> None:
    answer = compiled.post('{ org(id: "6419") { children { id } } }').json()
    assert answer["extensions"]["cost"]["actual"] == 1 + len(answer["data"]["org"]["children"])


@pytest.mark.parametrize("rows", [5, 6])
def test_a_query_never_loads_more_rows_than_its_budget(demo_url: str, rows: int) -> None:
    query = '{ org(id: "6419") { children { id } } }'  # one row, and four below it
    with open_api(demo_url, max_nodes=rows - 1) as api:
        answer = api.post(query).json()
    if rows == 5:
        assert answer["errors"][0]["extensions"]["code"] == "NODE_LIMIT_EXCEEDED"
        assert answer["errors"][0]["extensions"]["allowed"] == rows - 1
        assert "data" not in answer or answer["data"] is None
    else:
        assert len(answer["data"]["org"]["children"]) == 4


def test_a_document_is_compiled_once(compiled: Api) -> None:
    query = "query ($id: ID!) { org(id: $id) { id } }"
    answers = [compiled.data(query, {"id": id_})["org"] for id_ in ("6419", "8829", "99999")]
    assert answers == [{"id": "6419"}, {"id": "8829"}, None]
