"""Workbook: the archive of an .xlsx file, unpacked within limits."""

import io
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

from app.errors import OperatorError

ARCHIVE = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"

MOST_BYTES = 1 << 28
"""Most bytes of the unpacked parts of a file: about those of a sheet of 1,000,000 rows and 6 columns."""

MOST_PARTS = 10_000


def is_workbook(path: Path) -> bool:
    """Return whether a file is a spreadsheet of any kind rather than text."""
    with path.open("rb") as file:
        return file.read(4) in {ARCHIVE, OLD_WORKBOOK}


def unpacked(path: Path) -> io.BytesIO:
    """Copy the XML parts of an archive, within limits; what the archive says about its sizes may be wrong."""
    with path.open("rb") as file:
        begin = file.read(4)
    if begin == OLD_WORKBOOK:
        message = f"{path} is an old or a protected spreadsheet; save it as .xlsx without a password"
        raise OperatorError(message)
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(path) as archive, zipfile.ZipFile(copy, "w") as copied:
            _copy(path, archive, copied)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        message = f"the spreadsheet {path} is damaged or protected: {error}"
        raise OperatorError(message) from error
    copy.seek(0)
    return copy


def _copy(path: Path, archive: zipfile.ZipFile, copied: zipfile.ZipFile) -> None:
    parts = {info.filename: info.file_size for info in archive.infolist() if info.filename.endswith((".xml", ".rels"))}
    if "xl/workbook.xml" not in parts or len(parts) > MOST_PARTS:
        message = f"{path} is not an .xlsx spreadsheet; save it as .xlsx or as CSV"
        raise OperatorError(message)
    left = MOST_BYTES
    for name, size in parts.items():
        with archive.open(name) as part:
            content = b"" if size > left else part.read(left + 1)
        left -= max(size, len(content))
        if left < 0:
            message = f"the spreadsheet {path} is larger than {MOST_BYTES >> 20} MB when unpacked; save it as CSV"
            raise OperatorError(message)
        copied.writestr(name, content)


def sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet, by the name of the sheet."""
    targets = {
        element.get("Id"): element.get("Target", "")
        for element in ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - expat limits what entities expand to
    }
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat limits what entities expand to
    parts = {}
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            reference = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
            target = targets.get(reference, "")
            parts[element.get("name", "")] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return parts
