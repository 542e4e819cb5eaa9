"""The client: HTTP/1.1 with keep-alive on plain sockets, so that it adds little time; the same for both servers."""

import itertools
import selectors
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

ADDRESS = "127.0.0.1"
CHUNK = 1 << 18


class BadAnswerError(Exception):
    """A server answered with another status than 200, or without a length."""


def request(body: bytes, authorization: str = "", path: str = "/graphql") -> bytes:
    """Return a request, by default one of GraphQL."""
    headers = {
        "host": ADDRESS,
        "content-type": "application/json",
        "accept": "application/graphql-response+json" if path == "/graphql" else "application/json",
        "content-length": str(len(body)),
        **({"authorization": authorization} if authorization else {}),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


@dataclass
class Incoming:
    """A partly received answer."""

    content: bytearray = field(default_factory=bytearray)
    start: int = 0
    end: int = 0

    def add(self, chunk: bytes) -> bool:
        """Add received bytes and return whether the answer is complete."""
        if not chunk:
            message = "the server closed the connection"
            raise BadAnswerError(message)
        self.content += chunk
        if not self.end:
            self._read_head()
        return 0 < self.end <= len(self.content)

    def _read_head(self) -> None:
        at = self.content.find(b"\r\n\r\n")
        if at < 0:
            return
        head = bytes(self.content[:at]).lower()
        _, found, length = head.partition(b"\r\ncontent-length:")
        if not head.startswith(b"http/1.1 200") or not found:
            raise BadAnswerError(self.content[:2000].decode(errors="replace"))
        self.start, self.end = at + 4, at + 4 + int(length.split(b"\r\n", 1)[0])


def connect(port: int) -> socket.socket:
    """Connect to a server on loopback."""
    connected = socket.create_connection((ADDRESS, port), timeout=60)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def ask(connection: socket.socket, wanted: bytes) -> bytes:
    """Send a request and return the body of its answer."""
    connection.sendall(wanted)
    incoming = Incoming()
    while not incoming.add(connection.recv(CHUNK)):
        pass
    return bytes(incoming.content[incoming.start :])


def answers(port: int, requests: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the answers to requests that are sent one after the other."""
    with connect(port) as connection:
        for wanted in requests:
            yield ask(connection, wanted)


def latencies(port: int, requests: list[bytes], count: int, warm_up: int) -> list[float]:
    """Send requests one after the other and return the milliseconds of each, without the first `warm_up`."""
    taken = []
    with connect(port) as connection:
        for wanted in itertools.islice(itertools.cycle(requests), warm_up + count):
            started = time.perf_counter()
            ask(connection, wanted)
            taken.append((time.perf_counter() - started) * 1000)
    return taken[warm_up:]


def rate(port: int, requests: list[bytes], connections: int, seconds: float) -> float:
    """Keep connections busy with requests that are sent in turn; return the answers per second."""
    return rate_of(port, itertools.cycle(requests), connections, seconds)


def rate_of(port: int, wanted: Iterator[bytes], connections: int, seconds: float) -> float:
    """Keep connections busy with one request at a time on each; return the answers per second."""
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        for _ in range(connections):
            connection = stack.enter_context(connect(port))
            connection.sendall(next(wanted))
            selector.register(connection, selectors.EVENT_READ, Incoming())
        return _answered(selector, wanted, seconds) / seconds


def _answered(selector: selectors.BaseSelector, wanted: Iterator[bytes], seconds: float) -> int:
    answered = 0
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        for key, _ in selector.select():
            connection: socket.socket = key.fileobj  # type: ignore[assignment]
            if key.data.add(connection.recv(CHUNK)):
                answered += 1
                selector.modify(connection, selectors.EVENT_READ, Incoming())
                connection.sendall(next(wanted))
    return answered
