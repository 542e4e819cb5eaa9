"""Table: a file to import, opened by the reader that suits its content."""

from pathlib import Path

from app.bulk.importing.column import Noun
from app.bulk.importing.delimited import DelimitedFile
from app.bulk.importing.records import FileReader
from app.bulk.importing.spreadsheet import SheetFile
from app.bulk.importing.workbook import is_workbook
from app.errors import OperatorError


def open_table(path: Path, noun: Noun, encoding: str | None = None, sheet: str | None = None) -> FileReader:
    """Return the reader of a file; OperatorError when the file is unreadable, or an option does not suit it."""
    try:
        if is_workbook(path):
            _refuse("--encoding", encoding, f"{path} is a spreadsheet, which has no encoding")
            return SheetFile(path, sheet)
        _refuse("--sheet", sheet, f"{path} is a text file, which has no sheets")
        return DelimitedFile(path, noun, encoding)
    except OSError as error:
        message = f"the file {path} cannot be read: {error.strerror}"
        raise OperatorError(message) from error


def _refuse(option: str, value: str | None, reason: str) -> None:
    if value is not None:
        message = f"{reason}; leave {option} out"
        raise OperatorError(message)
