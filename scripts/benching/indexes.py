"""Indexes: which comparisons of a column an index serves."""

from typing import Any, cast

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.orm import InstrumentedAttribute

from app.loaders.comparisons import COMPARISONS

SERVED = {
    "btree": frozenset(COMPARISONS) - {"contains", "startsWith"},
    "btree C": frozenset(COMPARISONS) - {"contains"},
    "btree of some values": frozenset({"eq", "in"}),
    "gin": frozenset({"eq", "ne", "contains", "startsWith"}),
}
"""Operators that each kind of index serves, or that match so many rows that no index is needed."""


def is_indexed(column: InstrumentedAttribute[Any], operator: str) -> bool:
    """Return whether an index of the table begins with a column and serves an operator."""
    table = cast("Table", column.class_.__table__)
    own = table.c[column.key]
    keys = [key for key in table.constraints if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)]
    indexes = [index for index in table.indexes if next(iter(index.columns), None) is own and kind_of(index, own)]
    if operator == "in" and not own.primary_key and any(is_by_id(index) for index in indexes):
        return False  # the rows of several values are not in the order of ids
    kinds = [kind_of(index, own) for index in indexes] + ["btree" for key in keys if next(iter(key.columns)) is own]
    return any(operator in SERVED[kind] for kind in kinds)


def is_ordered(column: InstrumentedAttribute[Any], *, descending: bool) -> bool:
    """Return whether an index gives the rows in the order of a column and of ids; nulls stand last."""
    table = cast("Table", column.class_.__table__)
    own = table.c[column.key]
    if next(iter(table.primary_key.columns)) is own:
        return True
    given = [list(index.columns) for index in table.indexes if index.dialect_options["postgresql"]["where"] is None]
    served = any(columns[:2] == [own, table.c.id] or columns == [own] for columns in given)
    return served and not (descending and own.nullable)


def is_by_id(index: Index) -> bool:
    """Return whether an index orders the rows of each value by id: a value then has many rows."""
    return [column.name for column in index.columns][1:] == ["id"]


def kind_of(index: Index, column: Column[Any]) -> str:
    """Return the kind of an index, by the operators that it serves; empty for BRIN, which finds ranges of pages."""
    if index.dialect_options["postgresql"]["using"] == "brin":
        return ""
    if index.dialect_options["postgresql"]["using"] == "gin":
        return "gin"
    if str(index.dialect_options["postgresql"]["where"]).startswith(f"{column.name} not in"):
        return "btree of some values"
    return "btree C" if getattr(column.type, "collation", None) == "C" else "btree"
