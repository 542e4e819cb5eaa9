"""Rows: SQL that inserts, changes and deletes many records of a table at once.

The values travel as one array for each column, and become the rows `input`. `input.place` is the number of an input.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import Enum as PythonEnum
from functools import cache
from typing import Any

from psycopg.sql import SQL, Composable, Composed, Identifier, Placeholder
from sqlalchemy import BigInteger, Boolean, Date, Double, Enum, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeEngine

from app.db.arrays import array_of
from app.db.rendering import Statement, statement_of
from app.models import Entity
from app.models.tree import Tree
from app.services.stamp import CHANGED, WRITER
from app.services.write import UNSET

SQL_TYPES: Mapping[type[TypeEngine[Any]], str] = {
    BigInteger: "bigint",
    Boolean: "boolean",
    Date: "date",
    Double: "double precision",
    Enum: "text",
    Integer: "integer",
    Numeric: "numeric",
    Text: "text",
    TIMESTAMP: "timestamptz",
}
"""The SQL type in which the values of a column are sent."""


def arrays(inputs: Sequence[object], names: Collection[str]) -> dict[str, object]:
    """Return the values of some fields of the inputs, as one array for each field."""
    return {name: array_of([stored(getattr(input_, name)) for input_ in inputs]) for name in names}


def changes(inputs: Sequence[object], names: Collection[str]) -> dict[str, object]:
    """Return the ids of changed records, the values of some fields, and whether each is set, as arrays for `update`."""
    present = {_flag(name): array_of([getattr(input_, name) is not UNSET for input_ in inputs]) for name in names}
    return {**arrays(inputs, ("id", *names)), **present}


def given(
    model: type[Entity], inputs: Sequence[object], names: Sequence[str], needed: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the columns that an insert names: those that an input sets, those `needed`, and those never null."""
    always = never_null(model).union(needed)
    return tuple(name for name in names if name in always or any(is_set(getattr(input_, name)) for input_ in inputs))


@cache
def never_null(model: type[Entity]) -> frozenset[str]:
    """Return the columns that are never null."""
    return frozenset(column.name for column in model.__table__.c if not column.nullable)


def is_set(value: object) -> bool:
    """Return whether the value of an input is neither null nor left out."""
    return value is not None and value is not UNSET


def stored(value: object) -> object:
    """Return what PostgreSQL stores for a value: a choice is stored by its name, an unset value is sent as null."""
    if value is UNSET:
        return None
    return value.value if isinstance(value, PythonEnum) else value


def input_rows(model: type[Entity], names: Collection[str], flags: Collection[str] = ()) -> Composed:
    """Return the arrays of some columns as rows `input`; `flags` are columns that come with a column `set_...`."""
    columns = {name: sql_type(model, name) for name in names} | {_flag(name): "boolean" for name in flags}
    return SQL("unnest({arrays}) with ordinality as input ({names}, place)").format(
        arrays=SQL(", ").join(SQL("{}::" + type_ + "[]").format(Placeholder(name)) for name, type_ in columns.items()),
        names=identifiers(columns),
    )


def sql_type(model: type[Entity], name: str) -> str:
    """Return the SQL type in which the values of a column are sent."""
    return SQL_TYPES[type(model.__table__.c[name].type)]


def identifiers(names: Collection[str], prefix: str = "") -> Composed:
    """Return a list of columns, each with a prefix such as `input.`."""
    return SQL(", ").join(SQL(prefix) + Identifier(name) for name in names)


@cache
def insert(model: type[Entity], names: tuple[str, ...]) -> Statement:
    """Return the statement that inserts a record for each input, in their order, and returns the ids."""
    return statement_of(
        SQL(
            "insert into {table} ({names}, created_by, updated_by)"
            " select {values}, {writer}, {writer} from {rows} order by input.place returning id"
        ).format(
            table=Identifier(model.__tablename__),
            names=identifiers(names),
            values=SQL(", ").join(_inserted(model, name) for name in names),
            writer=WRITER,
            rows=input_rows(model, names),
        )
    )


@cache
def update(model: type[Entity], names: tuple[str, ...]) -> Statement:
    """Return the statement that sets the columns which are set in the inputs; records are found by `id`.

    Only records that differ are written. The full name of a node follows its name; those below it do not.
    """
    values = {name: _given(name) for name in names}
    pairs = [SQL("{} = {}").format(Identifier(name), value) for name, value in values.items()]
    if issubclass(model, Tree) and "name" in names:
        pairs.append(SQL("full_name = {}").format(_full_name(values["name"])))
    return statement_of(
        SQL(
            "update {table} node set {pairs}, {changed} from {rows}"
            " where node.id = input.id and ({columns}) is distinct from ({values}) returning node.id"
        ).format(
            table=Identifier(model.__tablename__),
            pairs=SQL(", ").join(pairs),
            changed=CHANGED,
            rows=input_rows(model, ("id", *names), flags=names),
            columns=identifiers(names, "node."),
            values=SQL(", ").join(values.values()),
        )
    )


@cache
def delete(model: type[Entity]) -> Statement:
    """Return the statement that deletes the records with the ids of the parameter `ids` and returns their ids."""
    table = Identifier(model.__tablename__)
    return statement_of(SQL("delete from {} where id = any(%(ids)s::bigint[]) returning id").format(table))


@cache
def lock(table: str) -> Statement:
    """Return the statement that locks the records of the parameter `ids` until the transaction ends.

    It comes before they are read, so that their versions stay as they are read. Records that the caller may not change
    are not locked; the checks refuse them.
    """
    query = "select id from {} where id = any(%(ids)s::bigint[]) order by id for no key update"
    return statement_of(SQL(query).format(Identifier(table)))


def _flag(name: str) -> str:
    return f"set_{name}"


def _inserted(model: type[Entity], name: str) -> Composable:
    """Return the value of a column of a new record: the default where the input has none and the column needs one."""
    column, value = model.__table__.c[name], SQL("input.{}").format(Identifier(name))
    if column.nullable or column.server_default is None:
        return value
    return SQL("coalesce({}, {})").format(value, SQL(str(column.server_default.arg)))


def _given(name: str) -> Composable:
    """Return the new value of a column: that of the input where it is set."""
    column = Identifier(name)
    return SQL("case when input.{} then input.{} else node.{} end").format(Identifier(_flag(name)), column, column)


def _full_name(name: Composable) -> Composed:
    """Replace the last part of a full name. The caller may not see the nodes above, whose names come before it."""
    return SQL("left(node.full_name, length(node.full_name) - length(node.name)) || {}").format(name)
