"""Cursor: the opaque mark of a row's place in an order, which a later page starts from."""

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

Place = tuple[object, ...]

READERS: dict[type[TypeEngine[Any]], Callable[[Any], object]] = {
    BigInteger: read_id,
    Text: read_text,
    TIMESTAMP: datetime.fromisoformat,
}
"""How a cursor's value is read back, for the types of the columns that callers may order by."""


def write_cursor(order: Order, place: Place) -> str:
    """Write the cursor of a place."""
    content = orjson.dumps([order.column.key, order.descending, *place])
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_cursor(order: Order, model: type[Entity], cursor: str) -> Place:
    """Read a cursor back; InvalidInputError when it is none, or belongs to another order."""
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        column, descending, *values = orjson.loads(content)
        columns = order.place_of(model)
        place = tuple(READERS[type(c.type)](value) for c, value in zip(columns, values, strict=True))
    except (ValueError, TypeError, InvalidInputError) as error:
        message = "the cursor is not one that this API gave"
        raise InvalidInputError(message) from error
    if [column, descending] != [order.column.key, order.descending]:
        message = "the cursor belongs to another order"
        raise InvalidInputError(message)
    return place
