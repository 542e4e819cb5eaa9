"""Import of CSV files: every rule of a good file, and every way in which one is bad."""

import random
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.bulk.check import check
from app.bulk.csv_import import ImportOptions, ImportReport, import_file
from app.bulk.csv_reading import RowError
from app.errors import OperatorError

ORGS = "external_id,parent_external_id,name,type\n"
TREE = ORGS + "a,,甲,2\nb,a,乙,2\nc,b,丙,2\nd,a,丁,2\n"


class Importer:
    """Writes a text to a file, imports it, and reads the register."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.path = url, folder / "file.csv"

    def __call__(self, content: str | bytes, noun: Any = "orgs", **options: Any) -> ImportReport:
        self.path.write_bytes(content.encode() if isinstance(content, str) else content)
        report = import_file(self.url, ImportOptions(noun, self.path, **{"source": "import", **options}))
        assert check(self.url) == []
        assert report.read == report.inserted + report.updated + report.unchanged + report.skipped or report.errors
        return report

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def names(self, table: str = "org") -> list[str]:
        return [row[0] for row in self.rows(f"select full_name from {table} order by id")]

    def id_of(self, external_id: str, table: str = "org") -> int:
        return int(self.rows(f"select id from {table} where external_id = %s", external_id)[0][0])


@pytest.fixture
def load(empty_url: str, tmp_path: Path) -> Importer:
    return Importer(empty_url, tmp_path)


def outcome(report: ImportReport) -> tuple[int, int, int, int]:
    return report.inserted, report.updated, report.unchanged, report.skipped


def test_a_tree_gets_paths_codes_and_full_names_in_file_order(load: Importer) -> None:
    assert outcome(load(TREE)) == (4, 0, 0, 0)
    a, b, c, d = (load.id_of(key) for key in "abcd")
    assert load.rows("select path, depth, code, full_name, last_child_number, source from org order by id") == [
        (f"{a}/", 0, "100000000", "甲", 100_000_001, "import"),
        (f"{a}/{b}/", 1, "100000000100000000", "甲/乙", 100_000_000, "import"),
        (f"{a}/{b}/{c}/", 2, "100000000100000000100000000", "甲/乙/丙", 0, "import"),
        (f"{a}/{d}/", 1, "100000000100000001", "甲/丁", 0, "import"),
    ]


def test_parents_may_come_after_children(load: Importer) -> None:
    load(ORGS + "c,b,丙,2\nb,a,乙,2\na,,甲,2\n")
    assert load.names() == ["甲/乙/丙", "甲/乙", "甲"]


def test_a_shuffled_forest_is_what_plain_python_makes_of_it(load: Importer) -> None:
    draw = random.Random(7)  # noqa: S311 - test data
    parents = {f"k{n}": f"k{draw.randrange(n)}" if n and draw.random() < 0.995 else "" for n in range(4000)}
    order = sorted(parents, key=lambda _: draw.random())
    load(ORGS + "".join(f"{key},{parents[key]},名{key},1\n" for key in order))
    stored = {row[0]: row[1:] for row in load.rows("select external_id, id, path, depth, full_name, code from org")}
    numbers: dict[str, int] = {}
    segment = {}
    for key in order:
        numbers[parents[key]] = segment[key] = numbers.get(parents[key], 99_999_999) + 1
    for key in order:
        chain = [key]
        while parents[chain[0]]:
            chain.insert(0, parents[chain[0]])
        path = "".join(f"{stored[each][0]}/" for each in chain)
        code = "".join(str(segment[each]) for each in chain)
        assert stored[key][1:] == (path, len(chain) - 1, "/".join(f"名{each}" for each in chain), code)


@pytest.mark.parametrize(
    "content",
    [
        TREE.encode(),
        b"\xef\xbb\xbf" + TREE.encode(),
        TREE.encode("gb18030"),
        TREE.replace("\n", "\r\n").encode(),
        TREE.replace("\n", "\n\n").encode(),
        TREE.rstrip().encode(),
    ],
    ids=["utf8", "bom", "gb18030", "crlf", "blank lines", "no last line break"],
)
def test_encodings_and_line_ends(load: Importer, content: bytes) -> None:
    assert outcome(load(content)) == (4, 0, 0, 0)
    assert load.names() == ["甲", "甲/乙", "甲/乙/丙", "甲/丁"]


def test_quoted_cells_keep_line_breaks_commas_tabs_and_backslashes(load: Importer) -> None:
    names = ["一\n行", "a,b", 'say "x"', "t\tb", "\\N", " blank "]
    quoted = (name.replace('"', '""') for name in names)
    load(ORGS + "".join(f'k{n},,"{name}",1\n' for n, name in enumerate(quoted)))
    assert load.names() == names


def test_documented_names_and_codes_are_understood(load: Importer) -> None:
    load(
        "id,parentid,org_name,org_type,sub_type,status,org_code,org_id\n1,,甲,2,1,2,901,77\n2,1,乙,业务组织,,,901105,\n"
    )
    assert load.rows("select type, business_sub_type, status, code, fourgrid_id, full_name from org order by id") == [
        ("BUSINESS", "PROJECT", "DISABLED", "901", 77, "甲"),
        ("BUSINESS", None, "ENABLED", "901105", None, "甲/乙"),
    ]


def test_spaces_take_areas_owner_and_community(load: Importer) -> None:
    load(TREE)
    org = load.id_of("b")
    load(
        "externalId,parentExternalId,spaceName,spaceType,area,business_type,org_id\n"
        f"z,,区,ZONE,,,\nc,z,园,COMMUNITY,,5,{org}\nh,c,房,HOUSE,89.5,,\n",
        "spaces",
    )
    found = load.rows("select area::text, business_type, org_id, community_id, org_path from space order by id")
    path = load.rows("select path from org where id = %s", org)[0][0]
    community = load.id_of("c", "space")
    assert found == [
        (None, None, None, None, None),
        (None, "HOSPITAL", org, community, path),
        ("89.50", None, org, community, path),
    ]


def test_under_a_space_or_a_business_organisation(load: Importer) -> None:
    load(TREE)
    org = load.id_of("c")
    load("external_id,name,type\nx,园,COMMUNITY\n", "spaces", under=org)
    community = load.id_of("x", "space")
    load("external_id,name,type\ny,栋,BUILDING\n", "spaces", under=community)
    assert load.rows("select full_name, community_id, org_id, code from space order by id") == [
        ("园", community, org, "100000000"),
        ("园/栋", community, org, "100000000100000000"),
    ]


def test_a_type_left_out_is_inherited_from_under_only(load: Importer) -> None:
    load(TREE)
    with pytest.raises(OperatorError, match="lacks type; add the column"):
        load("external_id,name\nx,戊\n")
    load("external_id,name\nx,戊\n", under=load.id_of("d"))
    assert load.rows("select type, full_name from org where external_id = 'x'") == [("BUSINESS", "甲/丁/戊")]
    with pytest.raises(OperatorError, match="lacks type"):
        load("external_id,name\nx,戊\n", "spaces", under=load.id_of("d"))


def test_a_parent_may_be_a_record_of_an_earlier_file(load: Importer) -> None:
    load(TREE)
    load(ORGS + "e,c,戊,2\nf,a,己,2\n")
    assert load.names()[4:] == ["甲/乙/丙/戊", "甲/己"]
    assert load.rows("select code from org where external_id = 'f'") == [("100000000100000002",)]
    report = load(ORGS + "g,c,庚,2\n", source="another")
    assert report.error_count == 1, "a source does not see another's keys"


def test_the_same_file_again_changes_nothing(load: Importer) -> None:
    load(TREE)
    before = load.rows("select * from org order by id")
    report = load(TREE)
    assert outcome(report) == (0, 0, 4, 0)
    assert load.rows("select * from org order by id") == before


def test_a_changed_name_updates_the_row_and_full_names_below(load: Importer) -> None:
    load(TREE)
    assert outcome(load(TREE.replace("乙", "新"))) == (0, 1, 3, 0)
    assert load.names() == ["甲", "甲/新", "甲/新/丙", "甲/丁"]
    assert load.rows("select version, updated_at > created_at from org order by id") == [
        (1, False), (2, True), (1, False), (1, False),
    ]  # fmt: skip


def test_a_changed_parent_moves_the_subtree_with_new_codes(load: Importer) -> None:
    load(TREE)
    load("external_id,name,type\nx,园,COMMUNITY\n", "spaces", under=load.id_of("c"))
    assert outcome(load(ORGS + "b,d,乙,2\nn,c,新,2\n")) == (1, 1, 0, 0)
    a, b, c, d, n = (load.id_of(key) for key in "abcdn")
    codes = {row[0]: row[1:] for row in load.rows("select external_id, path, code, full_name, version from org")}
    moved = "100000000100000001100000000"
    assert codes["b"] == (f"{a}/{d}/{b}/", moved, "甲/丁/乙", 2)
    assert codes["c"] == (f"{a}/{d}/{b}/{c}/", moved + "100000000", "甲/丁/乙/丙", 1)
    assert codes["n"] == (f"{a}/{d}/{b}/{c}/{n}/", moved + "100000000" * 2, "甲/丁/乙/丙/新", 1)
    assert load.rows("select org_path from space") == [(f"{a}/{d}/{b}/{c}/",)]


def test_a_move_may_turn_parent_and_child_round(load: Importer) -> None:
    load(TREE)
    assert outcome(load(ORGS + "b,,乙,2\na,b,甲,2\n")) == (0, 2, 0, 0)
    assert load.names() == ["乙/甲", "乙", "乙/丙", "乙/甲/丁"]


def test_a_move_below_a_registered_descendant_is_a_circle(load: Importer) -> None:
    load(TREE)
    report = load(ORGS + "a,c,甲,2\n")
    assert report.errors == [RowError(2, "its parents lead in a circle, never to a root")]
    assert load.names() == ["甲", "甲/乙", "甲/乙/丙", "甲/丁"]
    assert load(ORGS + "a,,甲,2\n", under=load.id_of("c")).error_count == 1


BAD_ROWS = {
    "unknown parent": ("x,nobody,甲,2", "parent_external_id nobody is neither in the file nor in the register"),
    "own parent": ("x,x,甲,2", "its parents lead in a circle, never to a root"),
    "duplicate key": ("ok,,甲,2", "external_id ok is already in line 2"),
    "unknown type": ("x,,甲,PARK", "type is unknown: 'PARK' (known: ADMINISTRATIVE, BUSINESS)"),
    "empty type": ("x,,甲,", "type is empty"),
    "empty name": ("x,,,2", "name is empty"),
    "blank name": ('x,,"  ",2', "name is empty"),
    "empty key": (",,甲,2", "external_id is empty"),
    "long name": (f"x,,{'长' * 201},2", "name is 201 characters long, at most 200 are allowed"),
    "long key": (f"{'x' * 201},,甲,2", "external_id is 201 characters long, at most 200 are allowed"),
    "few cells": ("x,,甲", "has 3 cells, the header has 4"),
    "many cells": ("x,,甲,2,3", "has 5 cells, the header has 4"),
    "nul": ("x,,甲\0乙,2", "name contains a NUL character"),
    "two things": ("x,,,9", "name is empty; type is unknown: '9' (known: ADMINISTRATIVE, BUSINESS)"),
    "broken quote": ('x,,"甲"乙,2', "is not CSV: ',' expected after '\"' (is a quotation mark not closed?)"),
    "open quote": ('x,,"甲,2', "is not CSV: unexpected end of data (is a quotation mark not closed?)"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_named_and_keeps_everything_out_or_is_skipped_when_asked(load: Importer, case: str) -> None:
    row, message = BAD_ROWS[case]
    report = load(ORGS + f"ok,,好,2\nalso,ok,好,2\n{row}\n")
    assert (report.errors, report.error_count) == ([RowError(4, message)], 1)
    assert outcome(report) == (0, 0, 0, 0)
    assert load.names() == []
    report = load(load.path.read_bytes(), on_error="skip")
    assert (report.errors, outcome(report)) == ([RowError(4, message)], (2, 0, 0, 1))
    assert load.names() == ["好", "好/好"]


SPACE_HEADER = "external_id,name,type,area,business_type,org_id,code,status,fourgrid_id\n"
BAD_SPACES = {
    "bad area": ("x,甲,HOUSE,12m,,,,,", "area is not an area (such as 89.5): '12m'"),
    "infinite area": ("x,甲,HOUSE,NaN,,,,,", "area is not an area (such as 89.5): 'NaN'"),
    "huge area": ("x,甲,HOUSE,1234567890123,,,,,", "area is not an area (such as 89.5): '1234567890123'"),
    "bad id": ("x,甲,HOUSE,,,,,,-1", "fourgrid_id is not an id (a positive whole number): '-1'"),
    "20 digits": (f"x,甲,HOUSE,,,,,,{'9' * 20}", f"fourgrid_id is not an id (a positive whole number): '{'9' * 20}'"),
    "bad code": ("x,甲,HOUSE,,,,A1,,", "code is not a code (digits): 'A1'"),
    "taken code": ("x,甲,HOUSE,,,,1000,,", "code 1000 is already taken"),
    "bad status": ("x,甲,HOUSE,,,,,3,", "status is unknown: '3' (known: ENABLED, DISABLED)"),
    "no org": ("x,甲,COMMUNITY,,,5,,,", "org_id 5 is not a business organisation"),
    "org of a house": ("x,甲,HOUSE,,,5,,,", "org_id is for a COMMUNITY only, this is a HOUSE"),
    "business of a house": ("x,甲,HOUSE,,1,,,,", "business_type is for a COMMUNITY only, this is a HOUSE"),
}


@pytest.mark.parametrize("case", BAD_SPACES)
def test_bad_cells_of_spaces(load: Importer, case: str) -> None:
    row, message = BAD_SPACES[case]
    report = load(SPACE_HEADER + f"ok,好,HOUSE,,,,1000,,\n{row}\n", "spaces", on_error="skip")
    assert (report.errors, outcome(report)) == ([RowError(3, message)], (1, 0, 0, 1))


def test_a_sub_type_must_suit_the_type(load: Importer) -> None:
    report = load("external_id,name,type,sub_type\na,甲,1,6\nb,乙,2,6\n", on_error="skip")
    assert report.errors == [RowError(3, "sub_type is unknown: '6' (known: PROJECT, NON_PROJECT)")]
    assert load.rows("select administrative_sub_type, business_sub_type from org") == [("CONTACTS", None)]


SUB_TYPES = "external_id,name,type,sub_type,administrative_sub_type,business_sub_type\n"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("b,乙,1,,,PROJECT", "business_sub_type is for BUSINESS organisations only, this is ADMINISTRATIVE"),
        ("b,乙,2,,2,", "administrative_sub_type is for ADMINISTRATIVE organisations only, this is BUSINESS"),
        ("b,乙,2,1,,1", "sub_type and business_sub_type both have a value; fill in one of them"),
    ],
)
def test_a_sub_type_has_one_column_of_its_type(load: Importer, row: str, message: str) -> None:
    report = load(f"{SUB_TYPES}a,甲,1,,外部帐号组织,\n{row}\nc,丙,2,,,2\n", on_error="skip")
    assert report.errors == [RowError(3, message)]
    assert load.rows("select administrative_sub_type, business_sub_type from org order by id") == [
        ("EXTERNAL", None),
        (None, "NON_PROJECT"),
    ]


def test_a_sub_type_is_kept_until_the_type_changes(load: Importer) -> None:
    load("external_id,name,type,business_sub_type\na,甲,2,PROJECT\n")
    load("external_id,name,type\na,甲一,2\n")
    assert load.rows("select name, business_sub_type from org") == [("甲一", "PROJECT")]
    load("external_id,name,type,sub_type\na,甲一,2,非项目类型\n")
    assert load.rows("select name, business_sub_type from org") == [("甲一", "NON_PROJECT")]


def test_undecodable_bytes_are_found_by_line(load: Importer) -> None:
    content = TREE.encode() + b"e,a,\xe6\x88,2\n"
    report = load(content)
    assert report.errors == [RowError(6, "name contains bytes that are not in the file's encoding")]


def test_a_cycle_is_left_out_with_all_below_it(load: Importer) -> None:
    report = load(TREE + "x,y,1,2\ny,z,2,2\nz,x,3,2\nw,x,4,2\n", on_error="skip")
    assert [error.line for error in report.errors] == [6, 7, 8, 9]
    assert outcome(report) == (4, 0, 0, 4)


def test_rows_below_a_bad_one_are_left_out_but_no_errors_themselves(load: Importer) -> None:
    load(ORGS + "b,,乙,2\n")
    report = load(ORGS + "c,b,丙,2\ne,c,戊,2\nb,a,乙,2\na,,,2\nd,,丁,2\n", on_error="skip")
    assert (report.errors, outcome(report)) == ([RowError(5, "name is empty")], (1, 0, 0, 4))
    assert load.names() == ["乙", "丁"]


def test_no_number_is_lost_to_a_bad_row(load: Importer) -> None:
    load(ORGS + "a,,甲,2\nx,a,,2\nb,a,乙,2\n", on_error="skip")
    assert load.rows("select code from org where external_id = 'b'") == [("100000000100000000",)]


def test_the_first_hundred_errors_are_listed_in_file_order_and_all_counted(load: Importer) -> None:
    rows = [f"k{n},nobody,甲,2" if n % 2 else f"k{n},,,2" for n in range(300)]
    report = load(ORGS + "\n".join(rows))
    assert [error.line for error in report.errors] == list(range(2, 102))
    assert report.error_count == 300


@pytest.mark.parametrize("on_error", ["abort", "skip"])
def test_a_dry_run_reports_the_same_and_writes_nothing(load: Importer, on_error: str) -> None:
    load(TREE)
    before = load.rows("select * from org order by id"), load.rows("select * from root_numbering")
    content = TREE.replace("乙", "新") + "e,d,戊,2\nf,nobody,己,2\n"
    dry = load(content, dry_run=True, on_error=on_error)
    assert (load.rows("select * from org order by id"), load.rows("select * from root_numbering")) == before
    real = load(content, on_error=on_error)
    assert (outcome(dry), dry.errors, dry.error_count) == (outcome(real), real.errors, real.error_count)


def test_codes_in_the_file_are_kept_and_numbers_follow_them(load: Importer) -> None:
    load("external_id,parent_external_id,name,type,code\na,,甲,2,101\nb,a,乙,2,101100000005\nc,a,丙,2,\nd,,丁,2,\n")
    assert load.rows("select code, last_child_number from org order by id") == [
        ("101", 100_000_006), ("101100000005", 0), ("101100000006", 0), ("100000000", 0),
    ]  # fmt: skip


BAD_FILES: dict[str, tuple[str | bytes, str]] = {
    "unknown column": (
        "external_id,name,type,colour\n",
        "unknown columns in the header: 'colour'; orgs have: external_id",
    ),
    "column twice": ("external_id,name,org_name,type\n", "a column twice: name"),
    "no key": ("name,type\n", "lacks external_id"),
    "empty": ("", "has no header row"),
    "utf-16": (TREE.encode("utf-16"), "is UTF-16; save it as UTF-8"),
    "open quote": ('"external_id', "the header row of .* is not CSV"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_an_unusable_file_is_one_clear_line(load: Importer, case: str) -> None:
    content, message = BAD_FILES[case]
    with pytest.raises(OperatorError, match=message):
        load(content)


def test_missing_files_and_places_are_one_clear_line(load: Importer, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="cannot be read: No such file"):
        import_file(load.url, ImportOptions("orgs", tmp_path / "none.csv", "import"))
    with pytest.raises(OperatorError, match="cannot be read: Is a directory"):
        import_file(load.url, ImportOptions("orgs", tmp_path, "import"))
    with pytest.raises(OperatorError, match="there is no organisation 5"):
        load(TREE, under=5)
    with pytest.raises(OperatorError, match="there is no space or organisation 5"):
        load(TREE, "spaces", under=5)
    load(ORGS + "a,,甲,1\n")
    with pytest.raises(OperatorError, match="is not a business organisation"):
        load("external_id,name,type\nx,园,COMMUNITY\n", "spaces", under=load.id_of("a"))


def test_a_header_alone_imports_nothing(load: Importer) -> None:
    assert load(ORGS).read == 0


def test_a_chain_and_a_wide_parent(load: Importer) -> None:
    chain = [f"d{n},{f'd{n - 1}' if n else ''},n,1" for n in range(200)]
    wide = [f"w{n},d0,n,1" for n in range(3000)]
    assert outcome(load(ORGS + "\n".join(chain[::-1] + wide))) == (3200, 0, 0, 0)
    assert load.rows("select depth, full_name from org where external_id = 'd199'") == [(199, "/".join("n" * 200))]
    assert load.rows("select max(code) from org where external_id like 'w%%'") == [("100000000100003000",)]
