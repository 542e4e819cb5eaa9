"""Cursor: an opaque text for the position of a row in an order. Another page can start there."""

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeEngine

from app.errors import InvalidInputError
from app.loaders.values import read_id, read_text
from app.loaders.window import Order
from app.models import Entity

Position = tuple[object, ...]

READERS: dict[type[TypeEngine[Any]], Callable[[Any], object]] = {
    BigInteger: read_id,
    Text: read_text,
    TIMESTAMP: datetime.fromisoformat,
}
"""How a cursor's value is read back, for the types of the columns that callers may order by."""


def write_cursor(order: Order, position: Position) -> str:
    """Write the cursor of a position."""
    content = orjson.dumps([order.column.key, order.descending, *position])
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_cursor(order: Order, model: type[Entity], cursor: str) -> Position:
    """Read a cursor back; InvalidInputError when it is not a cursor, or belongs to another order."""
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        column, descending, *values = orjson.loads(content)
        columns = order.columns_of(model)
        position = tuple(READERS[type(c.type)](value) for c, value in zip(columns, values, strict=True))
    except (ValueError, TypeError, InvalidInputError) as error:
        message = "the cursor is not valid; use one that a page of this API returned"
        raise InvalidInputError(message) from error
    if [column, descending] != [order.column.key, order.descending]:
        message = "the cursor belongs to a list with another order; use it with the same `orderBy`"
        raise InvalidInputError(message)
    return position
