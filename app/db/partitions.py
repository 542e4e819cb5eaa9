"""Partitions: the record of changes has one for each month. The default partition takes the rows of all other times."""

import logging
import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from app.db.connecting import connect
from app.errors import OperatorError, describe

LOG = logging.getLogger("cadastre.database")

MONTHS_AHEAD = 3
"""Partitions are made for this month and for so many after it, while a program serves and when one migrates."""

PARTITION = re.compile(r"change_(?P<year>\d{4})_(?P<month>\d{2})")
DEFAULT = "change_default"

PARTITION_LOCK = 0x6368_616E
"""One program makes or drops partitions at a time."""

LOCK_TIMEOUT = "select set_config('lock_timeout', '5s', true), pg_advisory_xact_lock(%s)"
"""Requests wait while a partition is made or dropped. So it is given up when a long transaction is in its way."""

LOCK_RECORD = "lock table only change in access exclusive mode"
"""Taken before changes move. Who waits for the default partition alone does not see a new partition afterwards."""

OLDEST_FIRST = """
select relname from pg_inherits join pg_class on pg_class.oid = inhrelid
where inhparent = 'change'::regclass order by relname
"""

VACUUM_SOON = "autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000"
"""Indexes alone answer lists once autovacuum has seen new rows. By default it waits until a fifth of all is new.

Other tables have a share (migrations/frozen/tables.py). Changes only ever come, so a visit reads no more than the new
pages, however large the partition is.
"""

MAKE = (
    "lock table change_default in access exclusive mode",
    f"create table {{name}} (like change including defaults including constraints) with ({VACUUM_SOON})",
    "insert into {name} select * from change_default where time >= {begin} and time < {end}",
    "delete from change_default where time >= {begin} and time < {end}",
    "alter table change attach partition {name} for values from ({begin}) to ({end})",
)
"""Rows of the month that are in the default partition move: PostgreSQL would refuse the new partition."""


class Month(NamedTuple):
    """A month of a year, which begins and ends in UTC."""

    year: int
    month: int

    @classmethod
    def of(cls, time: datetime) -> "Month":
        """Return the month that a time in UTC lies in."""
        return cls(time.year, time.month)

    @property
    def begin(self) -> datetime:
        """The first moment of the month."""
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    @property
    def last(self) -> datetime:
        """The last moment of the month, in microseconds."""
        days = monthrange(self.year, self.month)[1]
        return datetime(self.year, self.month, days, 23, 59, 59, 999_999, tzinfo=UTC)

    @property
    def next(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def partition(self) -> str:
        """The name of its partition."""
        return f"change_{self.year:04}_{self.month:02}"


class Dropped(NamedTuple):
    """What was dropped: partitions, and the number of changes in them and in the default partition."""

    partitions: list[str]
    changes: int


def is_described(name: str | None, type_: str, _parents: object) -> bool:
    """Return whether the models describe what Alembic finds in a database: they do not describe partitions."""
    return not (type_ == "table" and name is not None and (name == DEFAULT or PARTITION.fullmatch(name)))


def make_partitions(url: str) -> None:
    """Make the partitions that are missing. A failure is logged: rows then go to the default partition."""
    try:
        with connect(url) as connection:
            make_missing(connection, datetime.now(UTC))
    except psycopg.Error as error:
        LOG.warning("the partitions of the next months cannot be made now: %s", describe(error))


def make_missing(connection: Connection, now: datetime) -> list[str]:
    """Make the partitions of the month of a time and of those after it, and return their names."""
    wanted = list(_months(now))
    if {month.partition for month in wanted} <= set(_partitions(connection)):
        return []
    connection.execute(LOCK_TIMEOUT, [PARTITION_LOCK])
    present = set(_partitions(connection))
    missing = [month for month in wanted if month.partition not in present]
    if any(month.begin <= now for month in missing):
        connection.execute(LOCK_RECORD)
    for month in missing:
        for statement in MAKE:
            connection.execute(_filled(statement, month))
    return [month.partition for month in missing]


def drop_before(connection: Connection, time: datetime) -> Dropped:
    """Drop the partitions that end before a time, and delete what is older from the default partition.

    OperatorError when another program has read or written the record of changes, and its transaction does not end.
    """
    try:
        connection.execute(LOCK_TIMEOUT, [PARTITION_LOCK])
        old = [name for name in _partitions(connection) if _ends_before(name, time)]
        changes = sum(_count(connection, name) for name in old)
        for name in old:
            connection.execute(SQL("drop table {}").format(Identifier(name)))
        deleted = connection.execute("delete from change_default where time < %s", [time]).rowcount
    except psycopg.errors.LockNotAvailable as error:
        message = "nothing was deleted: a transaction that uses the record of changes is still open; try again later"
        raise OperatorError(message) from error
    return Dropped(old, changes + deleted)


def _months(now: datetime) -> Iterator[Month]:
    month = Month.of(now)
    for _ in range(MONTHS_AHEAD + 1):
        yield month
        month = month.next


def _partitions(connection: Connection) -> Collection[str]:
    return [name for (name,) in connection.execute(OLDEST_FIRST)]


def _ends_before(name: str, time: datetime) -> bool:
    match = PARTITION.fullmatch(name)
    return match is not None and Month(int(match["year"]), int(match["month"])).next.begin <= time


def _count(connection: Connection, name: str) -> int:
    row = connection.execute(SQL("select count(*) from {}").format(Identifier(name))).fetchone()
    return int(row[0]) if row else 0


def _filled(statement: str, month: Month) -> Composed:
    begin, end = Literal(month.begin), Literal(month.next.begin)
    return SQL(statement).format(name=Identifier(month.partition), begin=begin, end=end)
