"""Every way into the register gives the same verdict: what is outside a caller's scope is not there.

The matrix is made from the schema: every caller, every field of the query and every edge, over the demo world.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type, is_leaf_type
from strawberry.utils.str_converters import to_camel_case

from app import models
from app.access.caller import Caller
from app.db.pool import Pool
from app.db.scope import Scope
from app.graphql.documents import Request
from app.graphql.entity import FILTERABLE
from app.graphql.execution import Execution
from app.graphql.resolving import core_schema
from app.graphql.schema import NOUNS, schema
from app.loaders.filtering import answered_operators
from app.loaders.page import LARGEST_PAGE
from app.loaders.reads import READ, Count, Page, Related, Value
from app.settings import Settings
from tests.scoping import CALLERS, Seen, World, scope_of, seen_by, world_of

CORE = core_schema(schema)
MODELS = {type_.__name__: model for model, (type_, _, _) in NOUNS.items()}
TABLES = {type_.__name__: model.__tablename__ for model, (type_, _, _) in NOUNS.items()}
SINGULARS = {type_.__name__: to_camel_case(singular) for type_, singular, _ in NOUNS.values()}
PLURALS = {type_.__name__: to_camel_case(plural) for type_, _, plural in NOUNS.values()}
COUNTED = {"childCount": "children", "memberCount": "members"}

MAY_NAME_WHAT_IS_HIDDEN = {
    ("Org", "parentId"): "the organisation above a granted one, whose name `fullName` tells as well",
    ("Space", "parentId"): "the space above a community, which may belong to another organisation",
    ("Customer", "topOrgId"): "the top of the tree that the visible organisation stands in",
    ("Admin", "orgId"): "the department of somebody who holds a role in a visible organisation",
    ("Verification", "reviewerId"): "who decided on a claim",
}
"""Columns of visible rows that name rows that may be hidden: policies hide rows, not columns."""


@dataclass
class Asking:
    """What a caller may see, and a way to ask as them."""

    world: World
    seen: Seen
    scope: Scope
    runner: asyncio.Runner
    execution: Execution

    def data(self, query: str, **variables: Any) -> Any:
        answer = self.runner.run(self.execution.answer(Request(query, variables), caller_of(self.scope))).body
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def hidden(self, table: str) -> list[str]:
        return [str(key) for key in sorted(self.world[table].keys() - self.seen[table])]

    def all_of(self, name: str, selection: str) -> list[dict[str, Any]]:
        """Read a list page by page to its end."""
        query = f"query ($after: String) {{ page: {PLURALS[name]}(first: 50, after: $after)"
        query += f" {{ totalCount nodes {{ {selection} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        nodes: list[dict[str, Any]] = []
        page: dict[str, Any] = {"pageInfo": {"hasNextPage": True, "endCursor": None}}
        while page["pageInfo"]["hasNextPage"]:
            page = self.data(query, after=page["pageInfo"]["endCursor"])["page"]
            nodes += page["nodes"]
        assert page["totalCount"] == len(nodes)
        return nodes


def caller_of(scope: Scope) -> Caller:
    """Give a caller who has a scope and may do nothing."""
    return Caller(scope.actor, "test", "", scope.is_super, scope.scopes, scope.admin_scopes, {})


@pytest.fixture(scope="module")
def world(demo_url: str) -> World:
    """Give all rows of the demo world."""
    return world_of(demo_url)


@pytest.fixture(scope="module", params=CALLERS)
def asking(request: pytest.FixtureRequest, demo_url: str, world: World) -> Iterator[Asking]:
    """Ask as each caller in turn."""
    scope = scope_of(world, request.param)
    pool = Pool(demo_url, 1)
    execution = Execution(CORE, pool, Settings(database_url=demo_url, max_cost=10**9))
    with asyncio.Runner() as runner:
        runner.run(pool.open())
        yield Asking(world, seen_by(world, scope), scope, runner, execution)
        runner.run(pool.close())


def type_of(name: str) -> GraphQLObjectType:
    type_ = CORE.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    return type_


def read_of(name: str, field: str) -> Any:
    return type_of(name).fields[field].extensions.get(READ)


def edges_of(name: str) -> Iterator[tuple[str, str]]:
    """Give every edge of a type with what to select of it."""
    for field, core in type_of(name).fields.items():
        read = core.extensions.get(READ)
        if isinstance(read, Related):
            yield field, f"{field} {{ __typename id }}"
        if isinstance(read, Page):
            yield field, f"{field}(first: 100) {{ totalCount nodes {{ __typename id }} }}"
        if isinstance(read, Count):
            yield field, field


def references_of(name: str) -> Iterator[tuple[str, str]]:
    """Give the fields of a type that show a foreign key, each with the table that it names."""
    model = MODELS[name]
    for field, core in type_of(name).fields.items():
        read = core.extensions.get(READ)
        if isinstance(read, Value) and is_leaf_type(get_named_type(core.type)):
            for column in read.columns:
                keys = (key.column for key in model.__table__.c[column].foreign_keys)
                yield from ((field, key.table.name) for key in keys if key.name == "id")


def foreign_in(answer: Any, seen: Seen) -> list[tuple[str, str]]:
    """Walk an answer to its leaves and give the records in it that may not be seen."""
    if isinstance(answer, list):
        return [found for item in answer for found in foreign_in(item, seen)]
    if not isinstance(answer, dict):
        return []
    own = [(answer["__typename"], answer["id"])] if "__typename" in answer else []
    hidden = [(name, id_) for name, id_ in own if int(id_) not in seen[TABLES[name]]]
    return hidden + [found for item in answer.values() for found in foreign_in(item, seen)]


def test_the_matrix_covers_the_schema() -> None:
    query = CORE.query_type
    assert query is not None
    assert set(query.fields) == {"me", "node", "nodes", *SINGULARS.values(), *PLURALS.values()}
    assert {type_.__name__ for type_, _, _ in NOUNS.values()} == set(TABLES)


@pytest.mark.parametrize("name", PLURALS)
def test_a_list_and_its_count_hold_what_is_visible(asking: Asking, name: str) -> None:
    found = asking.all_of(name, "__typename id")
    assert {int(node["id"]) for node in found} == asking.seen[TABLES[name]]
    assert foreign_in(found, asking.seen) == []


@pytest.mark.parametrize("name", PLURALS)
def test_the_edges_of_a_type_lead_to_nothing_foreign(asking: Asking, name: str) -> None:
    edges = dict(edges_of(name))
    for node in asking.all_of(name, f"__typename id {' '.join(edges.values())}"):
        assert foreign_in(node, asking.seen) == []
        for field in edges.keys() & COUNTED.keys():
            assert node[field] == len(node[COUNTED[field]])
        for page in (node[field] for field in edges if isinstance(read_of(name, field), Page)):
            assert min(page["totalCount"], LARGEST_PAGE) == len(page["nodes"])


@pytest.mark.parametrize("name", PLURALS)
def test_columns_name_nothing_foreign_but_where_it_is_said(asking: Asking, name: str) -> None:
    references = dict(references_of(name))
    nodes = asking.all_of(name, f"id {' '.join(references)}")
    for field, table in references.items():
        if (name, field) not in MAY_NAME_WHAT_IS_HIDDEN:
            assert {int(node[field]) for node in nodes if node[field] is not None} <= asking.seen[table], field


@pytest.mark.parametrize("name", SINGULARS)
def test_a_foreign_id_is_not_there(asking: Asking, name: str) -> None:
    query = f"query ($id: ID!) {{ one: {SINGULARS[name]}(id: $id) {{ __typename id }} }}"
    for id_ in [*asking.hidden(TABLES[name])[:20], "999999999"]:
        assert asking.data(query, id=id_) == {"one": None}
    for seen in sorted(asking.seen[TABLES[name]])[:20]:
        assert asking.data(query, id=str(seen)) == {"one": {"__typename": name, "id": str(seen)}}


@pytest.mark.parametrize("name", TABLES)
def test_node_and_nodes_find_what_is_visible_and_no_more(asking: Asking, name: str) -> None:
    known = [str(key) for key in asking.world[TABLES[name]]]
    everywhere = {str(key) for table in TABLES.values() for key in asking.seen[table]}
    found = [
        node
        for start in range(0, len(known), 100)
        for node in asking.data(
            "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=known[start : start + 100]
        )["nodes"]
    ]
    assert [node is not None for node in found] == [id_ in everywhere for id_ in known]
    assert foreign_in(found, asking.seen) == []
    for id_ in asking.hidden(TABLES[name])[:5]:
        one = asking.data("query ($id: ID!) { node(id: $id) { __typename id } }", id=id_)["node"]
        assert (one is not None) == (id_ in everywhere)


@pytest.mark.parametrize("name", PLURALS)
def test_a_filter_finds_nothing_foreign(asking: Asking, name: str) -> None:
    argument = type_of("Query").fields[PLURALS[name]].args["filter"]
    filter_ = get_named_type(argument.type)
    assert isinstance(filter_, GraphQLInputObjectType)
    columns = FILTERABLE[MODELS[name]].columns
    ids = [field for field, core in filter_.fields.items() if get_named_type(core.type).name == "IDFilter"]
    ids = [field for field in ids if "in" in answered_operators(columns[field])]
    hidden = asking.hidden(TABLES[name])
    query = f"query ($filter: {filter_.name}) {{ page: {PLURALS[name]}(filter: $filter, first: 100)"
    query += " { totalCount nodes { __typename id } } }"
    for field in ids:
        table = dict(references_of(name)).get(field, TABLES[name])
        for condition in ({"in": asking.hidden(table)[:200]}, {"notIn": ["1"]}, {"isNull": False}):
            page = asking.data(query, filter={field: condition})["page"]
            assert foreign_in(page, asking.seen) == []
            assert min(page["totalCount"], 100) == len(page["nodes"])
    nothing = {"page": {"totalCount": 0, "nodes": []}}
    assert asking.data(query, filter={"id": {"in": hidden[:200]}}) == nothing
    if "under" in filter_.fields:
        assert all(asking.data(query, filter={"under": id_}) == nothing for id_ in [*hidden[:20], "999999999"])


@pytest.mark.parametrize(("account", "business"), [("yanggc4", {2, 8829}), ("zhangx", {15264}), ("lisi", set())])
def test_the_tenants_of_the_demo_world(world: World, account: str, business: set[int]) -> None:
    seen = seen_by(world, scope_of(world, account))["org"]
    tops = {org for org in seen if world["org"][org]["type"] == "BUSINESS" and world["org"][org]["parent_id"] is None}
    assert tops == business
    others = ({15264, 19872} if account != "zhangx" else {2, 8829, 19872}) & world["org"].keys()
    assert not others & seen


def test_every_noun_is_a_model_with_a_policy() -> None:
    assert {model.__tablename__ for model in NOUNS} <= models.Base.metadata.tables.keys()
