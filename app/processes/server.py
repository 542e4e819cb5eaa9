"""Server: uvicorn, which says when it answers requests, and answers those who wait when it closes the port."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn


class Server(uvicorn.Server):
    """Uvicorn that calls `on_ready` when it answers requests."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None] = lambda: None) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the port. Connections that wait to be accepted are answered: the system would reset them."""
        listeners = [each.dup() for each in sockets or []]
        for server in self.servers:
            server.close()
        for each in sockets or []:
            each.close()
        await asyncio.sleep(0)  # the event loop closes its own listeners now: none takes from the copies
        for waiting in [each for listener in listeners for each in accepted_by(listener)]:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, waiting)
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


def accepted_by(listener: socket.socket) -> list[socket.socket]:
    """Accept all connections that wait, and close the port at once: later ones are refused."""
    accepted: list[socket.socket] = []
    listener.settimeout(0)
    with listener, suppress(BlockingIOError):
        while True:
            accepted.append(listener.accept()[0])
    for each in accepted:
        each.settimeout(0)
    return accepted
