"""Recent: the newest events of a process in memory, so that those who are a little behind need not read the record."""

from bisect import bisect_right
from operator import attrgetter

from app.events.event import Event

MOST_RECENT = 2_000
"""The most events that are kept, or twice as many: about two megabytes."""

ID = attrgetter("id")


class Recent:
    """All events behind `begin` and up to `end`, or the newest of them."""

    def __init__(self, position: int) -> None:
        self.begin = self.end = position
        self._events: list[Event] = []

    def add(self, events: list[Event], upto: int) -> None:
        """Add the events that follow, up to a position; when there are twice too many, the older half is dropped."""
        self._events += events
        self.end = upto
        if len(self._events) > 2 * MOST_RECENT:
            dropped, self._events = self._events[:-MOST_RECENT], self._events[-MOST_RECENT:]
            self.begin = dropped[-1].id

    def behind(self, position: int) -> list[Event]:
        """Return the events behind a position, which is not before `begin`."""
        return self._events[bisect_right(self._events, position, key=ID) :]
