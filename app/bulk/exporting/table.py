"""Table: the columns of an export, and its values as texts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

import orjson

Row = Sequence[object]
"""The values of a row, one for each column."""

SEPARATOR = ";"
"""What separates the values of a list in one cell."""


class Column(NamedTuple):
    """A column of an export: its name, and whether its values are numbers."""

    name: str
    is_number: bool = False


class TableWriter(Protocol):
    """Writes a table row by row; what it holds in memory does not grow with the number of rows."""

    def write(self, rows: Iterable[Row]) -> bytes:
        """Write rows, and return the bytes that can be sent by now."""

    def end(self) -> Iterator[bytes]:
        """Write the end of the table, and yield the bytes that are left."""

    def close(self) -> None:
        """Delete temporary files."""


def text_of(value: object) -> str:
    """Return a value as the text of a cell: empty for null, as in the answers of GraphQL for all others."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return SEPARATOR.join(map(text_of, value))
    return orjson.dumps(value).decode().strip('"')
