"""Cursor: the position behind a change, as the cursors of pages in the order of the ids write it."""

from app.loaders.cursor import read_cursor, write_cursor
from app.loaders.edges import by_id
from app.models import Change

ORDER = by_id(Change)


def cursor_of(position: int) -> str:
    """Write the cursor of a change."""
    return write_cursor(ORDER, (position,))


def position_of(cursor: str) -> int:
    """Read a cursor; InvalidInputError when it is none."""
    (position,) = read_cursor(ORDER, Change, cursor)
    return int(str(position))
