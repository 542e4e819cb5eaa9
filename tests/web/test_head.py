"""The head of an answer waits for the body, and is sent without one when none will follow."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest

from app.processes.head import CONTINUE, LENGTH, HeadWithBody

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
