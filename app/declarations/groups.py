"""Groups: the type and the columns by which the rows of a connection are counted, made from the fields of an entity."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

import strawberry
from sqlalchemy import Boolean, Enum
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.utils.str_converters import to_camel_case

from app.declarations.field import Field, object_type
from app.declarations.types import GROUP_FIELD_TYPES, GROUP_TYPES, comment_of, describe_values
from app.loaders.counting import COUNT
from app.loaders.edge import Shape
from app.loaders.filtering import Filterable
from app.loaders.links import ByForeignKey
from app.loaders.reads import Read, Related, Value
from app.models import Entity


def grouped_columns(model: type[Entity], reads: Mapping[str, Read | None]) -> Mapping[str, InstrumentedAttribute[Any]]:
    """Return the columns that records are grouped by: enums, booleans and references, none of them personal."""
    referring = {read.edge.parent for read in reads.values() if isinstance(read, Related) and refers(read)}
    shown = (read for read in reads.values() if isinstance(read, Value) and read.make is None and read.mask is None)
    columns = (getattr(model, read.columns[0]) for read in shown)
    return {c.key.upper(): c for c in columns if isinstance(c.type, Enum | Boolean) or c.key in referring}


def refers(read: Related) -> bool:
    """Return whether a read leads from a foreign key of the row to the one record that it names."""
    edge = read.edge
    by_id = isinstance(edge.link, ByForeignKey) and edge.link.key.key == "id"
    return edge.shape is Shape.ONE and edge.keys_in is None and by_id and not (edge.where or read.arguments)


def group_of(filterable: Filterable, fields: Mapping[str, Field]) -> None:
    """Make the type of a group: its number of records, their values, and the records that these name."""
    model, noun = filterable.model, filterable.model.__name__
    _group_field_of(filterable)
    text = f"分组 The {noun} records of a list that have equal values. What is not in `by` is null."
    declared = type(f"{noun}GroupCount", (), {"__doc__": text, "__module__": __name__})
    number = Field(Value((COUNT,)), int, "数量 Number of records")
    shown = {name: field for name, field in fields.items() if _is_shown(filterable, name, field)}
    nullable = {name: replace(field, annotation=field.annotation | None) for name, field in shown.items()}
    GROUP_TYPES[model] = object_type(declared, {COUNT: number, **nullable}, ())


def _group_field_of(filterable: Filterable) -> None:
    """Make the enum of the columns that records are grouped by."""
    model, noun = filterable.model, filterable.model.__name__
    columns: Any = StrEnum(f"{noun}GroupBy", [(name, name) for name in filterable.grouped])  # type: ignore[misc]
    choices: Any = strawberry.enum(columns, description=f"分组字段 The columns that {noun} records are grouped by.")
    describe_values(choices, map(comment_of, filterable.grouped.values()))
    GROUP_FIELD_TYPES[model] = choices


def _is_shown(filterable: Filterable, name: str, field: Field) -> bool:
    """Return whether a group has a field: a column that records are grouped by, or the record that it names."""
    columns = {column.key for column in filterable.grouped.values()}
    if isinstance(field.read, Related):
        return refers(field.read) and field.read.edge.parent in columns
    return to_camel_case(name) in filterable.columns and name in columns
