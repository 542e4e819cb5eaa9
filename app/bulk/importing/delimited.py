"""Delimited: reading a text file whose columns are separated by a comma, a semicolon or a tab."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from app.bulk.formulas import APOSTROPHE, original
from app.bulk.importing.column import Noun
from app.bulk.importing.encoding import NAMES, encoding_of
from app.bulk.importing.header import names_of, normalized
from app.bulk.importing.records import Record
from app.errors import OperatorError

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""The separators that are found by the header, and what reports call them."""

LONGEST_LINE = 1 << 20
"""Characters of the header line that the separator is looked for in."""

DECLARATION = re.compile(r'\ufeff?"?sep=(.)"?', re.IGNORECASE)
"""The line that spreadsheets write first to name the separator."""


class DelimitedFile:
    """A text file; `records` yields its rows, the header first. OperatorError when the encoding is not certain."""

    unit = "line"

    def __init__(self, path: Path, noun: Noun, encoding: str | None = None) -> None:
        self.path = path
        self.encoding = encoding_of(path, encoding)
        with self._opened() as file:
            declared = DECLARATION.fullmatch(file.readline(LONGEST_LINE).rstrip("\r\n"))
            file.seek(0)
            first = next((line for line in iter(partial(file.readline, LONGEST_LINE), "") if line.strip()), "")
        self.declared = declared is not None
        self.separator = declared[1] if declared else _separator(first, noun)

    @property
    def origin(self) -> str:
        """What the file is read as, for the report."""
        name = NAMES.get(self.encoding, self.encoding)
        return f"{name}, separated by {SEPARATORS.get(self.separator, repr(self.separator))}"

    def records(self) -> Iterator[Record]:
        """Yield each record with the line where it begins; blank lines are left out."""
        with self._opened() as file:
            before = 0
            if self.declared:
                file.readline()
                before = 1
            yield from _records(file, self.separator, before)

    @contextmanager
    def _opened(self) -> Iterator[TextIO]:
        try:
            with self.path.open(encoding=self.encoding, errors="surrogateescape", newline="") as file:
                yield file
        except UnicodeError as error:  # of UTF-16 and UTF-32, in which a broken character cannot be kept
            message = f"the file {self.path} is not {NAMES.get(self.encoding, self.encoding)}: {error}"
            raise OperatorError(message) from error


def _records(file: TextIO, separator: str, before: int) -> Iterator[Record]:
    reader = csv.reader(file, delimiter=separator, strict=True)
    while True:
        line = before + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Record(line, [], f"is not CSV: {error} (is a quotation mark not closed?)")
            continue
        if cells:
            yield Record(line, [original(cell) if cell.startswith(APOSTROPHE) else cell for cell in cells])


def _separator(header: str, noun: Noun) -> str:
    """Return the separator by which most columns of the header are known, and then the one that is most frequent."""
    known = names_of(noun)

    def suits(separator: str) -> tuple[int, int]:
        cells = [normalized(cell.strip('" \r\n')) for cell in header.split(separator)]
        return sum(cell in known for cell in cells), len(cells)

    return max(SEPARATORS, key=suits)
