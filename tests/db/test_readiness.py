"""Readiness: data on a connection wake the task that waits, and do not keep the event loop busy if no task waits."""

import asyncio
import errno
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.readiness import Readiness

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """Run the tests of this module under asyncio."""
    return "asyncio"


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Our end of a connection and the server's."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def descriptors() -> int:
    return len([*Path("/dev/fd").iterdir()])


async def test_each_wait_ends_when_something_is_sent(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    readiness = Readiness()
    for text in (b"one", b"two"):
        waiting = asyncio.create_task(readiness.wait(ours.fileno()))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        theirs.send(text)
        await waiting
        assert ours.recv(9) == text
    readiness.close()


async def test_a_cancelled_wait_is_followed_by_another(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    readiness = Readiness()
    waiting = asyncio.create_task(readiness.wait(ours.fileno()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    theirs.send(b"one")
    await readiness.wait(ours.fileno())
    readiness.close()


async def test_what_nobody_waits_for_ends_the_watch(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    readiness, before = Readiness(), descriptors()
    theirs.send(b"one")
    await readiness.wait(ours.fileno())
    assert descriptors() == before + 1
    await asyncio.sleep(0.01)  # what has come is not read
    assert descriptors() == before
    await readiness.wait(ours.fileno())
    readiness.close()
    assert descriptors() == before


async def test_our_end_may_be_closed_while_it_is_watched(ends: tuple[socket.socket, socket.socket]) -> None:
    """As libpq does when the connection is lost: the next socket may get the same number."""
    ours, theirs = ends
    readiness = Readiness()
    theirs.send(b"one")
    await readiness.wait(ours.fileno())
    ours.close()
    with socket.create_server(("127.0.0.1", 0)) as server:
        reader, writer = await asyncio.open_connection(*server.getsockname())
        accepted, _ = server.accept()
        with accepted:
            accepted.send(b"two")
            assert await reader.read(9) == b"two"
        writer.close()
        await writer.wait_closed()
    readiness.close()


async def test_a_wait_that_cannot_watch_leaves_nothing_behind(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process has no descriptor left: that wait fails, and the next one is woken."""

    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    ours, theirs = ends
    readiness, before = Readiness(), descriptors()
    for owner, name in ((os, "dup"), (asyncio.get_running_loop(), "add_reader")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, refuse)
            with pytest.raises(OSError, match="Too many open files"):
                await readiness.wait(ours.fileno())
        assert descriptors() == before
    theirs.send(b"one")
    async with asyncio.timeout(1):
        await readiness.wait(ours.fileno())
    readiness.close()


async def test_closing_ends_the_wait(ends: tuple[socket.socket, socket.socket]) -> None:
    readiness = Readiness()
    waiting = asyncio.create_task(readiness.wait(ends[0].fileno()))
    await asyncio.sleep(0)
    readiness.close()
    async with asyncio.timeout(1):
        await waiting
