"""Order: by which columns the rows of a list are ordered, and which rows come after a position in it.

Nulls stand last in every order, and the id decides among equal rows, so that every row has one position.
"""

from dataclasses import dataclass
from itertools import takewhile
from operator import ge, gt, le, lt
from typing import Any, Self

from sqlalchemy import Column, ColumnElement, Enum, Numeric, Text, and_, false, literal, or_, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

from app.models import Entity
from app.models.base import column_of

Position = tuple[Any, ...]

COMPARE = {(False, False): gt, (False, True): ge, (True, False): lt, (True, True): le}
"""How a row beyond a position compares with it: whether the order descends, and whether the position is included."""

UNIQUE = frozenset({"id", "path", "sort_key"})
"""Columns without equal values: no further column decides after them."""


@dataclass(frozen=True)
class Term:
    """One column of an order."""

    column: InstrumentedAttribute[Any]
    descending: bool = False

    @property
    def nullable(self) -> bool:
        """Whether the column may be null."""
        return bool(self._stored.nullable)

    def clause(self, *, reverse: bool) -> ColumnElement[Any]:
        """Return the term of ORDER BY. PostgreSQL's own place of nulls is stated only where it is another."""
        clause = self._stored.desc() if self.descending is not reverse else self._stored.asc()
        if not (self.nullable and self.descending):
            return clause
        return clause.nulls_first() if reverse else clause.nulls_last()

    def beyond(self, value: object, *, reverse: bool) -> ColumnElement[bool]:
        """Return the condition that a row comes after a value, or with `reverse` before it."""
        if value is None:
            return self._stored.is_not(None) if reverse else false()
        ahead: ColumnElement[bool] = COMPARE[self.descending is not reverse, False](self._stored, self._literal(value))
        return or_(ahead, self._stored.is_(None)) if self.nullable and not reverse else ahead

    def at(self, value: object) -> ColumnElement[bool]:
        """Return the condition that a row has a value."""
        return self._stored.is_(None) if value is None else self._stored == self._literal(value)

    @property
    def _stored(self) -> Column[Any]:
        return column_of(self.column)

    def _literal(self, value: object) -> ColumnElement[Any]:
        return literal(value, position_type(self.column))


def position_type(column: InstrumentedAttribute[Any]) -> TypeEngine[Any]:
    """Return the type of a column's values in a position: as they are stored, and not rounded."""
    if isinstance(column.type, Enum):
        return Text()
    return Numeric() if type(column.type) is Numeric else column.type


@dataclass(frozen=True)
class Order:
    """An order by some columns, the first of which counts most."""

    terms: tuple[Term, ...]

    @classmethod
    def by(cls, column: InstrumentedAttribute[Any], *, descending: bool = False) -> Self:
        """Order by one column."""
        return cls((Term(column, descending),))

    def clauses(self, model: type[Entity], *, reverse: bool = False) -> list[ColumnElement[Any]]:
        """Return the ORDER BY of the order, or of its reverse."""
        return [term.clause(reverse=reverse) for term in self.deciding(model)]

    def columns_of(self, model: type[Entity]) -> list[InstrumentedAttribute[Any]]:
        """Return the columns whose values are the position of a row in this order."""
        return [term.column for term in self.deciding(model)]

    def deciding(self, model: type[Entity]) -> list[Term]:
        """Return the terms up to the first unique column, or all and the id in the direction of the last term."""
        first: dict[str, Term] = {}
        for term in self.terms:
            first.setdefault(term.column.key, term)
        terms = list(first.values())
        before = list(takewhile(lambda term: term.column.key not in UNIQUE, terms))
        last = terms[len(before)] if len(before) < len(terms) else Term(model.id, terms[-1].descending)
        return [*before, last]

    def beyond(
        self, model: type[Entity], position: Position, *, reverse: bool = False, at: bool = False
    ) -> ColumnElement[bool]:
        """Return the condition that a row comes after a position, or with `reverse` before it, or is `at` it."""
        terms = self.deciding(model)
        if len({term.descending for term in terms}) == 1 and not any(term.nullable for term in terms):
            return self._as_row(terms, position, reverse=reverse, at=at)
        return self._term_by_term(terms, position, reverse=reverse, at=at)

    def _as_row(self, terms: list[Term], position: Position, *, reverse: bool, at: bool) -> ColumnElement[bool]:
        """Compare whole rows, which an index on the columns answers by one range."""
        values = [literal(value, position_type(term.column)) for term, value in zip(terms, position, strict=True)]
        compare = COMPARE[terms[0].descending is not reverse, at]
        if len(terms) == 1:
            return compare(column_of(terms[0].column), values[0])  # type: ignore[no-any-return]
        return compare(tuple_(*(column_of(term.column) for term in terms)), tuple_(*values))  # type: ignore[no-any-return]

    def _term_by_term(self, terms: list[Term], position: Position, *, reverse: bool, at: bool) -> ColumnElement[bool]:
        """Compare the first term in which a row differs, for directions that differ and columns that may be null."""
        equal: ColumnElement[bool] = true()
        ahead: list[ColumnElement[bool]] = []
        for term, value in zip(terms, position, strict=True):
            ahead.append(and_(equal, term.beyond(value, reverse=reverse)))
            equal = and_(equal, term.at(value))
        return or_(*ahead, equal) if at else or_(*ahead)
