"""Lists with drawn filters, orders and pages: compiled plans and graphql-core give the same answers."""

from random import Random
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_required_input_field,
)

from tests.clients.api import Api
from tests.worlds.schema import type_of
from tests.worlds.two_executors import SHOWN, TIMES, WORDS, compare

LISTS = [name for name, field in type_of("Query").fields.items() if "orderBy" in field.args]
CASES_A_LIST = 2
DEEPEST = 2
"""Filters inside a filter."""

SAMPLES: dict[str, list[Any]] = {
    "ID": SHOWN,
    "String": WORDS,
    "Int": [-1, 0, 1, 3],
    "Float": [0.0, 113.5],
    "Boolean": [True, False],
    "DateTime": TIMES,
    "Date": ["1990-01-01"],
    "Decimal": ["0", "20.20", "1e3"],
}


def drawn(random: Random, type_: GraphQLInputType, depth: int = DEEPEST) -> Any:
    """Draw a value of an input type; an object has one or two members besides the required ones."""
    plain: Any = get_nullable_type(type_)
    if isinstance(plain, GraphQLList):
        return [drawn(random, plain.of_type, depth) for _ in range(random.randint(0, 2))]
    if isinstance(plain, GraphQLEnumType):
        return random.choice(list(plain.values))
    if not isinstance(plain, GraphQLInputObjectType):
        return random.choice(SAMPLES[plain.name])
    members = {name: field for name, field in plain.fields.items() if depth or not leads_on(field.type)}
    chosen = [name for name, field in members.items() if is_required_input_field(field)]
    chosen += random.sample(list(members), min(len(members), random.randint(1, 2)))
    return {name: drawn(random, members[name].type, depth - leads_on(members[name].type)) for name in chosen}


def leads_on(type_: GraphQLInputType) -> bool:
    """Return whether a member of a filter is a further filter."""
    named = get_named_type(type_)
    return isinstance(named, GraphQLInputObjectType) and not {"and", "some"}.isdisjoint(named.fields)


def groups(random: Random, name: str) -> str:
    """Draw groups by one or two columns of a list, with all that they show."""
    connection = get_named_type(type_of("Query").fields[name].type)
    field = type_of(connection.name).fields["groups"]
    by: Any = get_named_type(field.args["by"].type)
    shown = type_of(get_named_type(field.type).name).fields
    columns = random.sample(list(by.values), min(len(by.values), random.randint(1, 2)))
    each = (f"{key} {'' if is_leaf_type(get_named_type(core.type)) else '{ id }'}" for key, core in shown.items())
    return f"groups(by: [{', '.join(columns)}]) {{ {' '.join(each)} }}"


@pytest.mark.parametrize("name", LISTS)
def test_lists_with_filters_orders_and_pages(compiled: Api, core: Api, name: str) -> None:
    arguments = type_of("Query").fields[name].args
    query = f"""query ($f: {arguments["filter"].type}, $o: {arguments["orderBy"].type}, $first: Int, $last: Int,
      $after: String, $before: String, $offset: Int) {{
      page: {name}(filter: $f, orderBy: $o, first: $first, last: $last, after: $after, before: $before,
        offset: $offset) {{
        totalCount GROUPS edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage hasPreviousPage }} }} }}"""
    random = Random(name)  # noqa: S311 - no secret
    query = query.replace("GROUPS", groups(random, name))
    ways: list[str] = []
    for _ in range(CASES_A_LIST):
        given: dict[str, Any] = {"o": drawn(random, arguments["orderBy"].type)}
        whole = compiled.data(query, {**given, "first": 100})["page"]
        marks = [edge["cursor"] for edge in whole["edges"]]
        pages = [
            {
                size: random.randint(0, 5),
                "after": random.choice([*marks, None]),
                "before": random.choice([*marks, None]),
            }
            for size in ("first", "last")
        ]
        pages += [{"first": 5, "offset": random.randint(0, len(marks) + 2)}]
        pages += [{size: 7, "f": drawn(random, arguments["filter"].type)} for size in ("first", "last", "last")]
        ways += [compare(compiled, core, query, {**given, **page}) for page in pages]
    assert ways.count("compiled") > len(ways) // 2
