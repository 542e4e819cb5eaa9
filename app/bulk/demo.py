"""The demo world: the records of the examples in documents 003 and 000, with their ids, names, codes and relations.

`app/demo/<table>.json` has the rows of a table as objects by column name. In a tree, parents come before their
children. Derived columns are not in the files.
"""

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import Table, UniqueConstraint

from app import models
from app.access.passwords import hash_password
from app.bulk.progress import Progress, silent
from app.bulk.session import lock_trees
from app.bulk.trees import derive, number_children
from app.db.connecting import connect
from app.db.migrating import require_migrated
from app.errors import OperatorError
from app.services.tree import RULES

Row = dict[str, object]

OUTER_KEYS = {"app_id", "app_type", "device_id"}
"""Columns that refer to records outside the register: apps, and devices of the push service."""

FILES = Path(__file__).parent.parent / "demo"
PASSWORD = "cadastre-demo"  # noqa: S105 - public: only for the demo accounts


def load(url: str, progress: Progress = silent) -> dict[str, int]:
    """Load the demo world into a migrated database; OperatorError when it is not one."""
    require_migrated(url)
    with connect(url) as connection:
        return load_into(connection, progress)


def load_into(connection: psycopg.Connection, progress: Progress = silent) -> dict[str, int]:
    """Insert the demo records that are missing, in the caller's transaction; return the number of rows by table.

    An existing record stays as it is. OperatorError when another record already has a key that must be unique, such as
    an account name.
    """
    try:
        return _load(connection, progress)
    except psycopg.errors.UniqueViolation as error:
        message = f"the demo world cannot be loaded: in {error.diag.table_name}, {error.diag.message_detail}"
        raise OperatorError(message) from error


def demo_tables() -> list[Table]:
    """Return the tables that have a file, each after those that it refers to."""
    return [table for table in models.Base.metadata.sorted_tables if (FILES / f"{table.name}.json").exists()]


def rows_of(table: Table) -> list[Row]:
    """Read the rows of a table's file."""
    rows: list[Row] = json.loads((FILES / f"{table.name}.json").read_text(encoding="utf-8"))
    return rows


def _load(connection: psycopg.Connection, progress: Progress) -> dict[str, int]:
    lock_trees(connection, RULES)
    tables = demo_tables()
    inserted: dict[str, int] = {}
    for done, table in enumerate(tables):
        progress("demo world", done, len(tables))
        inserted[table.name] = _insert(connection, table, _absent_rows(connection, table))
        if table.name in RULES and inserted[table.name]:
            derive(connection, table.name)
            number_children(connection, table.name)
    progress("demo world", len(tables), len(tables))
    return inserted


def _absent_rows(connection: psycopg.Connection, table: Table) -> list[Row]:
    """Return the rows that the database lacks and that its foreign keys allow."""
    rows = rows_of(table)
    query = SQL("select id from {} where id = any(%s)").format(Identifier(table.name))
    present = {number for (number,) in connection.execute(query, [[row["id"] for row in rows]])}
    return [row for row in rows if row["id"] not in present and _is_possible(connection, table, row)]


def _is_possible(connection: psycopg.Connection, table: Table, row: Row) -> bool:
    """Return whether the pairs that a row refers to exist: a user may have changed the records of a pair."""
    return all(
        connection.execute(
            SQL("select 1 from {} where ({}) = (%s, %s)").format(
                Identifier(pair.referred_table.name), _names(element.column.name for element in pair.elements)
            ),
            [row[name] for name in pair.column_keys],
        ).fetchone()
        for pair in table.foreign_key_constraints
        if len(pair.elements) == 2  # noqa: PLR2004 - a pair
    )


def _insert(connection: psycopg.Connection, table: Table, rows: list[Row]) -> int:
    """Insert rows in order, those with the same columns together, and return the number of new ones."""
    target = SQL("") if _is_relation(table) else SQL("(id)")
    inserted = 0
    with connection.cursor() as cursor:
        for columns, alike in groupby((_completed(table, row) for row in rows), key=tuple):
            statement = SQL("insert into {} ({}) values ({}) on conflict {} do nothing").format(
                Identifier(table.name), _names(columns), SQL(", ").join([SQL("%s")] * len(columns)), target
            )
            cursor.executemany(statement, [list(row.values()) for row in alike])
            inserted += cursor.rowcount
    return inserted


def _completed(table: Table, row: Row) -> Row:
    """Add the columns that the files leave out: values of a tree until it is derived, and the passwords."""
    if table.name in RULES:
        row = {**row, "path": f"{row['id']}/", "depth": 0, "full_name": row["name"]}
    if table.name == "space" and "org_id" in row:
        row = {**row, "org_path": f"{row['org_id']}/"}
    if "account" in row:
        row = {**row, "password_hash": hash_password(PASSWORD)}
    return row


def _is_relation(table: Table) -> bool:
    """Return whether rows of a table only link others: such a row may exist under another id."""
    referring = OUTER_KEYS | {column.name for column in table.columns if column.foreign_keys}
    unique = [set(key.columns.keys()) for key in table.constraints if isinstance(key, UniqueConstraint)]
    return any(names <= referring for names in unique)


def _names(columns: Iterable[str]) -> Composed:
    return SQL(", ").join(Identifier(name) for name in columns)
