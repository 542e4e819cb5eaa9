"""Comparisons: the operators of filters as SQL, written so that an index serves them."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, cast

from sqlalchemy import (
    Alias,
    ColumnElement,
    Enum,
    Numeric,
    Table,
    Text,
    and_,
    any_,
    case,
    func,
    literal,
    literal_column,
    null,
    or_,
    true,
)
from sqlalchemy import Column as TableColumn
from sqlalchemy.dialects.postgresql import ARRAY

from app.models.choice import Choice

Condition = ColumnElement[bool]
TRIGRAM = re.compile(r"[^\W_]{3}")
"""Three letters or digits in a row. A trigram index finds no shorter text; PostgreSQL would read the whole index."""


def among(column: ColumnElement[Any], values: Sequence[object]) -> Condition:
    """Return whether a column is one of some values, which are one array parameter."""
    one = Numeric() if type(column.type) is Numeric else column.type  # a precision would round the values
    return column == any_(literal(values, ARRAY(one)))


def like(text: str) -> str:
    """Escape the wildcards of LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def contains(column: ColumnElement[Any], value: str) -> Condition:
    """Return whether a text contains another. For a short one the index of single letters is used, if there is one."""
    part = has_part(column, value)
    if not value or TRIGRAM.search(value) or not has_index(column, "trgm"):
        return part
    if not has_index(column, "letters"):
        return part if len(value) == 1 else without_index(part)
    has_letters_of = letters(column).op("@>", is_comparison=True)(letters(literal(value, Text)))
    if len(value) == 1:
        return has_letters_of
    return and_(has_letters_of, func.lower(column).like(func.lower(f"%{like(value)}%")))  # no trigram index serves it


def without_index(condition: Condition) -> Condition:
    """Return a condition as one that no index serves, and that the planner expects to hold for half of the rows."""
    return case((condition, true()))


def has_part(column: ColumnElement[Any], value: str) -> Condition:
    """Return whether a text contains another.

    Texts without upper and lower case, such as numbers and Chinese names, are compared as they are, which is faster.
    """
    compared = column.like if value.upper() == value.lower() else column.ilike
    return compared(f"%{like(value)}%")


def letters(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the letters of a text, as they are indexed."""
    return func.string_to_array(func.lower(text), null())


def has_index(column: ColumnElement[Any], kind: str) -> bool:
    """Return whether the trigrams or the letters of a column are indexed."""
    name = cast("TableColumn[Any]", column)
    table = cast("Table", name.table.element) if isinstance(name.table, Alias) else name.table
    return any(index.name == f"{table.name}_{name.key}_{kind}_idx" for index in table.indexes)


def equals(column: ColumnElement[Any], value: Any) -> Condition:
    """Return whether a column has a value. A member of an enum is written into the statement: plans depend on it."""
    return column == (literal_column(f"'{value.value}'", column.type) if isinstance(value, Choice) else value)


def differs(column: ColumnElement[Any], value: object) -> Condition:
    """Return whether a column has another value or null, as two ranges: an index cannot serve `<>`."""
    if isinstance(column.type, Enum):
        return among_others(column, [value])
    return or_(between(column, None, value), between(column, value, None), *absent(column))


def is_none_of(column: ColumnElement[Any], values: list[Any]) -> Condition:
    """Return whether a column has none of some values, or null. The database sorts the values of texts."""
    if isinstance(column.type, Enum):
        return among_others(column, values)
    if isinstance(column.type, Text):
        return among(column, values).is_not(true())
    bounds = [None, *sorted(set(values)), None]
    return or_(*(between(column, *gap) for gap in pairwise(bounds)), *absent(column))


def among_others(column: ColumnElement[Any], values: list[object]) -> Condition:
    """Return whether a column has one of the other members of its enum, or none at all."""
    members = cast("Enum", column.type).enum_class or ()
    return or_(among(column, [member for member in members if member not in values]), *absent(column))


def between(column: ColumnElement[Any], low: object, high: object) -> Condition:
    """Return whether a column has a value between two others; None is no bound."""
    above = [] if low is None else [column > literal(low, column.type)]
    below = [] if high is None else [column < literal(high, column.type)]
    return and_(true(), *above, *below)


def absent(column: ColumnElement[Any]) -> list[Condition]:
    """Return whether a column is null, if it may be."""
    return [column.is_(None)] if cast("TableColumn[Any]", column).nullable else []


COMPARISONS: Mapping[str, Callable[[ColumnElement[Any], Any], Condition]] = {
    "eq": equals,
    "ne": differs,
    "in": among,
    "notIn": is_none_of,
    "contains": contains,
    "startsWith": lambda column, value: column.like(f"{like(value)}%"),
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "isNull": lambda column, value: column.is_(None) if value else column.is_not(None),
}
"""What each operator means. `ne` and `notIn` hold for null, which differs from every value."""
