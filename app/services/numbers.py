"""Numbers: the rule for the decimal numbers of records."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Numeric

from app.error_codes import Message
from app.errors import InvalidInputError

TOO_EXACT = Message(
    "a number has at most {before} digits before the point and {after} behind it",
    "数值小数点前最多 {before} 位，小数点后最多 {after} 位",
)


def check_number(type_: Numeric[Any], number: Decimal) -> None:
    """Refuse a number that the column would round or could not hold: InvalidInputError."""
    if type_.precision is None or type_.scale is None:
        return
    units = Fraction(number) * 10**type_.scale
    if units.denominator != 1 or abs(units) >= 10**type_.precision:
        raise InvalidInputError(TOO_EXACT, before=type_.precision - type_.scale, after=type_.scale)
