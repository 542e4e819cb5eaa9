"""Types: which GraphQL type a column has, and the types of entities by their models."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import strawberry
from sqlalchemy import BigInteger, Boolean, Date, Double, Enum, Float, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine
from strawberry.types.lazy_type import LazyType

from app.models import Entity
from app.models.choice import Choice

SCALARS: dict[type[TypeEngine[Any]], Any] = {
    BigInteger: strawberry.ID,
    Text: str,
    Integer: int,
    Boolean: bool,
    Numeric: Decimal,
    Float: float,
    Double: float,
    Date: date,
    TIMESTAMP: datetime,
}
"""The GraphQL type of each column type. 64-bit numbers are ids, or as large as ids, and are shown as ID."""

Registry = dict[type[Entity], type]

ENTITY_TYPES: Registry = {}
"""The object types of entities by model; a noun's file adds its own when it is imported."""

FILTER_TYPES: Registry = {}
"""The filter inputs of entities by model."""


ORDER_TYPES: Registry = {}
"""The order inputs of entities by model."""

GROUP_TYPES: Registry = {}
"""The groups of the connections of entities by model."""

GROUP_FIELD_TYPES: Registry = {}
"""The enums of the columns that entities are grouped by, by model."""


@dataclass(frozen=True)
class LaterType(LazyType[Any, Any]):
    """A type that is looked up when the schema is made, so that nouns may refer to each other in any order."""

    model: type[Entity] | None = None
    registry: Registry | None = field(default=None, hash=False)

    def resolve_type(self) -> type[Any]:
        """Look the type up; KeyError before it is registered."""
        if self.model is None or self.registry is None:
            raise KeyError(self.type_name)
        return self.registry[self.model]


def type_of(model: type[Entity]) -> LaterType:
    """Refer to the object type of a model."""
    return LaterType("entity", __name__, None, model, ENTITY_TYPES)


def filter_type_of(model: type[Entity]) -> LaterType:
    """Refer to the filter input of a model."""
    return LaterType("filter", __name__, None, model, FILTER_TYPES)


def order_type_of(model: type[Entity]) -> LaterType:
    """Refer to the order input of a model."""
    return LaterType("order", __name__, None, model, ORDER_TYPES)


def group_type_of(model: type[Entity]) -> LaterType:
    """Refer to the groups of a model."""
    return LaterType("group", __name__, None, model, GROUP_TYPES)


def group_field_type_of(model: type[Entity]) -> LaterType:
    """Refer to the columns that a model is grouped by."""
    return LaterType("group_field", __name__, None, model, GROUP_FIELD_TYPES)


def scalar_of(column: InstrumentedAttribute[Any]) -> Any:
    """Return the GraphQL type of a column's values, as if they were never null."""
    if isinstance(column.type, Enum):
        return choice_type(column.type.enum_class)  # type: ignore[arg-type]
    return SCALARS[type(column.type)]


def annotation_of(column: InstrumentedAttribute[Any]) -> Any:
    """Return the GraphQL type of a column, null included where the column may be null."""
    nullable = column.class_.__table__.c[column.key].nullable
    return scalar_of(column) | None if nullable else scalar_of(column)


def comment_of(column: InstrumentedAttribute[Any]) -> str | None:
    """Return the comment of a column, which documents it."""
    comment: str | None = column.class_.__table__.c[column.key].comment
    return comment


def choice_type(choice: type[Choice]) -> Any:
    """Make a GraphQL enum of a choice, each value described with its Chinese term and its legacy code."""
    if not hasattr(choice, "__strawberry_definition__"):
        strawberry.enum(choice, description=_first_line(choice))
        describe_values(choice, (member.description for member in choice))
    return choice


def describe_values(enum: Any, descriptions: Iterable[str | None]) -> None:
    """Describe the values of a GraphQL enum, in their order."""
    for value, description in zip(enum.__strawberry_definition__.values, descriptions, strict=True):
        value.description = description


def _first_line(choice: type[Choice]) -> str:
    return (choice.__doc__ or choice.__name__).strip().split("\n", 1)[0]
