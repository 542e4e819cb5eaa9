"""Page: which rows of an edge a connection shows, by keyset cursors."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement

from app.error_codes import Message
from app.errors import InvalidInputError
from app.loaders.cursor import read_cursor, write_cursor
from app.loaders.order import Order
from app.loaders.window import Window
from app.models import Entity

DEFAULT_PAGE = 20
"""Rows of a page without `first` and `last`. The largest page is a limit of documents (app/engine/limits.py)."""

OFFSET = "offset"
"""The argument with the number of rows to skip. The largest number is a limit of documents as well."""

CURSORLESS = ("after", "before", "last")
"""The arguments that `offset` cannot be combined with."""

NEGATIVE = Message("the argument {name!r} must not be negative", "参数 {name} 不能为负数")
TWO_SIZES = Message("a page takes `first` or `last`, not both", "分页参数 `first` 与 `last` 不能同时使用")
TWO_STARTS = Message(
    "`offset` counts from the start of the list and cannot be combined with `{name}`: use it with `first` alone, or "
    "leave it out",
    "`offset` 从列表开头计数，不能与 `{name}` 同时使用；请只与 `first` 一起使用，或去掉 `offset`",
)


class Side(Enum):
    """A side of a page, with the number of its window."""

    PREVIOUS = 1
    NEXT = 2


@dataclass(frozen=True)
class Slice:
    """The rows that a page shows: at most `size`, after the cursor `after` and before the cursor `before`.

    A page without cursors may skip `offset` rows instead.
    """

    model: type[Entity]
    order: Order
    size: int
    backward: bool
    after: str | None
    before: str | None
    offset: int = 0

    @classmethod
    def of(cls, model: type[Entity], order: Order, given: Mapping[str, Any]) -> "Slice":
        """Read `first`, `last`, `after`, `before` and `offset`; InvalidInputError when they contradict each other."""
        first, last = given.get("first"), given.get("last")
        if first is not None and last is not None:
            raise InvalidInputError(TWO_SIZES)
        size = page_size("first", first) if last is None else page_size("last", last)
        return cls(model, order, size, last is not None, given.get("after"), given.get("before"), skipped(given))

    def window(self, whole: Window, sides: Collection[Side] = ()) -> Window:
        """Narrow a window to the page, and one row more, which shows whether there is another page.

        Rows on some `sides` of the page are looked for as well, where a cursor or an offset bounds it.
        """
        narrowed = replace(
            whole,
            bounds=tuple(self._bounds()),
            order=self.order,
            limit=self.size + 1,
            offset=self.offset,
            reverse=self.backward,
        )
        return replace(narrowed, beyond=tuple((side.value, self.beside(whole, side)) for side in self.bounded(sides)))

    def bounded(self, sides: Collection[Side]) -> list[Side]:
        """Return the sides on which a cursor or an offset bounds the page."""
        return [side for side in sides if self._mark(side) is not None or self._skips(side)]

    def beside(self, whole: Window, side: Side) -> Window:
        """Narrow a window to one row on a side that a cursor bounds: the row of the cursor, or one beyond it.

        An empty page of `first` lies at `after`, and one of `last` at `before`, even if the cursors cross. The first
        row of the list lies before every page with an offset.
        """
        if self._skips(side):
            return replace(whole, order=self.order, limit=1)
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
        return [self._bound(side, reverse=side is Side.NEXT) for side in Side if self._mark(side) is not None]

    def _bound(self, side: Side, *, reverse: bool, at: bool = False) -> ColumnElement[bool]:
        """Return the condition that a row comes after the cursor of a side, or with `reverse` before it."""
        position = read_cursor(self.order, self.model, self._mark(side) or "")
        return self.order.beyond(self.model, position, reverse=reverse, at=at)

    def _mark(self, side: Side) -> str | None:
        return self.after if side is Side.PREVIOUS else self.before

    def _skips(self, side: Side) -> bool:
        return side is Side.PREVIOUS and self.offset > 0


def page_size(name: str, number: int | None) -> int:
    """Read a number of rows; InvalidInputError for a negative one."""
    return DEFAULT_PAGE if number is None else not_negative(name, number)


def not_negative(name: str, number: int) -> int:
    """Return the number; InvalidInputError for a negative one."""
    if number < 0:
        raise InvalidInputError(NEGATIVE, name=name)
    return number


def skipped(given: Mapping[str, Any]) -> int:
    """Read `offset`; InvalidInputError for a negative one, and for one beside a cursor or `last`."""
    offset = given.get(OFFSET)
    if offset is None:
        return 0
    for name in CURSORLESS:
        if given.get(name) is not None:
            raise InvalidInputError(TWO_STARTS, name=name)
    return not_negative(OFFSET, offset)
