"""Tables: `entity` for the records of the register, `table` for what no request reads.

These functions are part of the revisions that call them. So they import nothing of `app`, and do not change once such a
revision is released. A later revision that needs something different gets a new function.
"""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from alembic import op
from alembic.ddl.base import AddColumn
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable, SchemaItem, SetColumnComment, SetTableComment

from migrations.frozen.access import let_requests_read, show
from migrations.frozen.changes import omit_from_changes, record_changes
from migrations.frozen.columns import bookkeeping, record_id

VACUUMED_SHARE = "0.02"
"""The share of a table of records that is new or has changed when autovacuum visits it; PostgreSQL's own is 0.2.

Counts and lists read indexes alone only where a vacuum has seen the pages of the table: after a community of 14,606
spaces went to another organisation, a count of 584,000 spaces took half as long again until the next vacuum.
"""

NAMES = {
    "pk": "%(table_name)s_pkey",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}
"""How constraints and indexes are named. Of a check, a revision gives the middle part of the name."""


def entity(
    name: str, comment: str, *items: SchemaItem, visible: str | None, owner: str, secret: Collection[str] = ()
) -> None:
    """Create a table of records. `items` are the columns, constraints and indexes that not every entity has.

    Requests read the rows for which the SQL condition `visible` holds, without the columns named in `secret`. Where the
    condition reads a table that is created later, `visible` is None and `show` is called later. Every change is
    recorded, without generated columns; `owner` leads to the organisation of a record, as `record_changes` says.
    """
    made = table(name, comment, *record_id(name), *items, *bookkeeping(name))
    for reason in ("vacuum", "vacuum_insert"):
        op.execute(f"alter table {name} set (autovacuum_{reason}_scale_factor = {VACUUMED_SHARE})")
    let_requests_read(name, [column.name for column in made.columns if column.name not in secret])
    if visible is not None:
        show(name, visible)
    generated = [column.name for column in made.columns if column.computed is not None]
    record_changes(name, made.columns.keys(), owner, [*secret, *generated])


def table(name: str, comment: str, *items: SchemaItem, partitioned: str | None = None) -> sa.Table:
    """Create a table that no request reads. `partitioned` says by what it is partitioned, if it is."""
    made = described(name, items, comment, partitioned)
    op.execute(CreateTable(made))
    _finish(made)
    op.execute(SetTableComment(made))
    return made


def add(name: str, *columns: sa.Column[object], secret: Collection[str] = ()) -> None:
    """Add columns to a table of records. Requests read them, without those named in `secret`."""
    made = described(name, columns)
    for column in made.columns:
        op.execute(AddColumn(name, column))
    for constraint in sorted(made.constraints - {made.primary_key}, key=lambda constraint: str(constraint.name)):
        op.execute(AddConstraint(constraint))
    _finish(made)
    if secret:
        omit_from_changes(name, secret)
    readable = [column.name for column in columns if column.name not in secret]
    if readable:
        let_requests_read(name, readable)


def drop(*tables: str) -> None:
    """Drop tables, which may refer to each other, with their indexes, policies, privileges and triggers."""
    for name in tables:
        op.execute(f"drop policy if exists of_{name} on change")  # which would keep the table
    op.execute(f"drop table {', '.join(tables)}")


def described(
    name: str, items: Iterable[SchemaItem], comment: str | None = None, partitioned: str | None = None
) -> sa.Table:
    """Return a table named as in `NAMES`. Its metadata has the tables that it refers to, as foreign keys need."""
    columns_first = sorted(items, key=lambda item: not isinstance(item, sa.Column))
    metadata = sa.MetaData(naming_convention=NAMES)
    made = sa.Table(name, metadata, *columns_first, comment=comment, postgresql_partition_by=partitioned)
    for key in made.foreign_keys:
        other, column = key.target_fullname.split(".")
        if other != name:
            sa.Table(other, made.metadata, sa.Column(column, key.parent.type), extend_existing=True)
    return made


def _finish(made: sa.Table) -> None:
    for index in sorted(made.indexes, key=lambda index: str(index.name)):
        op.execute(CreateIndex(index))
    for column in made.columns:
        op.execute(SetColumnComment(column))
        if "n_distinct" in column.info:
            op.execute(
                f"alter table {made.name} alter column {column.name} set (n_distinct = {column.info['n_distinct']})"
            )
