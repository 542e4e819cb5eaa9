"""Building: one generated function for each selection set, from rows to the dicts of the answer.

A row is a tuple whose first value is its parent's key. The function unpacks it and writes a dict display, so that a
leaf costs one local variable and no call unless its value must be converted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.db.exchange import Row

Build = Callable[[list[Row]], list[dict[str, Any]]]

CONVERSIONS = {
    "ID": "str({})",
    "Decimal": "str({})",
    "String": "{}",
    "Int": "{}",
    "Float": "{}",
    "Boolean": "{}",
    "Date": "{}",
    "DateTime": "{}",
}
"""Code that turns a column's value into what orjson writes as the scalar; dates and times orjson writes by itself."""


class UnplannableError(Exception):
    """The plan cannot express something; graphql-core runs the query instead. The message says what it was."""


@dataclass
class Columns:
    """The columns that one statement selects, each once; the key of the parent stands before them."""

    names: list[str] = field(default_factory=list)

    def place(self, name: str) -> int:
        """Give the place of a column in a row, adding it when it is not selected yet."""
        if name not in self.names:
            self.names.append(name)
        return self.names.index(name) + 1


def converted(code: str, scalar: str, *, nullable: bool) -> str:
    """Write the conversion of a value to a scalar; UnplannableError for a scalar that has no conversion."""
    if scalar not in CONVERSIONS:
        message = f"the scalar {scalar}"
        raise UnplannableError(message)
    conversion = CONVERSIONS[scalar].format(code)
    return f"None if {code} is None else {conversion}" if nullable and conversion != code else conversion


def make_build(entries: dict[str, str], columns: Columns, names: dict[str, object]) -> Build:
    """Make the function of a selection set from the code of each of its fields; `names` are what the code calls."""
    unpacked = ", ".join(["_", *(variable(place + 1) for place in range(len(columns.names)))])
    display = ", ".join(f"{key!r}: {code}" for key, code in entries.items())
    source = f"def build(rows):\n    return [{{{display}}} for {unpacked}, in rows]\n"
    exec(compile(source, "<selection set>", "exec"), names)  # noqa: S102 - response keys are GraphQL names, quoted
    return names["build"]  # type: ignore[return-value]


def variable(place: int) -> str:
    """Name the local variable of a place in a row."""
    return f"c{place}"
