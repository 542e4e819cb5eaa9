"""Page: which rows of an edge a connection shows, by keyset cursors."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement

from app.errors import InvalidInputError
from app.loaders.cursor import read_cursor, write_cursor
from app.loaders.order import Order
from app.loaders.window import Window
from app.models import Entity

DEFAULT_PAGE = 20
"""Rows of a page without `first` and `last`. The largest page is a limit of documents (app/engine/limits.py)."""


class Side(Enum):
    """A side of a page, with the number of its window."""

    PREVIOUS = 1
    NEXT = 2


@dataclass(frozen=True)
class Slice:
    """The rows that a page shows: at most `size`, after the cursor `after` and before the cursor `before`."""

    model: type[Entity]
    order: Order
    size: int
    backward: bool
    after: str | None
    before: str | None

    @classmethod
    def of(cls, model: type[Entity], order: Order, given: Mapping[str, Any]) -> "Slice":
        """Read `first`, `last`, `after` and `before`; InvalidInputError when they contradict each other."""
        first, last = given.get("first"), given.get("last")
        if first is not None and last is not None:
            message = "a page takes `first` or `last`, not both"
            raise InvalidInputError(message)
        size = page_size("first", first) if last is None else page_size("last", last)
        return cls(model, order, size, last is not None, given.get("after"), given.get("before"))

    def window(self, whole: Window, sides: Collection[Side] = ()) -> Window:
        """Narrow a window to the page, and one row more, which shows whether there is another page.

        Rows on some `sides` of the page are looked for as well, where a cursor bounds it.
        """
        bounds = tuple(self._bounds())
        narrowed = replace(whole, bounds=bounds, order=self.order, limit=self.size + 1, reverse=self.backward)
        return replace(narrowed, beyond=tuple((side.value, self.beside(whole, side)) for side in self.bounded(sides)))

    def bounded(self, sides: Collection[Side]) -> list[Side]:
        """Return the sides on which a cursor bounds the page."""
        return [side for side in sides if self._mark(side) is not None]

    def beside(self, whole: Window, side: Side) -> Window:
        """Narrow a window to one row on a side that a cursor bounds: the row of the cursor, or one beyond it.

        An empty page of `first` lies at `after`, and one of `last` at `before`, even if the cursors cross.
        """
        reverse = side is Side.PREVIOUS
        bounds = [self._bound(side, reverse=reverse, at=True)]
        opposite = Side.NEXT if reverse else Side.PREVIOUS
        if self._mark(opposite) is not None and self.backward is reverse:
            bounds.append(self._bound(opposite, reverse=reverse))
        return replace(whole, bounds=tuple(bounds), order=self.order, limit=1, reverse=reverse)

    def shown(self, rows: list[Any]) -> list[Any]:
        """Return the rows that the page shows, in the connection's order."""
        shown = rows[: self.size]
        return shown[::-1] if self.backward else shown

    def more(self, rows: list[Any], beside: Collection[Side]) -> set[Side]:
        """Return the sides on which there are more rows, from the rows of the page and the sides where one stands."""
        ahead = Side.PREVIOUS if self.backward else Side.NEXT
        return {*beside, ahead} if len(rows) > self.size else set(beside)

    def cursor(self, position: tuple[object, ...]) -> str:
        """Write the cursor of a row, from the values of the order's columns."""
        return write_cursor(self.order, position)

    def _bounds(self) -> list[ColumnElement[bool]]:
        return [self._bound(side, reverse=side is Side.NEXT) for side in self.bounded(tuple(Side))]

    def _bound(self, side: Side, *, reverse: bool, at: bool = False) -> ColumnElement[bool]:
        """Return the condition that a row comes after the cursor of a side, or with `reverse` before it."""
        position = read_cursor(self.order, self.model, self._mark(side) or "")
        return self.order.beyond(self.model, position, reverse=reverse, at=at)

    def _mark(self, side: Side) -> str | None:
        return self.after if side is Side.PREVIOUS else self.before


def page_size(name: str, number: int | None) -> int:
    """Read a number of rows; InvalidInputError for a negative one."""
    if number is None:
        return DEFAULT_PAGE
    if number < 0:
        message = f"the argument {name!r} must not be negative"
        raise InvalidInputError(message)
    return number
