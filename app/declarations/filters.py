"""Filters and orders: the input types of lists, made from the columns that an entity shows."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.tools import create_type
from strawberry.types.field import StrawberryField

from app.declarations.types import (
    FILTER_TYPES,
    ORDER_TYPES,
    SCALARS,
    comment_of,
    describe_values,
    filter_type_of,
    scalar_of,
)
from app.loaders.edge import Edge, Shape
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
QUANTIFIED = {"some": "存在 At least one", "none": "不存在 None", "every": "全部 All, of which there may be none"}


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
def text_operators(name: str, operators: tuple[str, ...], description: str) -> Any:
    """Make an input type that compares texts by some operators."""
    value_types = {"isNull": bool, "in": list[str], "notIn": list[str]}
    fields = [_optional(o, value_types.get(o, str), MEANINGS[o]) for o in operators]
    return create_type(name, fields, is_input=True, description=description)


WHOLE = f"{CONDITIONS} Only whole values are compared."

PERSONAL = (
    "筛选条件 Conditions on personal data; all of them must hold. At least one is needed, and none may be null. "
    "Operators but `isNull` need the capability `pii.read`, because an answer "
    "would reveal what is masked."
)


def column_operators(filterable: Filterable, name: str) -> Any:
    """Return the input type that compares a column of an entity."""
    if name in filterable.personal:
        return text_operators("PersonalFilter", WORDS, PERSONAL)
    if name in filterable.exact:
        return text_operators("ExactFilter", EQUALITY, WHOLE)
    return operators_of(scalar_of(filterable.columns[name]))


def rows_of(edge: Edge) -> Any:
    """Return the input type that filters by the row or the rows that an edge leads to."""
    return filter_type_of(edge.target) if edge.shape is Shape.ONE else quantified(edge.target)


@cache
def quantified(model: type[Entity]) -> Any:
    """Make the input type that says how many rows of an edge fulfil a filter."""
    noun = model.__name__
    fields = [_optional(name, filter_type_of(model), text) for name, text in QUANTIFIED.items()]
    description = (
        f"筛选条件 Conditions on all {noun} records that belong to a record and that the caller may see. At least one "
        "is needed, and none may be null."
    )
    return create_type(f"{noun}ListFilter", fields, is_input=True, description=description)


def filter_of(filterable: Filterable, texts: Mapping[str, str | None]) -> Any:
    """Make the filter input of an entity; `texts` describe its members by their names."""
    model, noun = filterable.model, filterable.model.__name__
    itself = filter_type_of(model)
    parts = {
        "and": (list[itself], "并且 All of these hold"),  # type: ignore[valid-type]
        "or": (list[itself], "或者 One of these holds"),  # type: ignore[valid-type]
        "not": (itself, "取反 This does not hold"),
    }
    if issubclass(model, Tree):
        parts["under"] = (strawberry.ID, "子树 In the subtree of this record, itself included")
        parts["underCode"] = (str, "编码子树 In the subtree of a record with this code, itself included")
    columns = {name: column_operators(filterable, name) for name in filterable.columns}
    computed = {name: operators_of(each.choice) for name, each in filterable.computed.items()}
    edges = {name: rows_of(edge) for name, edge in filterable.edges.items()}
    members = {name: (made, texts[name]) for name, made in {**columns, **computed, **edges}.items()}
    fields = [_optional(name, made, text) for name, (made, text) in {**members, **parts}.items()]
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


def order_of(filterable: Filterable) -> Any:
    """Make the order input of an entity."""
    model, orders = filterable.model, filterable.orders
    noun = model.__name__
    columns: Any = StrEnum(f"{noun}OrderField", [(name, name) for name in orders])  # type: ignore[misc]
    choices: Any = strawberry.enum(columns, description=f"排序字段 The columns that {noun} records are ordered by.")
    describe_values(choices, map(comment_of, orders.values()))
    fields = [
        _input_field("field", choices, "排序字段 The column"),
        _input_field("direction", Direction, "排序方向 Ascending by default", default=Direction.ASC),
    ]
    description = f"排序 An order of {noun} records. Null stands last; the id decides among equal values."
    ORDER_TYPES[model] = create_type(f"{noun}Order", fields, is_input=True, description=description)
    return ORDER_TYPES[model]
