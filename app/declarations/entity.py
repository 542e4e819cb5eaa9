"""Entity: how a noun's file declares its GraphQL type, one line a field.

A field is declared by what it reads (`app.loaders.reads`); the decorator `entity` binds columns by their names and
makes the Strawberry type. Types, descriptions and arguments follow from the model.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeGuard

import strawberry
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.types.arguments import StrawberryArgument
from strawberry.utils.str_converters import to_camel_case

from app.access.caller import Caller
from app.access.masking import Kind, masked
from app.declarations.arguments import PAGING, argument, integer_argument
from app.declarations.connections import connection_of
from app.declarations.differences import SHOWN, Shown
from app.declarations.field import Field, object_type
from app.declarations.filters import filter_of, order_of
from app.declarations.groups import group_of, grouped_columns
from app.declarations.types import (
    ENTITY_TYPES,
    choice_type,
    filter_type_of,
    order_type_of,
    scalar_of,
    type_of,
)
from app.loaders.arguments import Argument
from app.loaders.disclosures import Disclosure
from app.loaders.edge import Edge, Shape
from app.loaders.edges import by_key, many, model_of
from app.loaders.filtering import FILTERABLE, Computed, Filterable
from app.loaders.order import Order
from app.loaders.reads import FILTER, Count, Made, OfCaller, Page, Read, Related, Value
from app.models import Change, Entity
from app.models.base import Imported, Versioned
from app.models.choice import Choice


@strawberry.interface(
    description="记录 A record of the register. No other record of any type has its id, except in the demo world: the"
    " documents give the ids 1, 2, 8829, 8830, 9104 and 30281 to several records."
)
class Node:
    """The interface of every entity."""

    id: strawberry.ID = strawberry.field(description="编号 Global id, unique over all types")


def column(description: str | None = None) -> Any:
    """Declare the field that shows the model's column of the same name."""
    return Field(Value(()), description=description)


def personal(kind: Kind, *, recorded: bool = False) -> Any:
    """Declare the field that shows the column of the same name, masked for callers who may not read personal data.

    Customers' personal data are `recorded`: every request that shows them unmasked leaves a record.
    """
    return Field(Value((), mask=partial(masked, kind), recorded=recorded))


def of_caller(annotation: Any, description: str, make: Callable[[Caller | None], object]) -> Any:
    """Declare a field whose value `make` computes from the caller."""
    return Field(OfCaller(lambda caller, _: make(caller)), annotation, description)


def of_caller_and_record(
    annotation: Any,
    description: str,
    make: Callable[[Caller | None, Mapping[str, Any] | None], object],
    columns: tuple[InstrumentedAttribute[Any], ...],
    argument: StrawberryArgument,
) -> Any:
    """Declare a field whose value `make` computes from the caller and from columns of the record in `argument`."""
    read = OfCaller(make, by_key(model_of(columns[0])), tuple(column.key for column in columns))
    return Field(read, annotation, description, (argument,))


def computed(
    choice: type[Choice], description: str, make: Callable[[Any], object], column: InstrumentedAttribute[Any]
) -> Any:
    """Declare a field of an enum whose value `make` computes from the value of a column, an enum as well."""
    return Field(Value((column.key,), make), choice_type(choice), description)


def made(
    annotation: Any,
    description: str,
    make: Callable[..., Sequence[object]],
    columns: tuple[InstrumentedAttribute[Any], ...],
    disclose: Callable[..., Sequence[Disclosure]] | None = None,
) -> Any:
    """Declare a field whose value is made from several columns of the record."""
    return Field(Made(tuple(column.key for column in columns), make, disclose), annotation, description)


def related(edge: Edge, description: str, *arguments: Argument) -> Any:
    """Declare the row or the rows that an edge leads to."""
    to_one = edge.shape is Shape.ONE
    annotation = type_of(edge.target) | None if to_one else list[type_of(edge.target)]  # type: ignore[misc]
    limit = (integer_argument("first", "数量 At most this many for each parent; the server allows 100 by default"),)
    taken = _arguments(arguments) + (limit if edge.shape is Shape.MANY else ())
    return Field(Related(edge, arguments), annotation, description, taken)


def collection(edge: Edge, description: str, *arguments: Argument) -> Any:
    """Declare the rows that an edge leads to as a list and, page by page, as a connection.

    It is for edges that may lead to more than a hundred rows. `admins` makes `admins` and `adminsConnection`.
    """
    connection = search(edge, f"{description}, page by page", "排序 In the order of the list by default", *arguments)
    return replace(related(edge, description, *arguments), twin=connection)


def search(edge: Edge, description: str, default_order: str, *arguments: Argument) -> Field:
    """Declare a connection to the rows that an edge leads to, with the filter and the orders of its target.

    The field is nullable: a filter may be refused.
    """
    model = edge.target
    read = Page(edge, arguments, searched=True)
    conditions = argument(FILTER, filter_type_of(model) | None, "筛选条件 Conditions; all records by default")
    order = argument("orderBy", list[order_type_of(model)] | None, default_order)  # type: ignore[misc]
    return Field(read, connection_of(model) | None, description, (*_arguments(arguments), conditions, order, *PAGING))


def count(edge: Edge, description: str, *arguments: Argument) -> Any:
    """Declare the number of rows that an edge leads to."""
    return Field(Count(edge, arguments), int, description, _arguments(arguments))


def exists(edge: Edge, description: str, *arguments: Argument) -> Any:
    """Declare whether an edge leads to any row."""
    return Field(Count(edge, arguments, shown=bool), bool, description, _arguments(arguments))


def page(edge: Edge, description: str, *arguments: Argument, more: tuple[StrawberryArgument, ...] = ()) -> Any:
    """Declare a connection to the rows that an edge leads to, in the order of the edge."""
    conditions = argument(FILTER, filter_type_of(edge.target) | None, "筛选条件 Conditions; all by default")
    taken = (*_arguments(arguments), *more, conditions, *PAGING)
    return Field(Page(edge, arguments), connection_of(edge.target), description, taken)


def _arguments(arguments: tuple[Argument, ...]) -> tuple[StrawberryArgument, ...]:
    return tuple(
        argument(
            each.name,
            scalar_of(each.column) if each.is_needed else scalar_of(each.column) | None,
            each.description,
        )
        for each in arguments
    )


def entity(
    model: type[Entity], ordered_by: frozenset[str] | None = None, exact: frozenset[str] = frozenset()
) -> Callable[[type], type]:
    """Make the GraphQL type of a model from a class whose attributes are declared fields.

    Lists are ordered by all columns that are not personal, unless `ordered_by` names fewer. Texts in `exact` are
    compared as a whole.
    """

    def made(declared: type) -> type:
        fields = {"id": column(), **_own(declared), **_bookkeeping(model)}
        bound = {name: field.bound(model, name) for name, field in fields.items()}
        type_ = object_type(declared, bound, (Node,))
        ENTITY_TYPES[model] = type_
        SHOWN[model.__tablename__] = _shown(model, bound)
        FILTERABLE[model] = replace(_filterable(model, bound), ordered_by=ordered_by, exact=exact)
        filter_of(FILTERABLE[model], {to_camel_case(name): field.description for name, field in bound.items()})
        order_of(FILTERABLE[model])
        group_of(FILTERABLE[model], bound)
        return type_

    return made


def plain_type(declared: type) -> type:
    """Make a GraphQL type that is no record, and so no Node, from a class whose attributes are declared fields."""
    return object_type(declared, _own(declared), ())


def _own(declared: type) -> Mapping[str, Field]:
    """Return the fields that a class declares by name, each list followed by its connection."""
    fields: dict[str, Field] = {}
    for name, field in vars(declared).items():
        if isinstance(field, Field):
            fields |= {name: field} if field.twin is None else {name: field, f"{name}_connection": field.twin}
    return fields


def _filterable(model: type[Entity], fields: Mapping[str, Field]) -> Filterable:
    """Let callers filter by columns that are shown unchanged or masked, by what an enum computes, and by edges."""
    reads = {to_camel_case(name): field.read for name, field in fields.items()}
    values = {name: read for name, read in reads.items() if isinstance(read, Value)}
    columns = {name: getattr(model, read.columns[0]) for name, read in values.items() if read.make is None}
    return Filterable(
        model,
        columns,
        frozenset(name for name in columns if values[name].mask is not None),
        frozenset(name for name in columns if values[name].recorded),
        dict(_computed(model, fields)),
        {name: read.edge for name, read in reads.items() if _leads_on(read)},
        grouped=grouped_columns(model, reads),
    )


def _leads_on(read: Read | None) -> TypeGuard[Related | Page]:
    """Return whether parents may be filtered by the rows of a field: once for a list and its connection."""
    if isinstance(read, Page):
        return not read.searched and read.edge.searchable
    return isinstance(read, Related) and read.is_searchable


def _computed(model: type[Entity], fields: Mapping[str, Field]) -> Iterator[tuple[str, Computed]]:
    for name, field in fields.items():
        if isinstance(field.read, Value) and field.read.make is not None:
            (column,) = field.read.columns
            yield to_camel_case(name), Computed(getattr(model, column), field.read.make, field.annotation)


def _shown(model: type[Entity], fields: Mapping[str, Field]) -> Mapping[str, Shown]:
    """Return how the changes of a record show its columns: as its own fields do."""
    reads = {name: field.read for name, field in fields.items() if isinstance(field.read, Value)}
    return {
        name: Shown(model.__name__, name, read.mask, read.recorded)
        for name, read in reads.items()
        if read.columns == (name,)
    }


def _bookkeeping(model: type[Entity]) -> Mapping[str, Field]:
    """Declare the last fields of every record: version, source, who changed it and when, and all its changes."""
    if not issubclass(model, Versioned):
        return {}
    imported = ("external_id",) if issubclass(model, Imported) else ()
    names = ("version", "source", *imported, "created_at", "created_by", "updated_at", "updated_by")
    return {**{name: column() for name in names}, "history": _history(model)}


def _history(model: type[Entity]) -> Field:
    """Declare the changes of a record. Ids of the documents' examples belong to several records, so the kind counts."""
    changes = many(Change.entity_id, Change.entity == model.__tablename__)
    newest_first = replace(changes, order=Order.by(Change.id, descending=True))
    return search(newest_first, "变更历史 Who changed the record, when and why", "排序 Newest first by default")
