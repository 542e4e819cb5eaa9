"""Spreadsheets that tests write, part by part, so that they can hold what no spreadsheet program would save."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DATE_STYLE = 1

TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Override '
    'PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATIONSHIPS = f'<Relationships xmlns="{PACKAGE}/relationships">'
ROOT = (
    f'{RELATIONSHIPS}<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders>'
    '<cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)


@dataclass(frozen=True)
class Raw:
    """A cell with XML of its own."""

    xml: str
    attributes: str = ""


def date(serial: float) -> Raw:
    """Give a cell with a date: the number of days since 1900."""
    return Raw(f"<v>{serial}</v>", f's="{DATE_STYLE}"')


def formula(text: str, value: str | None = None, kind: str = "n") -> Raw:
    """Give a cell with a formula, and its value if it was ever calculated."""
    return Raw(f"<f>{escape(text)}</f>" + ("<v/>" if value is None else f"<v>{escape(value)}</v>"), f't="{kind}"')


Cell = str | float | bool | None | Raw


@dataclass(frozen=True)
class Sheet:
    """A sheet; rows count from 1."""

    rows: Sequence[Sequence[Cell]]
    state: str = "visible"
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[str, ...] = ()

    @property
    def xml(self) -> str:
        """The XML of the sheet."""
        rows = "".join(self._row(number, cells) for number, cells in enumerate(self.rows, start=1))
        merged = "".join(f'<mergeCell ref="{each}"/>' for each in self.merged)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>'
            f"{f'<mergeCells>{merged}</mergeCells>' if merged else ''}</worksheet>"
        )

    def _row(self, number: int, cells: Sequence[Cell]) -> str:
        hidden = ' hidden="1"' if number in self.hidden_rows else ""
        written = "".join(_cell(f"{chr(ord('A') + at)}{number}", cell) for at, cell in enumerate(cells))
        return f'<row r="{number}"{hidden}>{written}</row>'


def workbook(sheets: Mapping[str, Sheet], **other_parts: str) -> bytes:
    """Give an .xlsx file; `other_parts` replace or add parts, by their names in the archive."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" state="{sheet.state}" r:id="rId{at}"/>'
        for at, (name, sheet) in enumerate(sheets.items(), start=1)
    )
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    styles = f'<Relationship Id="rIdStyles" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT,
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"{RELATIONSHIPS}{relations}{styles}</Relationships>",
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{at}.xml": sheet.xml for at, sheet in enumerate(sheets.values(), start=1)},
        **other_parts,
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def _cell(name: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Raw):
        return f'<c r="{name}" {cell.attributes}>{cell.xml}</c>'
    if isinstance(cell, bool):
        return f'<c r="{name}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, str):
        return f'<c r="{name}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
    return f'<c r="{name}"><v>{cell!r}</v></c>'
