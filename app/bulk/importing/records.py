"""Records: the rows of a file as its reader yields them, and the errors of rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

MOST_ERRORS = 100
"""Most errors that a report lists; all are counted."""


class Record(NamedTuple):
    """A row of a file."""

    line: int
    """Where it begins; the first line of a file, or row of a sheet, is 1."""

    cells: list[str]
    broken: str | None = None
    """Why the row cannot be read as a whole."""

    bad: Mapping[int, str] = {}
    """What is wrong with the cells at some positions."""


class FileReader(Protocol):
    """A file that is read row by row, possibly several times."""

    @property
    def unit(self) -> str:
        """What the number of a record counts: "line" or "row"."""

    @property
    def origin(self) -> str:
        """What the file is read as, for the report."""

    def records(self) -> Iterator[Record]:
        """Yield the rows, the header first."""


@dataclass(frozen=True)
class RowError:
    """A bad row; `line` is where it begins."""

    line: int
    message: str


@dataclass
class ErrorList:
    """The errors of a file: the number of all, and those of the first lines."""

    count: int = 0
    first: list[RowError] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        """Record an error."""
        self.extend([RowError(line, message)], 1)

    def extend(self, errors: Sequence[RowError], count: int) -> None:
        """Record `count` errors, of which these are the first."""
        self.count += count
        is_full = len(self.first) == MOST_ERRORS
        listed = [error for error in errors if not is_full or error.line < self.first[-1].line]
        if listed:  # to sort for each of many errors would take most of an import
            self.first = sorted([*self.first, *listed], key=lambda error: error.line)[:MOST_ERRORS]
