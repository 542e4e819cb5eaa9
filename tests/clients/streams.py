"""A client of event streams: one operation a request, read event by event."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import httpx2 as httpx
import orjson

PATIENCE = 30
"""A limit for events that never come, not an expectation."""


class Event(NamedTuple):
    """An event, or a comment, whose kind is empty."""

    kind: str
    content: Any


class Stream:
    """An open stream."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def event(self) -> Event:
        """Read the next event or comment; StopIteration at the end."""
        kind, data = "", ""
        for line in self._lines:
            if not line:
                return Event(kind, orjson.loads(data) if data else None)
            name, _, value = line.partition(":")
            if name == "event":
                kind = value.strip()
            elif name == "data":
                data = value.strip()
        raise StopIteration

    def data(self) -> Any:
        """Read the data of the next answer; comments are left out."""
        event = self.event()
        while not event.kind:
            event = self.event()
        assert event.kind == "next", event
        assert "errors" not in event.content, event
        return event.content["data"]

    def rest(self) -> list[Event]:
        """Read until the stream ends."""
        events = []
        while True:
            try:
                events.append(self.event())
            except StopIteration:
                return events


@contextmanager
def streamed(address: str, query: str, token: str | None = None, **variables: Any) -> Iterator[Stream]:
    """Ask for an event stream."""
    headers = {"accept": "text/event-stream", **({} if token is None else {"authorization": f"Bearer {token}"})}
    body = {"query": query, "variables": variables}
    with httpx.stream("POST", f"{address}/graphql", json=body, headers=headers, timeout=PATIENCE) as response:
        yield Stream(response)
