"""Bulk load: insert into a nearly empty table without its indexes, which are then built at once.

Everything happens in the transaction of the load. Readers of the table wait until its end, so this is done only while
the table has few rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection
from psycopg.sql import SQL, Identifier

FEWEST_ROWS = 50_000
SHARE = 10
"""A bulk load has at least FEWEST_ROWS rows, and SHARE times the rows that the table has."""

INDEXES = """
select i.relname, pg_get_indexdef(i.oid) from pg_index x join pg_class i on i.oid = x.indexrelid
where x.indrelid = %s::regclass and not exists (select from pg_constraint c where c.conindid = i.oid)
order by i.relname
"""
REFERENCES = """
select conname, pg_get_constraintdef(oid) from pg_constraint
where conrelid = %s::regclass and contype = 'f' order by conname
"""

PENDING = """
select gin_clean_pending_list(i.oid) from pg_index x
join pg_class i on i.oid = x.indexrelid join pg_am on pg_am.oid = i.relam and pg_am.amname = 'gin'
where x.indrelid = %s::regclass
"""


@contextmanager
def bulk_load(connection: Connection, table: str, rows: int) -> Iterator[None]:
    """Drop the indexes and foreign keys of a table while `rows` rows are inserted, if that makes a bulk load."""
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


def refresh_indexes(connection: Connection, table: str) -> None:
    """Merge the pending lists of the indexes that find parts of texts, and take new statistics."""
    connection.execute(PENDING, [table])
    connection.execute(SQL("analyze {}").format(Identifier(table)))


def _is_bulk(connection: Connection, table: str, rows: int) -> bool:
    """Return whether a load is a bulk load; rows are counted only as far as needed."""
    if rows < FEWEST_ROWS:
        return False
    counted = SQL("select count(*) from (select from {} limit %s) present").format(Identifier(table))
    present = connection.execute(counted, [rows // SHARE + 1]).fetchone()
    return present is not None and present[0] <= rows // SHARE
