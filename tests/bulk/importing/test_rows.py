"""Rows of a file: what values may be, and what is said of bad ones."""

import pytest

from app.bulk.importing.records import RowError
from app.models.space import SpaceType
from tests.clients.importer import ORGS, TREE, Importer, outcome


def test_quoted_cells_keep_commas_quotes_backslashes_and_blanks(load: Importer) -> None:
    names = ["a,b", 'say "x"', "\\N", " blank ", 'a 12" pipe', "=1+1", "مرحبا", "a\u00a0b"]
    quoted = (name.replace('"', '""') for name in names)
    load(ORGS + "".join(f'k{n},,"{name}",1\n' for n, name in enumerate(quoted)))
    assert load.names() == names


def test_ids_lose_the_blanks_around_them_and_texts_are_composed(load: Importer) -> None:
    load(ORGS + "\u00a0a\u3000,,E\u0301vry,2\n\ufeffe\u0301 ,\ta\u200b,Ha\u0300,2\n")
    assert load.rows("select external_id, name from org order by id") == [("a", "Évry"), ("é", "Hà")]
    assert outcome(load(ORGS + "a,,Évry,2\né,a,Hà,2\n")) == (0, 0, 2, 0)


def test_documented_names_and_codes_are_understood(load: Importer) -> None:
    load(
        "id,parentid,org_name,org_type,sub_type,status,org_code,org_id\n1,,甲,2,1,2,901,77\n2,1,乙,业务组织,,,901105,\n"
    )
    assert load.rows("select type, business_sub_type, status, code, fourgrid_id, full_name from org order by id") == [
        ("BUSINESS", "PROJECT", "DISABLED", "901", 77, "甲"),
        ("BUSINESS", None, "ENABLED", "901105", None, "甲/乙"),
    ]


TYPES = "(known: ADMINISTRATIVE 行政组织, BUSINESS 业务组织)"
CIRCLE = "its parents lead in a circle, never to a root"
BAD_ORGS = {
    "p,nobody\u00a0x,甲,2": r"parent_external_id 'nobody\xa0x' is neither in the file nor in the register",
    "own,own,甲,2": CIRCLE,
    "ok,,甲,2": "external_id 'ok' is already in line 2",
    "k1,,甲,PARK": f"type is unknown: 'PARK' {TYPES}",
    "k2,,甲,busıness": f"type is unknown: 'busıness' {TYPES}",
    "k3,,甲,２": f"type is unknown: '２' {TYPES}",
    "k4,,甲,": "type is empty",
    "k5,,,2": "name is empty",
    'k6,,"  ",2': "name is empty",
    "k20,,\u200b\u3164,2": "name is empty",
    ",,甲,2": "external_id is empty",
    "\u00a0\u200b,,甲,2": "external_id is empty",
    f"k7,,{'长' * 201},2": "name is 201 characters long, at most 200 are allowed",
    f"{'x' * 201},,甲,2": "external_id is 201 characters long, at most 200 are allowed",
    f"k8,,{'x' * 100_000},2": "name is 100000 characters long, at most 200 are allowed",
    "k9,,甲": "has 3 cells, the header has 4",
    "k10,,甲,2,3": "has 5 cells, the header has 4",
    "k11,,甲\0乙,2": r"name contains a control character (U+0000): '甲\x00乙'",
    'k12,,"一\n行",2': r"name contains a control character (U+000A): '一\n行'",
    "k13,,a\tb,2": r"name contains a control character (U+0009): 'a\tb'",
    "k14,,a\x85b,2": r"name contains a control character (U+0085): 'a\x85b'",
    "k15,,abc\u202ecba,2": r"name contains a character that changes the direction of text (U+202E): 'abc\u202ecba'",
    "k16\u200e16,,甲,2": r"external_id contains a character that changes the direction of text (U+200E): 'k16\u200e16'",
    "k17,,S\ufffdo Paulo,2": "name contains the mark of a lost character (U+FFFD): 'S�o Paulo'",
    "k18,,,9": f"name is empty; type is unknown: '9' {TYPES}",
    'k19,,"甲"乙,2': "is not CSV: ',' expected after '\"' (is a quotation mark not closed?)",
    "external_id,parent_external_id,name,type": "repeats the header",
    f'k20,,"{"x" * 10**6}",2': "is not CSV: field larger than field limit (131072) (is a quotation mark not closed?)",
    'k21,,"甲,2': "is not CSV: unexpected end of data (is a quotation mark not closed?)",
}
"""Rows of organisations and what is said of each; the last one takes in everything behind it."""

SPACE_HEADER = "external_id,name,type,area,business_type,org_id,code,status,fourgrid_id\n"
AREA, ID = "area is not an area (such as 89.5)", "fourgrid_id is not an id (a positive whole number)"
CODE = "; the codes of another system belong in external_id, or are left out by --ignore-columns"
SPACE_TYPES = ", ".join(f"{member} {member.chinese}" for member in SpaceType)
BAD_SPACES = {
    "s1,甲,HOUSE,12m,,,,,": f"{AREA}: '12m'",
    "s2,甲,HOUSE,NaN,,,,,": f"{AREA}: 'NaN'",
    "s3,甲,HOUSE,1234567890123,,,,,": f"{AREA}: '1234567890123'",
    "s21,甲,HOUSE,999999999999.995,,,,,": f"{AREA}: '999999999999.995'",
    "s4,甲,HOUSE,８９,,,,,": f"{AREA}: '８９'",
    "s5,甲,HOUSE,1_0,,,,,": f"{AREA}: '1_0'",
    's6,甲,HOUSE,"1,234",,,,,': f"{AREA}: '1,234'",
    "s7,甲,HOUSE,+1,,,,,": f"{AREA}: '+1'",
    "s8,甲,HOUSE,,,,,,-1": f"{ID}: '-1'",
    f"s9,甲,HOUSE,,,,,,{'9' * 20}": f"{ID}: '{'9' * 20}'",
    "s10,甲,HOUSE,,,,,,１２": f"{ID}: '１２'",
    "s11,甲,HOUSE,,,,,,1_2": f"{ID}: '1_2'",
    "s12,甲,HOUSE,,,,,,8829.0": f"{ID}: '8829.0'",
    "s13,甲,HOUSE,,,,,,²": f"{ID}: '²'",
    "s14,甲,HOUSE,,,,FR-75,,": f"code is not a code of the register (digits): 'FR-75'{CODE}",
    "s15,甲,COMMUNITY,,,,1000,,": "code '1000' is already taken",
    "s16,甲,HOUSE,,,,,3,": "status is unknown: '3' (known: ENABLED 启用, DISABLED 禁用)",
    "s17,甲,SHED,,,,,,": f"type is unknown: 'SHED' (known: {SPACE_TYPES})",
    "s18,甲,COMMUNITY,,,5,,,": "org_id 5 is not a business organisation",
    "s19,甲,HOUSE,,,5,,,": "org_id is for a COMMUNITY only, this is a HOUSE",
    "s20,甲,HOUSE,,1,,,,": "business_type is for a COMMUNITY only, this is a HOUSE",
}


@pytest.mark.parametrize(
    ("noun", "good", "bad"),
    [
        ("orgs", ORGS + "ok,,好,2\nalso,ok,好,2\n", BAD_ORGS),
        ("spaces", SPACE_HEADER + 'ok,好,小区,"89,50",,,1000,有效,\nalso,好,COMMUNITY,89.5,,,,无效,007\n', BAD_SPACES),
    ],
)
def test_bad_rows_are_named_and_keep_everything_out_or_are_skipped_when_asked(
    load: Importer, noun: str, good: str, bad: dict[str, str]
) -> None:
    content = good + "\n".join(bad) + "\n"
    lines = [4 + sum(row.count("\n") + 1 for row in list(bad)[:index]) for index in range(len(bad))]
    errors = [RowError(line, message) for line, message in zip(lines, bad.values(), strict=True)]
    report = load(content, noun)
    assert report.errors == errors
    assert (report.error_count, outcome(report)) == (len(bad), (0, 0, 0, 0))
    assert load.names("org") == load.names("space") == []
    report = load(content, noun, on_error="skip")
    assert (report.errors, outcome(report)) == (errors, (2, 0, 0, len(bad)))
    assert load.names(noun.removesuffix("s")) == ["好", "好/好" if noun == "orgs" else "好"]


def test_a_sub_type_must_suit_the_type(load: Importer) -> None:
    report = load("external_id,name,type,sub_type\na,甲,1,6\nb,乙,2,6\n", on_error="skip")
    assert report.errors == [RowError(3, "sub_type is unknown: '6' (known: PROJECT 项目类型, NON_PROJECT 非项目类型)")]
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
    before = load.rows("select * from org order by id"), load.rows("select * from numbering")
    content = TREE.replace("乙", "新") + "e,d,戊,2\nf,nobody,己,2\n"
    dry = load(content, dry_run=True, on_error=on_error)
    assert (load.rows("select * from org order by id"), load.rows("select * from numbering")) == before
    real = load(content, on_error=on_error)
    assert (outcome(dry), dry.errors, dry.error_count) == (outcome(real), real.errors, real.error_count)
