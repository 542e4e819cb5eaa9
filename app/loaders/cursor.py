"""Cursor: an opaque text for the position of a row in an order. Another page can start there."""

import base64
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Boolean, Date, Double, Enum, Float, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeEngine

from app.error_codes import Message
from app.errors import InvalidInputError
from app.loaders.order import Order, Position, Term
from app.loaders.values import read_decimal, read_text
from app.models import Entity

NOT_A_CURSOR = Message(
    "the cursor is not valid; use one that a page of this API returned", "游标无效；请使用本接口分页结果返回的游标"
)
OTHER_ORDER = Message(
    "the cursor belongs to a list with another order; use it with the same `orderBy`",
    "游标属于另一种排序的列表；请使用相同的 `orderBy`",
)


LONGEST_CURSOR = 1 << 17
"""Characters of a cursor that is read: a document may repeat one variable a hundred times. All texts of a record that
lists are ordered by take less: an index bounds the long ones to 2.7 KB."""


def read_whole(bits: int) -> Callable[[Any], int]:
    """Make the reader of whole numbers of some bits."""

    def read(value: object) -> int:
        if type(value) is not int or not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
            raise ValueError(value)
        return value

    return read


def read_exactly(type_: type) -> Callable[[Any], object]:
    """Make the reader of values that JSON keeps as they are."""

    def read(value: object) -> object:
        if type(value) is not type_:
            raise ValueError(value)
        return read_text(value) if type_ is str else value

    return read


def read_moment(value: Any) -> datetime:
    """Read a time, which must have an offset."""
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError(value)
    return time


READERS: dict[type[TypeEngine[Any]], Callable[[Any], object]] = {
    BigInteger: read_whole(64),
    Integer: read_whole(32),
    Text: read_exactly(str),
    Enum: read_exactly(str),
    Boolean: read_exactly(bool),
    Float: read_exactly(float),
    Double: read_exactly(float),
    Numeric: read_decimal,
    Date: date.fromisoformat,
    TIMESTAMP: read_moment,
}
"""How a cursor's value is read back, for the types of columns."""


def write_cursor(order: Order, position: Position) -> str:
    """Write the cursor of a position."""
    content = orjson.dumps([names_of(order), *position], default=str)
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_cursor(order: Order, model: type[Entity], cursor: str) -> Position:
    """Read a cursor back; InvalidInputError when it is not a cursor, or belongs to another order."""
    names, values = parse(cursor)
    if names != names_of(order):
        raise InvalidInputError(OTHER_ORDER)
    try:
        return tuple(value_of(term, value) for term, value in zip(order.deciding(model), values, strict=True))
    except (ValueError, TypeError, ArithmeticError, InvalidInputError) as error:
        raise InvalidInputError(NOT_A_CURSOR) from error


def parse(cursor: str) -> tuple[list[str], list[Any]]:
    """Read the names of the order and the values of a cursor; InvalidInputError when it is none."""
    if len(cursor) > LONGEST_CURSOR:
        raise InvalidInputError(NOT_A_CURSOR)
    try:
        names, *values = orjson.loads(
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        )
        return [f"{name:s}" for name in names], values
    except (ValueError, TypeError) as error:
        raise InvalidInputError(NOT_A_CURSOR) from error


def names_of(order: Order) -> list[str]:
    """Name the columns of an order, each with its direction."""
    return [f"{'-' if term.descending else ''}{term.column.key}" for term in order.terms]


def value_of(term: Term, value: object) -> object:
    """Read the value of a column; ValueError when it is none."""
    if value is None:
        if not term.nullable:
            raise ValueError(value)
        return None
    return READERS[type(term.column.type)](value)
