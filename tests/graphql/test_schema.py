"""The schema as printed, and the rules that every type of it keeps."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_introspection_type,
    is_non_null_type,
    is_specified_scalar_type,
)
from sqlalchemy import BigInteger
from strawberry.utils.str_converters import to_camel_case

from app.access.policies import SECRET_COLUMNS
from app.graphql.schema import NOUNS, schema
from app.loaders.filtering import FILTERABLE
from app.loaders.links import ByForeignKey
from app.loaders.reads import READ, Count, Page, Related, Value
from app.models import Entity, Versioned
from app.models.choice import Choice
from tests.worlds.schema import CORE, type_of

PRINTED = Path(__file__).parent.parent.parent / "schema.graphql"
OWN = [type_ for type_ in CORE.type_map.values() if not is_introspection_type(type_)]
TYPES = [type_ for type_ in OWN if not is_specified_scalar_type(type_)]
ENTITIES = {model: CORE.type_map[type_.__name__] for model, (type_, _, _) in NOUNS.items()}
CHOICES = [choice for choice in Choice.__subclasses__() if choice.__name__ in CORE.type_map]
BOOKKEEPING = {
    "id": "ID!",
    "version": "Int!",
    "source": "String!",
    "createdAt": "DateTime!",
    "createdBy": "String",
    "updatedAt": "DateTime!",
    "updatedBy": "String",
    "history": "ChangeConnection",
}
PAGE_INFO = {
    "hasNextPage": "Boolean!",
    "hasPreviousPage": "Boolean!",
    "startCursor": "String",
    "endCursor": "String",
}


def entity_type(model: type[Entity]) -> GraphQLObjectType:
    type_ = ENTITIES[model]
    assert isinstance(type_, GraphQLObjectType)
    return type_


def fields_of(name: str) -> dict[str, str]:
    return {field: str(core.type) for field, core in type_of(name).fields.items()}


def test_the_printed_schema_is_the_schema() -> None:
    assert PRINTED.read_text("utf-8") == schema.as_str() + "\n", "run scripts/schema"


DESCRIPTION = re.compile(r"^\S*[\u4e00-\u9fff]\S* [A-Z0-9`]")
"""The Chinese term, a blank, and an English text that begins with a capital letter."""


def descriptions() -> Iterator[tuple[str, str | None]]:
    """Give the description of every type, field, argument, value of an enum and field of an input, by its name."""
    for type_ in TYPES:
        yield type_.name, type_.description
        if isinstance(type_, GraphQLEnumType):
            yield from ((f"{type_.name}.{name}", value.description) for name, value in type_.values.items())
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            yield from ((f"{type_.name}.{name}", field.description) for name, field in type_.fields.items())
        if isinstance(type_, GraphQLObjectType):
            for field, core in type_.fields.items():
                yield from ((f"{type_.name}.{field}({name}:)", each.description) for name, each in core.args.items())


def test_everything_is_described_by_a_chinese_term_and_an_english_text() -> None:
    named = dict(descriptions())
    assert {"Org", "Org.name", "Org.children(type:)", "OrgType.BUSINESS", "OrgFilter.name", "Node.id"} <= named.keys()
    assert {name: text for name, text in named.items() if not DESCRIPTION.match(text or "")} == {}


def columns_that_callers_meet() -> Iterator[str]:
    """Name the columns that fields show and lead from, and that arguments, filters and orders compare."""
    for type_ in TYPES:
        for field in type_.fields.values() if isinstance(type_, GraphQLObjectType) else ():
            read = field.extensions.get(READ)
            yield from read.columns if isinstance(read, Value) else ()
            if isinstance(read, Related | Count | Page):
                yield from (read.edge.parent, *(argument.column.key for argument in read.arguments))
            if isinstance(read, Page):
                filtered = FILTERABLE[read.edge.target].columns.values() if read.searched else ()
                yield from (column.key for column in (*filtered, *read.edge.order.columns_of(read.edge.target)))


def test_no_field_filter_or_order_is_made_of_a_secret_column() -> None:
    met = set(columns_that_callers_meet())
    assert {"name", "phone", "path", "locked_until"} <= met
    assert met.isdisjoint(column for columns in SECRET_COLUMNS.values() for column in columns)


@pytest.mark.parametrize("model", ENTITIES, ids=lambda model: model.__name__)
def test_an_entity_is_a_node_and_tells_where_it_came_from(model: type[Entity]) -> None:
    assert [interface.name for interface in entity_type(model).interfaces] == ["Node"]
    fields = fields_of(model.__name__)
    told = BOOKKEEPING if issubclass(model, Versioned) else {"id": "ID!"}
    assert {name: fields.get(name) for name in BOOKKEEPING if name in fields} == told


@pytest.mark.parametrize("model", ENTITIES, ids=lambda model: model.__name__)
def test_64_bit_numbers_never_travel_as_int(model: type[Entity]) -> None:
    columns = model.__table__.c
    for name, field in entity_type(model).fields.items():
        read = field.extensions.get(READ)
        if isinstance(read, Value) and get_named_type(field.type) is GraphQLInt:
            assert not any(isinstance(columns[column].type, BigInteger) for column in read.columns), name


@pytest.mark.parametrize("model", ENTITIES, ids=lambda model: model.__name__)
def test_a_field_is_null_where_its_column_may_be(model: type[Entity]) -> None:
    for name, field in entity_type(model).fields.items():
        read = field.extensions.get(READ)
        if isinstance(read, Value) and read.make is None:
            (column,) = read.columns
            assert is_non_null_type(field.type) is not model.__table__.c[column].nullable, name


def test_a_type_has_an_id_if_and_only_if_it_is_a_node() -> None:
    objects = [type_ for type_ in TYPES if isinstance(type_, GraphQLObjectType)]
    assert {type_.name for type_ in objects if "id" in type_.fields} == {
        type_.name for type_ in objects if [interface.name for interface in type_.interfaces] == ["Node"]
    }


LEADS_BACK_BY_TREE = {"Space.community"}
"""Edges whose way back is `descendants`."""

LEADS_BACK_BY_FILTER = {"Change.actor", "Change.org", "Verification.topOrg"}
"""Edges whose way back is a filter of `changes`, or of `verifications` by an organisation below."""


@pytest.mark.parametrize("model", ENTITIES, ids=lambda model: model.__name__)
def test_a_record_leads_back_to_the_records_that_refer_to_it(model: type[Entity]) -> None:
    for name, field in entity_type(model).fields.items():
        read = field.extensions.get(READ)
        if not (isinstance(read, Related) and isinstance(read.edge.link, ByForeignKey)):
            continue
        if f"{model.__name__}.{name}" not in LEADS_BACK_BY_TREE | LEADS_BACK_BY_FILTER:
            reads = (back.extensions.get(READ) for back in entity_type(read.edge.target).fields.values())
            assert any(isinstance(back, Related) and back.edge.target is model for back in reads), name


@pytest.mark.parametrize("model", ENTITIES, ids=lambda model: model.__name__)
def test_an_entity_is_found_alone_and_in_pages(model: type[Entity]) -> None:
    _, singular, plural = NOUNS[model]
    name = model.__name__
    assert CORE.query_type is not None
    one, many = (CORE.query_type.fields[to_camel_case(word)] for word in (singular, plural))
    assert (str(one.type), {key: str(made.type) for key, made in one.args.items()}) == (name, {"id": "ID!"})
    assert str(many.type) == f"{name}Connection"
    assert list(many.args) == ["filter", "orderBy", "first", "after", "last", "before", "offset"]


@pytest.mark.parametrize("model", ENTITIES, ids=lambda model: model.__name__)
def test_a_connection_is_what_relay_asks_for(model: type[Entity]) -> None:
    name = model.__name__
    assert fields_of(f"{name}Connection") == {
        "edges": f"[{name}Edge!]!",
        "nodes": f"[{name}!]!",
        "pageInfo": "PageInfo!",
        "totalCount": "Int!" if model.most_counted is None else "Int",
        "groups": f"[{name}GroupCount!]",
    }
    assert fields_of(f"{name}Edge") == {"cursor": "String!", "node": f"{name}!"}
    assert fields_of("PageInfo") == PAGE_INFO


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.__name__)
def test_an_enum_tells_the_chinese_term_and_the_legacy_code_of_each_value(choice: type[Choice]) -> None:
    made = CORE.type_map.get(choice.__name__)
    assert isinstance(made, GraphQLEnumType)
    assert list(made.values) == [member.name for member in choice]
    for member in choice:
        description = made.values[member.name].description or ""
        assert member.chinese in description
        assert str(member.code) in description
