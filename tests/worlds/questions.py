"""The matrix: questions that ask for every field, every argument and every filter of the schema, made from it."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, pairwise
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.loaders.edge import Edge, Shape
from app.loaders.filtering import ALLOWED_ON_MASKED, FILTERABLE, Computed
from app.loaders.reads import READ, OfCaller
from tests.worlds.schema import MODELS, PLURALS, SINGULARS, TABLES, filter_of, leaves_of, type_of
from tests.worlds.visibility import World

NOWHERE = 999_999_999
"""An id that no record has."""

RECORD = "{ __typename id }"
PAGE = "{ totalCount nodes %s edges { cursor node { id } } pageInfo { %s } }"
PAGE_INFO = "hasNextPage hasPreviousPage startCursor endCursor"
CONDITIONS = {
    "filter": ["{ version: { gt: 0 } }", '{ not: { createdBy: { eq: "system" } } }'],
    "orderBy": ["{ field: ID, direction: DESC }", "{ field: UPDATED_AT }"],
}
"""Values of the arguments that every connection to records takes."""

CONDITIONS_OF_CHANGES = {
    "filter": ["{ operation: { eq: INSERT } }", '{ not: { entity: { eq: "org" } } }'],
    "orderBy": ["{ field: ID }", "{ field: ID, direction: DESC }"],
}
"""Values of the same arguments of a connection to changes."""

SHORT_PAGE = "{ totalCount nodes { id } }"
EVERYONE = "{ id: { in: $ids } }"
HOLDING = {"eq", "in", "contains", "startsWith", "gte", "lte"}
"""Operators that hold for the value itself."""

CURSORS = {"after", "before"}
"""Arguments that take a cursor; the lists at the root are asked with them."""

RECORDS_OF = {"orgId": "org"}
"""Tables whose ids the argument of a value of the caller takes."""

MANY = 10**9
LIMITS = {f"max_{what}": MANY for what in ("tokens", "length", "fields", "aliases", "roots", "list", "values", "cost")}
"""The matrix asks much at a time; what is too much is tested elsewhere."""


class Question(NamedTuple):
    """A query and its variables; one that takes `$after` is asked page by page."""

    query: str
    variables: dict[str, Any]


def questions(world: World) -> dict[str, Question]:
    """Make all questions, by what they ask for."""
    made = {"me": Question(f"{{ me {selection(world, 'Me')} }}", {}), "values": values(world)}
    for name in PLURALS:
        made[f"{name}: list"] = a_list(world, name)
        made[f"{name}: by id"] = by_id(world, name)
        made[f"{name}: node"] = by_node(world, name)
        made[f"{name}: filters"] = by_filter(world, name)
        if FILTERABLE[MODELS[name]].personal:
            made[f"{name}: personal"] = by_personal(world, name)
    return made


def values(world: World) -> Question:
    """Ask for what stands at the root and is no record."""
    apps = spread(sorted({row["app_id"] for row in world["app_grant"].values()}), 8)
    types = (f"a{n}: appType(appId: {json.dumps(app)})" for n, app in enumerate(apps))
    return Question(f"{{ deviceBrands {{ __typename code name }} {' '.join(types)} }}", {})


def a_list(world: World, name: str) -> Question:
    """Ask for a whole list, forwards with every field and every edge of its records, backwards, and from an offset."""
    page = PAGE % (selection(world, name), PAGE_INFO)
    forwards = f"page: {PLURALS[name]}(first: 100, after: $after) {page}"
    backwards = f"back: {PLURALS[name]}(last: 3, before: $after) {shown_page()}"
    skipping = f"skipping: {PLURALS[name]}(first: 3, offset: 1) {shown_page()}"
    return Question(f"query ($after: String) {{ {forwards} {backwards} {skipping} }}", {"after": None})


def by_id(world: World, name: str) -> Question:
    """Ask for some records of all tenants one by one, and for one that does not exist."""
    ids = [*spread(ids_of(world, name), 30), NOWHERE]
    fields = (f'a{id_}: {SINGULARS[name]}(id: "{id_}") {RECORD}' for id_ in ids)
    return Question(f"{{ {' '.join(fields)} }}", {})


def by_node(world: World, name: str) -> Question:
    """Ask for each record of the register without telling its type, and some one by one."""
    ids = [*ids_of(world, name), str(NOWHERE)]
    record = f"{{ __typename id ... on {name} {{ {' '.join(leaves_of(name))} }} }}"
    lists = (
        f"a{start}: nodes(ids: {json.dumps(ids[start : start + 100])}) {record}" for start in range(0, len(ids), 100)
    )
    single = (f'b{id_}: node(id: "{id_}") {record}' for id_ in spread(ids, 3))
    return Question(f"{{ {' '.join([*lists, *single])} }}", {})


def by_filter(world: World, name: str) -> Question:
    """Ask with every operator of every filter, and in every order."""
    pages = [f"filter: {filter_}" for filter_ in (*conditions(world, name), *combinations(world, name))]
    pages += [f"filter: {EVERYONE}, orderBy: {order}" for order in orders(name)]
    fields = [f"a{n}: {PLURALS[name]}({arguments}, first: 100) {SHORT_PAGE}" for n, arguments in enumerate(pages)]
    fields += [f"g{n}: {PLURALS[name]}(first: 1) {{ {each} }}" for n, each in enumerate(groups(name))]
    return Question(f"query ($ids: [ID!]) {{ {' '.join(fields)} }}", {"ids": ids_of(world, name)})


def groups(name: str) -> Iterator[str]:
    """Count the records of a list by each column, and by all pairs of neighbours, with everything that groups show."""
    columns = list(FILTERABLE[MODELS[name]].grouped)
    fields = type_of(f"{name}GroupCount").fields
    each = f"{{ __typename {' '.join(f'{field} {shown(core)}' for field, core in fields.items())} }}"
    for by in [*([column] for column in columns), *pairwise(columns)]:
        yield f"groups(by: [{', '.join(by)}]) {each}"


def by_personal(world: World, name: str) -> Question:
    """Ask with every operator that compares personal data, within all records of the register."""
    filters = [
        f"{{ id: {{ in: $ids }}, {field}: {{ {part} }} }}"
        for field in sorted(FILTERABLE[MODELS[name]].personal)
        for operator, part in compared(world, name, field).items()
        if operator not in ALLOWED_ON_MASKED
    ]
    fields = (f"a{n}: {PLURALS[name]}(filter: {filter_}) {SHORT_PAGE}" for n, filter_ in enumerate(filters))
    return Question(f"query ($ids: [ID!]) {{ {' '.join(fields)} }}", {"ids": ids_of(world, name)})


def orders(name: str) -> Iterator[str]:
    """Give every order of a list, in turn upwards and downwards."""
    order = get_named_type(type_of("Query").fields[PLURALS[name]].args["orderBy"].type)
    assert isinstance(order, GraphQLInputObjectType)
    by = get_named_type(order.fields["field"].type)
    assert isinstance(by, GraphQLEnumType)
    columns = (column for column in by.values if column != "LAST_LOGIN_AT")  # the callers log in meanwhile
    return (f"{{ field: {column}, direction: {way} }}" for column, way in zip(columns, cycle(("ASC", "DESC"))))


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


def selection(world: World, name: str) -> str:
    """Select every field of a type, once plainly and once for each value of each argument."""
    fields = type_of(name).fields
    plain = (
        f"{field} {shown(core)}"
        for field, core in fields.items()
        if not any(map(is_required_argument, core.args.values()))
    )
    return f"{{ __typename {' '.join([*plain, *with_arguments(world, name)])} }}"


def with_arguments(world: World, name: str) -> Iterator[str]:
    """Select a type's fields with their arguments, each beside the others that the field needs."""
    for field, core in type_of(name).fields.items():
        for argument in core.args.keys() - CURSORS:
            others = [each for each in core.args if each != argument and is_required_argument(core.args[each])]
            beside = "".join(f", {each}: {argument_values(world, core, each)[0]}" for each in others)
            for n, value in enumerate(argument_values(world, core, argument)):
                yield f"{field}_{argument}_{n}: {field}({argument}: {value}{beside}) {shown(core)}"


def argument_values(world: World, field: GraphQLField, argument: str) -> list[str]:
    """Choose values for an argument: a small number, each name of an enum, or ids that the column has anywhere.

    Filters and orders are those that a connection below a record takes; `by_filter` asks the lists for all of them.
    """
    type_ = get_named_type(field.args[argument].type)
    if argument in CONDITIONS:
        is_history = get_named_type(field.type).name == "ChangeConnection"
        return (CONDITIONS_OF_CHANGES if is_history else CONDITIONS)[argument]
    if isinstance(type_, GraphQLEnumType):
        return list(type_.values)[:2]
    if type_.name == "Int":
        return ["2"]
    read = field.extensions[READ]
    if not isinstance(read, OfCaller):
        (column,) = (each.column for each in read.arguments if each.name == argument)
        table, key = column.class_.__tablename__, column.key
    else:
        table, key = RECORDS_OF[argument], "id"
    ids = {row[key] for row in world[table].values()}
    return [json.dumps(str(id_)) for id_ in spread(sorted(ids), 8)]


def shown(field: GraphQLField) -> str:
    """Select what tells the records that an edge leads to."""
    type_ = get_named_type(field.type)
    if is_leaf_type(type_):
        return ""
    if "id" not in type_of(type_.name).fields and not type_.name.endswith("Connection"):
        return (
            f"{{ __typename {' '.join(f'{name} {shown(core)}' for name, core in type_of(type_.name).fields.items())} }}"
        )
    return shown_page() if type_.name.endswith("Connection") else RECORD


def shown_page() -> str:
    """Select what tells the records of a page."""
    return PAGE % (RECORD, PAGE_INFO)


def spread(values: list[Any], most: int) -> list[Any]:
    """Choose at most so many values, from the first to the last."""
    return values[:: max(1, -(-len(values) // most))]
