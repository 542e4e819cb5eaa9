"""Inputs: the `input` of a mutation, made from the dataclass that its service takes and from the columns of the model.

A field of the dataclass is named like a column and takes the column's type and description, or names another column in
its metadata. A tuple of ids becomes a list. A field with a default may be left out; it then keeps its default.
"""

import dataclasses
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, cached_property, partial
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import strawberry
from sqlalchemy import Enum, Numeric, Text
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.annotation import StrawberryAnnotation
from strawberry.tools import create_type
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from app.declarations.types import comment_of, scalar_of
from app.error_codes import Message
from app.errors import InvalidInputError
from app.loaders.values import read_value
from app.models import Entity
from app.services.numbers import check_number
from app.services.texts import check_text, composed
from app.services.write import COLUMN, NOTE

Input = TypeVar("Input")

NULL = Message(
    "{field} must not be null; leave it out to keep what is stored", "{field} 不能为 null；不修改时请省略该字段"
)

LEFT_OUT = Message("{field} is missing; send null for none", "缺少 {field}；没有时请填写 null")

MOST_ITEMS = 1_000
TOO_MANY = Message(
    "{field} has {number} items; at most {allowed} are allowed", "{field} 有 {number} 项，最多 {allowed} 项"
)

EXPECTED_VERSION = "expected_version"
"""The field in which a caller repeats the `version` that it has read; every update and delete takes it."""

VERSION_READ = (
    "版本 The `version` that the caller has read; another one is refused with CONFLICT. Left out, it is not compared"
)


@dataclasses.dataclass(frozen=True)
class InputField:
    """A field of an input: its column or, without one, its type; whether it is a list or may be left out or null."""

    name: str
    column: InstrumentedAttribute[Any] | None
    plain: type
    """The type of a field that is no column: bool for an option, str for a password."""
    is_list: bool
    is_optional: bool
    is_nullable: bool
    description: str | None

    @property
    def annotation(self) -> Any:
        """The GraphQL type."""
        scalar = self.plain if self.column is None else scalar_of(self.column)
        whole = list[scalar] if self.is_list else scalar  # type: ignore[valid-type]
        return whole | None if self.is_optional or self.is_nullable else whole

    def strawberry_field(self) -> StrawberryField:
        """Make the Strawberry field."""
        return StrawberryField(
            python_name=self.name,
            type_annotation=StrawberryAnnotation(self.annotation),
            description=self.description,
            default=strawberry.UNSET if self.is_optional or self.is_nullable else dataclasses.MISSING,
        )

    def read(self, value: object) -> object:
        """Read a value; InvalidInputError names the field in its `path`."""
        try:
            return self._checked_null() if value is None else self._checked(value)
        except InvalidInputError as error:
            error.path = (self.name, *error.path)
            raise

    def _checked_null(self) -> object:
        if not self.is_nullable:
            raise InvalidInputError(NULL, field=to_camel_case(self.name))
        return None

    def _checked(self, value: Any) -> object:
        if self.column is None:
            return value
        if not isinstance(value, list):
            return self._read_item(value)
        if len(value) > MOST_ITEMS:
            field = to_camel_case(self.name)
            raise InvalidInputError(TOO_MANY, field=field, number=len(value), allowed=MOST_ITEMS)
        return tuple(dict.fromkeys(self._read_item(item) for item in value))

    @cached_property
    def _read_item(self) -> Callable[[Any], object]:
        """The function that reads a value of the column; it is chosen once, not for each of many inputs."""
        column: Any = self.column
        for kind, reader in READERS.items():
            if isinstance(column.type, kind):
                return partial(reader, column.key, column.type)
        return partial(read_value, column.type)


def _read_choice(_key: str, type_: Any, value: object) -> object:
    return type_.enum_class(value)


def _read_text(key: str, type_: Text, value: object) -> object:
    read = read_value(type_, value)
    if isinstance(read, str):
        read = composed(read)
        check_text(key, read)
    return read


def _read_number(_key: str, type_: Numeric[Any], value: object) -> object:
    read = read_value(type_, value)
    if isinstance(read, Decimal):
        check_number(type_, read)
    return read


READERS: Mapping[type, Callable[[str, Any, object], object]] = {
    Enum: _read_choice,
    Text: _read_text,
    Numeric: _read_number,
}
"""How a value is read for a column with a key and a type, where its type has rules of its own."""


@cache
def input_type(model: type[Entity], shape: type) -> Any:
    """Make the GraphQL input type of a service's dataclass; it has the name of the dataclass with `Input` added."""
    fields = [field.strawberry_field() for field in fields_of(model, shape).values()]
    return create_type(f"{shape.__name__}Input", fields, is_input=True, description=first_line(shape))


def read_input(model: type[Entity], shape: type[Input], values: Mapping[str, Any]) -> Input:
    """Read the value of an input as the dataclass; InvalidInputError names the field in its `path`."""
    fields = fields_of(model, shape)  # type: ignore[arg-type] # a class is hashable
    for key, field in fields.items():
        if key not in values and not field.is_optional:  # GraphQL lets it be left out, because it may be null
            raise InvalidInputError(LEFT_OUT, path=(field.name,), field=key)
    return shape(**{fields[key].name: fields[key].read(value) for key, value in values.items()})


@cache
def fields_of(model: type[Entity], shape: type) -> Mapping[str, InputField]:
    """Return the fields of an input by their names in GraphQL."""
    hints = get_type_hints(shape)
    return {to_camel_case(field.name): _field(model, field, hints[field.name]) for field in dataclasses.fields(shape)}


def _field(model: type[Entity], field: "dataclasses.Field[Any]", hint: Any) -> InputField:
    name = "version" if field.name == EXPECTED_VERSION else field.name
    is_column = NOTE not in field.metadata or COLUMN in field.metadata
    column = (field.metadata.get(COLUMN) or getattr(model, name)) if is_column else None
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    described = field.metadata.get(NOTE) or (None if column is None else comment_of(column))
    return InputField(
        field.name,
        column,
        str if str in kinds else bool,
        is_list=any(get_origin(kind) is tuple for kind in kinds),
        is_optional=field.default is not dataclasses.MISSING,
        is_nullable=type(None) in kinds,
        description=VERSION_READ if field.name == EXPECTED_VERSION else described,
    )


def first_line(shape: type) -> str:
    """Return the first line of a dataclass's docstring, which describes the input."""
    return (shape.__doc__ or shape.__name__).strip().split("\n", 1)[0]
