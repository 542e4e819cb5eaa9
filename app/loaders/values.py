"""Values: what callers send is converted to what the database stores, or refused with InvalidInputError."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import BigInteger, Numeric, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeEngine

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.base import LARGEST_ID

MOST_DIGITS = 100
LONGEST_QUOTE = 40  # characters; an id has at most 19

NOT_AN_ID = Message(
    f"{{value}} is not an id: ids are whole numbers from 1 to {LARGEST_ID}",
    f"{{value}} 不是有效的编号：编号是 1 到 {LARGEST_ID} 的整数",
)
NUL = Message("a text must not contain the character NUL", "文本不能包含空字符（NUL）")
SURROGATE = Message("a text must not contain half of a surrogate pair", "文本包含不完整的字符")
NUMBER = Message(
    f"a number must be finite and have at most {MOST_DIGITS} digits before and after the point",
    f"数值必须有限，小数点前后各不超过 {MOST_DIGITS} 位",
)
TIME = Message("a time must lie in the years 1 to 9999 in UTC", "时间必须在公元 1 年至 9999 年之间（UTC）")
TOO_LONG = Message(
    "the texts of the filter {filter!r} have {found} characters, at most {allowed} are allowed",
    "筛选条件 {filter} 的文本共 {found} 个字符，上限 {allowed}",
)
MOST_CHARACTERS = 100_000
"""Characters of the texts of one comparison: a document may repeat one variable a hundred times."""


def read_id(value: object) -> int:
    """Read an id: a whole number from 1 to 2^63 - 1, written in decimal without sign or leading zero."""
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or text[0] == "0" or len(text) > len(str(LARGEST_ID)):
        raise _not_an_id(text)
    if int(text) > LARGEST_ID:
        raise _not_an_id(text)
    return int(text)


def read_text(value: object) -> str:
    """Read a text; PostgreSQL stores neither NUL nor half of a surrogate pair."""
    text = str(value)
    if "\x00" in text:
        raise InvalidInputError(NUL)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(SURROGATE) from error
    return text


def read_decimal(value: object) -> Decimal:
    """Read a number, and refuse a very long one: PostgreSQL would fail on numbers that are far longer still."""
    number = Decimal(str(value))
    digits, exponent = number.as_tuple().digits, number.as_tuple().exponent
    if not isinstance(exponent, int) or max(-exponent, len(digits) + exponent) > MOST_DIGITS:
        raise InvalidInputError(NUMBER)
    return number


def read_time(value: object) -> datetime:
    """Read a time as UTC, because PostgreSQL reads no zones of 16 hours and more."""
    time = cast("datetime", value)  # GraphQL has read it, with its offset
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInputError(TIME) from error


def _not_an_id(text: str) -> InvalidInputError:
    quoted = repr(text)
    shortened = quoted if len(quoted) <= LONGEST_QUOTE else f"{quoted[:LONGEST_QUOTE]}..."
    return InvalidInputError(NOT_AN_ID, value=shortened)


READERS: dict[type[TypeEngine[Any]], Callable[[object], object]] = {
    BigInteger: read_id,
    Text: read_text,
    Numeric: read_decimal,
    TIMESTAMP: read_time,
}
"""How a value for a column is read; GraphQL has already checked the values of other types."""


def read_value(type_: TypeEngine[Any], value: object) -> object:
    """Read a value, or each value of a list, for a column of a type."""
    reader = READERS.get(type(type_))
    if reader is None or isinstance(value, bool):
        return value
    return [reader(item) for item in value] if isinstance(value, list) else reader(value)


def refuse_long(name: str, value: Any) -> None:
    """Refuse texts that no record has: comparing them would take seconds."""
    found = sum(len(text) for text in (value if isinstance(value, list) else [value]) if isinstance(text, str))
    if found > MOST_CHARACTERS:
        raise InvalidInputError(TOO_LONG, filter=name, found=found, allowed=MOST_CHARACTERS)
