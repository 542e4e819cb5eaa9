"""Window: which of an edge's rows are wanted, in what order, and how many."""

from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any

from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.models import Entity

COMPARE = {(False, False): gt, (False, True): ge, (True, False): lt, (True, True): le}
"""How a row beyond a position compares with it: whether the order descends, and whether the position is included."""


@dataclass(frozen=True)
class Order:
    """An order by one column, and by id among equal values, so that every row has one position."""

    column: InstrumentedAttribute[Any]
    descending: bool = False

    def clauses(self, model: type[Entity], *, reverse: bool = False) -> list[ColumnElement[Any]]:
        """Return the ORDER BY of the order, or of its reverse."""
        descending = self.descending is not reverse
        return [column.desc() if descending else column.asc() for column in self.columns_of(model)]

    def beyond(
        self, model: type[Entity], position: tuple[object, ...], *, reverse: bool = False, at: bool = False
    ) -> ColumnElement[bool]:
        """Return the condition that a row comes after a position, or with `reverse` before it, or is `at` it."""
        columns, values = self.columns_of(model), position
        row: ColumnElement[Any] = tuple_(*columns) if len(columns) > 1 else columns[0].expression
        mark: Any = values if len(columns) > 1 else values[0]
        compare = COMPARE[self.descending is not reverse, at]
        beyond: ColumnElement[bool] = compare(row, mark)
        return beyond

    def columns_of(self, model: type[Entity]) -> list[InstrumentedAttribute[Any]]:
        """Return the columns whose values are the position of a row in this order."""
        unique = self.column.key in {"id", "path", "sort_key"}
        return [self.column] if unique else [self.column, model.id]


@dataclass(frozen=True)
class Window:
    """A choice among the rows of an edge.

    `conditions` are on the target, `link_conditions` on the table that links it to its parent, `bounds` on the position
    of a page. `limit` is the number of rows for each parent, `depth` the number of levels below it. `reverse` reads
    from the end; the rows then come in reverse order. `beyond` are windows that are looked into as well, each under a
    number: their rows have the number in a further, last column, where the rows of the window itself have 0.
    """

    conditions: tuple[ColumnElement[bool], ...] = ()
    link_conditions: tuple[ColumnElement[bool], ...] = ()
    bounds: tuple[ColumnElement[bool], ...] = ()
    order: Order | None = None
    limit: int | None = None
    depth: int | None = None
    reverse: bool = False
    beyond: tuple[tuple[int, "Window"], ...] = ()


WHOLE = Window()
"""Every row of an edge in its own order."""
