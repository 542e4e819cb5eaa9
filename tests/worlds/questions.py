"""The matrix: questions that ask for every field, every argument and every filter of the schema, made from it."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from app.loaders.filtering import ALLOWED_ON_MASKED, FILTERABLE
from app.loaders.reads import READ, OfCaller
from tests.worlds.filters import NOWHERE, combinations, compared, conditions, ids_of, orders, spread
from tests.worlds.schema import MODELS, PLURALS, SINGULARS, leaves_of, type_of
from tests.worlds.visibility import World

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
CURSORS = {"after", "before"}
"""Arguments that take a cursor; the lists at the root are asked with them."""

RECORDS_OF = {"orgId": "org"}
"""Tables whose ids the argument of a value of the caller takes."""

MANY = 10**9
LIMITED = ("tokens", "length", "fields", "aliases", "roots", "list", "values", "conditions", "cost")
LIMITS = {**{f"max_{what}": MANY for what in LIMITED}, "cache_bytes": 1 << 34}
"""The matrix asks much at a time; what is too much is tested elsewhere."""


class Question(NamedTuple):
    """A query and its variables; one that takes `$after` is asked page by page."""

    query: str
    variables: dict[str, Any]


def questions(world: World) -> dict[str, Question]:
    """Make all questions, by what they ask for."""
    made = {"me": Question(f"{{ me {selection(world, 'Me')} }}", {}), "values": values(world), "feed": feed(world)}
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


FEED_FILTERS = (
    'entity: ["org", "space"]', "operation: [INSERT, DELETE]", 'changedFields: ["name", "fullName"]', "entity: null"
)  # fmt: skip


def feed(world: World) -> Question:
    """Ask for the feed of changes page by page, and with every member of its filter."""
    ids = [json.dumps(str(id_)) for name in ("org", "space") for id_ in spread(sorted(world[name]), 8)]
    filters = [*FEED_FILTERS, *(f"under: {id_}" for id_ in ids), *(f"entityId: [{id_}]" for id_ in ids)]
    fields = [f"a{n}: changeFeed(filter: {{ {each} }}, first: 50) {shown_page()}" for n, each in enumerate(filters)]
    pages = {"page": "first: 100, after: $after", "back": "last: 3, before: $after", "skipping": "first: 3, offset: 1"}
    fields += [f"{name}: changeFeed({each}) {shown_page()}" for name, each in pages.items()]
    return Question(f"query ($after: String) {{ {' '.join(fields)} }}", {"after": None})


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
