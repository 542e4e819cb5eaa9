"""Cells: the parsers of the values of a file, and how messages quote a value.

Only ASCII digits are digits: Python's `int` and `str.isdigit` would also take "８", "²" and "1_000".
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from app.models.choice import Choice
from app.services.identity import normalised
from app.services.texts import BLANKS, LONGEST_TEXT, composed, describe, is_blank, refused_character

Parser = Callable[[str], str | None]
"""Returns the value to store, None for an empty cell; ValueError says what is wrong with the cell."""

LONGEST_QUOTE = 40

SEPARATOR = ";"
"""What separates the values of a list in one cell."""

SMALLEST_REFUSED_NUMBER = 10**12
"""The columns of areas and amounts hold twelve digits before the point, and round to two behind it."""


def name(cell: str) -> str | None:
    """Return a text in Unicode's composed form (NFC), with the blanks around it."""
    if len(cell) > LONGEST_TEXT:
        message = f"is {len(cell)} characters long, at most {LONGEST_TEXT} are allowed"
        raise ValueError(message)
    if not (cell.isascii() and cell.isprintable()):
        found = refused_character(cell)
        if found:
            message = f"contains {describe(found)}: {quoted(cell)}"
            raise ValueError(message)
        cell = composed(cell)
    return None if is_blank(cell) else cell


def key(cell: str) -> str | None:
    """Return an id of another system: a text without the blanks around it, no-break spaces included."""
    value = cell.strip()
    return name(value if value.isascii() else value.strip(BLANKS).strip())


def matching(pattern: str, what: str, advice: str = "") -> Parser:
    """Return a parser of cells that match `pattern`, without the blanks around them; errors end with `advice`."""
    fits = re.compile(pattern).fullmatch

    def parse(cell: str) -> str | None:
        value = key(cell)
        if value and not fits(value):
            message = f"is not {what}: {quoted(cell)}{advice}"
            raise ValueError(message)
        return value

    return parse


def one_of(choices: Iterable[Choice], others: Mapping[str, Choice] | None = None) -> Parser:
    """Return a parser of an enumeration's members, written as name, legacy code or Chinese term.

    `others` are more terms of the documents.
    """
    members = tuple(choices)
    known: dict[str, str | None] = {
        "": None,
        **{str(spelling): member.value for member in members for spelling in (member.chinese, member.code, member)},
        **{term: member.value for term, member in (others or {}).items()},
    }
    listed = ", ".join(f"{member} {member.chinese}" for member in members)

    def parse(cell: str) -> str | None:
        try:
            return known[cell]
        except KeyError:
            value = key(cell) or ""
        value = value.upper() if value.isascii() else value
        if value not in known:
            message = f"is unknown: {quoted(cell)} (known: {listed})"
            raise ValueError(message)
        return known[value]

    return parse


def decimal(what: str) -> Parser:
    """Return a parser of numbers with a point; a comma counts as one where it cannot separate thousands."""

    def parse(cell: str) -> str | None:
        value = key(cell)
        if value is None:
            return None
        number = value.replace(",", ".")
        if not _DECIMAL.fullmatch(value) or round(Decimal(number), 2) >= SMALLEST_REFUSED_NUMBER:
            message = f"is not {what} (such as 89.5): {quoted(cell)}"
            raise ValueError(message)
        return number

    return parse


def boolean(cell: str) -> str | None:
    """Return true or false, of the words that spreadsheets and the documents have for them."""
    value = key(cell)
    if value is None:
        return None
    found = BOOLEANS.get(value.casefold())
    if found is None:
        message = f"is neither true nor false: {quoted(cell)}"
        raise ValueError(message)
    return found


def day(cell: str) -> str | None:
    """Return a date, such as 1993-07-28."""
    value = key(cell)
    try:
        return None if value is None else read_day(value)
    except ValueError:
        message = f"is not a date such as 1993-07-28: {quoted(cell)}"
        raise ValueError(message) from None


def read_day(value: str) -> str:
    """Return the date that a text is; ValueError when it is none."""
    if not _DAY.fullmatch(value):
        raise ValueError(value)
    return date.fromisoformat(value).isoformat()


def moment(cell: str) -> str | None:
    """Return a time with its offset, such as 2016-06-16T10:00:00+08:00."""
    value = key(cell)
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        message = f"is not a time with its offset such as 2016-06-16T10:00:00+08:00: {quoted(cell)}"
        raise ValueError(message)
    return read.isoformat()


def number(cell: str) -> str | None:
    """Return the number of a document or of a phone: without blanks, in upper case. Errors do not quote it."""
    try:
        value = key(cell)
    except ValueError:
        message = "contains characters that no number has, or too many"
        raise ValueError(message) from None
    return None if value is None else normalised(value)


def listed(each: Parser) -> Parser:
    """Return a parser of several values, separated by semicolons."""

    def parse(cell: str) -> str | None:
        values = [value for part in cell.split(SEPARATOR) if (value := each(part))]
        return SEPARATOR.join(dict.fromkeys(values)) or None

    return parse


def quoted(value: str) -> str:
    """Return a value in quotation marks for a message of one line; `repr` shows unusual blanks. A long value is cut."""
    return repr(value if len(value) <= LONGEST_QUOTE else value[:LONGEST_QUOTE] + "…")


BOOLEANS = {
    **dict.fromkeys(("true", "1", "yes", "是"), "true"),
    **dict.fromkeys(("false", "0", "no", "否"), "false"),
}

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,30}|,[0-9]{1,2})?")

area, amount = decimal("an area"), decimal("an amount")
small_number = matching(r"-?[0-9]{1,9}", "a whole number")
register_id = matching(r"0*[1-9][0-9]{0,17}", "an id (a positive whole number)")
code = matching(
    r"[0-9]{1,2000}",
    "a code of the register (digits)",
    "; the codes of another system belong in external_id, or are left out by --ignore-columns",
)
