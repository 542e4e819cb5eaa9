"""Filters and orders of the matrix: every operator of every column, with values that records of all tenants have."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLNamedType, get_named_type
from sqlalchemy.orm import InstrumentedAttribute

from app.loaders.edge import Edge, Shape
from app.loaders.filtering import ALLOWED_ON_MASKED, FILTERABLE, Computed
from tests.worlds.schema import MODELS, PLURALS, TABLES, filter_of, type_of
from tests.worlds.visibility import World

NOWHERE = 999_999_999
"""An id that no record has."""

HOLDING = {"eq", "in", "contains", "startsWith", "gte", "lte"}
"""Operators that hold for the value itself."""


def conditions(world: World, name: str) -> Iterator[str]:
    """Give filters with each operator of each column.

    Ids are compared one by one. All else is compared with the value that most records have, within all records of the
    register, because that may need a scope: by the operators that hold for the value, and by the others.
    """
    holding, others = list[str](), list[str]()
    for field, column in FILTERABLE[MODELS[name]].columns.items():
        if is_reference(column):
            yield from compared_ids(field, sorted(known_values(world, name, field)))
            continue
        given = compared(world, name, field)
        if field in FILTERABLE[MODELS[name]].personal:
            given = {operator: given[operator] for operator in ALLOWED_ON_MASKED}
        if kept := [given[each] for each in given if each in HOLDING]:
            holding.append(f"{{ {field}: {{ {', '.join(kept)} }} }}")
        others += [f"{{ {field}: {{ {given[each]} }} }}" for each in given if each not in HOLDING]
    for field, computed in FILTERABLE[MODELS[name]].computed.items():
        others += computed_compared(field, computed)
    yield from (f"{{ id: {{ in: $ids }}, or: [{', '.join(parts)}] }}" for parts in (holding, others))
    yield from (f"{{ {field}: {by_rows_of(edge)} }}" for field, edge in FILTERABLE[MODELS[name]].edges.items())


def computed_compared(field: str, computed: Computed) -> list[str]:
    """Compare what is computed from an enum by every operator."""
    one, other, *_ = (choice.name for choice in computed.choice)
    operands = (f"eq: {one}", f"ne: {one}", f"in: [{one}]", f"notIn: [{one}, {other}]", "isNull: false")
    return [f"{{ {field}: {{ {operand} }} }}" for operand in operands]


def by_rows_of(edge: Edge) -> str:
    """Ask for records that lead to records, which are visible or not."""
    there = "{ id: { isNull: false } }"
    if edge.shape is Shape.ONE:
        return there
    return f"{{ some: {there}, none: {{ id: {{ isNull: true }} }}, every: {there} }}"


def is_reference(column: InstrumentedAttribute[Any]) -> bool:
    """Return whether a column is an id, or refers to one."""
    own = column.class_.__table__.c[column.key]
    return bool(own.name == "id" or own.foreign_keys)


def compared_ids(field: str, known: list[int]) -> Iterator[str]:
    """Compare ids of all tenants in every way."""
    ids = [str(id_) for id_ in spread(known, 6)] or [str(NOWHERE)]
    equal = ", ".join(f'{{ {field}: {{ eq: "{id_}" }} }}' for id_ in ids)
    yield f"{{ or: [{equal}, {{ {field}: {{ isNull: true }} }}] }}"
    yield f"{{ {field}: {{ in: {json.dumps(ids)} }} }}"
    yield f'{{ {field}: {{ ne: "{ids[0]}", notIn: {json.dumps(ids[1:2])}, isNull: false }} }}'


def known_values(world: World, name: str, field: str) -> Counter[Any]:
    """Give the values that a column has in the records of all tenants."""
    key = FILTERABLE[MODELS[name]].columns[field].key
    return Counter(row[key] for row in world[TABLES[name]].values() if row[key] is not None)


def compared(world: World, name: str, field: str) -> dict[str, str]:
    """Compare a column with the value that most records have, by every operator."""
    operators = get_named_type(filter_of(name).fields[field].type)
    assert isinstance(operators, GraphQLInputObjectType)
    named, known = get_named_type(operators.fields["eq"].type), known_values(world, name, field)
    value = literal(named, known.most_common(1)[0][0] if known else sample(named))
    operands = {"in": f"[{value}]", "notIn": f"[{value}]", "isNull": "false"}
    return {operator: f"{operator}: {operands.get(operator, value)}" for operator in operators.fields}


def combinations(world: World, name: str) -> Iterator[str]:
    """Give filters that combine others, and subtrees of all tenants."""
    ids = spread(ids_of(world, name), 4)
    half = f"{{ id: {{ in: {json.dumps(ids[::2])} }} }}"
    yield f"{{ not: {half} }}"
    yield f'{{ or: [{half}, {{ id: {{ eq: "{ids[-1]}" }} }}] }}'
    yield f'{{ and: [{half}, {{ not: {{ id: {{ eq: "{ids[0]}" }} }} }}] }}'
    if "under" in filter_of(name).fields:
        codes = spread(sorted({row["code"] for row in world[TABLES[name]].values()}), 4)
        yield from (f'{{ under: "{id_}" }}' for id_ in [*ids, NOWHERE])
        yield from (f'{{ underCode: "{code}" }}' for code in [*codes, NOWHERE])


def orders(name: str) -> Iterator[str]:
    """Give every order of a list, in turn upwards and downwards."""
    order = get_named_type(type_of("Query").fields[PLURALS[name]].args["orderBy"].type)
    assert isinstance(order, GraphQLInputObjectType)
    by = get_named_type(order.fields["field"].type)
    assert isinstance(by, GraphQLEnumType)
    columns = (column for column in by.values if column != "LAST_LOGIN_AT")  # the callers log in meanwhile
    return (f"{{ field: {column}, direction: {way} }}" for column, way in zip(columns, cycle(("ASC", "DESC"))))


def ids_of(world: World, name: str) -> list[str]:
    """Return the ids of all records of a type, visible or not."""
    return [str(id_) for id_ in sorted(world[TABLES[name]])]


def sample(type_: GraphQLNamedType) -> object:
    """Make up a value, where no record has one."""
    made = {"Date": "2020-01-01", "DateTime": "2020-01-01T00:00:00Z"}
    return next(iter(type_.values)) if isinstance(type_, GraphQLEnumType) else made.get(type_.name, 1)


def literal(type_: GraphQLNamedType, value: object) -> str:
    """Write a value as GraphQL."""
    if isinstance(type_, GraphQLEnumType):
        return str(value)
    return json.dumps(value if type_.name in ("Int", "Float", "Boolean") else str(value))


def spread(values: list[Any], most: int) -> list[Any]:
    """Choose at most so many values, from the first to the last."""
    return values[:: max(1, -(-len(values) // most))]
