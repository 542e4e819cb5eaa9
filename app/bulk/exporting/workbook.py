"""Workbook: a table as an .xlsx file, by XlsxWriter. Its rows wait on the disk until the last one is written.

Texts are cells of the type text, which no spreadsheet runs, so they need no apostrophe.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter

from app.bulk.exporting.table import Column, Row, text_of
from app.error_codes import Message
from app.errors import InvalidInputError, LimitExceededError

MOST_ROWS = 1_048_575
"""Rows of a sheet below the header."""

LONGEST_CELL = 32_767
"""Characters of a cell."""

MOST_DIGITS = 15
"""Digits of a number that a spreadsheet keeps; a longer one is written as a text."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

SLICE = 1 << 16

TOO_LONG = Message(
    "a text of {length} characters does not fit into a cell of a spreadsheet, which holds {allowed}; ask for CSV",
    "文本有 {length} 个字符，超过电子表格单元格的上限 {allowed}；请改用 CSV",
)

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
REFUSED_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME = 31


class WorkbookWriter:
    """Writes a workbook with one sheet, named `name`."""

    def __init__(self, columns: Sequence[Column], name: str) -> None:
        self._is_number = [column.is_number for column in columns]
        self._folder = tempfile.TemporaryDirectory(prefix="cadastre-export-")
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        self._book = xlsxwriter.Workbook(self._file, {**OPTIONS, "tmpdir": self._folder.name})
        self._sheet = self._book.add_worksheet(REFUSED_IN_NAMES.sub("_", name)[:LONGEST_NAME])
        self._sheet.freeze_panes(1, 0)
        self._row = 0
        for place, column in enumerate(columns):
            self._sheet.write_string(0, place, column.name)

    def write(self, rows: Iterable[Row]) -> bytes:
        """Write rows; there are no bytes to send before the end. RequestError for what no sheet can hold."""
        for row in rows:
            self._row += 1
            if self._row > MOST_ROWS:
                raise LimitExceededError("EXPORT_TOO_LARGE", self._row, MOST_ROWS)
            for place, value in enumerate(row):
                if value is not None:
                    self._write(place, text_of(value))
        return b""

    def end(self) -> Iterator[bytes]:
        """Write the archive and yield its bytes."""
        self._book.close()
        self._file.seek(0)
        while part := self._file.read(SLICE):
            yield part

    def close(self) -> None:
        """Delete the files."""
        self._file.close()
        self._folder.cleanup()

    def _write(self, place: int, text: str) -> None:
        if len(text) > LONGEST_CELL:
            raise InvalidInputError(TOO_LONG, length=len(text), allowed=LONGEST_CELL)
        if self._is_number[place] and NUMBER.fullmatch(text) and len(text.lstrip("-").replace(".", "")) <= MOST_DIGITS:
            self._sheet.write_number(self._row, place, float(text))
        else:
            self._sheet.write_string(self._row, place, text)
