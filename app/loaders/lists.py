"""Lists: the lists at the root of the schema, and the index that their reading starts from.

A policy filters rows but gives the planner no index to start from. For callers who see a part of a big table, a further
condition names a set of rows that an index finds and that contains every visible one (see app/access/holdings.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, cast

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Table,
    Text,
    any_,
    column,
    func,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.holdings import BUSINESS_ORGS
from app.access.policies import POLICIES
from app.db.scope import Extent
from app.loaders.edge import Edge, Shape
from app.loaders.edges import by_id
from app.loaders.id_lists import any_listed, array_in, array_once, in_order, list_of_sql
from app.loaders.window import FIRST_IDS, FirstIds, Window
from app.models import Entity

Conditions = list[ColumnElement[bool]]
Start = tuple[FromClause, Conditions]


@dataclass(frozen=True)
class AllRows:
    """Every visible row of the target. There is one key, 0. `extent` is the extent of the caller's scope."""

    target: type[Entity]
    extent: Extent = Extent.ALL
    key_type: type[BigInteger | Text] = BigInteger

    def matching(self, key: ColumnElement[Any], window: Window) -> Start:
        """Return every visible row, or those that are among the ids of the window."""
        del key
        if window.among is not None:
            return rows_among(self.target, window, window.among)
        return STARTS[self.extent](self.target, window)

    def listed(self, window: Window) -> None:
        """Return None: there is only one key."""
        del window


def all_rows(target: type[Entity]) -> Edge:
    """Lead from the root of the schema to all rows of a model."""
    return Edge(target, "", AllRows(target), Shape.MANY, by_id(target))


def starting_for(edge: Edge, extent: Extent) -> Edge:
    """Choose where the reading of an edge starts; only root lists differ by the extent of the scope."""
    return replace(edge, link=replace(edge.link, extent=extent)) if isinstance(edge.link, AllRows) else edge


def starts_from_scope(edge: Edge) -> bool:
    """Return whether a list reads only the rows that the organisations of a small scope lead to."""
    return isinstance(edge.link, AllRows) and edge.link.extent is Extent.SMALL


def every_row(target: type[Entity], _window: Window) -> Start:
    """Add no condition: the caller sees every row."""
    return target.__table__, []


def first_rows(target: type[Entity], window: Window) -> Start:
    """Read the first rows of each organisation of a large scope, where that is possible."""
    return target.__table__, first_rows_of_orgs(target, window)


def rows_of_scope(target: type[Entity], window: Window) -> Start:
    """Read only the rows that indexes find from a small scope, or the first rows of its organisations."""
    if is_read_one_by_one(target, window):
        return rows_among(target, window, array_in(reached(target.__tablename__)))
    return target.__table__, first_rows_of_orgs(target, window) or [within_reach(target.__tablename__)]


def rows_among(target: type[Entity], window: Window, ids: ColumnElement[Any]) -> Start:
    """Read only the rows whose ids an array has."""
    if is_read_one_by_one(target, window):
        return one_by_one(target, window, ids), []
    return target.__table__, [target.__table__.c.id == any_(ids)]


def first_ids_of(edge: Edge) -> FirstIds | None:
    """Return what gives the first ids of a list of a small scope, if the database has a function for the table."""
    listing = POLICIES[edge.target.__tablename__].reach_from_scope.listing
    return partial(first_listed, listing) if listing and starts_from_scope(edge) else None


@cache
def first_listed(listing: str, newest: bool) -> ColumnElement[Any]:  # noqa: FBT001 - an argument of the function
    """Return the first ids that a function lists. They are one object, so that a statement lists them once."""
    return array_once(getattr(func, listing)(newest, FIRST_IDS, type_=ARRAY(BigInteger())))


@cache
def reached(table: str) -> CTE:
    """Return the ids in reach of the scope. They are one object, so that a statement lists them once."""
    return list_of_sql(POLICIES[table].reach_from_scope.ids)


def within_reach(table: str) -> ColumnElement[bool]:
    """Return the condition that a row may be visible."""
    return literal_column(POLICIES[table].reach_from_scope.column, BigInteger()) == any_listed(reached(table))


def is_read_one_by_one(target: type[Entity], window: Window) -> bool:
    """Return whether listed ids are looked up one by one: for a page by id of a partitioned table.

    The planner overestimates the cost of merging partitions in the order of ids: it would read all listed rows and sort
    them. A table without partitions is read in this order by its index.
    """
    table, order = cast("Table", target.__table__), window.order or by_id(target)
    is_partitioned = table.dialect_options["postgresql"]["partition_by"] is not None
    return is_partitioned and window.limit is not None and order.terms[0].column is target.id


def one_by_one(target: type[Entity], window: Window, ids: ColumnElement[Any]) -> FromClause:
    """Join the table to the sorted ids of an array, row by row; reading stops when the page is full."""
    table, order = cast("Table", target.__table__), window.order or by_id(target)
    listed = in_order(ids, backward=window.reverse is not order.terms[0].descending).subquery("listed")
    return listed.join(table, table.c.id == listed.c.id)


def first_rows_of_orgs(target: type[Entity], window: Window) -> Conditions:
    """Read a page in the order of ids from the first rows of each organisation, if the table has an index for it.

    Filters, other orders and counts have no such condition: it would not make them faster.
    """
    org_column, order = POLICIES[target.__tablename__].org_column, window.order or by_id(target)
    if not org_column or window.limit is None or window.conditions or order.terms[0].column is not target.id:
        return []
    table = target.__table__
    owner, clauses = table.c[org_column], order.clauses(target, reverse=window.reverse)
    held = text(BUSINESS_ORGS).columns(column("id", BigInteger())).subquery("held")
    own = (
        select(table.c.id)
        .where(owner.between(held.c.id, held.c.id), *window.bounds)  # a range, as in app/access/holdings.py
        .order_by(owner.desc() if window.reverse is not order.terms[0].descending else owner, *clauses)
        .limit(window.offset + window.limit)
    )
    first = own.correlate(held).lateral("own")
    ids = select(first.c.id).select_from(held.join(first, true()))
    return [table.c.id == any_(func.array(ids.scalar_subquery()))]


STARTS: Mapping[Extent, Callable[[type[Entity], Window], Start]] = {
    Extent.ALL: every_row,
    Extent.LARGE: first_rows,
    Extent.SMALL: rows_of_scope,
}
"""What a list reads, and the conditions that let it start from an index, by the extent of the caller's scope."""
