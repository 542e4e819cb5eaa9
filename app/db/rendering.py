"""Rendering: a SQLAlchemy statement as the text and the parameters that psycopg runs.

SQLAlchemy writes the SQL and is then out of the way: rows come from psycopg as plain tuples.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Statement:
    """SQL with `%(name)s` placeholders, and the values that are known already."""

    sql: str
    parameters: Mapping[str, object]


def render(statement: Executable) -> Statement:
    """Write a statement for psycopg; bind parameters without a value are given when it runs.

    `IN` with a list cannot be written, because its text would change with the list: compare with an array.
    """
    compiled = statement.compile(dialect=DIALECT)  # type: ignore[attr-defined]
    values = {name: _plain(bind.value) for bind, name in compiled.bind_names.items() if not bind.required}
    return Statement(compiled.string, values)


def _plain(value: object) -> object:
    """Give what PostgreSQL stores for a value: a choice is stored by its name."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
