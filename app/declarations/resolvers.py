"""Resolvers: how graphql-core's executor follows the reads that fields declare."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
)

from app.access.caller import Caller
from app.declarations.types import ENTITY_TYPES
from app.loaders.batch import Record
from app.loaders.compared import compared_by
from app.loaders.dataloaders import Dataloaders, LoadedPage
from app.loaders.groups import grouped_by
from app.loaders.reads import (
    FILTER,
    MODEL,
    READ,
    AnyById,
    ById,
    Count,
    Feed,
    Groups,
    Made,
    OfCaller,
    Page,
    Related,
    TheCaller,
    Totals,
    Value,
)
from app.loaders.values import read_id
from app.services.write import WRITE

DEFINITION = "strawberry-definition"  # the key of Strawberry's definition in `extensions`
Resolver = Callable[..., Any]


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """Return the graphql-core schema that a Strawberry schema is run with."""
    return schema._schema  # noqa: SLF001 - Strawberry has no public attribute for it


def resolve_by_reads(schema: strawberry.Schema) -> None:
    """Set the resolver of every field that declares a read. Put reads and models into `extensions`, for the engine."""
    models = {type_.__strawberry_definition__.name: model for model, type_ in ENTITY_TYPES.items()}  # type: ignore[attr-defined]
    for type_ in core_schema(schema).type_map.values():
        if isinstance(type_, GraphQLObjectType):
            type_.is_type_of = None  # type_name_of reads the type from the record
            type_.extensions[MODEL] = models.get(type_.name)
            for field in type_.fields.values():
                declare(field)
        elif isinstance(type_, GraphQLInterfaceType):
            type_.resolve_type = type_name_of


def declare(field: GraphQLField) -> None:
    """Copy the read and the write from a field's Strawberry metadata to its graphql-core `extensions`."""
    definition = field.extensions.get(DEFINITION)
    metadata = definition.metadata if definition is not None else {}
    read = metadata.get(READ)
    if read is not None:
        field.extensions[READ] = read
        field.resolve = RESOLVERS[type(read)](read) if type(read) in RESOLVERS else field.resolve
    if metadata.get(WRITE) is not None:
        field.extensions[WRITE] = metadata[WRITE]


def type_name_of(record: Record, *_: object) -> str | None:
    """Name the GraphQL type of a record; None for a record of a model that the API does not show."""
    made = ENTITY_TYPES.get(record.model)
    return None if made is None else made.__strawberry_definition__.name  # type: ignore[attr-defined]


def _loaders(info: GraphQLResolveInfo[Any]) -> Dataloaders:
    loaders: Dataloaders = info.context.loaders
    return loaders


def _value(read: Value) -> Resolver:
    (first, *_), make = read.columns, read.make
    if read.mask is not None:
        return _personal(read, first, read.mask)
    if make is None:
        return lambda record, _info: record.values[first]
    return lambda record, _info: make(*(record.values[column] for column in read.columns))


def _made(read: Made) -> Resolver:
    def resolve(record: Record, info: GraphQLResolveInfo[Any]) -> Sequence[object]:
        values = [record.values[column] for column in read.columns]
        if info.context.sees_personal and read.disclose is not None:
            for disclosure in read.disclose(*values):
                info.context.disclosures.add(*disclosure)
        return read.make(info.context.sees_personal, *values)

    return resolve


def _personal(read: Value, column: str, mask: Callable[..., object]) -> Resolver:
    def resolve(record: Record, info: GraphQLResolveInfo[Any]) -> object:
        value = record.values[column]
        if not info.context.sees_personal:
            return mask(value)
        if read.recorded:
            info.context.disclosures.add(record.model.__name__, (column,), (record.values["id"],))
        return value

    return resolve


def _related(read: Related) -> Resolver:
    return lambda record, info, **given: _loaders(info).related(read, given, record)


def _count(read: Count) -> Resolver:
    return lambda record, info, **given: _loaders(info).count(read, given, record)


def _page(read: Page) -> Resolver:
    async def resolve(record: Record | None, info: GraphQLResolveInfo[Any], **given: Any) -> LoadedPage:
        compared = compared_by(read.edge.target, given.get(FILTER)) if info.context.sees_personal else []
        for entity, column in compared:
            info.context.disclosures.compare(entity, [column])
        page = await _loaders(info).page(read, read.given(given, info.context.settled), record)
        for entity, column in compared:
            info.context.disclosures.add(entity, [column], [row.values["id"] for row in page.rows])
        return page

    return resolve


def _groups(read: Groups) -> Resolver:
    return lambda page, _info, **given: page.groups(grouped_by(read.model, given))


def _totals(read: Totals) -> Resolver:
    return lambda record, info: _loaders(info).totals(read, record)


def _by_id(read: ById) -> Resolver:
    return lambda _root, info, **given: _loaders(info).by_id(read.edge, read_id(given["id"]))


def _the_caller(read: TheCaller) -> Resolver:
    def resolve(_root: None, info: GraphQLResolveInfo[Any]) -> Record | None:
        caller: Caller | None = info.context.caller
        return None if caller is None else Record(read.model, {"id": caller.id})

    return resolve


def _of_caller(read: OfCaller) -> Resolver:
    async def resolve(_record: Record, info: GraphQLResolveInfo[Any], **given: Any) -> object:
        id_ = next(iter(given.values()), None)
        if id_ is None or read.edge is None:
            return read.make(info.context.caller, None)
        record = await _loaders(info).by_id(read.edge, read.key(id_))
        return read.make(info.context.caller, {} if record is None else record.values)

    return resolve


def _any_by_id(read: AnyById) -> Resolver:
    async def one(_root: None, info: GraphQLResolveInfo[Any], **given: Any) -> Record | None:
        (id_,) = read.ids(given)
        return await _shown(_loaders(info), id_)

    async def each(_root: None, info: GraphQLResolveInfo[Any], **given: Any) -> list[Record | None]:
        return await asyncio.gather(*(_shown(_loaders(info), id_) for id_ in read.ids(given)))

    return each if read.many else one


async def _shown(loaders: Dataloaders, id_: str) -> Record | None:
    """Load a record of any type, if its type is one that the API shows."""
    record = await loaders.any_by_id(read_id(id_))
    return record if record is not None and record.model in ENTITY_TYPES else None


RESOLVERS: dict[type, Callable[[Any], Resolver]] = {
    Value: _value,
    Made: _made,
    Related: _related,
    Count: _count,
    Page: _page,
    Feed: _page,
    Groups: _groups,
    Totals: _totals,
    ById: _by_id,
    AnyById: _any_by_id,
    TheCaller: _the_caller,
    OfCaller: _of_caller,
}
"""How each kind of read is followed."""
