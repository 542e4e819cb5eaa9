"""Window: which of an edge's rows are wanted, in what order, and how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Select

from app.loaders.order import Order

Conditions = Sequence[ColumnElement[bool]]


class Counting(Protocol):
    """Numbers of rows that are known without reading the rows."""

    def counts(self, conditions: Conditions) -> Select[Any, Any]:
        """Select the number of rows for which conditions hold, with the key of their parent."""

    def has(self, names: Sequence[str]) -> bool:
        """Return whether the numbers are known by these columns."""

    def groups(self, names: Sequence[str], conditions: Conditions) -> Select[Any]:
        """Select the number of rows for which conditions hold, by the values of some columns."""


@dataclass(frozen=True)
class Window:
    """A choice among the rows of an edge.

    `conditions` are on the target, `link_conditions` on the table that links it to its parent, `bounds` on the position
    of a page. `limit` is the number of rows for each parent, after `offset` rows that are skipped. `depth` is the
    number of levels below the parent. `reverse` reads from the end; the rows then come in reverse order. `beyond` are
    windows that are looked into as well, each under a number: their rows have the number in a further, last column,
    where the rows of the window itself have 0. `grouped` are the columns whose values make the groups of rows.
    `counting` counts the rows, whole or by groups, without reading them, if that is possible. `ways` are conditions
    that a page is read by instead of `conditions`. The same rows fulfil them; at run time all but one read nothing.
    """

    conditions: tuple[ColumnElement[bool], ...] = ()
    link_conditions: tuple[ColumnElement[bool], ...] = ()
    bounds: tuple[ColumnElement[bool], ...] = ()
    order: Order | None = None
    limit: int | None = None
    offset: int = 0
    depth: int | None = None
    reverse: bool = False
    beyond: tuple[tuple[int, "Window"], ...] = ()
    grouped: tuple[str, ...] = ()
    counting: Counting | None = None
    ways: tuple[Conditions, ...] = ()


WHOLE = Window()
"""Every row of an edge in its own order."""
