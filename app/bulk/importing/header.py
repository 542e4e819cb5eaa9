"""Header: which column of the noun each column of the file is."""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from app.bulk.importing.cells import quoted
from app.bulk.importing.column import Column, Noun
from app.bulk.importing.columns import COLUMNS
from app.errors import OperatorError

KEY = "external_id"

MOST_NAMED = 20
"""Most unknown columns that a message names."""


class Header(NamedTuple):
    """The columns that are imported, and where they are in a row."""

    columns: list[Column]
    positions: list[int]
    cells: list[str]
    """The cells of the header row."""

    @property
    def names(self) -> frozenset[str]:
        """The names of the columns."""
        return frozenset(column.name for column in self.columns)

    @property
    def unnamed(self) -> list[int]:
        """The positions of columns without a name; they must be empty."""
        return [position for position, cell in enumerate(self.cells) if not normalized(cell)]


def match_header(cells: Sequence[str], noun: Noun, ignored: Collection[str] = ()) -> Header:
    """Return the header of a file; OperatorError names columns that are unknown, repeated or missing.

    `ignored` are the names of columns that are left out.
    """
    if not any(normalized(cell) for cell in cells):
        message = f"the file has no header row; it needs {KEY}, and for new records {', '.join(_required(noun))}"
        raise OperatorError(message)
    _check_ignored(ignored, cells)
    left_out = {normalized(name) for name in ignored}
    named = {
        position: cell for position, cell in enumerate(cells) if normalized(cell) and normalized(cell) not in left_out
    }
    known = names_of(noun)
    _check_known(named.values(), known, noun)
    columns = {position: known[normalized(cell)] for position, cell in named.items()}
    _check_once(columns, named)
    if KEY not in {column.name for column in columns.values()}:
        message = f"the header lacks {KEY}; add the column to the file"
        raise OperatorError(message)
    return Header(list(columns.values()), list(columns), list(cells))


def names_of(noun: Noun) -> dict[str, Column]:
    """Return the columns of a noun by all their names, normalized."""
    return {normalized(name): column for column in COLUMNS[noun] for name in (column.name, *column.synonyms)}


def normalized(name: str) -> str:
    """Return the same name for `externalId`, `External ID` and `external_id`."""
    return re.sub(r"[\s_\u200b\u2060\ufeff-]", "", name).casefold()


def _required(noun: Noun) -> list[str]:
    return [column.name for column in COLUMNS[noun] if column.required and column.name != KEY]


def _check_ignored(ignored: Collection[str], cells: Sequence[str]) -> None:
    present = {normalized(cell): cell for cell in cells}
    for name in ignored:
        if normalized(name) not in present:
            near = get_close_matches(normalized(name), present, n=1)
            hint = f"; did you mean {quoted(present[near[0]])}?" if near else ""
            message = f"--ignore-columns: the file has no column {quoted(name)}{hint}"
            raise OperatorError(message)


def _check_known(cells: Collection[str], known: Mapping[str, Column], noun: Noun) -> None:
    unknown = [cell for cell in cells if normalized(cell) not in known]
    if unknown:
        named, more = unknown[:MOST_NAMED], len(unknown) - MOST_NAMED
        listed = ", ".join(f"{quoted(cell)}{_nearest(cell, known)}" for cell in named)
        listed += f" and {more} more" if more > 0 else ""
        columns = ", ".join(column.name for column in COLUMNS[noun])
        message = (
            f"unknown columns in the header: {listed}; {noun} have: {columns};"
            f" leave others out with --ignore-columns {quoted(','.join(named))}"
        )
        raise OperatorError(message)


def _nearest(cell: str, known: Mapping[str, Column]) -> str:
    near = get_close_matches(normalized(cell), known, n=1)
    return f" (did you mean {known[near[0]].name}?)" if near else ""


def _check_once(columns: Mapping[int, Column], named: Mapping[int, str]) -> None:
    cells: dict[str, list[str]] = {}
    for position, column in columns.items():
        cells.setdefault(column.name, []).append(named[position])
    repeated = [f"{name} ({' and '.join(map(quoted, found))})" for name, found in cells.items() if len(found) > 1]
    if repeated:
        message = f"the header has a column twice: {', '.join(repeated)}"
        raise OperatorError(message)
