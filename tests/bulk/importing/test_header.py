"""Headers and options: which columns a file has, and which files cannot be imported."""

from pathlib import Path

import pytest

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
