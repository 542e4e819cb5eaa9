"""Kept: numbers of rows that the database keeps, by some columns. They count a list whose filter compares only those.

Counting the rows themselves takes longer the more there are. This module knows no entity.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Select,
    TableValuedAlias,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.visitors import replacement_traverse

from app.loaders.counting import COUNT, Conditions
from app.loaders.edge import Shape
from app.loaders.filtering import FILTERABLE
from app.models import Entity

Given = Mapping[str, Any]
NUMBER = "number"
"""The column of the kept numbers."""

AT_ROOT: ColumnElement[int] = literal_column("0::bigint", BigInteger())
"""The key of the lists at the root of the schema."""

COMBINING = frozenset({"and", "or", "not"})
"""The members of a filter that are filters themselves."""


@dataclass(frozen=True)
class Kept:
    """What is kept of the rows of a model.

    A `function` of the database returns NUMBER and the columns, as far as the caller sees them. Several of its rows may
    have the same values of the columns; NUMBER may be negative in some.
    """

    model: type[Entity]
    function: str
    columns: tuple[InstrumentedAttribute[Any], ...]

    def counts(self, conditions: Conditions) -> Select[Any, Any]:
        """Select the key 0, as of every list at the root, with the number of rows that fulfil conditions."""
        kept, met = self._rows(conditions)
        number = cast(func.coalesce(func.sum(kept.c[NUMBER]), 0), BigInteger)
        return select(AT_ROOT, number).select_from(kept).where(*met)

    def has(self, names: Sequence[str]) -> bool:
        """Return whether the numbers are kept by these columns."""
        return set(names) <= {each.key for each in self.columns}

    def groups(self, names: Sequence[str], conditions: Conditions) -> Select[Any]:
        """Select the number of rows that fulfil conditions, by the values of some columns."""
        kept, met = self._rows(conditions)
        number, own = cast(func.sum(kept.c[NUMBER]), BigInteger), [kept.c[name].label(name) for name in names]
        counted = select(number.label(COUNT), *own).select_from(kept).where(*met)
        return counted.group_by(*own).having(number != 0)

    def _rows(self, conditions: Conditions) -> tuple[TableValuedAlias, Iterator[ColumnElement[bool]]]:
        """Return the kept rows, and the conditions on the records as conditions on these."""
        table = self.model.__table__
        named = (column(each.key, each.type) for each in self.columns)
        kept = getattr(func, self.function)().table_valued(column(NUMBER, BigInteger()), *named, name="kept")

        def replaced(element: Any, **_: Any) -> Any:
            if element is table:
                return kept
            return kept.c[element.key] if isinstance(element, Column) and element.table is table else None

        return kept, (replacement_traverse(each, {}, replaced) for each in conditions)

    def suffices(self, given: Given) -> bool:
        """Return whether a filter compares only what is kept."""
        return all(self._is_kept(name, value) for name, value in members(given))

    def _is_kept(self, name: str, value: Any) -> bool:
        """Return whether a member compares a kept column, or columns of the record that such a one refers to.

        A record of the same model is compared by its own columns, which are not kept.
        """
        filterable, names = FILTERABLE[self.model], {each.key for each in self.columns}
        edge = filterable.edges.get(name)
        if edge is not None:
            is_other = edge.target is not self.model
            return is_other and edge.shape is Shape.ONE and edge.parent in names and is_plain(edge.target, value)
        return name in filterable.columns and filterable.columns[name].key in names


KEPT: dict[type[Entity], Kept] = {}
"""What is kept, for each model of which something is."""


def members(given: Given) -> Iterator[tuple[str, Any]]:
    """Yield the members of a filter that compare something, with those of the filters that it combines."""
    for name, value in given.items():
        if name in COMBINING:
            for part in value if isinstance(value, list) else [value or {}]:
                yield from members(part)
        elif value is not None:
            yield name, value


def is_plain(model: type[Entity], given: Given) -> bool:
    """Return whether a filter compares columns of the model alone."""
    return not any(name in FILTERABLE[model].edges for name, _ in members(given))


def counting_of(model: type[Entity], given: Given) -> Kept | None:
    """Return how to count, without reading them, the records that a filter finds; None if that is impossible."""
    kept = KEPT.get(model)
    return kept if kept is not None and kept.suffices(given) else None
