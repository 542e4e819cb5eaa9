"""Moments: the times in a legacy request: milliseconds since 1970, ISO 8601, or `yyyy-MM-dd HH:mm:ss`.

A time without an offset is a time in China. The upper bound of a range includes all that its text leaves out: answers
show milliseconds, and the register has microseconds.
"""

from datetime import UTC, datetime, timedelta

from app.rest.dialect import CHINA, EPOCH, MILLISECOND
from app.rest.kinds import TEXT, WHOLE_TEXT, Kind

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
LENGTH_OF_DATE = len("2020-11-24")


def _first(given: object) -> str:
    """Read the first moment that a time names."""
    return _read(given)[0].isoformat()


def _last(given: object) -> str:
    """Read the last moment that a time names."""
    moment, length = _read(given)
    return (moment + length - timedelta(microseconds=1)).isoformat()


def _read(given: object) -> tuple[datetime, timedelta]:
    """Read a time, and how long it lasts; ValueError or OverflowError for what is no time."""
    text = str(TEXT.read(given))
    if WHOLE_TEXT.fullmatch(text):
        return (EPOCH + int(text) * MILLISECOND).astimezone(UTC), MILLISECOND
    moment = datetime.fromisoformat(text)
    local = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    length = DAY if len(text) == LENGTH_OF_DATE else MILLISECOND if "." in text else SECOND
    return local.astimezone(UTC), length


FROM = Kind(_first, "a time, such as 2020-11-24 16:28:22 or milliseconds", "时间，如 2020-11-24 16:28:22 或毫秒数")
UNTIL = Kind(_last, FROM.english, FROM.chinese)
