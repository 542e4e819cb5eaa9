"""Headers and options: which columns a file has, and which files cannot be imported."""

from pathlib import Path

import pytest

from app.bulk.importing.records import RowError
from app.bulk.importing.run import ImportOptions, import_file
from app.errors import OperatorError
from tests.clients.importer import ORGS, TREE, Importer


def test_a_type_left_out_is_inherited_from_under_only(load: Importer) -> None:
    load(TREE)
    with pytest.raises(OperatorError, match="lacks type; add the column"):
        load("external_id,name\nx,戊\n")
    load("external_id,name\nx,戊\n", under=load.id_of("d"))
    assert load.rows("select type, full_name from org where external_id = 'x'") == [("BUSINESS", "甲/丁/戊")]
    with pytest.raises(OperatorError, match="lacks type"):
        load("external_id,name\nx,戊\n", "spaces", under=load.id_of("d"))


BAD_FILES: dict[str, tuple[str | bytes, str]] = {
    "unknown column": (
        "external_id,nmae,type,couleur,\u00a0typ\n",
        r"'nmae' \(did you mean name\?\), 'couleur', '\\xa0typ' \(did you mean type\?\); orgs have: .*--ignore-columns",
    ),
    "many unknown columns": (
        ",".join(["external_id", *(f"x{n}" for n in range(20_000))]),
        "^unknown columns in the header: 'x0', .{100,200} 'x19' and 19980 more; orgs have: .{100,200} 'x0,x1,[^ ]*$",
    ),
    "column twice": ("external_id,name,org_name,type\n", r"a column twice: name \('name' and 'org_name'\)"),
    "same column twice": ("external_id,name,name,type\n", r"a column twice: name \('name' and 'name'\)"),
    "no key": ("name,type\n", "lacks external_id"),
    "empty": ("", "has no header row"),
    "blank": (",,\n \n", "has no header row"),
    "open quote": ('"external_id', r"the header \(line 1\) is not CSV"),
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


def test_columns_may_be_ignored_by_name(load: Importer) -> None:
    content = 'external_id;nom;name;Code, "INSEE";type;code\na;x;A;y;1;FR-1\n'
    names = ("Nom", 'code, "insee"', "code")
    assert load(content, ignored=names).inserted == 1
    assert load.rows("select name, code from org") == [("A", "100000000")]
    with pytest.raises(OperatorError, match="the file has no column 'nim'; did you mean 'nom'"):
        load(content, ignored=("nim",))
    with pytest.raises(OperatorError, match="the header lacks external_id"):
        load(content, ignored=(*names, "external id"))


def test_padded_columns_must_be_empty(load: Importer) -> None:
    report = load("external_id,,name,type,,\na,,A,1,,\nb, ,B,1\nc,x,C,1\nd,,D,1,,,,\ne,,E,1,,,,x\n", on_error="skip")
    assert report.errors == [
        RowError(4, "has 'x' in column 2, which has no name"),
        RowError(6, "has 8 cells, the header has 6"),
    ]
    assert load.names() == ["A", "B", "D"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "--source '' is not the name of another system"),
        ("\u00a0", r"--source '\\xa0' is not the name"),
        ("a\u202eb", "--source contains a character that changes the direction of text"),
        ("x" * 201, "--source is 201 characters long"),
    ],
)
def test_a_source_is_the_name_of_another_system(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(OperatorError, match=message):
        import_file("postgresql:///never-reached", ImportOptions("orgs", tmp_path, source))


def test_a_source_is_known_again_with_blanks_around_it(load: Importer) -> None:
    load(TREE, source="crm")
    assert load(TREE, source=" crm\u3000").unchanged == 4
    assert load(TREE, source="CRM").inserted == 4
