"""Requests: the outermost middleware. It names each request, counts and logs it, and completes its answer's headers."""

import time
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from app.db.turns import CALLER
from app.logs import AccessLog
from app.metrics.requests import http_requests
from app.web.request_id import REQUEST_ID, TRACEPARENT, request_id_of, trace_of, traceparent_of

RawHeader = tuple[bytes, bytes]

WEBSOCKET = "WEBSOCKET"
"""What WebSockets are counted and logged as, when they are closed."""

METHODS = {WEBSOCKET, "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

PRIVATE = (b"cache-control", b"private, no-store")
"""No cache may keep an answer: it is for one caller, and may change at any time."""

NOT_SNIFFED = (b"x-content-type-options", b"nosniff")

VARY = b"vary"

VARYING = (b"origin", b"accept-encoding")
"""Headers that change answers: the first one by app/web/cors.py, the second one by app/web/compression.py. They are
named here, because those do nothing for a request without the header."""

READ = (REQUEST_ID, TRACEPARENT)

SERVER_ERROR = 500
"""Answers with this status or a higher one are logged as errors, also when the access log is switched off."""

CLOSE = (b"connection", b"close")
"""What answers have while the program drains: a proxy that kept its connections would send requests as they close."""

SWITCHED, REFUSED = 101, 403
"""The statuses of handshakes; a refused one is answered by the server."""

ABORTED = 499
"""Logged as the status of an answer that was never begun."""


class Requests:
    """Gives each request an id, which all its log records have.

    Answers get the id, `x-content-type-options`, `vary`, and `cache-control` unless they have their own.
    """

    def __init__(self, app: ASGIApp, log: AccessLog | None) -> None:
        self._app, self._log = app, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application; count and log the request when it has been answered."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        started, sent = time.perf_counter(), {name: value for name, value in scope["headers"] if name in READ}
        request_id = request_id_of(sent.get(REQUEST_ID))
        parent = traceparent_of(sent.get(TRACEPARENT))
        bind_contextvars(request_id=request_id, **trace_of(parent))
        status, size = ABORTED, 0

        async def send_on(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                ending = (CLOSE,) if scope["app"].state.is_draining else ()
                message["headers"] = [*completed(message.get("headers", ()), request_id), *ending]
            elif message["type"] == "websocket.accept":
                status = SWITCHED
            elif message["type"] == "websocket.close":
                status = REFUSED if status == ABORTED else status
            else:
                size += len(message.get("text", "").encode()) + len(message.get("body", b""))
            await send(message)

        scope.setdefault("state", {}).update(request_id=request_id, traceparent=parent)
        CALLER.set(scope["client"][0] if scope.get("client") else "")
        try:
            await self._app(scope, receive, send_on)
        finally:
            self._record(scope, status, size, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        """Count and log a request. The path is that of the route: a path of a request may contain values."""
        sent = scope.get("method", WEBSOCKET)
        method = sent if sent in METHODS else "other"
        route = getattr(scope.get("route"), "path", "")
        http_requests(method, route, status).inc()
        if self._log is not None:
            facts = {"method": method, "route": route, "status": status, "bytes": size, "ms": round(seconds * 1000, 2)}
            code = scope["state"].get("error_code")
            log = self._log.error if status >= SERVER_ERROR else self._log.info
            log("request", **facts if code is None else {**facts, "code": code})


def completed(headers: Iterable[RawHeader], request_id: str) -> list[RawHeader]:
    """Return the headers of an answer with those that every answer has."""
    own = list(headers)
    present = dict(own).keys()
    missing = [header for header in (NOT_SNIFFED, PRIVATE) if header[0] not in present]
    unsaid = unsaid_in(own) if VARY in present else VARYING
    return [*own, *missing, (REQUEST_ID, request_id.encode()), *([(VARY, b", ".join(unsaid))] if unsaid else ())]


def unsaid_in(headers: Iterable[RawHeader]) -> list[bytes]:
    """Return which of VARYING an answer does not name in its own header."""
    said = b",".join(value for name, value in headers if name == VARY).lower()
    return [name for name in VARYING if name not in said]
