"""WebSocket: a WebSocket of uvicorn, counted as a connection, with limits on what its client sends and takes."""

import asyncio
from asyncio.transports import BaseTransport
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import CloseCode, Frame

from app.errors import RequestError
from app.processes.connections import LAST_SECONDS, Connections, Progress
from app.processes.refusals import answer_of

MOST_FRAGMENTS = 4_096
"""Most fragments of a message. Empty ones have no bytes, so the limit of a message does not count them."""


class WebSocket(WebSocketsSansIOProtocol):
    """A WebSocket whose client must take what it is sent. Its head was read, and limited, as that of a request."""

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
        self._all, self._progress = connections, Progress(self.loop.time())
        self._write_seconds = connections.limits.write_seconds

    @property
    def address(self) -> str:
        """The address of the client."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: BaseTransport) -> None:
        """Count the connection; as that of a request it was not one too many."""
        super().connection_made(transport)
        self._all.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._all.remove(self)
        super().connection_lost(exc)

    def check(self, now: float) -> None:
        """End the connection if its client takes nothing: it can go on later, after its last cursor."""
        if self._progress.seconds(self.transport, now) >= self._write_seconds:
            self.transport.abort()

    def shutdown(self) -> None:
        """Say that the program ends; a client that does not take even this is not waited for."""
        self._write_seconds = min(self._write_seconds, LAST_SECONDS)
        super().shutdown()

    def data_received(self, data: bytes) -> None:
        """Read messages. The first data are the whole head, of which the library reads less than this program does."""
        super().data_received(data)
        if not self.handshake_initiated:
            self.handshake_initiated = self.close_sent = True
            self.transport.write(answer_of(RequestError()))
            self.transport.close()

    def handle_cont(self, event: Frame) -> None:
        """Take a fragment of a message, if there are not too many."""
        if self.close_sent:
            return
        if len(self.frames) < MOST_FRAGMENTS:
            super().handle_cont(event)
        else:
            self._fail(CloseCode.MESSAGE_TOO_BIG)

    def handle_ping(self) -> None:
        """Answer a ping, unless the client takes nothing: not every ping must be answered (RFC 6455, 5.5.3)."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def send_receive_event_to_app(self) -> None:
        """Pass a message on. Uvicorn logs one that is no UTF-8 as an error, though it is the client's."""
        if self.curr_msg_data_type == "text" and not _is_utf8(b"".join(self.frames)):
            self.frames = []
            self._fail(CloseCode.INVALID_DATA)
        else:
            super().send_receive_event_to_app()

    def _fail(self, code: CloseCode) -> None:
        if not self.close_sent:
            self.conn.fail(code)
            self.handle_parser_exception()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
