"""WebSocket: a WebSocket of uvicorn, counted as a connection and ended when its client takes nothing."""

import asyncio
from asyncio.transports import BaseTransport
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from app.processes.connections import Connections, Progress


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
        if self._progress.seconds(self.transport, now) >= self._all.limits.write_seconds:
            self.transport.abort()
