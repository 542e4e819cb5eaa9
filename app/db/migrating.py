"""Migrating: bring a database to the newest revision of this program, and check that it is there."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from app.db.connecting import connect, name_of
from app.db.leakproof import MARK
from app.db.login_role import MAKE_LOGIN
from app.db.partitions import make_partitions
from app.errors import OperatorError

OLDEST_SERVER = 150_000  # PostgreSQL 15, as servers number their versions
MIGRATION_LOCK = 0x6361_6461
"""One program migrates at a time; the others wait and then have nothing to do. A transaction of a second connection
holds the lock: each revision commits, and a pooler does not keep the locks of a session."""


def migrate(url: str) -> str:
    """Run the revisions that a database lacks and return the newest; OperatorError when it cannot hold the register."""
    revision = check_server(url)
    if revision is not None and revision not in known():
        return revision  # that of a newer program, which still serves this one
    try:
        with connected(url) as guard, connected(url) as connection:
            guard.exec_driver_sql(f"select pg_advisory_xact_lock({MIGRATION_LOCK})")
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.execute(text(MARK))
            connection.exec_driver_sql(MAKE_LOGIN)
            mark_compatible(connection)
            connection.commit()
        make_partitions(url)
    except DBAPIError as error:
        message = f"the migration failed and changed nothing more: {first_line(error.orig or error)}"
        raise OperatorError(message) from error
    return head()


STATE = """
select version_num, coalesce(obj_description('alembic_version'::regclass), '') from alembic_version
"""
"""The revision of a database, and the older ones whose programs it still serves."""

COMPATIBLE = "compatible with "


def mark_compatible(connection: Connection) -> None:
    """Write the revisions whose programs the database still serves into the comment of Alembic's table.

    A program of an older version does not know the newest revision, so the database itself must say it.
    """
    older = ", ".join(compatible_revisions(ScriptDirectory.from_config(_config())))
    connection.exec_driver_sql(f"comment on table alembic_version is '{COMPATIBLE}{older}'")


def compatible_revisions(scripts: ScriptDirectory) -> Iterator[str]:
    """Yield the older revisions that the newest one is compatible with, the newest first.

    A revision says by `compatible = True` that programs that only know the revision before it still run on it.
    """
    for script in scripts.walk_revisions():
        if not getattr(script.module, "compatible", False):
            return
        yield str(script.down_revision)


def serves(revision: str, state: Sequence[tuple[str, str]]) -> bool:
    """Return whether a database in a state (the rows of STATE) serves the programs of a revision."""
    return any(revision == now or revision in comment.removeprefix(COMPATIBLE).split(", ") for now, comment in state)


def connected(url: str) -> Connection:
    """Connect through SQLAlchemy, as Alembic needs it."""
    return create_engine("postgresql+psycopg://", creator=lambda: connect(url), poolclass=NullPool).connect()


def require_migrated(url: str) -> str:
    """Return the revision of a database; OperatorError when it does not serve this program or cannot be read."""
    revision = check_server(url)
    if revision is None or (revision != head() and revision in known()):
        state = f"is at revision {revision}" if revision else "was never migrated"
        message = f"migrations are missing: the database {state}, this program needs {head()}; run `cadastre migrate`"
        raise OperatorError(message)
    return revision


@cache
def head() -> str:
    """Return the newest revision of this program, read once from its migrations."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise OperatorError(_MISSING)
    return revision


def known() -> set[str]:
    """Return the revisions of this program."""
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def revision_of(connection: psycopg.Connection) -> str | None:
    """Return the revision of a database; None when it was never migrated."""
    with connection.cursor() as cursor:
        row = cursor.execute("select to_regclass('alembic_version') is not null").fetchone()
        if row is None or not row[0]:
            return None
        row = cursor.execute("select version_num from alembic_version").fetchone()
        return None if row is None else str(row[0])


def check_server(url: str) -> str | None:
    """Return the revision of a database that can hold the register; OperatorError says why another one cannot.

    The server must be reachable and new enough, the revision known to this program or compatible with it, and the
    locale one that knows Chinese letters: without them, names have no trigrams.
    """
    try:
        with connect(url) as connection:
            _check_version(connection.info.server_version)
            _check_letters(connection)
            revision = revision_of(connection)
            state = [] if revision is None else connection.execute(STATE).fetchall()
    except psycopg.OperationalError as error:
        raise unreachable(url, error) from error
    except psycopg.ProgrammingError as error:
        raise OperatorError(first_line(error)) from error
    _check_revision(state)
    return revision


def unreachable(url: str, error: psycopg.Error) -> OperatorError:
    """Return an error that says in one line why a database cannot be reached, without the password of the URL."""
    lines = [line.strip(" \t-") for line in str(error).splitlines()]
    reason = next((line for line in lines if "failed: " in line), first_line(error))
    return OperatorError(f"the database {name_of(url)} cannot be reached: {reason.rsplit('failed: ', 1)[-1]}")


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message; PostgreSQL adds hints and positions below it."""
    return (str(error).strip().splitlines() or ["no reason was given"])[0]


_MISSING = "the migrations of this installation are missing; install Cadastre again"


def _config() -> Config:
    spec = find_spec("migrations")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders or not (Path(folders[0]) / "env.py").exists():
        raise OperatorError(_MISSING)
    config = Config()
    config.set_main_option("script_location", folders[0].replace("%", "%%"))
    return config


def _check_version(version: int) -> None:
    if version < OLDEST_SERVER:
        message = f"PostgreSQL 15 or newer is needed; this server is {version // 10_000}"
        raise OperatorError(message)


def _check_letters(connection: psycopg.Connection) -> None:
    encoding = connection.execute("show server_encoding").fetchone()
    if encoding != ("UTF8",) or connection.execute("select '简' ~ '[[:alpha:]]'").fetchone() != (True,):
        message = "the database must be created with encoding UTF8 and a UTF-8 locale such as C.UTF-8"
        raise OperatorError(message)


def _check_revision(state: Sequence[tuple[str, str]]) -> None:
    for revision, _ in state:
        if revision not in known() and not serves(head(), state):
            message = f"the database is at revision {revision}, which this program does not know; update Cadastre"
            raise OperatorError(message)
