"""Rendering: a SQLAlchemy statement becomes the text and the values that a connection runs.

SQLAlchemy only renders the SQL; rows come from psycopg as tuples.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.db.exchange import Call

DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
WITH_VALUES = "planned_with_values"
"""The execution option of statements that are planned with their values, because the number of rows differs so much."""


@dataclass(frozen=True)
class Statement:
    """SQL with the placeholders $1, $2 ..., the names of their values in this order, and the values known already.

    `kept` tells whether a connection may keep it prepared.
    """

    sql: str
    names: tuple[str, ...]
    known: Mapping[str, object]
    kept: bool = True

    def call(self, given: Mapping[str, object]) -> Call:
        """Fill in the values that are known only when the statement runs."""
        values = {**self.known, **given}
        return Call(self.sql, [values[name] for name in self.names], self.kept)


def render(statement: Executable) -> Statement:
    """Write a statement; bind parameters without a value are given when it runs.

    `IN` with a list cannot be written, because its text would change with the list: compare with an array.
    """
    compiled = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
    known = {name: _stored(bind.value) for bind, name in compiled.bind_names.items() if not bind.required}
    kept = not statement.get_execution_options().get(WITH_VALUES, False)
    return Statement(compiled.string, tuple(compiled.positiontup or ()), known, kept)


def _stored(value: object) -> object:
    """Return what PostgreSQL stores for a value: a choice is stored by its name."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [_stored(item) for item in value]
    return value
