"""Formats: the kinds of files that an export can be."""

from collections.abc import Sequence
from enum import StrEnum

from app.bulk.exporting.delimited import DelimitedWriter
from app.bulk.exporting.table import Column, TableWriter
from app.bulk.exporting.workbook import WorkbookWriter


class Format(StrEnum):
    """A kind of file, by the ending of its name."""

    CSV = "csv"
    XLSX = "xlsx"


def writer_of(format_: Format, columns: Sequence[Column], name: str) -> TableWriter:
    """Return a writer of a table; `name` is that of the sheet of a workbook."""
    return DelimitedWriter(columns) if format_ is Format.CSV else WorkbookWriter(columns, name)
