"""Spreadsheet: reading a sheet of an .xlsx file.

workbook.py unpacks the archive within limits, sheet_scan.py says what calamine does not tell, and `python-calamine`
reads the cells.
"""

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import isnan
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from app.bulk.importing.cells import quoted
from app.bulk.importing.records import Record
from app.bulk.importing.sheet_scan import scan
from app.bulk.importing.workbook import sheet_files, unpacked
from app.errors import OperatorError

MOST_DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""

SHEET_NAMES = 5
"""Most names of sheets in a message."""


class SheetFile:
    """A sheet of an .xlsx file; OperatorError when it cannot be read."""

    unit = "row"

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        """Read the sheet named `sheet`, or the first one that is not hidden."""
        parts = unpacked(path)
        try:
            with zipfile.ZipFile(parts) as archive:
                files = sheet_files(archive)
                parts.seek(0)
                book = CalamineWorkbook.from_filelike(parts)
                self.names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
                self.name = _chosen(path, book, self.names, sheet)
                self.scanned = scan(archive.read(files[self.name]))
            self.sheet = book.get_sheet_by_name(self.name)
        except (CalamineError, KeyError, ET.ParseError, expat.ExpatError, zipfile.BadZipFile) as error:
            message = f"the spreadsheet {path} is damaged: {error}"
            raise OperatorError(message) from error

    @property
    def origin(self) -> str:
        """What the file is read as, for the report."""
        others = f", the only sheet of {len(self.names)} that is read" if len(self.names) > 1 else ""
        hidden = f", with {self.scanned.hidden} hidden rows" if self.scanned.hidden else ""
        return f"sheet {quoted(self.name)}{others}{hidden}"

    def records(self) -> Iterator[Record]:
        """Yield each row with its number in the sheet."""
        if self.sheet.start is None:
            return
        first_column = self.sheet.start[1]
        merged = _Merged(self.sheet)
        for row, values in enumerate(self.sheet.iter_rows()):
            problems = {**self.scanned.bad.get(row, {}), **merged.in_row(row)}
            bad = {column - first_column: problem for column, problem in problems.items()} if problems else {}
            yield Record(row + 1, _texts(values, bad), bad=bad)


def _texts(values: Sequence[object], bad: dict[int, str]) -> list[str]:
    """Return the cells of a row as texts; what is wrong with one is added to `bad`."""
    cells: list[str] = []
    for position, value in enumerate(values):
        try:
            cells.append(value if isinstance(value, str) else TEXTS[type(value)](value))
        except ValueError as error:
            bad[position] = str(error)
            cells.append("")
    return cells


def _chosen(path: Path, book: CalamineWorkbook, names: list[str], sheet: str | None) -> str:
    visible = [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
    if sheet is None and names:
        return next((name for name in names if name in visible), names[0])
    if sheet is None or sheet not in names:
        listed = ", ".join(map(quoted, names[:SHEET_NAMES])) or "none"
        message = f"the spreadsheet {path} has no sheet {quoted(sheet or '')}; it has {listed}"
        raise OperatorError(message)
    return sheet


class _Merged:
    """The merged cells of a sheet, row by row."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._ranges = sorted(sheet.merged_cell_ranges or ())
        self._width = sheet.total_width

    def in_row(self, row: int) -> dict[int, str]:
        """Return what is wrong with the columns of a row that are merged; rows are asked in their order."""
        if not self._ranges:
            return {}
        self._ranges = [each for each in self._ranges if each[1][0] >= row]
        problems: dict[int, str] = {}
        for (top, left), (bottom, right) in self._ranges:
            if top > row:
                break
            area = f"{_name(top, left)}:{_name(bottom, right)}"
            problem = f"is part of the merged cells {area}; give each cell its own value"
            problems |= dict.fromkeys(range(left, min(right, self._width) + 1), problem)
        return problems


def _name(row: int, column: int) -> str:
    """Return the name of a cell, such as B5."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _digits(value: float) -> str:
    """Write a number as it was typed: 8829 for 8829.0, and no exponent."""
    if isnan(value):
        message = "is not a number, although the cell is one of numbers; enter it again"
        raise ValueError(message)
    if abs(value) >= 10**MOST_DIGITS:
        message = f"is a number of more than {MOST_DIGITS} digits, which spreadsheets round; enter it as text"
        raise ValueError(message)
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")


def _refuse_time(value: object) -> str:
    message = f"is a date or a time in the spreadsheet ({value}); enter it as text"
    raise ValueError(message)


def _truth(value: object) -> str:
    return str(value).upper()


TEXTS: Mapping[type, Callable[..., str]] = {
    int: _digits,
    float: _digits,
    bool: _truth,
    dt.date: _refuse_time,
    dt.datetime: _refuse_time,
    dt.time: _refuse_time,
    dt.timedelta: _refuse_time,
}
"""How the value of a cell becomes the text that it would be in a CSV file."""
