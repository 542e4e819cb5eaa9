"""Every mutation declares the capability that its caller must hold."""

from typing import Any

import pytest
import strawberry
from graphql import GraphQLSchema

from app.access.capabilities import CAPABILITIES
from app.graphql.resolving import CAPABILITY, core_schema, resolve_by_reads
from app.graphql.schema import schema


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
