"""Connection: an HTTP connection of uvicorn with limits on what a client sends and on the time that it takes.

A client is not known before its request has been read. Until then it may hold neither much memory nor, for long, a
connection. Requests that break a limit are answered here, because the application never sees them.
"""

import asyncio
from enum import Enum, auto
from typing import Any, cast

import httptools
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from app.errors import RequestError
from app.metrics.requests import ERRORS
from app.processes.connections import LAST_SECONDS, Connections, Progress
from app.processes.head import HeadWithBody
from app.processes.refusals import HeadTooLargeError, SentTooSlowlyError, UrlTooLongError, answer_of

ENDING_SECONDS = 2.0
"""How long a refused client may take to read why. To close at once could take the answer away from it."""

SEPARATORS = 4
"""Bytes between the name and the value of a header, and behind it."""


FIRST_SECONDS = 0.5
"""How long a new connection is kept open for its first request when the program ends."""


class State(Enum):
    """What a connection waits for."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    ANSWER = auto()
    ENDING = auto()


class Connection(HttpToolsProtocol):
    """A connection whose client must keep to the limits of the process."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        connections: Connections,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._application, self.app = self.app, self._run
        self._running: asyncio.Task[None] | None = None
        self._answer: HeadWithBody | None = None
        self._all, self._limits = connections, connections.limits
        self._state, self._since = State.IDLE, self.loop.time()
        self._head = 0  # bytes of the request line and the headers, or of the trailers
        self._unread = 0  # bytes that the parser has taken and not yet passed on
        self._progress, self._write_seconds = Progress(self._since), self._limits.write_seconds
        self._seconds = {
            State.IDLE: self._limits.idle_seconds,
            State.HEAD: self._limits.head_seconds,
            State.BODY: self._limits.body_seconds,
            State.ENDING: ENDING_SECONDS,
        }

    @property
    def address(self) -> str:
        """The address of the client."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Refuse the connection if there are too many."""
        super().connection_made(transport)
        error = self._all.add(self)
        if self._all.are_far_too_many:
            transport.abort()
        elif error is not None:
            self._refuse(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection, and end the request that runs: nobody reads its answer."""
        self._all.remove(self)
        super().connection_lost(exc)
        if self._running is not None and not self.cycle.response_complete:
            self._running.cancel()

    async def _run(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Run the application; a request that ends because its client has left is no error."""
        self._running = asyncio.current_task()
        try:
            await self._application(scope, receive, send)
        except asyncio.CancelledError:
            if not self.transport.is_closing():
                raise
        finally:
            self._running = None

    def data_received(self, data: bytes) -> None:
        """Read a part of a request; refuse it when it breaks a limit or is not HTTP."""
        if self._state is State.ENDING:
            return
        self._unset_keepalive_if_required()
        if self._state is State.IDLE:
            self._enter(State.HEAD)
        self._unread += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            # others that a client offers are answered in this protocol (RFC 9110, 7.8)
        except httptools.HttpParserError:
            self._refuse(self._too_large() if self._is_too_large() else RequestError())
        else:
            if self._is_too_large():
                self._refuse(self._too_large())

    def on_message_begin(self) -> None:
        """Count the bytes of a request anew."""
        self._head = self._unread = 0
        self._enter(State.HEAD)
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count the bytes of a URL."""
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count the bytes of a header; trailers are counted and left out."""
        self._count(len(name) + len(value) + SEPARATORS)
        if self._state is State.HEAD:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the request."""
        self._enter(State.BODY)
        self._head = self._unread = 0
        previous = self.cycle
        super().on_headers_complete()
        if self.cycle is not previous and self.scope["method"] != "HEAD":
            self._answer = HeadWithBody(self.transport)
            self.cycle.transport = cast("asyncio.Transport", self._answer)

    def on_body(self, body: bytes) -> None:
        """Pass a part of the body on."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the answer."""
        self._enter(State.ANSWER)
        super().on_message_complete()
        self._wait_if_answered()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._wait_if_answered()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over to the protocol of WebSockets, which counts it from now on."""
        self._all.remove(self)
        self._enter(State.ENDING)
        super().handle_websocket_upgrade()

    def shutdown(self) -> None:
        """End when the request is answered; a new connection may still send its first request, which is on its way."""
        self._write_seconds = min(self._write_seconds, LAST_SECONDS)
        if self.cycle is None:
            self.loop.call_later(FIRST_SECONDS, super().shutdown)
        else:
            super().shutdown()

    def check(self, now: float) -> None:
        """End the connection if its client takes no answer, or sends nothing, for too long."""
        limit = self._seconds.get(self._state)
        if self._progress.seconds(self.transport, now) >= self._write_seconds:
            self.transport.abort()
        elif limit is not None and now - self._since >= limit:
            self._expire()

    def _expire(self) -> None:
        if self._state is State.ENDING or (self._state is State.IDLE and self._progress.unsent):
            self.transport.abort()
        elif self._state is State.IDLE:
            self.transport.close()
        else:
            self._refuse(SentTooSlowlyError())

    def _enter(self, state: State) -> None:
        if self._state is not State.ENDING:
            self._state, self._since = state, self.loop.time()

    def _wait_if_answered(self) -> None:
        """Enter the pause before the next request once a request is read and answered, in either order."""
        is_answered = self.cycle is not None and self.cycle.response_complete  # none of a WebSocket's head
        if self._state is State.ANSWER and is_answered and not self.pipeline:
            self._enter(State.IDLE)

    def _count(self, length: int) -> None:
        self._head += length
        if self._head > self._limits.head_bytes:
            raise self._too_large()  # the parser stops

    def _is_too_large(self) -> bool:
        is_waiting = self._state in {State.HEAD, State.BODY}
        return is_waiting and max(self._head, self._unread) > self._limits.head_bytes

    def _too_large(self) -> RequestError:
        limit = self._limits.head_bytes
        is_url = self._state is State.HEAD and len(self.url) > limit // 2
        return UrlTooLongError(limit) if is_url else HeadTooLargeError(limit)

    def _refuse(self, error: RequestError) -> None:
        """Answer an error, if the request has no other answer, and end the connection."""
        ERRORS.labels(error.code).inc()
        is_answered = self._state is State.BODY and self.cycle.response_started
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            is_answered = is_answered or self.cycle.response_started
        self._enter(State.ENDING)
        if self._answer is not None:
            self._answer.send_head()
        if not is_answered:
            self.transport.write(answer_of(error))
        if self.transport.can_write_eof():
            self.transport.write_eof()
