"""Scalars: how dates, times and decimal numbers are read and written.

Only ASCII digits are read; Python's own parsers also take `１００` and `1_000`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from graphql import FloatValueNode, GraphQLError, IntValueNode, StringValueNode, ValueNode, print_ast
from strawberry.types.scalar import ScalarDefinition

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
TIME = re.compile(rf"{DATE.pattern}[Tt ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]+)?)?")
DATE_TIME = re.compile(rf"{TIME.pattern}([Zz]|[+-][0-9]{{2}}:[0-9]{{2}})")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,9})?")

LONGEST_QUOTE = 40
"""The most characters of a wrong value that an error quotes."""


def read_date(text: str) -> date:
    """Read a date (RFC 3339, `full-date`); ValueError when it is none."""
    if not DATE.fullmatch(text):
        message = "write the year, the month and the day, such as 2021-01-31"
        raise ValueError(message)
    return date.fromisoformat(text)


def read_date_time(text: str) -> datetime:
    """Read a time with its offset from UTC (RFC 3339, `date-time`; seconds may be left out); ValueError otherwise."""
    if TIME.fullmatch(text):
        message = f"add the offset from UTC, such as {text}+08:00 in China, or {text}Z for UTC"
        raise ValueError(message)
    if not DATE_TIME.fullmatch(text):
        message = "write the date, the time and the offset from UTC, such as 2021-01-31T12:00:00+08:00"
        raise ValueError(message)
    return datetime.fromisoformat(text.upper())


def read_decimal(text: str) -> Decimal:
    """Read a decimal number, written like a number of JSON (RFC 8259, 6); ValueError when it is none."""
    if not NUMBER.fullmatch(text):
        message = "write digits with a point, such as 89.50"
        raise ValueError(message)
    return Decimal(text)


@dataclass(frozen=True)
class Reader:
    """Reads the values of a scalar: JSON values of variables, and literals. A decimal may also be a number."""

    name: str
    read: Callable[[str], Any]
    takes_numbers: bool = False

    def value(self, value: object) -> Any:
        """Read the value of a variable; GraphQLError when it is not of the scalar."""
        is_number = self.takes_numbers and isinstance(value, int | float) and not isinstance(value, bool)
        return self._read(str(value), is_readable=is_number or isinstance(value, str))

    def literal(self, node: ValueNode, _variables: object = None) -> Any:
        """Read a literal; GraphQLError, which has its location, when it is not of the scalar."""
        is_number = self.takes_numbers and isinstance(node, IntValueNode | FloatValueNode)
        is_text = isinstance(node, StringValueNode)
        text = node.value if isinstance(node, StringValueNode) else print_ast(node)
        return self._read(text, node, is_readable=is_number or is_text)

    def _read(self, text: str, node: ValueNode | None = None, *, is_readable: bool) -> Any:
        try:
            if is_readable:
                return self.read(text)
            reason = "write it as a string"
        except ValueError as error:
            reason = str(error)
        message = f"{quoted(text)} is not a {self.name}: {reason}"
        raise GraphQLError(message, node)


def quoted(text: str) -> str:
    """Return a text in quotation marks for a message, cut when long."""
    return repr(text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}...")


def _scalar(reader: Reader, origin: type, write: Callable[[Any], str], specified: str, description: str) -> Any:
    return ScalarDefinition(
        name=reader.name,
        description=description,
        specified_by_url=specified,
        serialize=write,
        parse_value=reader.value,
        parse_literal=reader.literal,
        origin=origin,
    )


SCALARS: dict[object, ScalarDefinition] = {
    date: _scalar(
        Reader("Date", read_date),
        date,
        date.isoformat,
        "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        "日期 A date without a time, such as `2021-01-31` (`full-date` of RFC 3339).",
    ),
    datetime: _scalar(
        Reader("DateTime", read_date_time),
        datetime,
        datetime.isoformat,
        "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        "时间 A time with its offset from UTC, such as `2021-01-31T12:00:00+08:00` (`date-time` of RFC 3339). Answers "
        "are in UTC. A time without an offset is refused.",
    ),
    Decimal: _scalar(
        Reader("Decimal", read_decimal, takes_numbers=True),
        Decimal,
        str,
        "https://www.rfc-editor.org/rfc/rfc8259#section-6",
        '小数 A decimal number without rounding, written as a string like a number of JSON, such as `"89.50"`. Numbers '
        "are read as well.",
    ),
}
"""The scalars by the Python type of their values."""
