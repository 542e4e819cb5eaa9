"""Window: which of an edge's rows are wanted, in what order, and how many."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, literal_column

from app.loaders.counting import CountedWays, Counting, Way
from app.loaders.order import Order

SIDE = "side"
"""The last column of rows that come from several windows: the number of the window, 0 for the page itself."""

FIRST_IDS = 11_000
"""The most ids that `first_ids` returns. It covers the largest offset by default (10,000) with a page of hundreds, and
totals, which are counted up to 10,000 (decision 18). Later pages read the rows."""

FirstIds = Callable[[bool], ColumnElement[Any]]

TOTAL = -1
"""In the column SIDE: marks the row whose column COUNT has the total."""


@dataclass(frozen=True)
class Window:
    """A choice among the rows of an edge.

    `conditions` are on the target, `link_conditions` on the table that links it to its parent, `bounds` on the position
    of a page. `limit` is the number of rows for each parent, after `offset` rows that are skipped. `depth` is the
    number of levels below the parent. `reverse` reads from the end; the rows then come in reverse order. `beyond` are
    windows that are looked into as well, each under a number: their rows have the number in a further, last column,
    where the rows of the window itself have 0. `grouped` are the columns whose values make the groups of rows.
    `counting` counts the rows, whole or by groups, without reading them, if that is possible. `among` is an array of
    ids: only rows with one of these are read; lists at the root alone know it. `ways` find the rows of a page instead
    of `conditions` and `among`; when the statement runs, all but one read nothing. `counted_ways` are two such ways of
    counting. `total_of` is a window whose rows are counted as well, by one more row (TOTAL): ids that both windows list
    are read once. `first_ids` returns the array of the first FIRST_IDS ids of a list without conditions, descending if
    its argument is true; None where the database lists none. `is_planned_once` says that one plan serves all values.
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
    ways: tuple[Way, ...] = ()
    among: ColumnElement[Any] | None = None
    counted_ways: CountedWays | None = None
    total_of: "Window | None" = None
    first_ids: FirstIds | None = None
    is_planned_once: bool = False

    @property
    def known_counts(self) -> Counting | None:
        """What counts the rows without reading them; None with `bounds`, of which it knows nothing."""
        return None if self.bounds else self.counting

    @property
    def takes_ids_first(self) -> bool:
        """Whether the ids of a page are found before its rows: indexes have them where rows are skipped or sorted."""
        return bool(self.offset or (self.conditions and self.total_of))

    def by_way(self, way: Way) -> "Window":
        """Return the window that finds the same rows in another way."""
        return replace(self, conditions=tuple(way.conditions), among=way.among, ways=(), counted_ways=None)

    def with_total_of(self, counted: "Window") -> "Window":
        """Return the window, and that the rows of another one are counted as well."""
        return replace(self, total_of=counted)


WHOLE = Window()
"""Every row of an edge in its own order."""


def number_of(window: int) -> ColumnElement[Any]:
    """Return the number of a window as the column SIDE."""
    return literal_column(str(window)).label(SIDE)
