"""Id lists: ids that a statement reads once and compares with several times: in a page, on its sides, in its total."""

from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    SelectBase,
    any_,
    cast,
    column,
    func,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

SHORT = 8
"""The most ids of a short list. Comparing a column with so few is faster than a look-up in a hash table."""

IDS = "ids"
"""The column with all ids, as one array."""


def one_of(ids: Select[Any]) -> ColumnElement[Any]:
    """Return what a column is compared with to be one of the ids that a query gives.

    The query stands before the statement, as a common table expression. PostgreSQL runs it once, when it is first
    needed, and expects few ids.
    """
    return any_listed(list_of(ids))


def is_in_short_list(key: ColumnElement[Any], ids: Select[Any]) -> ColumnElement[bool]:
    """Return whether a column is one of the ids that a query gives; false if these are more than SHORT.

    The first id is compared by itself, which takes a third of the time of a look into the array. The condition is never
    null: it may stand below NOT.
    """
    listed = list_of(ids)
    is_short = func.cardinality(listed.c[IDS]) <= SHORT
    first = select(listed.c[IDS][1]).where(is_short).scalar_subquery()
    short = select(listed.c[IDS]).where(is_short).scalar_subquery()
    return or_(key == first, key == any_(cast(short, ARRAY(BigInteger)))).is_(true())


def list_of(ids: SelectBase) -> CTE:
    """Return the array of the ids that a query gives."""
    return select(func.array(ids.scalar_subquery(), type_=ARRAY(BigInteger())).label(IDS)).cte()


def list_of_sql(ids: str) -> CTE:
    """Return the array of the ids that a query gives, which is written as SQL."""
    return text(f"select array({ids}) as {IDS}").columns(column(IDS, ARRAY(BigInteger()))).cte()


def any_listed(listed: CTE) -> ColumnElement[Any]:
    """Return what a column is compared with to be one of the ids in an array."""
    return any_(array_in(listed))


def array_once(array: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return an array that the statement computes once, as a common table expression."""
    return array_in(select(array.label(IDS)).cte())


def array_in(listed: CTE) -> ColumnElement[Any]:
    """Return the array itself."""
    return cast(select(listed.c[IDS]).scalar_subquery(), ARRAY(BigInteger()))


def in_order(ids: ColumnElement[Any], *, backward: bool) -> Select[Any]:
    """Select the distinct ids of an array as the column `id`, ascending, or descending if `backward`."""
    id_ = func.unnest(ids).column_valued("id")
    return select(id_).distinct().order_by(id_.desc() if backward else id_)
