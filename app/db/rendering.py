"""Rendering: a SQLAlchemy statement becomes the text and the values that a connection runs.

SQLAlchemy only renders the SQL; rows come from psycopg as tuples.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from psycopg.sql import Composable
from sqlalchemy import Executable
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.util import LRUCache

from app.db.exchange import Call

DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
WITH_VALUES = "planned_with_values"
"""The execution option of statements that are planned again for each set of values: the best plan depends on them."""

ONCE = "planned_once"
"""The execution option of statements of which one plan serves all values, and takes longer to make than to run."""

SHAPES: LRUCache[Any, Any] = LRUCache(500)
"""The compiled statements of the process by SQLAlchemy's cache key, which leaves the values out. It is thread-safe."""


@dataclass(frozen=True)
class Statement:
    """SQL with the placeholders $1, $2 ..., the names of their values in this order, and the values that never change.

    `may_prepare`, `raw` and `is_planned_once` are as in `Call`.
    """

    sql: str
    names: tuple[str, ...]
    known: Mapping[str, object]
    may_prepare: bool = True
    raw: tuple[int, ...] = ()
    is_planned_once: bool = False

    def __hash__(self) -> int:
        """Hash the SQL alone: a mapping, such as that of the known values, has no hash."""
        return hash(self.sql)

    def call(self, given: Mapping[str, object]) -> Call:
        """Fill in the values that are known only when the statement runs."""
        values = {**self.known, **given}
        given_in_order = [values[name] for name in self.names]
        return Call(self.sql, given_in_order, self.may_prepare, None, self.raw, self.is_planned_once)


def render(statement: Executable, *, is_short: bool = False) -> Statement:
    """Render a statement. Parameters without a value get one when it runs.

    `IN` with a list is not supported, because its text depends on the length of the list: compare with an array.
    Short statements that differ only in their values are compiled once. Long ones are not cached: the cache keeps the
    values of the first one, which callers choose.
    """
    cached, extracted, *_ = statement._compile_w_cache(  # noqa: SLF001 - what engines call
        DIALECT, compiled_cache=SHAPES if is_short else None, column_keys=[]
    )
    compiled = cast("SQLCompiler", cached)
    values = compiled.construct_params(extracted_parameters=extracted, _check=False)
    known = {name: _stored(values[name]) for bind, name in compiled.bind_names.items() if not bind.required}
    options = statement.get_execution_options()
    return Statement(
        compiled.string,
        tuple(compiled.positiontup or ()),
        known,
        may_prepare=not options.get(WITH_VALUES, False),
        is_planned_once=options.get(ONCE, False),
    )


PLACEHOLDER = re.compile(r"%\((?P<name>\w+)\)s|%%")


def statement_of(sql: Composable) -> Statement:
    """Make a statement of SQL that is composed with psycopg and has the placeholders `%(name)s`.

    Several statements made this way run in one round trip; those that `Transaction.run` sends take one each.
    """
    names: dict[str, int] = {}

    def numbered(match: re.Match[str]) -> str:
        name = match["name"]
        return "%" if name is None else f"${names.setdefault(name, len(names) + 1)}"

    text = PLACEHOLDER.sub(numbered, sql.as_string(None))
    return Statement(text, tuple(names), {})


def _stored(value: object) -> object:
    """Return what PostgreSQL stores for a value: a choice is stored by its name."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [_stored(item) for item in value]
    return value
