"""Bulk load: when a table gets many times the rows it has, its indexes are built once behind them, not row by row.

Everything happens in the load's own transaction. Readers of the table wait until its end, which is why this is only
done while the table holds next to nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection
from psycopg.sql import SQL, Identifier

FEWEST_ROWS = 50_000
SHARE = 10
"""A load of at least so many rows, and of so many times the rows that the table has, is a bulk load."""

INDEXES = """
select i.relname, pg_get_indexdef(i.oid) from pg_index x join pg_class i on i.oid = x.indexrelid
where x.indrelid = %s::regclass and not exists (select from pg_constraint c where c.conindid = i.oid)
order by i.relname
"""
REFERENCES = """
select conname, pg_get_constraintdef(oid) from pg_constraint
where conrelid = %s::regclass and contype = 'f' order by conname
"""


@contextmanager
def bulk_load(connection: Connection, table: str, rows: int) -> Iterator[None]:
    """Insert `rows` rows into a table; a rollback brings back what was dropped, like all else."""
    if not _is_bulk(connection, table, rows):
        yield
        return
    indexes = connection.execute(INDEXES, [table]).fetchall()
    references = connection.execute(REFERENCES, [table]).fetchall()
    for name, _ in references:
        connection.execute(SQL("alter table {} drop constraint {}").format(Identifier(table), Identifier(name)))
    for name, _ in indexes:
        connection.execute(SQL("drop index {}").format(Identifier(name)))
    yield
    for _, definition in indexes:
        connection.execute(definition)
    for name, definition in references:
        add = SQL("alter table {} add constraint {} ").format(Identifier(table), Identifier(name))
        connection.execute(add + SQL(definition))


def _is_bulk(connection: Connection, table: str, rows: int) -> bool:
    """Count no further than matters."""
    if rows < FEWEST_ROWS:
        return False
    few = SQL("select count(*) from (select from {} limit %s) held").format(Identifier(table))
    held = connection.execute(few, [rows // SHARE + 1]).fetchone()
    return held is not None and held[0] <= rows // SHARE
