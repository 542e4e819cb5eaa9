"""The data folder that a command works in: which commands make one, and what the others say."""

from pathlib import Path

import pytest

from app.commands.main import COMMANDS
from app.db.postgres_binaries import major_version
from tests.clients.program import Done, cadastre, cadastre_in

ARGUMENTS = {
    "generate": ["--communities", "1"],
    "import": ["orgs", __file__, "--source", "erp"],
    "export": ["orgs"],
    "check": [],
    "client": ["list"],
    "admin": ["create-super", "root"],
    "documents": ["list"],
    "personal-reads": ["list"],
    "relay": [],
    "events": ["status"],
    "webhook": ["list"],
    "changes": ["forget", "--older-than", "400d"],
}
"""The commands that work on a register which must be there, with arguments."""

CREATING = {"serve", "migrate", "demo"}
WITHOUT_DATABASE = {"schema", "errors", "limits", "keys", "rest"}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Give an empty folder that a link leads to as well."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    return folder


def refusal(done: Done) -> str:
    """Return the one line of a refused command."""
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    return done.stderr


def test_every_command_may_create_a_register_or_must_find_one() -> None:
    assert set(COMMANDS) == CREATING | WITHOUT_DATABASE | set(ARGUMENTS)


@pytest.mark.parametrize("command", ARGUMENTS)
def test_a_command_in_another_folder_makes_no_register_and_names_the_folder(elsewhere: Path, command: str) -> None:
    arguments = [command, *ARGUMENTS[command]]
    for options, expected in (
        ([], elsewhere / ".cadastre"),
        (["--data-dir", "."], elsewhere),
        (["--data-dir", elsewhere.parent / "link" / "data"], elsewhere / "data"),
    ):
        done = cadastre_in(elsewhere, *arguments, *options, new_password="correct horse")  # noqa: S106 - of no account
        assert f"there is no register in the data folder {expected}; `cadastre serve`" in refusal(done)
        assert list(elsewhere.iterdir()) == []


def test_an_empty_variable_counts_as_not_set(elsewhere: Path) -> None:
    done = cadastre_in(elsewhere, "check", url="", data_dir="", port="", data_dri="")
    assert f"the data folder {elsewhere}/.cadastre;" in refusal(done)


def test_a_register_is_made_by_migrate_and_named_by_the_commands_that_use_it(elsewhere: Path) -> None:
    name = f"the embedded PostgreSQL in {elsewhere}/data"
    made = cadastre_in(elsewhere, "migrate", "--data-dir", "../link/data")
    assert (made.returncode, made.stdout.startswith(f"Migrated: {name} is at revision ")) == (0, True)
    rows = elsewhere / "orgs.csv"
    rows.write_text("external_id,parent_external_id,name,type\n1,,Root,BUSINESS\n", "utf-8")
    imported = cadastre_in(elsewhere, "import", "orgs", rows, "--source", "erp", "--data-dir", "data")
    assert "1 inserted" in imported.stdout
    assert f", into {name}, from " in imported.stdout
    assert cadastre_in(elsewhere, "check", data_dir="data").stdout == f"0 differences in {name}.\n"


@pytest.mark.parametrize("command", ["migrate", "check"])
def test_a_folder_of_another_postgresql_is_left_as_it_is(elsewhere: Path, command: str) -> None:
    version = elsewhere / "postgres" / "PG_VERSION"
    version.parent.mkdir()
    version.write_text("17\n")
    line = refusal(cadastre(command, "--data-dir", elsewhere))
    assert f"the data folder {elsewhere} is one of PostgreSQL 17, this installation has {major_version()}" in line
    assert [*version.parent.iterdir()] == [version]


def test_a_folder_that_holds_something_else_is_left_as_it_is(elsewhere: Path) -> None:
    (elsewhere / "postgres").mkdir()
    (elsewhere / "postgres" / "notes.txt").touch()
    assert f"{elsewhere}/postgres is no folder of PostgreSQL" in refusal(cadastre("demo", "--data-dir", elsewhere))


def test_links_that_lead_nowhere_are_one_line(elsewhere: Path) -> None:
    (elsewhere / "loop").symlink_to("loop")
    assert "the data folder loop" in refusal(cadastre_in(elsewhere, "migrate", "--data-dir", "loop"))
