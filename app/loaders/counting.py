"""Counting: the ways to count rows, other than reading them all."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, CompoundSelect, Select, func, select, union_all

Conditions = Sequence[ColumnElement[bool]]

COUNT = "count"
"""The column that has a number of rows."""

MOST_GROUPS = 1_000
"""The most groups of the rows of one parent."""


class Counting(Protocol):
    """Numbers of rows that are known without reading the rows."""

    def counts(self, conditions: Conditions) -> Select[Any, Any]:
        """Select the number of rows for which conditions hold, with the key of their parent."""

    def has(self, names: Sequence[str]) -> bool:
        """Return whether the numbers are known by these columns."""

    def groups(self, names: Sequence[str], conditions: Conditions) -> Select[Any]:
        """Select the number of rows for which conditions hold, by the values of some columns."""


class Way(NamedTuple):
    """A way to find rows: by conditions, among the rows with the ids in an array if there is one."""

    conditions: Conditions
    among: ColumnElement[Any] | None = None


class CountedWays(NamedTuple):
    """Two ways to count the same rows, and the condition, at run time, that the first one is taken."""

    takes_first: ColumnElement[bool]
    first: Way
    second: Way


def up_to(most: int, matching: Select[Any]) -> Select[Any]:
    """Count rows, but not beyond the first row that is too many; the number is null then."""
    first = matching.limit(most + 1).subquery("first")
    return select(func.nullif(func.count(), most + 1).label(COUNT)).select_from(first)


def union_of(selects: Sequence[Select[Any]]) -> Select[Any] | CompoundSelect[Any]:
    """Return several queries as one with the rows of all; a single query is returned as it is."""
    return selects[0] if len(selects) == 1 else union_all(*selects)
