"""Migrating databases that are behind, ahead, unfit or unreachable."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from app.db.migrating import OLDEST_SERVER, _check_version, head, migrate, require_migrated, revision_of
from app.errors import OperatorError
from tests.databases import execute_in as run


def test_migrating_reaches_the_head_and_again_changes_nothing(bare_url: str) -> None:
    migrate(bare_url)
    migrate(bare_url)
    require_migrated(bare_url)
    with psycopg.connect(bare_url) as connection:
        assert revision_of(connection) == head()


def test_two_programs_may_migrate_at_once(bare_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate, [bare_url, bare_url]))
    require_migrated(bare_url)


def test_a_database_without_tables_lacks_migrations(bare_url: str) -> None:
    with pytest.raises(OperatorError, match=r"migrations are missing: .* never migrated, .*cadastre migrate"):
        require_migrated(bare_url)


def test_a_newer_database_is_left_alone(empty_url: str) -> None:
    run(empty_url, "update alembic_version set version_num = 'from_the_future'")
    for attempt in (migrate, require_migrated):
        with pytest.raises(OperatorError, match=r"from_the_future, which this program does not know; update Cadastre"):
            attempt(empty_url)


@pytest.mark.parametrize("bare_url", ["encoding 'SQL_ASCII' locale 'C'", "encoding 'UTF8' locale 'C'"], indirect=True)
def test_a_database_that_does_not_know_chinese_letters_is_refused(bare_url: str) -> None:
    with pytest.raises(OperatorError, match=r"encoding UTF8 and a UTF-8 locale"):
        migrate(bare_url)


def test_an_old_server_is_refused() -> None:
    _check_version(OLDEST_SERVER)
    with pytest.raises(OperatorError, match="PostgreSQL 15 or newer is needed; this server is 14"):
        _check_version(140_011)


def test_a_user_who_may_not_create_tables_gets_one_line(bare_url: str) -> None:
    run(bare_url, "drop schema public cascade")
    with pytest.raises(OperatorError, match="the migration failed and changed nothing more: "):
        migrate(bare_url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:very-secret@127.0.0.1:1/register",
        "postgresql://me:very-secret@localhost:1/register",
        "postgresql://me:very-secret@host.invalid/register",
        "postgresql://me:very-secret@[broken/register",
        "postgresql://me:very-secret@127.0.0.1:1/register?nonsense=1",
        "me:very-secret",
    ],
)
def test_an_unreachable_database_is_named_without_the_password(url: str) -> None:
    with pytest.raises(OperatorError) as caught:
        migrate(url)
    text = str(caught.value)
    assert "cannot be reached: " in text or "is not one that PostgreSQL understands" in text
    assert "very-secret" not in text
    assert "\n" not in text
