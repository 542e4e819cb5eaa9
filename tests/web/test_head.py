"""The head of an answer waits for the body, and is sent without one when none will follow."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from app.processes.connection import Connection
from app.processes.connections import Connections, limits_of
from app.processes.head import CONTINUE, LENGTH, HeadWithBody
from app.settings import Settings

LINE = b"HTTP/1.1 200 OK"
HEAD = LINE + LENGTH + b"4\r\n\r\n"
STREAM = LINE + b"\r\ntransfer-encoding: chunked\r\n\r\n"


class Answered(NamedTuple):
    """An answer that is written, and the client that reads it."""

    answer: HeadWithBody
    client: socket.socket

    def received(self) -> bytes | None:
        """Return what has been sent, an empty text when the connection is closed; None for nothing."""
        try:
            return self.client.recv(65_536)
        except BlockingIOError:
            return None


@asynccontextmanager
async def answering() -> AsyncIterator[Answered]:
    """Connect a client."""
    server, client = socket.socketpair()
    client.settimeout(0)
    transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=server)
    with client:
        yield Answered(HeadWithBody(transport), client)
        transport.abort()


@pytest.mark.parametrize("before", [(), (CONTINUE + b"Continue\r\n\r\n",)], ids=["at once", "after 100 Continue"])
def test_the_head_is_sent_with_the_beginning_of_the_body(before: tuple[bytes, ...]) -> None:
    async def run() -> list[bytes | None]:
        async with answering() as answered:
            received = []
            for part in (*before, HEAD, b"ab", HEAD):
                answered.answer.write(part)
                received.append(answered.received())
            return received

    assert asyncio.run(run()) == [*before, None, HEAD + b"ab", HEAD]


def test_a_stream_is_sent_as_it_comes() -> None:
    async def run() -> list[bytes | None]:
        async with answering() as answered:
            received = []
            for part in (STREAM, b"5\r\n" + HEAD, b"0\r\n\r\n"):
                answered.answer.write(part)
                received.append(answered.received())
            return received

    assert asyncio.run(run()) == [STREAM, b"5\r\n" + HEAD, b"0\r\n\r\n"]


def test_a_head_whose_body_does_not_come_is_sent_once() -> None:
    async def run() -> list[bytes | None]:
        async with answering() as answered:
            answered.answer.write(HEAD)
            answered.answer.send_head()
            answered.answer.send_head()
            return [answered.received(), answered.received()]

    assert asyncio.run(run()) == [HEAD, None]


def test_a_connection_is_closed_behind_the_head_that_waits() -> None:
    async def run() -> list[bytes | None]:
        async with answering() as answered:
            answered.answer.write(HEAD)
            answered.answer.close()
            assert answered.answer.is_closing()
            await asyncio.sleep(0)
            return [answered.received(), answered.received()]

    assert asyncio.run(run()) == [HEAD, b""]


def test_a_client_that_is_refused_gets_the_head_that_waits() -> None:
    """The application begins its answer, and waits for a file that is never open."""

    async def run() -> bytes:
        begun = asyncio.Event()

        async def opening_its_file(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
            begun.set()
            await asyncio.Event().wait()

        config = uvicorn.Config(opening_its_file, lifespan="off")
        config.load()
        connections = Connections(limits_of(Settings()))
        server = await asyncio.get_running_loop().create_server(
            lambda: Connection(config, ServerState(), {}, connections=connections), "127.0.0.1", 0
        )
        async with server, asyncio.timeout(30):
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            await begun.wait()
            writer.write(b"no HTTP\r\n\r\n")
            received = await reader.read()
            writer.close()
            return received

    assert asyncio.run(run()).startswith(b"HTTP/1.1 200 OK\r\n")
