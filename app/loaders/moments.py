"""Moments: a list that is filtered by a range of times, read without trust in statistics.

A page in the order of ids is found in two ways. Either the rows of the range are listed by the index of the column, and
sorted: this takes long for a wide range. Or rows are read in the order of ids until the page is full: this takes long
for a narrow range, whose rows come last. PostgreSQL chooses by statistics, which do not know the newest rows. So the
statement has both ways. When it runs, `ids_in_range` returns the ids of the range, or null if there are more than
20,000. With ids the second way reads nothing, with null the first one.

A table with a partition for each month is read in the order of ids partition by partition, side by side. One without a
row of the range would be read to its end. So the months of the range are a condition too.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import TIMESTAMP, BigInteger, ColumnElement, Table, func, literal, literal_column, null
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from app.db.partitions import Month
from app.loaders.comparisons import without_index
from app.loaders.counting import Way
from app.loaders.filtering import FILTERABLE, Filter
from app.loaders.id_lists import array_once
from app.loaders.order import Order
from app.loaders.values import read_time

Given = Mapping[str, Any]

MICROSECOND = timedelta(microseconds=1)
"""The smallest difference of two times: later than a time is at least this much later."""

ABOVE = {"gt": MICROSECOND, "gte": timedelta()}
BELOW = {"lt": -MICROSECOND, "lte": timedelta()}
STEPS = {**ABOVE, **BELOW}
"""The operators of ranges: how far the first or the last time that fulfils each is from the time that it names."""

EARLIEST: ColumnElement[Any] = literal_column("'-infinity'::timestamptz")
LATEST: ColumnElement[Any] = literal_column("'infinity'::timestamptz")


def ways(wanted: Filter, given: Given, order: Order) -> tuple[Way, ...]:
    """Return both ways; nothing if no indexed time has a range, or the list is ordered by it."""
    columns, parts = FILTERABLE[wanted.model].columns, list(parts_of(given))
    for part in parts:
        ((name, operators),) = part.items()
        if name in columns and is_range(operators) and is_indexed(columns[name]):
            column, others = columns[name], [other for other in parts if other is not part]
            return () if order.terms[0].column is column else both_ways(wanted, column, operators, part, others)
    return ()


def parts_of(given: Given) -> Iterator[Given]:
    """Yield the members of a filter, and of the filters that it joins by `and`, each as a filter of its own."""
    for name, value in given.items():
        if name == "and":
            for part in value or ():
                yield from parts_of(part)
        else:
            yield {name: value}


def is_range(operators: Given | None) -> bool:
    """Return whether operators bound a value above or below, and do nothing else."""
    return bool(operators) and (operators or {}).keys() <= STEPS.keys()


def is_indexed(column: InstrumentedAttribute[Any]) -> bool:
    """Return whether a column is a time that an index begins with."""
    table: Table = column.class_.__table__
    is_first = (next(iter(index.columns), None) is table.c[column.key] for index in table.indexes)
    return isinstance(column.type, TIMESTAMP) and any(is_first)


def both_ways(
    wanted: Filter, column: InstrumentedAttribute[Any], operators: Given, part: Given, others: list[Given]
) -> tuple[Way, Way]:
    """Return the way that reads the rows of the range, and the way that reads rows in the order of ids.

    Both keep the range as a condition: a filter may have more bounds than the two that are listed. It is written so
    that no index serves it, because the planner would read the index of the time again.
    """
    exact, rest = without_index(wanted.condition(part)), wanted.all_of(others)
    ranged = (*whole_months(column, operators), exact)
    low, high = bound(column, operators, ABOVE, EARLIEST), bound(column, operators, BELOW, LATEST)
    ids = array_once(func.ids_in_range(column.class_.__tablename__, column.key, low, high, type_=ARRAY(BigInteger())))
    return Way((*ranged, rest), among=ids), Way((ids.is_(null()), *ranged, rest))


def whole_months(column: InstrumentedAttribute[Any], operators: Given) -> Iterator[ColumnElement[bool]]:
    """Yield the bounds of a range, widened to whole months, if the table has a partition for each month of the column.

    The planner leaves out the partitions of other months. It does not read the index of the time for these bounds,
    because all rows of the partitions that are left fulfil them.
    """
    if column.class_.__table__.dialect_options["postgresql"]["partition_by"] != f"RANGE ({column.key})":
        return
    for operator, value in operators.items():
        month = Month.of(nearest(operator, value))
        yield column >= month.begin if operator in ABOVE else column <= month.last


def bound(
    column: InstrumentedAttribute[Any], operators: Given, steps: Mapping[str, timedelta], otherwise: ColumnElement[Any]
) -> ColumnElement[Any]:
    """Return a bound of a range, which lies in the range."""
    named = (operator for operator in steps if operator in operators)
    return next((literal(nearest(operator, operators[operator]), column.type) for operator in named), otherwise)


def nearest(operator: str, value: object) -> datetime:
    """Return the first or the last time that fulfils an operator, or the time that it names where there is no other."""
    time = read_time(value)
    with suppress(OverflowError):
        return time + STEPS[operator]
    return time
