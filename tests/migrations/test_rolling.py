"""A rolling upgrade: programs of two versions serve one database while the older ones are replaced."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.config import Config

from app.db import migrating
from app.errors import OperatorError
from tests.clients.api import open_api
from tests.databases import ROOT

QUERY = "{ orgs { totalCount } }"
NEWER = """
from alembic import op

revision = "{revision}"
down_revision = "{before}"
compatible = {compatible}


def upgrade() -> None:
    op.execute("comment on table org is 'newer'")
"""


@contextmanager
def newer_program(folder: Path, compatible: list[bool]) -> Iterator[None]:
    """Let the body be a newer version, with a further revision for each value, which says whether it is compatible."""
    shutil.copytree(ROOT / "migrations", folder / "migrations")
    before = migrating.head()
    for number, each in enumerate(compatible):
        text = NEWER.format(revision=f"newer_{number}", before=before, compatible=each)
        (folder / "migrations" / "versions" / f"newer_{number}.py").write_text(text)
        before = f"newer_{number}"
    config = Config()
    config.set_main_option("script_location", str(folder / "migrations"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrating, "_config", lambda: config)
        migrating.head.cache_clear()
        yield
    migrating.head.cache_clear()


@pytest.mark.parametrize(("compatible", "serves"), [
    ([True], True),
    ([True, True], True),
    ([False], False),
    ([False, True], False),
    ([True, False], False),
])  # fmt: skip
def test_an_older_program_is_ready_while_the_newer_revisions_are_compatible(
    empty_url: str, tmp_path: Path, compatible: list[bool], *, serves: bool
) -> None:
    with open_api(empty_url) as older:
        assert older.client.get("/readyz").status_code == 200
        with newer_program(tmp_path, compatible):
            assert migrating.migrate(empty_url) == migrating.head()
            with open_api(empty_url) as newer:
                assert newer.client.get("/readyz").status_code == 200
        assert older.client.get("/readyz").status_code == (200 if serves else 503)
        assert older.data(QUERY) == {"orgs": {"totalCount": 0}}


def test_an_older_program_starts_on_a_compatible_database_and_leaves_it_as_it_is(
    empty_url: str, tmp_path: Path
) -> None:
    with newer_program(tmp_path, [True]):
        newest = migrating.migrate(empty_url)
    assert migrating.migrate(empty_url) == migrating.require_migrated(empty_url) == newest


def test_an_older_program_does_not_start_on_an_incompatible_database(empty_url: str, tmp_path: Path) -> None:
    with newer_program(tmp_path, [False]):
        migrating.migrate(empty_url)
    for attempt in (migrating.migrate, migrating.require_migrated):
        with pytest.raises(OperatorError, match="update Cadastre"):
            attempt(empty_url)
