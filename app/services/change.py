"""Change: the retention of the record of changes. Operators drop what is older than they keep."""

import re
from datetime import UTC, datetime, timedelta

from psycopg import Connection

from app.db.partitions import Dropped, drop_before, make_missing
from app.errors import InvalidInputError

AGE = re.compile(r"([1-9][0-9]{0,4})d?")
MOST_DAYS = 36_500


def forget(connection: Connection, age: str) -> Dropped:
    """Drop the months that ended before an age such as 400d, and make the partitions of the next months.

    InvalidInputError when the age is not a number of days.
    """
    now = datetime.now(UTC)
    dropped = drop_before(connection, now - timedelta(days=days_of(age)))
    make_missing(connection, now)
    return dropped


def days_of(age: str) -> int:
    """Read an age: a number of days, which `d` may follow."""
    match = AGE.fullmatch(age)
    if match is None or int(match[1]) > MOST_DAYS:
        message = f"{age!r} is not a number of days from 1 to {MOST_DAYS}, such as 400d"
        raise InvalidInputError(message)
    return int(match[1])
