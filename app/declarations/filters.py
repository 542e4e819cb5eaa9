"""Filters and orders: the input types of lists, made from the columns that an entity shows."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

import strawberry
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.annotation import StrawberryAnnotation
from strawberry.tools import create_type
from strawberry.types.field import StrawberryField

from app.declarations.types import FILTER_TYPES, SCALARS, comment_of, describe_values, filter_type_of, scalar_of
from app.loaders.filtering import Filterable
from app.models import Entity
from app.models.tree import Tree

EQUALITY = ("eq", "ne", "in", "notIn", "isNull")
RANGE = (*EQUALITY, "gt", "gte", "lt", "lte")
WORDS = (*EQUALITY, "contains", "startsWith")

OPERATORS: dict[Any, tuple[str, tuple[str, ...]]] = {
    strawberry.ID: ("IDFilter", EQUALITY),
    str: ("StringFilter", WORDS),
    int: ("IntFilter", RANGE),
    bool: ("BooleanFilter", ("eq", "ne", "isNull")),
    datetime: ("DateTimeFilter", RANGE),
}
"""Name and operators of the filter for each scalar. Other scalars have the operators of RANGE and their own name."""

MEANINGS = {
    "eq": "等于 Equal to",
    "ne": "不等于 Not equal to; holds for null",
    "in": "属于 One of",
    "notIn": "不属于 None of; holds for null",
    "isNull": "为空 Null, or not null",
    "contains": "包含 Contains the text, upper and lower case alike",
    "startsWith": "开头是 Starts with the text",
    "gt": "大于 Greater than",
    "gte": "大于等于 Greater than or equal to",
    "lt": "小于 Less than",
    "lte": "小于等于 Less than or equal to",
}
CONDITIONS = "筛选条件 Conditions on a value; all of them must hold. At least one is needed, and none may be null."
ORDERS = ("id", "path", "code", "name", "created_at", "updated_at")


def _input_field(
    name: str,
    annotation: Any,
    description: str | None,
    default: object = dataclasses.MISSING,
) -> StrawberryField:
    return StrawberryField(
        python_name=f"{name}_",  # some names are keywords of Python
        graphql_name=name,
        type_annotation=StrawberryAnnotation(annotation),
        description=description,
        default=default,
    )


def _optional(name: str, annotation: Any, description: str | None) -> StrawberryField:
    return _input_field(name, annotation | None, description, default=strawberry.UNSET)


@cache
def operators_of(scalar: Any) -> Any:
    """Make the input type that compares values of a scalar or an enum."""
    is_choice = scalar not in SCALARS.values()
    name, operators = OPERATORS.get(scalar, (f"{scalar.__name__.title()}Filter", RANGE))
    if is_choice:
        name, operators = f"{scalar.__name__}Filter", EQUALITY
    value_types = {"isNull": bool, "in": list[scalar], "notIn": list[scalar]}
    fields = [_optional(o, value_types.get(o, scalar), MEANINGS[o]) for o in operators]
    return create_type(name, fields, is_input=True, description=CONDITIONS)


@cache
def personal_operators() -> Any:
    """Make the input type that compares personal data, of whole values only."""
    value_types = {"isNull": bool, "in": list[str], "notIn": list[str]}
    fields = [_optional(o, value_types.get(o, str), MEANINGS[o]) for o in EQUALITY]
    description = (
        "筛选条件 Conditions on personal data; all of them must hold. At least one is needed, and none may be null. "
        "Only whole values are compared. Operators but `isNull` need the capability `pii.read`, because an answer "
        "would reveal what is masked."
    )
    return create_type("PersonalFilter", fields, is_input=True, description=description)


@cache
def filter_of(filterable: Filterable) -> Any:
    """Make the filter input of an entity."""
    model, noun = filterable.model, filterable.model.__name__
    itself = filter_type_of(model)
    parts = {
        "and": (list[itself], "并且 All of these hold"),  # type: ignore[valid-type]
        "or": (list[itself], "或者 One of these holds"),  # type: ignore[valid-type]
        "not": (itself, "取反 This does not hold"),
    }
    if issubclass(model, Tree):
        parts["under"] = (strawberry.ID, "子树 In the subtree of this record, itself included")
    columns = {
        name: (personal_operators() if name in filterable.personal else operators_of(scalar_of(c)), comment_of(c))
        for name, c in filterable.columns.items()
    }
    fields = [_optional(name, made, text) for name, (made, text) in {**columns, **parts}.items()]
    description = (
        f"筛选条件 Conditions on {noun} records; all of them must hold. A member that is null is no condition."
    )
    FILTER_TYPES[model] = create_type(f"{noun}Filter", fields, is_input=True, description=description)
    return FILTER_TYPES[model]


@strawberry.enum(description="排序方向 Direction of an order.")
class Direction(StrEnum):
    """排序方向 Direction of an order."""

    ASC = "ASC"
    DESC = "DESC"


describe_values(Direction, ("升序 Ascending", "降序 Descending"))


def orders_of(model: type[Entity]) -> Mapping[str, InstrumentedAttribute[Any]]:
    """Return the columns that a list may be ordered by, under the names of the enum's values."""
    return {name.upper(): getattr(model, name) for name in ORDERS if hasattr(model, name)}


@cache
def order_of(model: type[Entity]) -> Any:
    """Make the order input of an entity."""
    noun = model.__name__
    orders = orders_of(model)
    columns: Any = StrEnum(f"{noun}OrderField", [(name, name) for name in orders])  # type: ignore[misc]
    description = f"排序字段 The orders of {noun} records."
    choices: Any = strawberry.enum(columns, description=description)
    describe_values(choices, map(comment_of, orders.values()))
    fields = [
        _input_field("field", choices, "排序字段 The column"),
        _input_field("direction", Direction, "排序方向 Ascending by default", default=Direction.ASC),
    ]
    return create_type(f"{noun}Order", fields, is_input=True, description=f"排序 An order of {noun} records.")
