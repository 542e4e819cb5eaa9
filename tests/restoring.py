"""Databases that are restored to their template after each test: a tenth of the work of a new copy."""

import time
from contextlib import ExitStack, closing
from functools import partial
from types import TracebackType
from typing import NamedTuple, Self

import psycopg
from psycopg.sql import SQL

from app.db.embedded import EmbeddedServer
from tests.clients.api import Api, open_api
from tests.databases import copied

MOST_ROWS = 3_000
"""From so many new rows on, a new copy is cheaper than to delete them."""

ACCOUNTS = ("yanggc4", "supperadm")
"""Who writes in most tests; to verify a password takes 40 ms of processor time."""

REST_SECONDS = 2
"""How long what a test has started in the database may take to end."""

CATALOGUES = (
    "pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_proc", "pg_trigger", "pg_policy",
    "pg_rewrite", "pg_extension", "pg_description", "pg_event_trigger", "pg_default_acl", "pg_collation",
)  # fmt: skip

LISTED = """
select relkind::text, oid::regclass::text from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'S') order by oid
"""

MARK = "(select array[count(*), coalesce(max(xmin::text::bigint), 0)] from {})"

SETTINGS = """
select count(*), max(d.datconnlimit), coalesce(string_agg(s::text, ' '), '')
from pg_database d left join pg_db_role_setting s on s.setdatabase = d.oid where d.datname = current_database()
"""

BUSY = """
select count(*) from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
  and state is distinct from 'idle'
"""


class Mark(NamedTuple):
    """A table's number of rows and newest transaction. Transactions only rise: as long as both stay, so do the rows."""

    rows: int
    newest: int


class Restorable:
    """A copy of a template, and what it held when it was made."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = psycopg.connect(url.replace("//cadastre@", "//postgres@"), autocommit=True)
        listed = self._connection.execute(LISTED).fetchall()
        self._tables = [name for kind, name in listed if kind == "r"]
        self._sequences = [name for kind, name in listed if kind == "S"]
        self._schema = self._schema_now()
        self._values = [self._value_now(sequence) for sequence in self._sequences]
        self._rows = {table: self._copy_out(table) for table in self._tables}
        self._marks = self._marks_now(self._tables)

    def restore(self) -> bool:
        """Bring back the rows and sequences that were there; return False if only a new copy does that."""
        try:
            return self._comes_to_rest() and self._schema_now() == self._schema and self._restore_changed()
        except psycopg.OperationalError:  # the test has ended all connections
            return False

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _restore_changed(self) -> bool:
        marks = self._marks_now(self._tables)
        changed = [table for table in self._tables if marks[table] != self._marks[table]]
        if sum(marks[table].rows for table in changed) > MOST_ROWS:
            return False
        with self._connection.transaction():
            self._connection.execute("set local session_replication_role = replica")  # no trigger, no foreign key
            for table in changed:
                self._restore_table(table)
        for sequence, value in zip(self._sequences, self._values, strict=True):
            self._connection.execute("select setval(%s, %s, %s)", [sequence, *value])
        self._marks |= self._marks_now(changed)
        return True

    def _restore_table(self, table: str) -> None:
        rows, newest = self._marks[table]
        name = SQL(table)
        self._connection.execute(SQL("delete from {} where xmin::text::bigint > %s").format(name), [newest])
        left = self._connection.execute(SQL("select count(*) from {}").format(name)).fetchone()
        if left != (rows,):
            self._connection.execute(SQL("delete from {}").format(name))
            with self._connection.cursor().copy(SQL("copy {} from stdin").format(name)) as copy:
                copy.write(self._rows[table])

    def _marks_now(self, tables: list[str]) -> dict[str, Mark]:
        marks = self._connection.execute("select " + ", ".join(map(MARK.format, tables))).fetchone() or ()
        return {table: Mark(*mark) for table, mark in zip(tables, marks, strict=True)}

    def _schema_now(self) -> list[object]:
        counts = ", ".join(f"(select array[count(*), max(xmin::text::bigint)] from {name})" for name in CATALOGUES)
        return [*self._connection.execute(f"select {counts}"), *self._connection.execute(SETTINGS)]

    def _value_now(self, sequence: str) -> tuple[object, ...]:
        return self._connection.execute(f"select last_value, is_called from {sequence}").fetchone() or ()

    def _copy_out(self, table: str) -> bytes:
        with self._connection.cursor().copy(f"copy {table} to stdout") as copy:
            return b"".join(bytes(part) for part in copy)

    def _comes_to_rest(self) -> bool:
        """Wait until no other connection runs a statement or holds a transaction; a test may leave one that does."""
        deadline = time.monotonic() + REST_SECONDS
        while self._connection.execute(BUSY).fetchone() != (0,):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True


class Copies:
    """One copy of a template at a time, restored after each test."""

    def __init__(self, server: EmbeddedServer, template: str, worker: str) -> None:
        self._make = partial(copied, server, template, worker)
        self._stack = ExitStack()
        self._copy: Restorable | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.drop()

    @property
    def url(self) -> str:
        """The URL of the copy."""
        if self._copy is None:
            self._copy = self._stack.enter_context(closing(self._open(self._stack.enter_context(self._make()))))
        return self._copy.url

    def restore(self) -> None:
        """Make the copy equal to the template again."""
        if self._copy is None or not self._copy.restore():
            self.drop()

    def drop(self) -> None:
        """Drop the copy."""
        self._copy = None
        self._stack.close()

    def _open(self, url: str) -> Restorable:
        return Restorable(url)


class ApiCopies(Copies):
    """Copies of a template with the application over each, where the usual accounts are logged in."""

    api: Api

    def restore(self) -> None:
        """Make the copy equal to the template again, the log-ins of the usual accounts added."""
        super().restore()
        if self._copy:
            self.api.forget_callers()
            self.api.logged_in.update(self._tokens)

    def _open(self, url: str) -> Restorable:
        self.api = self._stack.enter_context(open_api(url, require_login=True))
        self._tokens = {account: self.api.bearer(account) for account in ACCOUNTS}
        self.api.logged_in.update(self._tokens)
        return super()._open(url)
