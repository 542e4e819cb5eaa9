"""Tables as revisions write them: `entity` for records of the register, `table` for what no request reads.

Whatever this folder writes is part of every revision that uses it. It therefore imports nothing of `app`, and nothing
here changes once a revision is released: what should be written differently from then on gets a new word.
"""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from alembic import op
from alembic.ddl.base import AddColumn
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable, SchemaItem, SetColumnComment, SetTableComment

from migrations.frozen.access import let_requests_read, show
from migrations.frozen.columns import bookkeeping, record_id

NAMES = {
    "pk": "%(table_name)s_pkey",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}
"""Names of constraints and indexes that are not named otherwise; the first part of a check's name is the table's."""


def entity(name: str, comment: str, *items: SchemaItem, visible: str | None, secret: Collection[str] = ()) -> None:
    """Create a table of records: requests read the rows that `visible` lets through, and no column of `secret`.

    `items` are the columns, constraints and indexes of this table alone. `visible` is an SQL condition on a row; None
    when the condition reads a table that is created later, so that `show` follows.
    """
    made = table(name, comment, *record_id(name), *items, *bookkeeping(name))
    let_requests_read(name, [column.name for column in made.columns if column.name not in secret])
    if visible is not None:
        show(name, visible)
    # The trigger that records every change of a row is created here, once there is one.


def table(name: str, comment: str, *items: SchemaItem) -> sa.Table:
    """Create a table that no request reads."""
    made = described(name, items, comment)
    op.execute(CreateTable(made))
    _finish(made)
    op.execute(SetTableComment(made))
    return made


def add(name: str, *columns: sa.Column[object], secret: Collection[str] = ()) -> None:
    """Add columns to a table of records; requests read them, but for those of `secret`."""
    made = described(name, columns)
    for column in made.columns:
        op.execute(AddColumn(name, column))
    for constraint in made.constraints - {made.primary_key}:
        op.execute(AddConstraint(constraint))
    _finish(made)
    readable = [column.name for column in columns if column.name not in secret]
    if readable:
        let_requests_read(name, readable)


def drop(*tables: str) -> None:
    """Drop tables together, with their indexes, policies, privileges and triggers."""
    op.execute(f"drop table {', '.join(tables)}")


def described(name: str, items: Iterable[SchemaItem], comment: str | None = None) -> sa.Table:
    """Describe a table whose constraints and indexes are named by `NAMES`, beside the tables that it refers to."""
    columns_first = sorted(items, key=lambda item: not isinstance(item, sa.Column))
    made = sa.Table(name, sa.MetaData(naming_convention=NAMES), *columns_first, comment=comment)
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
