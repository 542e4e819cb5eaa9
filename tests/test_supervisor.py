"""Workers close the port as a single process does: connections that wait to be accepted are answered."""

import asyncio
import socket
from functools import partial

import uvicorn
from starlette.types import Receive, Scope, Send

from app.processes.connection import Connection
from app.processes.connections import Connections, limits_of
from app.processes.supervisor import Worker
from app.settings import Settings

WAITING = 20
REQUEST = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"


async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answer with an empty body."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


def waiting_at(address: tuple[str, int]) -> socket.socket:
    """Connect, and send a request."""
    connection = socket.create_connection(address)
    connection.sendall(REQUEST)
    return connection


def test_a_worker_answers_who_waits_when_it_closes_the_port() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=WAITING)
    server = Worker(uvicorn.Config(app, lifespan="off", log_config=None), [listener]).server

    async def run() -> None:
        server.config.load()
        limited = partial(Connection, connections=Connections(limits_of(Settings())))
        server.config.http_protocol_class = limited  # type: ignore[assignment]
        server.lifespan = server.config.lifespan_class(server.config)
        await server.startup([listener])
        address = listener.getsockname()
        connections.extend(waiting_at(address) for _ in range(WAITING))  # the event loop accepts none meanwhile
        await server.shutdown([listener])

    connections: list[socket.socket] = []
    asyncio.run(run())
    assert [each.recv(100)[:12] for each in connections] == [b"HTTP/1.1 204"] * WAITING
    for each in connections:
        each.close()
