"""A client of graphql-transport-ws against a program on a port, and raw handshakes."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.clients.subscriber import PROTOCOL

PATIENCE = 30
"""A limit for messages that never come, not an expectation."""


class Socket:
    """One WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, type_: str, **members: Any) -> None:
        """Send a message."""
        self.connection.send(json.dumps({"type": type_, **members}))

    def message(self) -> Any:
        """Read the next message; TimeoutError when none comes."""
        return json.loads(self.connection.recv(PATIENCE))

    def initialise(self, authorization: str | None = None) -> None:
        """Begin, and wait until the server agrees."""
        self.send("connection_init", payload={} if authorization is None else {"authorization": authorization})
        assert self.message() == {"type": "connection_ack"}

    def subscribe(self, query: str, id_: str = "1", **variables: Any) -> None:
        """Begin an operation."""
        self.send("subscribe", id=id_, payload={"query": query, "variables": variables})

    def data(self) -> Any:
        """Read the data of the next answer."""
        message = self.message()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    def closed(self) -> tuple[int, str]:
        """Read until the server closes; return the code and the reason, 1006 for none."""
        try:
            while True:
                self.message()
        except ConnectionClosed as closed:
            return (1006, "") if closed.rcvd is None else (closed.rcvd.code, closed.rcvd.reason)


@contextmanager
def opened(address: str, path: str = "/graphql", **options: Any) -> Iterator[Socket]:
    """Open a WebSocket to a program."""
    url = address.replace("http", "ws", 1) + path
    with connect(url, subprotocols=[Subprotocol(PROTOCOL)], proxy=None, open_timeout=PATIENCE, **options) as connection:
        yield Socket(connection)


HANDSHAKE = (
    b"host: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n"
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n"
)


@contextmanager
def raw(address: str, line: bytes = b"GET /graphql HTTP/1.1", headers: bytes = HANDSHAKE) -> Iterator[socket.socket]:
    """Send the head of a handshake."""
    to = urlsplit(address)
    with socket.create_connection((to.hostname, to.port), PATIENCE) as client:
        client.sendall(line + b"\r\n" + headers + b"\r\n")
        yield client


def head_of(client: socket.socket) -> bytes:
    """Read the head of an answer, or what there is until the end."""
    received = b""
    while b"\r\n\r\n" not in received and (part := client.recv(65_536)):
        received += part
    return received
