"""The commands: what they answer, and one clear line for everything that an operator can mend."""

import re
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from typer.main import get_command

from app.build import VERSION
from app.commands.main import COMMANDS as SUMMARIES
from app.db.connecting import name_of
from app.db.embedded import EmbeddedServer
from tests.clients.program import Done, cadastre, environment, spawned
from tests.databases import ROOT

COMMANDS = ["serve", "migrate", "demo", "generate", "import", "check", "schema"]
AWAY = "postgresql://me:very-secret@127.0.0.1:1/register"
HEAVY = {"sqlalchemy", "strawberry", "alembic", "psycopg", "pydantic", "starlette"}


def in_one_line(done: Done) -> str:
    """Give the one line that a refused command wrote."""
    assert done.returncode == 2, done
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("cadastre: ")
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples(command: str) -> None:
    done = cadastre(command, "--help")
    assert done.returncode == 0
    assert f"cadastre {command}" in done.stdout.split("Examples:")[1]


def test_help_names_every_command_and_loads_no_database_library() -> None:
    code = "import sys; from app.commands.main import app; app(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run(  # noqa: S603 - this Python with code of this file
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    *_, modules = done.stdout.splitlines()
    assert HEAVY.isdisjoint(modules.split())
    assert all(f" {command} " in done.stdout for command in COMMANDS)


def test_the_version_is_printed() -> None:
    assert cadastre("--version").stdout == f"cadastre {VERSION}\n"
    assert cadastre("--version", "serve").stdout == f"cadastre {VERSION}\n"


@pytest.mark.parametrize("arguments", [[], ["client"]])
def test_without_a_subcommand_the_help_is_printed_and_nothing_else(arguments: list[str]) -> None:
    done = cadastre(*arguments)
    assert (done.returncode, done.stderr) == (2, "")
    assert "Usage: cadastre" in done.stdout


@pytest.mark.parametrize("command", SUMMARIES)
def test_the_summary_of_a_command_begins_its_own_help(command: str) -> None:
    module, summary = SUMMARIES[command]
    assert (get_command(import_module(module).app).help or "").startswith(summary.removesuffix("."))


@pytest.mark.parametrize(
    ("arguments", "settings", "expected"),
    [
        (
            ["serve", "--host", "0.0.0.0"],  # noqa: S104 - refused
            {"require_login": "no"},
            "need no login, so only loopback addresses are served, not 0.0.0.0",
        ),
        (
            ["serve", "--port", "0"],
            {"database_url": AWAY},
            "127.0.0.1:1/register cannot be reached: .* refused",
        ),
        (["migrate"], {"database_url": AWAY}, "127.0.0.1:1/register cannot be reached: .* refused"),
        (["check"], {"database_url": AWAY}, "127.0.0.1:1/register cannot be reached: .* refused"),
        (["demo"], {"database_url": "me:very-secret"}, "the database URL is not one that PostgreSQL understands"),
        (["migrate", "--data-dir", __file__], {}, "the data folder .* is not writable .*--data-dir"),
        (["demo"], {"data_dir": f"{__file__}/x"}, "the data folder .* is not writable .*CADASTRE_DATA_DIR"),
        (["check", "--data-dir", __file__], {}, "there is no register in the data folder .*--data-dir"),
        (["check"], {"data_dir": "~nobody-of-this-name/x"}, "the data folder ~nobody-of-this-name/x has no path"),
        (
            ["check"],
            {"data_bsae_url": AWAY},
            "CADASTRE_DATA_BSAE_URL is .* CADASTRE_DATABASE_URL",
        ),
        (["migrate"], {"zzzz": "1"}, "CADASTRE_ZZZZ is not a setting"),
        (["serve"], {"compiled": "perhaps "}, "CADASTRE_COMPILED: .* not 'perhaps '"),
        (["import", "orgs", "absent.csv", "--source", "crm"], {}, "there is no file absent.csv"),
        (["schema", "--check", "absent.graphql"], {}, "there is no file absent.graphql"),
        (["serve"], {"port": "many"}, "CADASTRE_PORT: .*valid integer"),
        (["serve"], {"cors_origins": "https://a.example,https://b.example/"}, "'https://b.example/' is not an origin"),
        (["serve"], {"cors_origins": "https://A.example"}, "CADASTRE_CORS_ORIGINS: 'https://A.example' .* a path$"),
        (["serve"], {"public_url": "register"}, "CADASTRE_PUBLIC_URL: write an address such as https://register"),
        (["serve"], {"public_url": "https://a.example/?b"}, "CADASTRE_PUBLIC_URL: .* without a query$"),
        (["serve", "--host", ""], {}, "CADASTRE_HOST: .* at least 1 character, not ''"),
        (["serve"], {"log_format": "xml"}, "CADASTRE_LOG_FORMAT: .*'text' or 'json'"),
        (["serve", "--workers", "0"], {}, "'--workers'"),
        (["serve", "--port", "70000"], {}, "'--port'"),
        (["generate", "--communities", "0"], {}, "'--communities'"),
        (["serve", "--prot", "1"], {}, "--prot"),
        (["import", "trees", "x.csv", "--source", "crm"], {}, "trees"),
        (["import", "orgs", "x.csv"], {}, "--source"),
        (["import", "orgs", "x.csv", "--source", "crm", "--under", "8_829"], {}, "--under.*'8_829' is not an id"),
        (["import", "orgs", "x.csv", "--source", "crm", "--under", "８８２９"], {}, "--under.*'８８２９' is not an id"),
        (["sreve"], {}, "sreve"),
    ],
)
def test_trouble_is_one_line(arguments: list[str], settings: dict[str, str], expected: str) -> None:
    line = in_one_line(cadastre(*arguments, **settings))
    assert re.search(expected, line), line
    assert "very-secret" not in line


def test_a_prompt_that_nobody_answers_is_one_line() -> None:
    done = spawned("admin", "create-super", "root")
    assert done.returncode == 130
    assert done.stderr.endswith("cadastre: cancelled\n")
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = in_one_line(cadastre("serve", "--port", port, "--data-dir", tmp_path / "data"))
    assert f"port {port} of 127.0.0.1 cannot be used" in line
    assert "--port" in line
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["serve", "check", "demo"])
def test_missing_migrations_are_one_line(server: EmbeddedServer, command: str) -> None:
    line = in_one_line(cadastre(command, url=server.url_of("postgres")))
    assert "was never migrated" in line
    assert "run `cadastre migrate`" in line


def test_migrate_says_where_the_database_is(empty_url: str) -> None:
    done = cadastre("migrate", url=empty_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(rf"Migrated: the database {name_of(empty_url)} is at revision \w+\.\n", done.stdout)


def test_the_demo_world_is_loaded_once(empty_url: str) -> None:
    first, second = cadastre("demo", url=empty_url), cadastre("demo", url=empty_url)
    assert (first.returncode, second.returncode) == (0, 0)
    assert " org," in first.stdout
    assert second.stdout == f"Added to the database {name_of(empty_url)}: nothing, it was all there.\n"


def test_check_is_clean_until_a_path_is_wrong(empty_url: str, tmp_path: Path) -> None:
    rows = tmp_path / "orgs.csv"
    rows.write_text("external_id,parent_external_id,name,type\n1,,Root,BUSINESS\n2,1,Child,BUSINESS\n", "utf-8")
    assert cadastre("import", "orgs", rows, "--source", "crm", url=empty_url).stdout.startswith(
        "Done: 2 rows read, 2 inserted, 0 updated"
    )
    assert cadastre("check", url=empty_url).stdout == f"0 differences in the database {name_of(empty_url)}.\n"
    with psycopg.connect(empty_url) as connection:
        connection.execute("update org set full_name = 'wrong' where name = 'Child'")
    done = cadastre("check", url=empty_url)
    assert done.returncode == 1
    assert "full_name is wrong, should be Root/Child" in done.stderr
    assert done.stdout.startswith("1 differences in ")


def test_a_bad_row_is_told_with_its_line_and_nothing_is_written(empty_url: str, tmp_path: Path) -> None:
    rows = tmp_path / "orgs.csv"
    rows.write_text("external_id,parent_external_id,name,type\n1,,Root,BUSINESS\n2,9,Child,BUSINESS\n", "utf-8")
    done = cadastre("import", "orgs", rows, "--source", "crm", url=empty_url)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("line 3: ")
    assert done.stdout.startswith("Nothing was written: 2 rows read")
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("select from org").fetchone() is None


def test_skipped_rows_are_counted_and_end_with_status_3(empty_url: str, tmp_path: Path) -> None:
    rows = tmp_path / "orgs.csv"
    header = "external_id,parent_external_id,name,type\n"
    rows.write_text(f"{header}1,,Root,BUSINESS\n2,9,Child,BUSINESS\n3,2,Grandchild,BUSINESS\n", "utf-8")
    skipping = ("import", "orgs", rows, "--source", "crm", "--on-error", "skip")
    dry, done = cadastre(*skipping, "--dry-run", url=empty_url), cadastre(*skipping, url=empty_url)
    assert (dry.returncode, done.returncode) == (3, 3)
    assert done.stdout.startswith("Done: 3 rows read, 1 inserted, 0 updated, 0 unchanged, 2 skipped")
    rows.write_text(f"{header}1,,Root,BUSINESS\n", "utf-8")
    assert cadastre(*skipping, url=empty_url).returncode == 0


def test_the_schema_is_printed_and_compared(tmp_path: Path) -> None:
    printed = cadastre("schema").stdout
    assert "type Query" in printed
    file = tmp_path / "schema.graphql"
    file.write_text(printed, "utf-8")
    assert cadastre("schema", "--check", file).returncode == 0
    file.write_text(printed + "\n", "utf-8")
    done = cadastre("schema", "--check", file)
    assert done.returncode == 1
    assert "differs from the schema of this program" in done.stderr
