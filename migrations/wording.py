"""Tables and columns of the models, written in the words of `frozen`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from migrations.frozen.columns import bookkeeping, granted, imported, name_search, record_id, tree

WORDS: Mapping[type[TypeEngine[Any]], str] = {
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
}
"""The word for each type of a column."""

GROUPS: tuple[Callable[[str], list[SchemaItem]], ...] = (
    record_id,
    tree,
    imported,
    name_search,
    granted,
    bookkeeping,
)
"""The words for groups of columns, indexes and checks; `tree` stands before `name_search`, which it contains."""

COLUMN_WORDS = (*WORDS.values(), "bytewise", "choice", "reference", *(group.__name__ for group in GROUPS))


def call(word: str, *arguments: str) -> str:
    """Write the call of a word; the arguments are Python already."""
    return f"{word}({', '.join(arguments)})"


def items_of(table: sa.Table, rest: dict[str, Any]) -> list[str]:
    """Write the columns and the groups among `rest`, and remove from it what they say."""
    groups = []
    for group in GROUPS:
        said = names_of(table.name, group(table.name))
        if said <= rest.keys():
            groups.append(f"*{call(group.__name__, repr(table.name))}")
            for name in said:
                del rest[name]
    columns = [part for part in rest.values() if isinstance(part, sa.Column)]
    for column in columns:
        del rest[column.name]
    return [*map(word_of, columns), *groups]


def word_of(column: sa.Column[Any]) -> str:
    """Write a column."""
    name, comment = repr(column.name), repr(column.comment or "")
    target = referred_table(column)
    if isinstance(column.type, sa.Enum):
        return call("choice", name, comment, repr(" ".join(column.type.enums)), *options_of(column))
    if target is not None:
        return call("reference", name, repr(target), comment, *options_of(column))
    word = "bytewise" if getattr(column.type, "collation", None) else WORDS[type(column.type)]
    keys = (key for key in column.foreign_keys if is_of_column(key.constraint))
    return call(word, name, comment, *map(foreign_key, keys), *options_of(column))


def options_of(column: sa.Column[Any]) -> Iterator[str]:
    """Write what a column has beside its type."""
    if column.nullable:
        yield "nullable=True"
    if isinstance(column.server_default, sa.DefaultClause):
        yield f"default={str(column.server_default.arg)!r}"
    yield from (f"{option}=True" for option in ("primary_key", "index", "unique") if getattr(column, option))


def referred_table(column: sa.Column[Any]) -> str | None:
    """Name the table whose ids a column holds, unless deleting there does more than fail."""
    keys = [key for key in column.foreign_keys if is_of_column(key.constraint) and key.ondelete is None]
    return next((key.column.table.name for key in keys if key.column.name == "id"), None)


def foreign_key(key: sa.ForeignKey) -> str:
    """Write another foreign key of one column."""
    deleting = [] if key.ondelete is None else [f"ondelete={key.ondelete!r}"]
    return call("sa.ForeignKey", repr(key.target_fullname), *deleting)


def names_of(table: str, items: Iterable[Any]) -> set[str]:
    """Name columns, indexes and checks as `parts` does."""
    return {f"{table}_{item.name}_check" if isinstance(item, sa.CheckConstraint) else item.name for item in items}


def parts(table: sa.Table) -> dict[str, Any]:
    """Give the columns of a table, and the constraints and indexes that the words of columns leave unsaid, by name."""
    shared = [part for part in (*table.constraints, *table.indexes) if not is_of_column(part)]
    return {str(part.name): part for part in (*table.columns, *shared)}


def is_of_column(part: Any) -> bool:
    """Tell whether the word of a column says a constraint or an index."""
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
