"""Session: the database connection of one bulk command, and the locks on the trees that it changes."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import Connection

from app.bulk.trees import lock_tree
from app.db.connecting import connect, is_pooled
from app.db.opening import as_operator_error
from app.errors import OperatorError
from app.services.tree import TREE_LOCKS

Note = Callable[[str], None]
"""Called with a line for the operator."""

LONGEST_WAIT = 600
"""Seconds that a bulk command waits for a lock, unless the operator says otherwise."""

SETTINGS = {
    "client_connection_check_interval": "1s",  # the lock of a killed program is released while its statement runs
    "work_mem": "128MB",
    "temp_buffers": "64MB",
    "maintenance_work_mem": "256MB",
    "gin_pending_list_limit": "1GB",
}
"""Sorts, joins and the building of indexes stay in memory, and the indexes of names take all new names at once after
the commit, which is several times cheaper than in small lots. A database server needs about half a gigabyte for it."""


def ignore(line: str) -> None:
    """Drop a note."""
    del line


@contextmanager
def session(url: str, name: str) -> Iterator[Connection]:
    """Open a connection for bulk work; OperatorError when the database is unreachable.

    `name` is what the database shows for it, such as "cadastre import". Behind a pooler the settings end with the first
    transaction, because another program may get the session.
    """
    with as_operator_error(url), connect(url, application_name=name) as connection:
        is_local = is_pooled(connection)
        for setting, value in SETTINGS.items():
            connection.execute("select set_config(%s, %s, %s)", [setting, value, is_local])
        if not is_local:
            connection.commit()
        yield connection


def lock_trees(connection: Connection, trees: Iterable[str], wait: float = LONGEST_WAIT, note: Note = ignore) -> None:
    """Lock trees until the commit. While another program changes one, wait up to `wait` seconds and say so.

    OperatorError when the other program is not done by then.
    """
    for tree in trees:
        if connection.execute("select pg_try_advisory_xact_lock(%s)", [TREE_LOCKS[tree]]).fetchone() != (True,):
            holder = _holder(connection, tree)
            if wait > 0:
                note(f"Waiting for {holder}, at most {wait:g} s ...")
            _wait_for(connection, tree, wait, holder)


def _wait_for(connection: Connection, tree: str, wait: float, holder: str) -> None:
    connection.execute("select set_config('lock_timeout', %s, true)", [f"{max(1, round(wait * 1000))}ms"])
    try:
        lock_tree(connection, tree)
    except psycopg.errors.LockNotAvailable as error:
        message = (
            f"nothing was written: {holder} still changes the {tree} tree after {wait:g} s;"
            " try again later, or wait longer with --wait"
        )
        raise OperatorError(message) from error
    connection.execute("set local lock_timeout = 0")


def _holder(connection: Connection, tree: str) -> str:
    """Name the program that holds the lock of a tree."""
    row = connection.execute(HOLDER, [TREE_LOCKS[tree]]).fetchone()
    return str(row[0]) if row else "another program"


HOLDER = """
select format('%%s (process %%s of the database%%s)',
  coalesce(nullif(application_name, ''), 'a program'), pid, to_char(xact_start, '", since" HH24:MI:SS'))
from pg_locks join pg_stat_activity using (pid)
where locktype = 'advisory' and classid = 0 and objid = %s and objsubid = 1 and granted
and pg_locks.database = (select oid from pg_database where datname = current_database())
"""
