"""A receiver of webhooks on a port of this machine: it notes each message, and answers as the test says."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook


@dataclass(frozen=True)
class Message:
    """A message that the receiver got."""

    headers: Mapping[str, str]
    raw: bytes

    @property
    def id(self) -> str:
        """The id of the message."""
        return self.headers["webhook-id"]

    @property
    def body(self) -> Any:
        """The body as JSON."""
        return json.loads(self.raw)

    def verified(self, secret: str) -> Any:
        """Verify the signature with the library of Standard Webhooks, and return the body."""
        return Webhook(secret).verify(self.raw, dict(self.headers))


@dataclass
class Receiver:
    """What the receiver got, and the answers that it gives next; then 204."""

    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    hold: Callable[[], object] = lambda: None
    """Called before each answer."""

    port: int = 0

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.port}/hooks?key=k"

    @property
    def bodies(self) -> list[Any]:
        """Give the bodies of the messages."""
        return [message.body for message in self.messages]

    def answer_next(self, *statuses: int, **headers: str) -> None:
        """Answer the next messages with some statuses."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers += [(status, named) for status in statuses]


@contextmanager
def running(receiver: Receiver, context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver on its port, or on a free one; with TLS if there is a context."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            receiver.messages.append(Message({name.lower(): value for name, value in self.headers.items()}, raw))
            receiver.hold()
            status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
            self.send_response(status)
            for name, value in {"content-length": "0", **headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of http.server
            """Write nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", receiver.port), Handler)
    receiver.port = server.server_port
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
