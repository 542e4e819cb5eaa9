"""The compiled engine beside graphql-core: generated queries over the demo world, run both ways."""

from collections import Counter
from typing import Any

import graphql
import orjson
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from app.graphql.schema import schema
from tests.clients.api import Api

SHOWN = ["1", "2", "21", "6419", "6422", "8829", "8830", "9148", "9885", "9888", "10468", "15264", "19872", "20477"]
WORDS = ["美", "小区", "%", "a", "1", "100000000", "8829/", "own"]
TIMES = ["2020-01-01T00:00:00Z", "2021-01-31T12:00:00+08:00"]

SCALARS: dict[str, st.SearchStrategy[graphql.ValueNode]] = {
    "ID": st.sampled_from(SHOWN).map(nodes.String),
    "String": st.sampled_from(WORDS).map(nodes.String),
    "Int": st.integers(0, 4).map(nodes.Int),
    "DateTime": st.sampled_from(TIMES).map(nodes.String),
    "Date": st.just("1990-01-01").map(nodes.String),
    "Decimal": st.sampled_from(["0", "20.20", "1000"]).map(nodes.String),
}
LEFT_OUT = ("filter", "after", "before", "last")
"""Arguments whose drawn values hardly ever make a query that runs; test_sameness_of_lists.py draws them."""


def drawn_schema() -> graphql.GraphQLSchema:
    """Give the schema that queries are drawn from."""
    drawn = graphql.build_schema(schema.as_str())
    for type_ in drawn.type_map.values():
        if isinstance(type_, graphql.GraphQLObjectType):
            for field in type_.fields.values():
                field.args = {name: a for name, a in field.args.items() if name not in LEFT_OUT}
    return drawn


DRAWN = drawn_schema()
NEVER_COMPILED = "me"
ROOTS = tuple(name for name in DRAWN.query_type.fields if name != NEVER_COMPILED) if DRAWN.query_type else ()


def compare(compiled: Api, core: Api, query: str, variables: dict[str, Any] | None = None) -> str:
    """Run a query both ways, assert that the answers are the same byte for byte, and tell which way it went."""
    first, second = (api.post(query, variables).json() for api in (compiled, core))
    way = first.get("extensions", {}).pop("plan", {"way": "refused"})["way"]
    second.get("extensions", {}).pop("plan", None)
    assert orjson.dumps(first.get("data")) == orjson.dumps(second.get("data")), (query, variables)
    messages = [[error["message"] for error in answer.get("errors", [])] for answer in (first, second)]
    assert messages[0] == messages[1], (query, variables)
    return str(way)


def compare_generated(compiled: Api, core: Api, root: str, examples: int, number: int = 1) -> Counter[str]:
    """Compare so many generated queries of a root field; `number` chooses which; counts the ways that they went."""
    ways: Counter[str] = Counter()

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(query=queries(DRAWN, custom_scalars=SCALARS, allow_null=False, fields=[root]))
    def run(query: str) -> None:
        ways[compare(compiled, core, query).split(":", 1)[0]] += 1

    run()
    return ways
