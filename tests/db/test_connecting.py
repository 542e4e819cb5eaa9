"""What a database URL says holds in every connection, and the environment of libpq does not change sessions."""

import asyncio

import pytest

from app.db.connecting import name_of
from app.db.exchange import Row
from app.db.pool import Pool
from tests.clients.api import open_api
from tests.clients.program import cadastre
from tests.databases import execute_in

HOSTILE = {
    "PGOPTIONS": "-c search_path=elsewhere -c default_transaction_read_only=on",
    "PGTZ": "Asia/Shanghai",
    "PGDATESTYLE": "German",
    "PGCLIENTENCODING": "LATIN1",
    "PGHOSTADDR": "127.0.0.9",
    "PGSERVICE": "absent",
    "PGAPPNAME": "stranger",
    "PGTARGETSESSIONATTRS": "standby",
}
SESSIONS = "select application_name, count(*) from pg_stat_activity where datname = current_database() group by 1"
TABLES = "select distinct schemaname from pg_tables where tablename in ('org', 'admin', 'alembic_version')"
NAMES = ("statement_timeout", "timezone", "lock_timeout", "application_name")
SETTINGS = "select " + ", ".join(f"current_setting('{name}')" for name in NAMES)


def surround_with(patch: pytest.MonkeyPatch) -> None:
    """Set variables that would change every session of libpq."""
    for name, value in HOSTILE.items():
        patch.setenv(name, value)


def test_the_options_of_the_url_hold_when_migrating_and_when_serving(
    bare_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for statement in ("create schema register", "create schema tools", "create extension pg_trgm schema tools"):
        execute_in(bare_url, statement)
    url = f"{bare_url}&application_name=mine&options=-csearch_path%3Dregister%20-clock_timeout%3D7s"
    surround_with(monkeypatch)
    for command in ("migrate", "demo", "check"):
        done = cadastre(command, url=url)
        assert (done.returncode, done.stderr) == (0, ""), command
    with open_api(url) as api:
        assert api.data("{ orgs { totalCount } }")["orgs"]["totalCount"] > 100
        assert api.bearer("supperadm").startswith("Bearer ey")
        assert {name for name, _ in execute_in(bare_url, SESSIONS)} > {"mine"}
    assert execute_in(bare_url, TABLES) == [("register",)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", ("25s", "UTC", "0", "cadastre")),
        ("&options=-cstatement_timeout%3D7s%20-clock_timeout%3D3s", ("7s", "UTC", "3s", "cadastre")),
        ("&options=--TimeZone%3DAsia/Shanghai&application_name=mine", ("25s", "Asia/Shanghai", "0", "mine")),
    ],
)
def test_requests_run_with_the_settings_of_the_url_and_the_programs_own_for_the_rest(
    demo_url: str, monkeypatch: pytest.MonkeyPatch, options: str, expected: tuple[str, ...]
) -> None:
    surround_with(monkeypatch)

    async def settings() -> list[Row]:
        pool = Pool(demo_url + options, 1)
        await pool.open()
        async with pool.reading_as_owner() as reading:
            rows = await reading.run(SETTINGS)
        await pool.close()
        return rows

    assert asyncio.run(settings()) == [expected]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:very-secret@db.example/register", "db.example:5432/register"),
        ("postgresql://me:very%2Fsecret%40@[::1]:5433/register?sslmode=require", "[::1]:5433/register"),
        ("postgresql://me:very-secret@one:1,two:2,three/register", "one:1,two:2,three:5432/register"),
        ("host=one,two port=7 dbname=register password='very secret'", "one:7,two:7/register"),
        ("postgresql:///register?host=/run/postgresql&port=5433", "/run/postgresql:5433/register"),
        ("postgresql://me:very-secret@/?hostaddr=127.0.0.1", "127.0.0.1:5432/me"),
    ],
)
def test_a_database_is_named_by_host_port_and_database(url: str, expected: str) -> None:
    assert name_of(url) == expected
