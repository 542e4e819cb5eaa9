"""Migrations: bring a database to the schema of this program, and tell whether it is there."""

from importlib.util import find_spec
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from app.errors import OperatorError

OLDEST_SERVER = 150_000  # PostgreSQL 15, as the server tells its version
MIGRATION_LOCK = 0x6361_6461  # one program migrates at a time; the others wait and find nothing left to do


def migrate(url: str) -> None:
    """Run the migrations that the database lacks; OperatorError when it cannot hold the register."""
    _check_server(url)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        connection.exec_driver_sql(f"select pg_advisory_lock({MIGRATION_LOCK})")
        connection.commit()
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.exec_driver_sql(f"select pg_advisory_unlock({MIGRATION_LOCK})")
        connection.commit()
    engine.dispose()


def head() -> str:
    """Name the newest revision of this program."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        message = "the migrations of this installation are missing; install Cadastre again"
        raise OperatorError(message)
    return revision


def revision_of(connection: psycopg.Connection) -> str | None:
    """Name the revision that a database is at; None when it was never migrated."""
    with connection.cursor() as cursor:
        row = cursor.execute("select to_regclass('alembic_version') is not null").fetchone()
        if row is None or not row[0]:
            return None
        row = cursor.execute("select version_num from alembic_version").fetchone()
        return None if row is None else str(row[0])


def _config() -> Config:
    spec = find_spec("migrations")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders or not (Path(folders[0]) / "env.py").exists():
        message = "the migrations of this installation are missing; install Cadastre again"
        raise OperatorError(message)
    config = Config()
    config.set_main_option("script_location", folders[0])
    return config


def _check_server(url: str) -> None:
    """Refuse a server that is too old, or a database whose locale would leave Chinese names without trigrams."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            encoding = connection.execute("show server_encoding").fetchone()
            letters = connection.execute("select '简' ~ '[[:alpha:]]'").fetchone()
            if connection.info.server_version < OLDEST_SERVER:
                message = f"PostgreSQL 15 or newer is needed; this server is {connection.info.server_version // 10_000}"
                raise OperatorError(message)
            if encoding != ("UTF8",) or letters != (True,):
                message = "the database must be created with encoding UTF8 and a UTF-8 locale such as C.UTF-8"
                raise OperatorError(message)
    except psycopg.OperationalError as error:
        raise unreachable(url, error) from error


def unreachable(url: str, error: psycopg.Error) -> OperatorError:
    """Say in one line that no database answers, without the password of the URL."""
    where = psycopg.conninfo.conninfo_to_dict(url)
    place = f"{where.get('host', 'localhost')}/{where.get('dbname', '')}"
    reason = (str(error).strip().splitlines() or ["no answer"])[-1]
    return OperatorError(f"the database {place} cannot be reached: {reason}")
