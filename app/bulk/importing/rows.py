"""Rows: the cells of a file's records as values, and what is wrong with which row."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from app.bulk.importing.cells import quoted
from app.bulk.importing.column import Column, Noun, Row
from app.bulk.importing.columns import ROW_RULES
from app.bulk.importing.header import Header, match_header
from app.bulk.importing.records import ErrorList, FileReader, Record
from app.errors import OperatorError

UNDECODED = re.compile("[\udc80-\udcff]")
"""A byte that is not in the encoding."""


class ReadRow(NamedTuple):
    """A row as it goes to the database; when it is not valid, the bad cells are None."""

    line: int
    valid: bool
    values: tuple[str | None, ...]


class Rows:
    """The rows of a file below its header."""

    def __init__(self, reader: FileReader, header: Header, noun: Noun, inherited_type: str | None = None) -> None:
        """Rows without a type get `inherited_type` if there is one."""
        self.reader, self.header = reader, header
        self.parse = _RowParser(header.columns, noun, inherited_type)
        self.read = 0

    def values(self, errors: ErrorList) -> Iterator[ReadRow]:
        """Yield the rows with the right number of cells, and record what is wrong with them and with the others."""
        header, positions = self.header, self.header.positions
        width = len(header.cells)
        is_whole = positions == list(range(width))
        for record in islice(_filled(self.reader.records()), 1, None):
            self.read += 1
            line, cells, bad = record.line, record.cells, record.bad
            if len(cells) != width or not is_whole or record.broken or cells == header.cells:
                problem = record.broken or _misfit(cells, header)
                if problem:
                    errors.add(line, problem)
                    continue
                bad = {index: bad[position] for index, position in enumerate(positions) if position in bad}
                cells = [cells[position] for position in positions]
            yield self.parse(line, cells, bad, errors)


def read_header(reader: FileReader, noun: Noun, ignored: Collection[str] = ()) -> Header:
    """Read the header, the first row of a file that is not blank; OperatorError as for `match_header`."""
    record = next(_filled(reader.records()), Record(1, []))
    if record.broken or record.bad:
        message = f"the header ({reader.unit} {record.line}) {record.broken or next(iter(record.bad.values()))}"
        raise OperatorError(message)
    return match_header(record.cells, noun, ignored)


def _filled(records: Iterator[Record]) -> Iterator[Record]:
    """Leave out the rows of which every cell is blank."""
    return (record for record in records if record.broken or record.bad or not _is_blank(record.cells))


def _is_blank(cells: Sequence[str]) -> bool:
    joined = "".join(cells)
    return not joined or joined.isspace()


def _misfit(cells: list[str], header: Header) -> str | None:
    """Say why cells do not fit below a header; blank ones beyond it do, and the header's unnamed columns are blank."""
    width = len(header.cells)
    needed = max(header.positions) + 1
    if len(cells) < needed or not _is_blank(cells[width:]):
        return f"has {len(cells)} cells, the header has {width}"
    if cells[:width] == header.cells:
        return "repeats the header"
    stray = next(
        (position for position in header.unnamed if cells[position : position + 1] and cells[position].strip()), None
    )
    return None if stray is None else f"has {quoted(cells[stray])} in column {stray + 1}, which has no name"


class _RowParser:
    """Converts cells to values: valid rows quickly, others again cell by cell to collect every problem."""

    def __init__(self, columns: Sequence[Column], noun: Noun, inherited_type: str | None) -> None:
        names = [column.name for column in columns]
        wanted, rule = ROW_RULES.get(noun, (frozenset(), None))
        self.columns, self.names = columns, names
        self.parsers = [column.parse for column in columns]
        self.required = [
            index
            for index, column in enumerate(columns)
            if column.required and not (inherited_type and column.name == "type")
        ]
        self.rule = rule if wanted.intersection(names) else None
        self.inherited_type = inherited_type

    def __call__(self, line: int, cells: list[str], bad: Mapping[int, str], errors: ErrorList) -> ReadRow:
        try:
            if bad or UNDECODED.search("".join(cells)):
                return self._parse_each(line, cells, bad, errors)
            values = [parse(cell) for parse, cell in zip(self.parsers, cells, strict=True)]
        except ValueError:
            return self._parse_each(line, cells, bad, errors)
        for index in self.required:
            if values[index] is None:
                return self._parse_each(line, cells, bad, errors)
        return self._check_rule(line, values, errors) if self.rule else ReadRow(line, valid=True, values=tuple(values))

    def _check_rule(self, line: int, values: list[str | None], errors: ErrorList) -> ReadRow:
        row: Row = dict(zip(self.names, values, strict=True))
        row["type"] = row.get("type") or self.inherited_type
        try:
            if self.rule:
                self.rule(row)
        except ValueError as error:
            errors.add(line, str(error))
            return ReadRow(line, valid=False, values=tuple(values))
        return ReadRow(line, valid=True, values=tuple(row[name] for name in self.names))

    def _parse_each(self, line: int, cells: list[str], bad: Mapping[int, str], errors: ErrorList) -> ReadRow:
        """Record everything that is wrong with a row's cells, and return the good ones."""
        problems: list[str] = []
        values: list[str | None] = []
        for index, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
            try:
                values.append(self._value(index, column, cell, bad))
            except ValueError as error:
                problems.append(f"{column.name} {error}")
                values.append(None)
        errors.add(line, "; ".join(problems))
        return ReadRow(line, valid=False, values=tuple(values))

    def _value(self, index: int, column: Column, cell: str, bad: Mapping[int, str]) -> str | None:
        if index in bad:
            raise ValueError(bad[index])
        if UNDECODED.search(cell):
            message = "contains bytes that are not in the file's encoding"
            raise ValueError(message)
        value = column.parse(cell)
        if value is None and index in self.required:
            message = "is empty"
            raise ValueError(message)
        return value
