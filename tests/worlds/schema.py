"""The schema, for tests that are made from it: its types, and the names of the nouns, by type."""

from graphql import (
    GraphQLArgument,
    GraphQLInputObjectType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from strawberry.utils.str_converters import to_camel_case

from app.declarations.resolvers import core_schema
from app.graphql.schema import NOUNS, schema

CORE = core_schema(schema)
MODELS = {type_.__name__: model for model, (type_, _, _) in NOUNS.items()}
TABLES = {type_.__name__: model.__tablename__ for model, (type_, _, _) in NOUNS.items()}
SINGULARS = {type_.__name__: to_camel_case(singular) for type_, singular, _ in NOUNS.values()}
PLURALS = {type_.__name__: to_camel_case(plural) for type_, _, plural in NOUNS.values()}


def leaves_of(name: str) -> list[str]:
    """Name the fields of a type that hold values and need no argument."""
    return [
        field
        for field, core in type_of(name).fields.items()
        if is_leaf_type(get_named_type(core.type)) and not any(map(is_required_argument, core.args.values()))
    ]


def type_of(name: str) -> GraphQLObjectType:
    """Find an object type."""
    type_ = CORE.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    return type_


def filter_of(name: str) -> GraphQLInputObjectType:
    """Find the filter of a type's list."""
    argument: GraphQLArgument = type_of("Query").fields[PLURALS[name]].args["filter"]
    type_ = get_named_type(argument.type)
    assert isinstance(type_, GraphQLInputObjectType)
    return type_
