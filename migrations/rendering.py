"""Python source for the tables and columns of the models, as calls of the functions in `frozen`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from migrations.frozen.columns import bookkeeping, granted, imported, name_search, record_id, tree

OF_TYPE: Mapping[type[TypeEngine[Any]], str] = {
    sa.Text: "text",
    sa.Integer: "integer",
    sa.BigInteger: "bigint",
    sa.Numeric: "two_decimals",
    sa.Double: "double",
    sa.Boolean: "boolean",
    sa.Date: "date",
    postgresql.TIMESTAMP: "timestamp",
    postgresql.ARRAY: "texts",
    sa.Uuid: "uuid",
    sa.LargeBinary: "binary",
    postgresql.JSONB: "json",
}
"""The function that makes a column of a type."""

GROUPS: tuple[Callable[[str], list[SchemaItem]], ...] = (
    record_id,
    tree,  # before name_search, which it contains
    imported,
    name_search,
    granted,
    bookkeeping,
)
"""The functions that make several items of a table."""

COLUMN_FUNCTIONS = (*OF_TYPE.values(), "bytewise", "choice", "reference", *(group.__name__ for group in GROUPS))


class Items(NamedTuple):
    """The items of a table: source code that creates most of them, and the constraints and indexes that are left."""

    source: list[str]
    rest: list[Any]


def render_call(function: str, *arguments: str) -> str:
    """Render a call; the arguments are source."""
    return f"{function}({', '.join(arguments)})"


def render_items(table: sa.Table, implied: Iterable[SchemaItem] = ()) -> Items:
    """Render the items of a table, without those that are implied."""
    rest = parts(table)
    for name in names_of(table.name, implied):
        del rest[name]
    groups = []
    for group in GROUPS:
        names = names_of(table.name, group(table.name))
        if names <= rest.keys():
            groups.append(f"*{render_call(group.__name__, repr(table.name))}")
            rest = {name: part for name, part in rest.items() if name not in names}
    columns = [part for part in rest.values() if isinstance(part, sa.Column)]
    return Items([*map(render_column, columns), *groups], [part for part in rest.values() if part not in set(columns)])


def render_column(column: sa.Column[Any]) -> str:
    """Render a column, with the constraints and the index that concern it alone."""
    name, comment = repr(column.name), repr(column.comment or "")
    keys = [key for key in column.foreign_keys if concerns_one_column(key.constraint)]
    if isinstance(column.type, sa.Enum):
        return render_call("choice", name, comment, repr(" ".join(column.type.enums)), *render_options(column))
    if keys and keys[0].column.name == "id" and keys[0].ondelete is None:
        return render_call("reference", name, repr(keys[0].column.table.name), comment, *render_options(column))
    function = "bytewise" if getattr(column.type, "collation", None) else OF_TYPE[type(column.type)]
    return render_call(function, name, comment, *map(render_foreign_key, keys), *render_options(column))


def render_options(column: sa.Column[Any]) -> Iterator[str]:
    """Render the other attributes of a column: null, default, keys and index."""
    if column.nullable:
        yield "nullable=True"
    if isinstance(column.server_default, sa.DefaultClause):
        yield f"default={str(column.server_default.arg)!r}"
    yield from (f"{flag}=True" for flag in ("primary_key", "index", "unique") if getattr(column, flag))


def render_foreign_key(key: sa.ForeignKey) -> str:
    """Render a foreign key that `reference` cannot render."""
    on_delete = [] if key.ondelete is None else [f"ondelete={key.ondelete!r}"]
    return render_call("sa.ForeignKey", repr(key.target_fullname), *on_delete)


def parts(table: sa.Table) -> dict[str, Any]:
    """Return the columns of a table, and the constraints and indexes that concern several columns, by name."""
    shared = [part for part in (*table.constraints, *table.indexes) if not concerns_one_column(part)]
    return {str(part.name): part for part in (*table.columns, *shared)}


def names_of(table: str, items: Iterable[Any]) -> set[str]:
    """Return the names that `parts` gives to the items of a group."""
    return {f"{table}_{item.name}_check" if isinstance(item, sa.CheckConstraint) else item.name for item in items}


def concerns_one_column(part: Any) -> bool:
    """Return whether the declaration of one column creates a constraint or an index."""
    if isinstance(part, sa.PrimaryKeyConstraint):
        return True
    if isinstance(part, sa.CheckConstraint):
        choices = (column.type for column in part.table.columns if isinstance(column.type, sa.Enum))
        return part.name in {f"{part.table.name}_{choice.name}_check" for choice in choices}
    columns = [*part.columns]
    if len(columns) != 1 or isinstance(part, sa.ForeignKeyConstraint):
        return len(columns) == 1
    flag, kind = (columns[0].index, "idx") if isinstance(part, sa.Index) else (columns[0].unique, "key")
    return bool(flag) and part.name == f"{part.table.name}_{columns[0].name}_{kind}"
