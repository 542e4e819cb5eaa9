"""Connections: all those of a process, how many there may be, and how long each may do nothing."""

import asyncio
import resource
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from app.errors import RequestError
from app.processes.refusals import TooManyConnectionsError
from app.settings import Settings

SWEEP_SECONDS = 1.0
"""How often all connections are looked at. One timer for all costs a request nothing."""

RESERVED = 64
"""File descriptors for what is neither a connection of a client nor one to the database: files, sockets, the loop's."""

LINGERING = 32
"""Connections beyond the limit that are still answered with that error. Further ones are closed without an answer."""

LAST_SECONDS = 3.0
"""How long a client may take nothing while the program ends; the program waits for those that take their answers."""


@dataclass(frozen=True)
class Limits:
    """What a client may send, and the seconds that it may take."""

    head_bytes: int
    """Most bytes of the request line and the headers, and of the trailers and the framing of chunks."""
    head_seconds: float
    """From the first byte of a request to the end of its head."""
    body_seconds: float
    """From the end of the head to the end of the body."""
    idle_seconds: float
    """Between two requests, or before the first one."""
    write_seconds: float
    """Without a byte of the answer being taken."""
    connections: int
    """Most connections of a process."""
    connections_of_address: int
    """Most connections of a process from one address."""


def limits_of(settings: Settings) -> Limits:
    """Return the limits of a process. Its file descriptors bound the connections as well."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    spare = soft - RESERVED - LINGERING - 3 * settings.pool_size - 2 * settings.login_threads
    most = max(1, min(settings.max_connections, spare))
    return Limits(
        head_bytes=settings.max_head,
        head_seconds=settings.head_seconds,
        body_seconds=settings.body_seconds,
        idle_seconds=settings.idle_seconds,
        write_seconds=settings.write_seconds,
        connections=most,
        connections_of_address=settings.max_connections_of_address or most,
    )


class Progress:
    """How long a client has taken nothing of what it was sent."""

    def __init__(self, now: float) -> None:
        self.unsent, self._since = 0, now

    def seconds(self, transport: asyncio.WriteTransport, now: float) -> float:
        """Look at the bytes that are not sent, and return for how many seconds none was taken."""
        unsent = transport.get_write_buffer_size()
        if not 0 < self.unsent <= unsent:
            self._since = now
        self.unsent = unsent
        return now - self._since


class Connected(Protocol):
    """A connection, as far as all of them are managed together."""

    @property
    def address(self) -> str:
        """The address of the client."""

    def check(self, now: float) -> None:
        """End the connection if it has waited for too long."""


class Connections:
    """The open connections of a process."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: set[Connected] = set()
        self._of_address: Counter[str] = Counter()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, connection: Connected) -> RequestError | None:
        """Add a connection; return the error when there are too many."""
        self._open.add(connection)
        self._of_address[connection.address] += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SWEEP_SECONDS, self._sweep)
        if (
            len(self._open) > self.limits.connections
            or self._of_address[connection.address] > self.limits.connections_of_address
        ):
            return TooManyConnectionsError()
        return None

    @property
    def are_far_too_many(self) -> bool:
        """Whether there are so many connections that no other one can be answered."""
        return len(self._open) > self.limits.connections + LINGERING

    def remove(self, connection: Connected) -> None:
        """Remove a connection that is closed."""
        self._open.discard(connection)
        self._of_address[connection.address] -= 1
        if not self._of_address[connection.address]:
            del self._of_address[connection.address]

    def _sweep(self) -> None:
        """Check all connections, and again later while there are any."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in tuple(self._open):
            connection.check(now)
        self._timer = loop.call_later(SWEEP_SECONDS, self._sweep) if self._open else None
