"""Reading a CSV file row by row: encoding, header, and what is wrong with which line."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TextIO

from app.bulk.csv_columns import COLUMNS, ROW_RULES, Column, Noun, Row, quoted
from app.errors import OperatorError

MOST_ERRORS = 100
"""Most errors that a report lists; all are counted."""

CHUNK = 1 << 20
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""A NUL, which PostgreSQL cannot store, or the surrogate of a byte that is not in the encoding."""


@dataclass(frozen=True)
class RowError:
    """A bad row; `line` is where it begins (the header is line 1)."""

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
        self.first = sorted([*self.first, *errors], key=lambda error: error.line)[:MOST_ERRORS]


class ReadRow(NamedTuple):
    """A row as it goes to the database; when it is not valid, the bad cells are None."""

    line: int
    valid: bool
    values: tuple[str | None, ...]


class CsvFile:
    """A CSV file with a header; OperatorError when it is unreadable as a whole."""

    def __init__(self, path: Path, noun: Noun, inherited_type: str | None = None) -> None:
        """Detect the encoding and read the header. Rows without a type get `inherited_type` if there is one."""
        self.path, self.noun, self.inherited_type = path, noun, inherited_type
        self.read = 0
        try:
            self.encoding = detect_encoding(path)
            with self._open() as file:
                header = next(_records(file), (1, []))[1]
        except OSError as error:
            message = f"the file {path} cannot be read: {error.strerror}"
            raise OperatorError(message) from error
        if isinstance(header, csv.Error):
            message = f"the header row of {path} is not CSV: {header}"
            raise OperatorError(message)
        self.columns = match_header(header, noun, type_inherited=inherited_type is not None)

    def rows(self, errors: ErrorList) -> Iterator[ReadRow]:
        """Yield the rows with the right number of cells, and record what is wrong with them and with the others."""
        parse = _RowParser(self.columns, self.noun, self.inherited_type)
        with self._open() as file:
            records = _records(file)
            next(records)
            for line, cells in records:
                self.read += 1
                if isinstance(cells, csv.Error):
                    errors.add(line, f"is not CSV: {cells} (is a quotation mark not closed?)")
                elif len(cells) != len(self.columns):
                    errors.add(line, f"has {len(cells)} cells, the header has {len(self.columns)}")
                else:
                    yield parse(line, cells, errors)

    def _open(self) -> TextIO:
        return self.path.open(encoding=self.encoding, errors="surrogateescape", newline="")


class _RowParser:
    """Converts cells to values: valid rows quickly, others again cell by cell to collect every problem."""

    def __init__(self, columns: Sequence[Column], noun: Noun, inherited_type: str | None) -> None:
        names = [column.name for column in columns]
        wanted, rule = ROW_RULES[noun]
        self.columns, self.names = columns, names
        self.parsers = [column.parse for column in columns]
        self.required = [index for index, column in enumerate(columns) if column.required]
        self.rule = rule if wanted.intersection(names) else None
        self.type_at = names.index("type") if inherited_type and "type" in names else None
        self.inherited_type = inherited_type

    def __call__(self, line: int, cells: list[str], errors: ErrorList) -> ReadRow:
        try:
            if UNSTORABLE.search("".join(cells)):
                return self._parse_each(line, cells, errors)
            values = [parse(cell) for parse, cell in zip(self.parsers, cells, strict=True)]
        except ValueError:
            return self._parse_each(line, cells, errors)
        if self.type_at is not None:
            values[self.type_at] = values[self.type_at] or self.inherited_type
        for index in self.required:
            if values[index] is None:
                return self._parse_each(line, cells, errors)
        return self._check_rule(line, values, errors) if self.rule else ReadRow(line, valid=True, values=tuple(values))

    def _check_rule(self, line: int, values: list[str | None], errors: ErrorList) -> ReadRow:
        row: Row = dict(zip(self.names, values, strict=True))
        if "type" not in row:
            row["type"] = self.inherited_type
        try:
            if self.rule:
                self.rule(row)
        except ValueError as error:
            errors.add(line, str(error))
            return ReadRow(line, valid=False, values=tuple(values))
        return ReadRow(line, valid=True, values=tuple(row[name] for name in self.names))

    def _parse_each(self, line: int, cells: list[str], errors: ErrorList) -> ReadRow:
        """Record everything that is wrong with a row's cells, and return the good ones."""
        problems: list[str] = []
        values = [self._value(column, cell, problems) for column, cell in zip(self.columns, cells, strict=True)]
        errors.add(line, "; ".join(problems))
        return ReadRow(line, valid=False, values=tuple(values))

    def _value(self, column: Column, cell: str, problems: list[str]) -> str | None:
        refused = UNSTORABLE.search(cell)
        if refused:
            what = "a NUL character" if refused[0] == "\0" else "bytes that are not in the file's encoding"
            problems.append(f"{column.name} contains {what}")
            return None
        try:
            value = column.parse(cell)
        except ValueError as error:
            problems.append(f"{column.name} {error}")
            return None
        if column.name == "type":
            value = value or self.inherited_type
        if column.required and value is None:
            problems.append(f"{column.name} is empty")
        return value


def _records(file: TextIO) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Yield each record, or why it is not CSV, with the line where it begins; blank lines are skipped."""
    reader = csv.reader(file, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error
            continue
        if cells:
            yield line, cells


def match_header(header: Sequence[str], noun: Noun, *, type_inherited: bool) -> list[Column]:
    """Return the column of every header cell; OperatorError names those that are unknown, repeated or missing."""
    if not any(cell.strip() for cell in header):
        message = f"the file has no header row; it needs {', '.join(_required(noun))}"
        raise OperatorError(message)
    known = {_normalized(name): column for column in COLUMNS[noun] for name in (column.name, *column.synonyms)}
    unknown = [quoted(cell) for cell in header if _normalized(cell) not in known]
    if unknown:
        all_names = ", ".join(column.name for column in COLUMNS[noun])
        message = f"unknown columns in the header: {', '.join(unknown)}; {noun} have: {all_names}"
        raise OperatorError(message)
    columns = [known[_normalized(cell)] for cell in header]
    names = [column.name for column in columns]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        message = f"the header has a column twice: {', '.join(repeated)}"
        raise OperatorError(message)
    missing = [name for name in _required(noun) if name not in names and not (name == "type" and type_inherited)]
    if missing:
        message = f"the header lacks {', '.join(missing)}; add the column to the file"
        raise OperatorError(message)
    return columns


def _required(noun: Noun) -> list[str]:
    return [column.name for column in COLUMNS[noun] if column.required]


def _normalized(name: str) -> str:
    """Return the same name for `externalId`, `External ID` and `external_id`."""
    return re.sub(r"[\s_-]", "", name).casefold()


def detect_encoding(path: Path) -> str:
    """Return utf-8-sig or gb18030, whichever suits more bytes: a few broken bytes in UTF-8 do not make it GB18030.

    OperatorError for UTF-16, which spreadsheets call "Unicode text".
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    multibyte = broken = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if not (multibyte or broken) and chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                message = f"the file {path} is UTF-16; save it as UTF-8"
                raise OperatorError(message)
            if decoded := decoder.decode(chunk):
                foreign = len(re.findall("[\ud800-\udfff]", decoded))
                broken += foreign
                multibyte += len(re.findall("[^\0-\x7f]", decoded)) - foreign
        broken += len(decoder.decode(b"", final=True))
    return "utf-8-sig" if multibyte >= broken else "gb18030"
