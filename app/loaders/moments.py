"""Moments: a list that is filtered by a range of times, read without trust in statistics.

A page in the order of ids is found in two ways. Either the rows of the range are listed by the index of the column, and
sorted: this takes long for a wide range. Or rows are read in the order of ids until the page is full: this takes long
for a narrow range, whose rows come last. PostgreSQL chooses by statistics, which do not know the newest rows. So the
statement has both ways. When it runs, `ids_in_range` returns the ids of the range, or null if there are more than
20,000. With ids the second way reads nothing, with null the first one.

Of a table with a partition for each month, PostgreSQL reads all partitions at the same time and merges their rows. A
partition without a row of the range would be read to its end. So the months of the range are a condition too.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

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
Columns = Mapping[str, InstrumentedAttribute[Any]]

MICROSECOND = timedelta(microseconds=1)
"""The smallest difference between two times of PostgreSQL."""

ABOVE = {"gt": MICROSECOND, "gte": timedelta()}
"""The operators of lower bounds: how far the first time of the range is from the time that each names."""

BELOW = {"lt": -MICROSECOND, "lte": timedelta()}
"""The operators of upper bounds: how far the last time of the range is from the time that each names."""

STEPS = {**ABOVE, **BELOW}

EARLIEST: ColumnElement[Any] = literal_column("'-infinity'::timestamptz")
LATEST: ColumnElement[Any] = literal_column("'infinity'::timestamptz")


class Range(NamedTuple):
    """The first and the last time of a range; None where it has no bound."""

    first: datetime | None
    last: datetime | None

    @classmethod
    def of(cls, filters: Iterable[Given]) -> "Range":
        """Return the range of the times that fulfil all operators of some filters."""
        ends = [(operator, end_of(operator, time)) for operators in filters for operator, time in operators.items()]
        firsts, lasts = ([time for operator, time in ends if operator in side] for side in (ABOVE, BELOW))
        return cls(max(firsts, default=None), min(lasts, default=None))


def end_of(operator: str, value: object) -> datetime:
    """Return the first or the last time that fulfils an operator; at the end of the calendar the time that it names."""
    time = read_time(value)
    with suppress(OverflowError):
        return time + STEPS[operator]
    return time


def ways(wanted: Filter, given: Given, order: Order) -> tuple[Way, ...]:
    """Return both ways; nothing if no indexed time has a range, or the list is ordered by it."""
    columns, parts = FILTERABLE[wanted.model].columns, list(parts_of(given))
    members = ((name, value) for part in parts for name, value in part.items())
    ranged = next((name for name, value in members if is_range(value) and is_indexed(columns, name)), None)
    if ranged is None or order.terms[0].column is columns[ranged]:
        return ()
    ranges = [part for part in parts if is_range(part.get(ranged))]
    return both_ways(wanted, ranged, ranges, [part for part in parts if part not in ranges])


def parts_of(given: Given) -> Iterator[Given]:
    """Yield the members of a filter, and of the filters that it joins by `and`, each as a filter of its own."""
    for name, value in given.items():
        if name == "and":
            for part in value or ():
                yield from parts_of(part)
        else:
            yield {name: value}


def is_range(operators: object) -> bool:
    """Return whether operators bound a value above or below, and do nothing else."""
    return isinstance(operators, Mapping) and bool(operators) and operators.keys() <= STEPS.keys()


def is_indexed(columns: Columns, name: str) -> bool:
    """Return whether a name is that of a time that an index begins with."""
    column = columns.get(name)
    if column is None or not isinstance(column.type, TIMESTAMP):
        return False
    table: Table = column.class_.__table__
    return any(next(iter(index.columns), None) is table.c[column.key] for index in table.indexes)


def both_ways(wanted: Filter, name: str, ranges: list[Given], others: list[Given]) -> tuple[Way, Way]:
    """Return the way that reads the rows of the range, and the way that reads rows in the order of ids.

    Both keep the range as a condition, written so that no index serves it: the planner would read the index of the time
    again.
    """
    exact, rest = without_index(wanted.all_of(ranges)), wanted.all_of(others)
    column, range_ = FILTERABLE[wanted.model].columns[name], Range.of(part[name] for part in ranges)
    ranged = (*whole_months(column, range_), exact)
    first = EARLIEST if range_.first is None else literal(range_.first, column.type)
    last = LATEST if range_.last is None else literal(range_.last, column.type)
    ids = func.ids_in_range(column.class_.__tablename__, column.key, first, last, type_=ARRAY(BigInteger()))
    among = array_once(ids)
    return Way((*ranged, rest), among=among), Way((among.is_(null()), *ranged, rest))


def whole_months(column: InstrumentedAttribute[Any], range_: Range) -> Iterator[ColumnElement[bool]]:
    """Yield the bounds of a range, widened to whole months, if the table has a partition for each month of the column.

    The planner leaves out the partitions of other months. It does not read the index of the time for these bounds,
    because all rows of the partitions that are left fulfil them, except those of the default partition.
    """
    if column.class_.__table__.dialect_options["postgresql"]["partition_by"] != f"RANGE ({column.key})":
        return
    if range_.first is not None:
        yield column >= Month.of(range_.first).begin
    if range_.last is not None:
        yield column <= Month.of(range_.last).last
