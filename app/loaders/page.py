"""Page: which rows of an edge a connection shows, by keyset cursors."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement

from app.errors import InvalidInputError
from app.loaders.cursor import read_cursor, write_cursor
from app.loaders.window import Order, Window
from app.models import Entity

DEFAULT_PAGE = 20
"""Rows of a page without `first` and `last`. The largest page is a limit of documents (app/engine/limits.py)."""


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

    def window(self, whole: Window) -> Window:
        """Narrow a window to the page, and one row more, which shows whether there is another page."""
        bounds = tuple(self._bounds())
        return replace(whole, bounds=bounds, order=self.order, limit=self.size + 1, reverse=self.backward)

    def shown(self, rows: list[Any]) -> list[Any]:
        """Return the rows that the page shows, in the connection's order."""
        shown = rows[: self.size]
        return shown[::-1] if self.backward else shown

    def info(self, rows: list[Any]) -> tuple[bool, bool]:
        """Return whether there is a next and a previous page."""
        more = len(rows) > self.size
        return (self.before is not None, more) if self.backward else (more, self.after is not None)

    def cursor(self, position: tuple[object, ...]) -> str:
        """Write the cursor of a row, from the values of the order's columns."""
        return write_cursor(self.order, position)

    def _bounds(self) -> list[ColumnElement[bool]]:
        bounds = ((self.after, False), (self.before, True))
        return [
            self.order.beyond(self.model, read_cursor(self.order, self.model, mark), reverse=reverse)
            for mark, reverse in bounds
            if mark is not None
        ]


def page_size(name: str, number: int | None) -> int:
    """Read a number of rows; InvalidInputError for a negative one."""
    if number is None:
        return DEFAULT_PAGE
    if number < 0:
        message = f"the argument {name!r} must not be negative"
        raise InvalidInputError(message)
    return number
