"""Delimited: a table as CSV (RFC 4180) in UTF-8.

The byte order mark tells spreadsheets that it is UTF-8. Without it they read Chinese names in the encoding of the
system.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from app.bulk.exporting.table import Column, Row, text_of
from app.bulk.formulas import harmless


class DelimitedWriter:
    """Writes CSV. Texts that a spreadsheet would run are made harmless (app/bulk/formulas.py)."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._is_number = [column.is_number for column in columns]
        self._begin = codecs.BOM_UTF8 + _lines([[column.name for column in columns]])

    def write(self, rows: Iterable[Row]) -> bytes:
        """Return the lines of some rows; the first call also returns the header."""
        begin, self._begin = self._begin, b""
        return begin + _lines(self._cells(row) for row in rows)

    def end(self) -> Iterator[bytes]:
        """Yield the header, if no row was written."""
        yield self.write(())

    def close(self) -> None:
        """Do nothing: there is no temporary file."""

    def _cells(self, row: Row) -> list[str]:
        cells = zip(row, self._is_number, strict=True)
        return [text_of(value) if is_number else harmless(text_of(value)) for value, is_number in cells]


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
