"""Statements of a plan: rendered once for each set of arguments, and cached."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from sqlalchemy import Select

from app.caching import ByteCache
from app.db.rendering import Statement, render
from app.engine.codegen import Columns
from app.loaders.arguments import Arguments
from app.loaders.links import within_budget
from app.loaders.window import Window

LONGEST_ARGUMENTS = 1_000
"""Statements for arguments with more characters are not cached: they would hold as much memory as callers send."""

RENDERED: ByteCache[tuple[int, str], Statement] = ByteCache(
    1 << 25, lambda key, statement: 500 + len(key[1]) + 2 * len(statement.sql)
)
"""The statements that all steps have rendered, by the number of their Statements and the arguments."""

NUMBERS = count(1)
"""Numbers of Statements. A key with the object itself would hold the plan in memory."""


class Statements:
    """The statements of a step; `columns` says which columns of its rows are read raw: without it, none."""

    def __init__(self, select: Callable[[Window], Select[Any]], columns: Columns | None = None) -> None:
        self._select, self._columns, self._number = select, columns or Columns(), next(NUMBERS)

    def of(self, arguments: Arguments, window: Callable[[], Window]) -> Statement:
        """Return the statement for some arguments from the cache, or render it."""
        key = self._number, repr(arguments) if arguments else ""
        statement = RENDERED.get(key)
        if statement is None:
            is_short = len(key[1]) <= LONGEST_ARGUMENTS
            rendered = render(within_budget(self._select(window())), is_short=is_short)
            statement = replace(rendered, raw=self._columns.raw_indexes)
            if is_short:
                RENDERED.put(key, statement)
        return statement

    @property
    def rendered(self) -> list[Statement]:
        """The statements that were rendered so far and are cached."""
        return RENDERED.values(lambda key: key[0] == self._number)
