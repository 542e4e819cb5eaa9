"""Databases of the tests: templates migrated by Alembic, and copies of them, on the embedded server."""

import fcntl
import hashlib
import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from app.db.embedded import EmbeddedServer
from app.db.exchange import Call, Row
from app.db.leakproof import mark_leakproof
from app.db.login_role import LOGIN
from app.db.rendering import Statement
from app.db.transaction import Transaction

ROOT = Path(__file__).parent.parent
DATA_DIR = ROOT / ".cadastre" / "tests"
NUMBERS = itertools.count()

OF_OWNER = "postgresql://cadastre@"
"""How the URLs of the tests' server begin."""


def digest_of(*patterns: str) -> str:
    """Name a state of some files, so that a template is made again when they change."""
    files = sorted(path for pattern in ("app/db/leakproof.py", *patterns) for path in ROOT.glob(pattern))
    assert files
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def execute(server: EmbeddedServer, statement: str) -> list[tuple[object, ...]]:
    """Run a statement about whole databases."""
    return execute_in(server.url_of("postgres", "postgres"), statement)


def execute_in(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run a statement in a database."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def make_template(server: EmbeddedServer, name: str, fill: Callable[[str], object]) -> str:
    """Make a template database once, whichever worker comes first."""
    with (DATA_DIR / "templates.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not execute(server, f"select 1 from pg_database where datname = '{name}'"):
            half = f"{name}_half"
            execute(server, f"drop database if exists {half}")
            execute(
                server, f"create database {half} owner cadastre template template0 encoding 'UTF8' locale 'C.UTF-8'"
            )
            mark_leakproof(server.url_of(half, "postgres"))
            fill(server.url_of(half))
            execute(server, f"alter database {half} rename to {name}")
    return name


def copy_of(server: EmbeddedServer, template: str, name: str) -> str:
    """Make a database from a template and give its URL; copied file by file, which takes a third of the time."""
    execute(server, f"drop database if exists {name} with (force)")
    execute(server, f"create database {name} owner cadastre template {template} strategy file_copy")
    return server.url_of(name)


def request_url(url: str) -> str:
    """Return the URL by which queries log in to a database of the tests' server."""
    assert url.startswith(OF_OWNER)
    return url.replace(OF_OWNER, f"postgresql://{LOGIN}@")


def superuser_url(url: str) -> str:
    """Return the URL by which the superuser logs in to a database of the tests' server."""
    return url.replace(OF_OWNER, "postgresql://postgres@")


def with_request_url(url: str) -> dict[str, Any]:
    """Return the setting by which queries log in, as the embedded server of a program has it; none for others."""
    return {"request_database_url": request_url(url)} if url.startswith(OF_OWNER) else {}


@contextmanager
def copied(server: EmbeddedServer, template: str, worker: str) -> Iterator[str]:
    """Return the URL of a copy of a template, which is dropped at the end."""
    name = f"copy_{worker}_{os.getpid()}_{next(NUMBERS)}"
    yield copy_of(server, template, name)
    execute(server, f"drop database if exists {name} with (force)")


def run_call(connection: psycopg.Connection, call: Call, explain: str = "") -> list[Any]:
    """Run a call, or have it explained, and give the first column of its rows."""
    cursor = psycopg.RawCursor(connection).execute(f"{explain} {call.sql}", call.values or None)
    return [row[0] for row in cursor] if cursor.description else []


def plan_of(connection: psycopg.Connection, call: Call) -> dict[str, Any]:
    """Run a call and give its plan, with the rows of each step."""
    ((explained,),) = run_call(connection, call, "explain (analyze, timing off, format json)")
    plan: dict[str, Any] = explained["Plan"]
    return plan


@contextmanager
def opened(url: str, opening: Call) -> Iterator[psycopg.Connection]:
    """Give a connection in a transaction that a call has opened, and undo it at the end."""
    with psycopg.connect(url) as connection:
        run_call(connection, opening)
        yield connection
        connection.rollback()


async def fetch(transaction: Transaction, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
    """Run one statement in a transaction and return its rows."""
    (rows,) = await transaction.fetch_all([(statement, parameters)])
    return rows
