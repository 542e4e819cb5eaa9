"""Spreadsheets: what a cell says, which sheet is read, and files that are made to do harm."""

import io
import zipfile
from collections.abc import Callable

import pytest

from app.bulk.importing.records import RowError
from app.bulk.importing.workbook import MOST_BYTES
from app.errors import OperatorError
from tests.clients.importer import TREE, Importer, outcome
from tests.clients.workbook import Cell, Raw, Sheet, date, formula, workbook

HEADER: list[Cell] = ["external_id", "parent_external_id", "name", "type"]
ROWS = [line.split(",") for line in TREE.splitlines()]
SHEET = Sheet(ROWS)
SHARED = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>共</t></r><r><t>享</t></r></si></sst>'


def test_a_sheet_is_read_like_the_same_csv(load: Importer) -> None:
    report = load(workbook({"组织": SHEET}))
    assert (outcome(report), report.origin, report.unit) == ((4, 0, 0, 0), "sheet '组织'", "row")
    assert load.names() == ["甲", "甲/乙", "甲/乙/丙", "甲/丁"]
    assert outcome(load(TREE)) == (0, 0, 4, 0)


def test_numbers_texts_and_formulas_are_what_the_sheet_shows(load: Importer) -> None:
    rows: list[list[Cell]] = [
        [8829.0, None, "园", "小区", 89.5, None, 123456789012345],
        ["8830", 8829, True, formula('"HOUSE"', "HOUSE", "str"), formula("1+1", "2"), None, "007"],
        ["\u00a0008831 ", formula("A2", "8829"), 502.0, "房屋", 89.400000000000006, None, None],
    ]
    header: list[Cell] = ["external_id", "parent_external_id", "name", "type", "area", None, "fourgrid_id"]
    sheet = Sheet([[], [None, None], header, [], *rows, [None, "", " "]], hidden_rows=frozenset({5, 6}))
    report = load(workbook({"a": sheet}), "spaces")
    assert (outcome(report), report.origin) == ((3, 0, 0, 0), "sheet 'a', with 2 hidden rows")
    assert load.rows("select external_id, full_name, area::text, fourgrid_id from space order by id") == [
        ("8829", "园", "89.50", 123456789012345), ("8830", "园/TRUE", "2.00", 7), ("008831", "园/502", "89.40", None),
    ]  # fmt: skip


BAD_CELLS: dict[str, tuple[Cell, str]] = {
    "date": (date(45292), "name is a date or a time in the spreadsheet (2024-01-01); enter it as text"),
    "time": (date(0.5), "name is a date or a time in the spreadsheet (12:00:00); enter it as text"),
    "error": (Raw("<v>#REF!</v>", 't="e"'), "name is the error '#REF!'"),
    "no value": (formula("A1"), "name is a formula without a value; open the file, save it and import it again"),
    "rounded": (
        1.2345678901234567e17,
        "name is a number of more than 15 digits, which spreadsheets round; enter it as text",
    ),
    "no number": (Raw("<v>NaN</v>"), "name is not a number, although the cell is one of numbers; enter it again"),
    "infinite": (
        Raw("<v>1e400</v>"),
        "name is a number of more than 15 digits, which spreadsheets round; enter it as text",
    ),
    "huge": ("x" * 1_000_000, "name is 1000000 characters long, at most 200 are allowed"),
    "line break": ("a\nb", r"name contains a control character (U+000A): 'a\nb'"),
    "escape": ("a_x0007_b", r"name contains a control character (U+0007): 'a\x07b'"),
}


def test_cells_that_are_no_text_are_bad(load: Importer) -> None:
    rows: list[list[Cell]] = [[name, None, cell, "1"] for name, (cell, _) in BAD_CELLS.items()]
    report = load(workbook({"a": Sheet([HEADER, *rows, ["x", "", "好", "1"]])}), on_error="skip")
    assert report.errors == [RowError(row, message) for row, (_, message) in enumerate(BAD_CELLS.values(), start=2)]
    assert (outcome(report), load.names()) == ((1, 0, 0, len(BAD_CELLS)), ["好"])


def test_merged_cells_are_bad_and_do_not_pass_for_blank_ones(load: Importer) -> None:
    load(TREE)
    rows: list[list[Cell]] = [HEADER, ["b", "a", "乙", "2"], ["c", None, "丙", "2"], ["d", "a", "丁", "2"]]
    report = load(workbook({"a": Sheet(rows, merged=("B2:B3",))}), on_error="skip")
    message = "parent_external_id is part of the merged cells B2:B3; give each cell its own value"
    assert report.errors == [RowError(2, message), RowError(3, message)]
    assert load.names() == ["甲", "甲/乙", "甲/乙/丙", "甲/丁"]
    with pytest.raises(OperatorError, match=r"the header \(row 1\) is part of the merged cells A1:B1"):
        load(workbook({"a": Sheet([HEADER], merged=("A1:B1",))}))


def test_one_sheet_is_read_and_named(load: Importer) -> None:
    content = workbook({"hidden": Sheet([["x"]], "hidden"), "Orgs": SHEET, "Notes": Sheet([["name"], ["x"]])})
    assert load(content, dry_run=True).origin == "sheet 'Orgs', the only sheet of 3 that is read"
    assert load(content, sheet="Orgs").inserted == 4
    with pytest.raises(OperatorError, match="the header lacks external_id"):
        load(content, sheet="Notes")
    with pytest.raises(OperatorError, match="has no sheet 'orgs'; it has 'hidden', 'Orgs', 'Notes'"):
        load(content, sheet="orgs")
    with pytest.raises(OperatorError, match="has no header row"):
        load(workbook({"empty": Sheet([])}))
    with pytest.raises(OperatorError, match="is a spreadsheet, which has no encoding; leave --encoding out"):
        load(content, encoding="utf-8")
    with pytest.raises(OperatorError, match="is a text file, which has no sheets; leave --sheet out"):
        load(TREE, sheet="Orgs")


def archive(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as written:
        for name, part in parts.items():
            written.writestr(name, part)
    return content.getvalue()


def lying(size: int) -> bytes:
    """Give a file whose directory says that its sheet unpacks to `size` bytes."""
    content = workbook({"a": Sheet([HEADER, *[["x" * 200] * 4] * 5000])})
    with zipfile.ZipFile(io.BytesIO(content)) as written:
        true_size = written.getinfo("xl/worksheets/sheet1.xml").file_size
    return content.replace(true_size.to_bytes(4, "little"), size.to_bytes(4, "little"))


FAR_CELL = Sheet([HEADER, [Raw("<v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v>")]])
ENTITIES = (
    "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY {name} '{f'&{below};' * 10}'>" for below, name in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (lambda: lying(MOST_BYTES + 1), "larger than 256 MB when unpacked"),
    "false size": (lambda: lying(100), "is damaged"),
    "many parts": (lambda: archive(**{f"{n}.xml": b"" for n in range(10_001)}), "is not an .xlsx spreadsheet"),
    "far cell": (lambda: workbook({"a": FAR_CELL}), "covers 1048576 rows and 16384 columns, which is too many"),
    "far cell in a near row": (
        lambda: workbook({"a": Sheet([HEADER, [Raw("<v>1</v></c><c r='XFD1048576'><v>1</v>")]])}),
        "covers 1048576 rows and 16384 columns, which is too many",
    ),
    "no row": (
        lambda: workbook({"a": Sheet([HEADER, [Raw("<v>1</v></c></row><row r='99999999999'><c><v>1</v>")]])}),
        "has a cell in row '99999999999', which no spreadsheet has",
    ),
    "no column": (
        lambda: workbook({"a": Sheet([HEADER, [Raw("<v>1</v></c><c r='ZZZZZZ2'><v>1</v>")]])}),
        "has a cell in column 'ZZZZZZ', which no spreadsheet has",
    ),
    "entities": (
        lambda: workbook({"a": SHEET}, **{"xl/worksheets/sheet1.xml": f"{ENTITIES}<worksheet>&j;</worksheet>"}),
        "is damaged",
    ),
    "cut": (lambda: workbook({"a": SHEET})[:-40], "is damaged"),
    "no sheet part": (lambda: archive(**{"xl/workbook.xml": b"<workbook/>"}), "is damaged"),
    "not xml": (lambda: workbook({"a": SHEET}, **{"xl/worksheets/sheet1.xml": "junk"}), "is damaged"),
    "another archive": (lambda: archive(**{"word/document.xml": b"<document/>"}), "is not an .xlsx spreadsheet"),
    "old": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "is an old or a protected spreadsheet"),
}


def test_a_spreadsheet_that_cannot_be_read_is_one_clear_line(load: Importer) -> None:
    for case, (content, message) in HOSTILE.items():
        with pytest.raises(OperatorError) as refused:
            load(content())
        assert message in str(refused.value), case
        assert "\n" not in str(refused.value)


def test_texts_that_cells_share_are_read(load: Importer) -> None:
    rows: list[list[Cell]] = [HEADER, ["a", None, Raw("<v>0</v>", 't="s"'), "1"]]
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = workbook({"a": Sheet(rows)}, **{"xl/sharedStrings.xml": SHARED})
    with zipfile.ZipFile(io.BytesIO(content)) as written:
        parts = {name: written.read(name) for name in written.namelist()}
    link = f'<Relationship Id="s" Type="{relation}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'.encode()
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", link)
    assert load(archive(**parts)).inserted == 1
    assert load.names() == ["共享"]
