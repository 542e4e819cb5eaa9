"""A push gateway on a port of this machine: it notes each request, and answers as the test says."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Sent:
    """A request that the gateway got."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class Gateway:
    """What the gateway got, and the statuses that it answers next; then 204."""

    statuses: list[int] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    hold: Callable[[], None] = lambda: None
    """Called before each answer."""

    port: int = 0

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.port}/push"

    @property
    def calls(self) -> list[tuple[str, str]]:
        """Give method and path of each request, without the query."""
        return [(each.method, each.path.partition("?")[0].removeprefix("/push/apps/")) for each in self.sent]


@contextmanager
def running(gateway: Gateway) -> Iterator[Gateway]:
    """Run a gateway on its port, or on a free one."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            body = json.loads(raw) if raw else None
            gateway.sent.append(Sent(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            gateway.hold()
            self.send_response(gateway.statuses.pop(0) if gateway.statuses else 204)
            self.send_header("content-length", "0")
            self.end_headers()

        do_PUT = do_DELETE = answer  # noqa: N815 - names of http.server

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of http.server
            """Write nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", gateway.port), Handler)
    gateway.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
