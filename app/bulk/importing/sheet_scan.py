"""Sheet scan: the facts in the XML of a sheet that python-calamine does not read.

These are its extent, hidden rows, formulas that were never calculated, and errors; the last two have no value there.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from xml.parsers import expat

from app.bulk.importing.cells import quoted
from app.errors import OperatorError

MOST_CELLS = 20_000_000
"""Most cells of the rectangle that a sheet covers, which calamine holds in memory."""

MOST_MERGES = 10_000


class SheetScan(NamedTuple):
    """The facts in the XML of a sheet besides the values."""

    bad: Mapping[int, Mapping[int, str]]
    """What is wrong with which cells, by row and column; both count from 0."""

    hidden: int
    """The number of hidden rows."""


def scan(xml: bytes) -> SheetScan:
    """Scan the XML of a sheet. expat limits entities that expand to more than the file itself."""
    parser = expat.ParserCreate()
    scanner = _Scanner(parser)
    parser.StartElementHandler = scanner.start
    parser.Parse(xml, True)  # noqa: FBT003 - takes no keywords
    return SheetScan(scanner.bad, scanner.hidden)


class _Scanner:
    """Collects the extent of a sheet, hidden rows, formulas that were never calculated, and errors.

    A sheet has millions of elements, so ends and texts are handled only inside the few cells that matter.
    """

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.bad: defaultdict[int, dict[int, str]] = defaultdict(dict)
        self.hidden = self.rows = self.columns = self.merges = 0
        self._parser = parser
        self._row = self._column = -1
        self._row_number = ""
        self._type: str | None = None
        self._value: list[str] = []
        self._columns_by_letters: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._begin_row(attributes)
        elif name == "f":
            self._begin_special()
        elif name == "mergeCell":
            self._count_merge()

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._row_number = attributes.get("r", "")
        self._row = row_index(self._row_number) if self._row_number else self._row + 1
        self._column = -1
        self.rows = max(self.rows, self._row + 1)
        self.hidden += attributes.get("hidden") in {"1", "true"}

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        name = attributes.get("r", "")
        letters = name.rstrip("0123456789")
        if name[len(letters) :] != self._row_number:  # calamine reads the row of a cell from its name
            self.rows = max(self.rows, row_index(name[len(letters) :] or "1") + 1)
        column = self._columns_by_letters.get(letters)
        if column is None:
            column = self._index(letters) if letters else self._column + 1
        self._column = column
        if self._column >= self.columns:
            self.columns = self._column + 1
        if self.rows * self.columns > MOST_CELLS:
            message = f"the sheet covers {self.rows} rows and {self.columns} columns, which is too many; save it as CSV"
            raise OperatorError(message)
        self._type = attributes.get("t")
        if self._type == "e":
            self._begin_special()
            self._parser.CharacterDataHandler = self._value.append

    def _index(self, letters: str) -> int:
        index = column_index(letters)
        self._columns_by_letters[letters] = index
        return index

    def _begin_special(self) -> None:
        """Watch a cell that has a formula or an error, until it ends."""
        self._value.clear()
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = None

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "f":
            self._parser.CharacterDataHandler = self._value.append
        elif name == "c":
            self._end_special()
            self._parser.EndElementHandler = self._parser.CharacterDataHandler = None

    def _end_special(self) -> None:
        value = "".join(self._value).strip()
        if self._type == "e":
            self.bad[self._row][self._column] = f"is the error {quoted(value)}"
        elif not value and self._type != "str":
            self.bad[self._row][self._column] = (
                "is a formula without a value; open the file, save it and import it again"
            )

    def _count_merge(self) -> None:
        self.merges += 1
        if self.merges > MOST_MERGES:
            message = f"the sheet has more than {MOST_MERGES} merged cells; unmerge them"
            raise OperatorError(message)


ROW_NUMBER = re.compile("[1-9][0-9]{0,6}")
LETTERS = re.compile("[A-Za-z]{1,3}")
DAMAGED = "the sheet has a cell {}, which no spreadsheet has; save it again, or as CSV"


def row_index(number: str) -> int:
    """Return the index of a row: 0 for 1. OperatorError for what is no number of a row."""
    if not ROW_NUMBER.fullmatch(number):
        raise OperatorError(DAMAGED.format(f"in row {quoted(number)}"))
    return int(number) - 1


def column_index(letters: str) -> int:
    """Return the index of a column: 0 for A, 26 for AA. OperatorError for what is no name of a column."""
    if not LETTERS.fullmatch(letters):
        raise OperatorError(DAMAGED.format(f"in column {quoted(letters)}"))
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter.upper()) - ord("A") + 1
    return index - 1
