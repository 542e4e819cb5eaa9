"""Sheet scan: what the XML of a sheet tells and python-calamine does not.

These are its extent, hidden rows, formulas that were never calculated, and errors; the last two have no value there.
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple
from xml.parsers import expat

from app.bulk.importing.cells import quoted
from app.errors import OperatorError

MOST_CELLS = 20_000_000
"""Most cells of the rectangle that a sheet covers, which calamine holds in memory."""

MOST_MERGES = 10_000


class SheetScan(NamedTuple):
    """What the XML of a sheet tells besides the values."""

    bad: Mapping[int, Mapping[int, str]]
    """What is wrong with which cells, by row and column; both count from 0."""

    hidden: int
    """The number of hidden rows."""


def scan(archive: zipfile.ZipFile, part: str) -> SheetScan:
    """Scan the XML of a sheet. expat limits entities that expand to more than the file itself."""
    scanner = _Scanner()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.text
    with archive.open(part) as file:
        parser.ParseFile(file)
    return SheetScan(scanner.bad, scanner.hidden)


class _Scanner:
    """Collects the extent of a sheet, hidden rows, formulas that were never calculated, and errors."""

    def __init__(self) -> None:
        self.bad: defaultdict[int, dict[int, str]] = defaultdict(dict)
        self.hidden = self.rows = self.columns = self.merges = 0
        self._row = self._column = -1
        self._type = ""
        self._has_formula = self._in_value = False
        self._value: list[str] = []
        self._starts: Mapping[str, Callable[[dict[str, str]], None]] = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "f": self._begin_formula,
            "v": partial(self._set_in_value, value=True),
            "mergeCell": self._count_merge,
        }

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        begin = self._starts.get(tag.rpartition(" ")[2])
        if begin:
            begin(attributes)

    def end(self, tag: str) -> None:
        """End an element."""
        name = tag.rpartition(" ")[2]
        if name == "v":
            self._in_value = False
        elif name == "c":
            self._end_cell()

    def text(self, data: str) -> None:
        """Keep the value of a cell."""
        if self._in_value:
            self._value.append(data)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row = _number(attributes.get("r"), self._row + 2) - 1
        self._column = -1
        self.hidden += attributes.get("hidden") in {"1", "true"}

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        letters = re.match("[A-Z]{1,3}", attributes.get("r", ""))
        self._column = _column(letters[0]) if letters else self._column + 1
        self._type, self._has_formula = attributes.get("t", "n"), False
        self._value.clear()
        self.rows, self.columns = max(self.rows, self._row + 1), max(self.columns, self._column + 1)
        if self.rows * self.columns > MOST_CELLS:
            message = f"the sheet covers {self.rows} rows and {self.columns} columns, which is too many; save it as CSV"
            raise OperatorError(message)

    def _begin_formula(self, _attributes: dict[str, str]) -> None:
        self._has_formula = True

    def _set_in_value(self, _attributes: dict[str, str], *, value: bool) -> None:
        self._in_value = value

    def _count_merge(self, _attributes: dict[str, str]) -> None:
        self.merges += 1
        if self.merges > MOST_MERGES:
            message = f"the sheet has more than {MOST_MERGES} merged cells; unmerge them"
            raise OperatorError(message)

    def _end_cell(self) -> None:
        value = "".join(self._value)
        if self._type == "e":
            self.bad[self._row][self._column] = f"is the error {quoted(value)}"
        elif self._has_formula and not value and self._type != "str":
            self.bad[self._row][self._column] = (
                "is a formula without a value; open the file, save it and import it again"
            )


def _number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,7}", text) else default


def _column(letters: str) -> int:
    """Return the index of a column: 0 for A, 26 for AA."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
