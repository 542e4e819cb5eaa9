"""The revisions: numbered, undone by a downgrade, independent of the program, and written from the models."""

import ast
import shutil
from argparse import Namespace
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from app import models
from app.access.policies import POLICIES
from app.db.embedded import EmbeddedServer
from app.db.migrating import connected
from app.db.partitions import is_described
from migrations.frozen.tables import NAMES
from migrations.revision import next_id

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"
REVISIONS = sorted((MIGRATIONS / "versions").glob("*.py"))
FROZEN = sorted((MIGRATIONS / "frozen").glob("*.py"))

LOST = """
drop table app_grant cascade;
alter table verification drop column reviewer_id;
alter table device drop column device_token, drop column environment;
alter table client drop column max_nodes cascade;
"""
"""What the next revision has to create: a table, a reference, a secret column, a choice, and one that is reserved."""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Give Alembic's configuration over a copy of the migrations, where it may write."""
    shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    shutil.copy(MIGRATIONS.parent / "pyproject.toml", tmp_path)
    return Config(toml_file=tmp_path / "pyproject.toml", cmd_opts=Namespace(autogenerate=True))


@pytest.fixture
def written(config: Config, empty_url: str) -> str:
    """Give the next revision, which restores what a database has lost; it is run there."""
    with psycopg.connect(empty_url) as connection:
        connection.execute(LOST)
    run(config, empty_url, "revision", message="bring back: the Lost!", autogenerate=True)
    run(config, empty_url, "upgrade", revision="head")
    head = ScriptDirectory.from_config(config).get_revision("head")
    assert head
    return Path(head.path).read_text("utf-8")


def run(config: Config, url: str, name: str, **options: object) -> None:
    with connected(url) as connection:
        config.attributes["connection"] = connection
        getattr(command, name)(config, **options)


def readable(connection: psycopg.Connection, table: str) -> set[str]:
    """Name the columns of a table that requests read."""
    may_read = "has_column_privilege('cadastre_app', attrelid, attnum, 'select')"
    columns = f"select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and {may_read}"
    return {name for (name,) in connection.execute(columns, [table])}


def differences(url: str) -> list[object]:
    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_described})
        return list(compare_metadata(context, models.Base.metadata))


def test_revisions_are_numbered_in_their_order() -> None:
    ids = [path.stem for path in REVISIONS]
    assert [int(id_[:4]) for id_ in ids] == list(range(1, len(ids) + 1))
    scripts = ScriptDirectory(MIGRATIONS).walk_revisions()
    assert [script.revision for script in scripts] == ids[::-1]


@pytest.mark.parametrize("path", [*REVISIONS, *FROZEN], ids=lambda path: path.stem)
def test_a_revision_depends_on_nothing_of_the_program(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
        assert all(name.split(".")[0] != "app" for name in names)
        assert not [name for name in names if name.startswith("migrations") and ".frozen." not in name]


def test_names_of_constraints_are_those_of_the_models() -> None:
    assert models.Base.metadata.naming_convention == NAMES


def test_all_revisions_are_undone(config: Config, empty_url: str) -> None:
    run(config, empty_url, "downgrade", revision="base")
    with psycopg.connect(empty_url) as connection:
        left = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'S', 'v')"
        assert connection.execute(left).fetchall() == [("alembic_version",)]
    run(config, empty_url, "upgrade", revision="head")
    assert differences(empty_url) == []


def test_ids_are_the_next_number_and_the_message() -> None:
    assert next_id(None, "register") == "0001_register"
    assert next_id("0009_app_grant", "Add lease: 租约!") == "0010_add_lease"
    assert len(next_id("0011_x", "a message that is longer than the column for it")) == 32


def test_a_new_table_is_a_call(written: str) -> None:
    number = len(REVISIONS) + 1
    assert written.startswith('"""Bring back: the Lost."""\n\n')
    assert f'revision = "{number:04}_bring_back_the_lost"' in written
    assert "###" not in written
    entity = written[
        written.index('    entity(\n        "app_grant",') : written.index("    op.create_unique_constraint")
    ]
    assert 'choice("app_type", "App类型 Residents or stewards", "COMMUNITY STEWARD"),' in entity
    assert 'reference("org_id", "org", "业务组织 The organisation"),' in entity
    assert 'text("app_id", "应用编号 Id of the app", index=True),' in entity
    assert f'owner="{POLICIES["app_grant"].owner}",' in entity
    assert f'visible="{POLICIES["app_grant"].condition}",' in entity
    assert '    drop("app_grant")\n' in written


def test_new_columns_are_calls(written: str) -> None:
    assert (
        'add("verification", reference("reviewer_id", "admin", "审核人 Reviewer", nullable=True, index=True))'
        in written
    )
    assert 'secret=["device_token"]' in written
    assert '"DEBUG RELEASE", default="\'DEBUG\'"' in written
    assert "drop_index" not in written
    assert "drop_constraint" not in written


def test_what_is_written_restores_what_was_lost(config: Config, empty_url: str, written: str) -> None:
    assert written
    assert differences(empty_url) == []
    with psycopg.connect(empty_url) as connection:
        assert readable(connection, "device") >= {"environment"}
        assert "device_token" not in readable(connection, "device")
        assert readable(connection, "client") == set()
        assert readable(connection, "app_grant") == {*models.AppGrant.__table__.columns.keys()}
    run(config, empty_url, "downgrade", revision="-1")
    assert differences(empty_url) != []


def test_no_revision_is_written_when_nothing_differs(config: Config, empty_url: str) -> None:
    config.stdout = StringIO()
    run(config, empty_url, "revision", message="nothing", autogenerate=True)
    assert "agree" in config.stdout.getvalue()
    assert len(list(ScriptDirectory.from_config(config).walk_revisions())) == len(REVISIONS)


def test_a_table_without_a_policy_is_refused(config: Config, empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute("drop table app_grant cascade")
    monkeypatch.setattr("migrations.revision.POLICIES", {})
    with pytest.raises(CommandError, match="app_grant has no policy: say in app/access/policies"):
        run(config, empty_url, "revision", message="add app grants", autogenerate=True)


def test_alembic_runs_on_the_embedded_database_when_no_url_is_set(
    config: Config, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CADASTRE_DATABASE_URL", raising=False)
    monkeypatch.setenv("CADASTRE_DATA_DIR", str(server.data_dir))
    command.current(config)


def test_alembic_says_in_one_line_that_a_database_is_away(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CADASTRE_DATABASE_URL", "postgresql://me:very-secret@127.0.0.1:1/register")
    with pytest.raises(CommandError, match=r"^the database 127\.0\.0\.1:1/register cannot be reached: .*$"):
        command.current(config)
