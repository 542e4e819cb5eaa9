"""Inputs: the `input` of a mutation, made from the dataclass that its service takes and from the columns of the model.

A field of the dataclass is named like a column and takes the column's type and description. A field with a default may
be left out; it then keeps its default.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.tools import create_type
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from app.declarations.types import comment_of, scalar_of
from app.error_codes import Message
from app.errors import InvalidInputError
from app.loaders.values import read_value
from app.models import Entity

Input = TypeVar("Input")

NULL = Message(
    "{field} must not be null; leave it out to keep what is stored", "{field} 不能为 null；不修改时请省略该字段"
)

EXPECTED_VERSION = "expected_version"
"""The field in which a caller repeats the `version` that it has read; every update and delete takes it."""


def input_type(model: type[Entity], shape: type) -> Any:
    """Make the GraphQL input type of a service's dataclass; it has the name of the dataclass with `Input` added."""
    fields = [_field(model, field) for field in dataclasses.fields(shape)]
    return create_type(f"{shape.__name__}Input", fields, is_input=True, description=_first_line(shape))


def read_input(model: type[Entity], shape: type[Input], values: Mapping[str, Any]) -> Input:
    """Read the value of an input as the dataclass; InvalidInputError names the field in its `path`."""
    names = {to_camel_case(field.name): field.name for field in dataclasses.fields(shape)}  # type: ignore[arg-type]
    return shape(**{names[key]: _read(model, names[key], key, value) for key, value in values.items()})


def _read(model: type[Entity], name: str, key: str, value: object) -> object:
    column = model.__table__.c[_column_name(name)]
    if value is None and not column.nullable:
        raise InvalidInputError(NULL, path=(key,), field=key)
    try:
        return read_value(column.type, value)
    except InvalidInputError as error:
        error.path = (key, *error.path)
        raise


def _field(model: type[Entity], field: "dataclasses.Field[Any]") -> StrawberryField:
    column = getattr(model, _column_name(field.name))
    is_optional = field.default is not dataclasses.MISSING
    scalar = scalar_of(column)
    return StrawberryField(
        python_name=field.name,
        type_annotation=StrawberryAnnotation(scalar | None if is_optional else scalar),
        description=VERSION_READ if field.name == EXPECTED_VERSION else comment_of(column),
        default=strawberry.UNSET if is_optional else dataclasses.MISSING,
    )


VERSION_READ = "版本 The `version` that the caller has read; another one is refused with CONFLICT"


def _column_name(field_name: str) -> str:
    return "version" if field_name == EXPECTED_VERSION else field_name


def _first_line(shape: type) -> str:
    return (shape.__doc__ or shape.__name__).strip().split("\n", 1)[0]
