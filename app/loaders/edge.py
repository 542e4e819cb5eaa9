"""Edge: how rows of one model belong to rows of another, and the one statement that loads them for many parents.

A noun's file declares an edge once (app/loaders/edges.py). Both executors, graphql-core and
the compiled engine, load the same declarations. This module knows no entity.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    any_,
    case,
    column,
    func,
    lateral,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import (
    cast as sql_cast,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.db.rendering import ONCE, WITH_VALUES
from app.loaders.counting import COUNT, MOST_GROUPS, union_of, up_to
from app.loaders.id_lists import in_order, is_in_short_list, one_of
from app.loaders.links import KEYS, OWN, ByForeignKey, Key, Link, Searchable, listed_keys
from app.loaders.order import Order
from app.loaders.window import FIRST_IDS, TOTAL, WHOLE, Window, number_of
from app.models import Entity

Roots = Callable[[Any], ColumnElement[bool]]
"""Makes a condition from the columns of a table."""


class Shape(Enum):
    """What a parent gets."""

    ONE = auto()
    """A row or nothing."""
    MANY = auto()
    """All rows that carry the parent's key."""
    EACH = auto()
    """One row for each of the parent's keys, in the order of the keys."""


@dataclass(frozen=True, eq=False)
class Edge:
    """How rows of `target` belong to a parent.

    The column `parent` of the parent holds the key; it is empty at the root of the schema, where the key is 0. `link`
    finds the rows of a key. `keys_in` reads the keys from a column that holds several, such as `path`.
    """

    target: type[Entity]
    parent: str
    link: Link
    shape: Shape
    order: Order
    where: tuple[ColumnElement[bool], ...] = ()
    searched_by: tuple["Search", ...] = ()
    """How parents are found by their rows, if not by the link."""

    keys_in: Callable[[Any], list[Key]] | None = None
    path: InstrumentedAttribute[Any] | None = None
    """The column of the parent that repeats the path of the one row, if there is one."""

    roots: Roots | None = None
    """What holds for every visible row whose parent is invisible, if that is known."""

    def with_path(self, path: InstrumentedAttribute[Any], roots: Roots | None = None) -> "Edge":
        """Compare a column of the parent, and not the row itself, to find out in which subtrees the row lies."""
        return replace(self, path=path, roots=roots)

    def searched(self, *searches: "Search") -> "Edge":
        """Find parents by other edges to the same rows.

        Edges through a union of queries need it: to find one parent PostgreSQL would run the whole union.
        """
        return replace(self, searched_by=searches)

    def to_one(self) -> "Edge":
        """Declare that every parent has at most one row."""
        return replace(self, shape=Shape.ONE)

    def ordered_by(self, column: InstrumentedAttribute[Any]) -> "Edge":
        """Order the rows by a column of the target."""
        return replace(self, order=Order.by(column))

    def keys_of(self, value: Any) -> list[Key]:
        """Read the keys from the parent's column."""
        if value is None:
            return []
        return [value] if self.keys_in is None else self.keys_in(value)

    def rows(self, columns: tuple[str, ...], window: Window = WHOLE) -> Select[Any]:
        """Select `columns` of the target for all parents; the first column of the result is the parent's key."""
        listed = self.link.listed(window) if window.limit is None else None
        rows = self._listed_rows(columns, window, *listed) if listed else self._rows_of_each(columns, window)
        return self._planned(rows, window)

    def counts(self, window: Window = WHOLE, *, exactly: bool = False) -> Select[Any]:
        """Select the parents' keys, each with the number of its rows; a parent without rows may be left out.

        The number is null where there are more rows than are counted of the target, unless they are counted `exactly`.
        """
        if window.known_counts is not None:
            return window.known_counts.counts(window.conditions)
        most = None if exactly else self.target.most_counted
        listed = self.link.listed(window) if most is None else None
        if listed:
            source, key = listed
            mine = key == any_(listed_keys(self.link.key_type))
            return select(key, func.count()).select_from(source).where(mine, *self._where(window)).group_by(key)
        keys = self._keys()
        counted = lateral(self._number(keys, window, most), "counted")
        return self._planned(select(keys.c.key, counted.c.count).select_from(keys.join(counted, true())), window)

    def groups(self, columns: tuple[str, ...], window: Window) -> Select[Any]:
        """Select the parents' keys, each with the groups of its rows: the values that they share, and their number.

        Of `columns`, those that do not make the groups are null. Each key has at most one group more than is allowed.
        """
        keys = self._keys()
        counted = self._group_counts(keys, window)
        shown = counted.selected_columns
        first = (shown[COUNT].desc(), *(shown[name] for name in window.grouped))
        found = counted.order_by(*first).limit(MOST_GROUPS + 1).lateral("found")
        wanted = (found.c[name] if name in shown else null().label(name) for name in columns)
        return self._planned(select(keys.c.key, *wanted).select_from(keys.join(found, true())), window)

    def existing(self, window: Window = WHOLE) -> Select[Any]:
        """Select the parents' keys that have a row, each with 1; the search for a key ends with its first row."""
        keys = self._keys()
        first = lateral(
            self._matching(keys, window).with_only_columns(literal_column("1").label("one")).limit(1), "found"
        )
        return self._planned(select(keys.c.key, first.c.one).select_from(keys.join(first, true())), window)

    @property
    def searchable(self) -> bool:
        """Whether parents may be filtered by their rows: not where a parent has several keys."""
        return self.keys_in is None and isinstance(self.link, Searchable)

    def leads_to(
        self, parent: type[Entity], condition: ColumnElement[bool], *, row_by_row: bool = False
    ) -> ColumnElement[bool]:
        """Return the condition that a row of `parent` leads to a visible row that fulfils a condition.

        The rows stand in a subquery of their own, so that a tree may be compared with itself. `row_by_row` says that
        few rows of `parent` are read: then each looks for its key. `offset 0` keeps PostgreSQL from joining all rows.
        """
        if self.searched_by:
            return or_(*(each.condition(parent, condition) for each in self.searched_by))
        link = cast("Searchable", self.link)
        rows = link.owners((*self.where, condition)).subquery()
        key = parent.__table__.c[link.owner_column or self.parent]
        met: Select[Any] = select(literal_column("1")).select_from(rows).where(rows.c[OWN] == key)
        found = met.offset(0) if row_by_row and not link.owner_column else met
        return found.correlate(parent.__table__).exists()

    @property
    def is_by_id(self) -> bool:
        """Whether the parent has the id of its one row."""
        return isinstance(self.link, ByForeignKey) and self.link.key is self.target.id and self.keys_in is None

    def listed_for(self, parent: type[Entity], condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """Return the same condition by a list of the ids of the rows, which are read first.

        It is for conditions that few rows fulfil. The planner does not expect that: a policy that reads other tables
        makes a row look dear, and it would read row by row what all parents lead to.
        """
        return parent.__table__.c[self.parent] == one_of(self.ids_where(condition))

    def ids_where(self, condition: ColumnElement[bool]) -> Select[Any]:
        """Select the ids of all visible rows that the edge may lead to and that fulfil a condition."""
        return cast("Select[Any]", select(self._id).where(*self.where, condition).correlate(None))

    def _planned(self, statement: Select[Any], window: Window) -> Select[Any]:
        """Say for which values a statement is planned: root lists for their own, as no key of a parent limits them."""
        with_values = bool(window.conditions) and not self.parent
        once = window.is_planned_once or (self.target.is_planned_once and not with_values)
        return statement.execution_options(**{WITH_VALUES: with_values and not once, ONCE: once})

    def _listed_rows(
        self, columns: tuple[str, ...], window: Window, source: FromClause, key: ColumnElement[Any]
    ) -> Select[Any]:
        mine = key == any_(listed_keys(self.link.key_type))
        order = (window.order or self.order).clauses(self.target, reverse=window.reverse)
        wanted = [self.target.__table__.c[name] for name in columns]
        by_key = [] if self.shape is not Shape.MANY else [key, *order]
        return select(key.label("key"), *wanted).select_from(source).where(mine, *self._where(window)).order_by(*by_key)

    def _rows_of_each(self, columns: tuple[str, ...], window: Window) -> Select[Any]:
        keys = self._keys()
        wanted = [self.target.__table__.c[name].label(name) for name in columns]
        found: Select[Any] | CompoundSelect[Any] = self._page(keys, window, wanted)
        if window.beyond or window.total_of:
            uncounted = [] if window.total_of is None else [sql_cast(null(), BigInteger).label(COUNT)]
            pages = [(0, window), *window.beyond]
            numbered = (self._page(keys, page, [*wanted, *uncounted, number_of(n)]) for n, page in pages)
            found = union_all(*numbered, *self._total(keys, window, wanted))
        rows = found.lateral("found")
        return select(keys.c.key, *rows.c).select_from(keys.join(rows, true()))

    def _total(self, keys: FromClause, window: Window, wanted: Sequence[ColumnElement[Any]]) -> Iterator[Select[Any]]:
        """Yield the row with the number of all rows, if they are counted."""
        if window.total_of is not None:
            whole = replace(window.total_of, order=window.order, reverse=window.reverse)  # for the same first ids
            counted = self._number(keys, whole, self.target.most_counted).subquery("counted")
            empty = (null().label(each.key) for each in wanted)
            yield cast("Select[Any]", select(*empty, counted.c.count, number_of(TOTAL)))

    def _page(
        self, keys: FromClause, window: Window, wanted: Sequence[ColumnElement[Any]]
    ) -> Select[Any] | CompoundSelect[Any]:
        """Return the rows of a key, in order and as many as wanted. Of several ways all but one read nothing."""
        listed = None if window.limit is None else self._first_ids(window, window.offset + window.limit)
        ways = [window.by_way(way) for way in window.ways] or [window]
        order = (window.order or self.order).clauses(self.target, reverse=window.reverse)
        read = [self._matching(keys, way).order_by(*order) for way in ways] if listed is None else [listed]
        if listed is None and not window.takes_ids_first:
            return union_of([each.with_only_columns(*wanted).limit(window.limit) for each in read])
        ids = union_of([each.limit(window.limit).offset(window.offset or None) for each in read]).subquery("shown")
        rows = self.target.__table__.join(ids, self._id == ids.c.id)
        return select(*wanted).select_from(rows).order_by(*order)

    def _first_ids(self, window: Window, number: int) -> Select[Any] | None:
        """Select in order the first ids of a window, where the database lists so many of them without the rows."""
        term = (window.order or self.order).terms[0]
        if window.first_ids is None or window.bounds or number > FIRST_IDS or term.column is not self.target.id:
            return None
        backward = window.reverse is not term.descending
        return in_order(window.first_ids(backward), backward=backward)

    def _number(self, keys: FromClause, window: Window, most: int | None) -> Select[Any]:
        """Return the number of the rows of a key as the column `count`; null where there are more than `most`."""
        if window.known_counts is not None:
            known = window.known_counts.counts(window.conditions).subquery()
            return select(known.c[1].label(COUNT))
        if window.counted_ways:
            ways = window.counted_ways
            numbers = (self._number(keys, window.by_way(way), most) for way in (ways.first, ways.second))
            first, second = (number.scalar_subquery() for number in numbers)
            return select(case((ways.takes_first, first), else_=second).label(COUNT))
        if most is None:
            return self._matching(keys, window).with_only_columns(func.count().label(COUNT))
        ids = self._first_ids(window, most + 1)
        return up_to(most, self._matching(keys, window) if ids is None else ids)

    def _group_counts(self, keys: FromClause, window: Window) -> Select[Any]:
        """Return the groups of a key, with the number of rows of each."""
        known = window.known_counts
        if known is not None and known.has(window.grouped):
            return known.groups(window.grouped, window.conditions)
        own = [self.target.__table__.c[name].label(name) for name in window.grouped]
        return self._matching(keys, window).with_only_columns(func.count().label(COUNT), *own).group_by(*own)

    def _keys(self) -> FromClause:
        """Return the list of keys."""
        return func.unnest(listed_keys(self.link.key_type)).table_valued(column("key"), name=KEYS).render_derived()

    def _matching(self, keys: FromClause, window: Window) -> Select[Any]:
        """Return the rows that match a key."""
        source, match = self.link.matching(keys.c.key, window)
        return select(self._id).select_from(source).where(*match, *self._where(window)).correlate(keys)

    @property
    def _id(self) -> ColumnElement[int]:
        return self.target.__table__.c.id

    def _where(self, window: Window) -> list[ColumnElement[bool]]:
        return [*self.where, *window.conditions, *window.bounds]


@dataclass(frozen=True, eq=False)
class Search:
    """An edge that finds some of the parents, namely those for which `where` holds."""

    edge: Edge
    where: tuple[ColumnElement[bool], ...] = ()

    def condition(self, parent: type[Entity], condition: ColumnElement[bool]) -> ColumnElement[bool]:
        """Return the condition that a row of `parent` is one of them and leads to a row that fulfils a condition."""
        met = self.edge.leads_to(parent, condition)
        if self.edge.is_by_id:
            met = or_(is_in_short_list(parent.__table__.c[self.edge.parent], self.edge.ids_where(condition)), met)
        return and_(*self.where, met)
