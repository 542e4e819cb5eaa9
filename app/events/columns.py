"""EventColumn: a column of a record as events show it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.sql.expression import ColumnElement


@dataclass(frozen=True)
class EventColumn:
    """A column that events show: its name there, the column itself, and how personal data are masked."""

    name: str
    column: ColumnElement[Any]
    mask: Callable[[Any], object] | None = None


Columns = Mapping[str, Mapping[str, EventColumn]]
"""The columns that events show, by table and by the name of the column in the database."""

Image = Mapping[str, Any]
"""A record as a change keeps it: the values of its columns in JSON."""

Shape = tuple[tuple[str, str, Callable[[Any], object] | None], ...]
"""The columns of a table: in the database, in events, and how they are masked."""


def shapes_of(columns: Columns, plain: Collection[str]) -> Mapping[str, Shape]:
    """Return the shape of each table. Personal data of the `plain` ones are not masked."""
    return {
        table: tuple(
            (name, shown.name, None if table in plain else shown.mask) for name, shown in columns_of_table.items()
        )
        for table, columns_of_table in columns.items()
    }


def shown(shape: Shape, image: Image | None) -> Image | None:
    """Return a record as events show it; of a PLACE, the columns that differ."""
    if image is None:
        return None
    return {
        name: image[column] if mask is None or image[column] is None else mask(image[column])
        for column, name, mask in shape
        if column in image
    }
