"""Every mutation declares the capability that its caller must hold, and whoever does not hold it is refused."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import psycopg
import pytest
import strawberry
from graphql import GraphQLSchema

from app import models
from app.access.caller import Caller
from app.access.capabilities import CAPABILITIES, Held, capabilities_of
from app.db.pool import Pool
from app.declarations.query import record
from app.declarations.resolvers import CAPABILITY, core_schema, resolve_by_reads
from app.errors import ForbiddenError
from app.execution.documents import Request
from app.execution.execution import Execution
from app.graphql.schema import NOUNS, schema
from app.settings import Settings

NEEDED = "org.write"
GROUP, COMMUNITY, OTHER = "8829/", "8829/8830/8831/9099/", "2/"
CALLER = Caller(1, "h5-client", "a", is_super=False, scopes=(GROUP, OTHER), admin_scopes=(), capabilities={})
SUPER = replace(CALLER, is_super=True, scopes=(), capabilities=capabilities_of(is_super=True, built_in=(), by_menus=()))


def undeclared(core: GraphQLSchema) -> list[str]:
    """Name the mutations that declare no capability, or one that there is not."""
    fields = {} if core.mutation_type is None else core.mutation_type.fields
    return [name for name, field in fields.items() if field.extensions.get(CAPABILITY) not in CAPABILITIES]


def test_every_mutation_declares_a_capability() -> None:
    assert undeclared(core_schema(schema)) == []


@pytest.mark.parametrize(
    ("metadata", "found"),
    [({CAPABILITY: "org.write"}, []), ({CAPABILITY: "org.wirte"}, ["rename"]), ({}, ["rename"])],
)
def test_a_mutation_that_declares_none_is_noticed(metadata: dict[str, Any], found: list[str]) -> None:
    @strawberry.type
    class Query:
        name: str = "x"

    @strawberry.type
    class Mutation:
        @strawberry.mutation(metadata=metadata)  # type: ignore[untyped-decorator]
        def rename(self) -> str:
            return "y"

    small = strawberry.Schema(query=Query, mutation=Mutation)
    resolve_by_reads(small)
    assert undeclared(core_schema(small)) == found


def small_schema(url: str) -> GraphQLSchema:
    """Make a schema of one mutation that writes and one record that not everybody may ask for."""

    async def write(path: str) -> None:
        async with await psycopg.AsyncConnection.connect(url) as connection:
            await connection.execute(
                "insert into stored_document (sha256, document, name) values (%(path)s, '', '')", {"path": path}
            )

    @strawberry.type
    class Mutation:
        @strawberry.mutation(metadata={CAPABILITY: NEEDED})  # type: ignore[untyped-decorator]
        async def rename(self, info: strawberry.Info, path: str) -> str:
            if not info.context.caller.may(NEEDED, path):
                raise ForbiddenError(NEEDED)
            await write(path)
            return path

    org = record(models.Org).strawberry_field("org")
    org.metadata = MappingProxyType({**org.metadata, CAPABILITY: NEEDED})
    query = strawberry.type(type("Query", (), {"__annotations__": {}, "org": org}))
    made = strawberry.Schema(query=query, mutation=Mutation, types=[type_ for type_, _, _ in NOUNS.values()])
    resolve_by_reads(made)
    return core_schema(made)


def answer_to(url: str, query: str, caller: Caller | None, *, compiled: bool) -> Mapping[str, Any]:
    """Run a request against the small schema."""

    async def ask() -> Mapping[str, Any]:
        pool = Pool(url, 1)
        await pool.open()
        try:
            execution = Execution(small_schema(url), pool, Settings(database_url=url, compiled=compiled))
            return (await execution.answer(Request(query, {}), caller)).body
        finally:
            await pool.close()

    return asyncio.run(ask())


def written(url: str) -> list[str]:
    """Give what the mutation wrote."""
    with psycopg.connect(url) as connection:
        return [path for (path,) in connection.execute("select sha256 from stored_document").fetchall()]


def rename(path: str) -> str:
    return f'mutation {{ rename(path: "{path}") }}'


BOTH = pytest.mark.parametrize("compiled", [True, False])
QUERIES = [rename(COMMUNITY), '{ org(id: "8829") { id } }', '{ a: org(id: "1") { id } ... { org(id: "2") { id } } }']
ELSEWHERE: list[Held] = [{}, {name: (GROUP,) for name in CAPABILITIES if name != "org.write"}]


@BOTH
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("held", ELSEWHERE, ids=["nothing", "all but this"])
def test_whoever_holds_it_nowhere_is_refused(empty_url: str, query: str, held: Held, *, compiled: bool) -> None:
    answer = answer_to(empty_url, query, replace(CALLER, capabilities=held), compiled=compiled)
    assert not any((answer["data"] or {}).values())
    for error in answer["errors"]:
        assert error["extensions"] == {"code": "FORBIDDEN", "capability": "ORG_WRITE"}
        assert "org.write" in error["message"]
    assert written(empty_url) == []
    assert answer["extensions"]["cost"]["actual"] == 0


@BOTH
@pytest.mark.parametrize("query", QUERIES)
def test_whoever_says_not_who_they_are_is_refused(empty_url: str, query: str, *, compiled: bool) -> None:
    answer = answer_to(empty_url, query, None, compiled=compiled)
    assert not any((answer["data"] or {}).values())
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAUTHENTICATED"}
    assert written(empty_url) == []


@pytest.mark.parametrize(
    ("path", "caller", "done"),
    [
        (COMMUNITY, replace(CALLER, capabilities={"org.write": (GROUP,)}), True),
        (GROUP, replace(CALLER, capabilities={"org.write": (GROUP,)}), True),
        (OTHER, replace(CALLER, capabilities={"org.write": (GROUP,)}), False),
        (GROUP, replace(CALLER, capabilities={"org.write": (COMMUNITY,)}), False),
        (OTHER, SUPER, True),
    ],
)
def test_the_organisation_in_question_decides(empty_url: str, path: str, caller: Caller, *, done: bool) -> None:
    answer = answer_to(empty_url, rename(path), caller, compiled=True)
    if done:
        assert answer["data"] == {"rename": path}
    else:
        assert answer["errors"][0]["extensions"] == {"code": "FORBIDDEN", "capability": "ORG_WRITE"}
    assert written(empty_url) == ([path] if done else [])


@BOTH
def test_whoever_holds_it_gets_a_record(demo_url: str, *, compiled: bool) -> None:
    caller = replace(CALLER, capabilities={"org.write": (COMMUNITY,)})
    answer = answer_to(demo_url, QUERIES[1], caller, compiled=compiled)
    assert answer["data"] == {"org": {"id": "8829"}}
