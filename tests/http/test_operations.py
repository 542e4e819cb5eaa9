"""Operations of a WebSocket: what a client can make the program keep, and what is sent of those that it has ended."""

import asyncio
from types import SimpleNamespace
from typing import Any

from starlette.websockets import WebSocketState

from app.errors import UnavailableError
from app.http.websocket import Connection


class Socket:
    """A client that has sent messages, and takes nothing until it is allowed to."""

    application_state = WebSocketState.CONNECTED

    def __init__(self, execution: Any) -> None:
        self.app = SimpleNamespace(state=SimpleNamespace(execution=execution))
        self.headers: dict[str, str] = {}
        self.sent: list[str] = []
        self.takes = asyncio.Event()

    async def send(self, message: Any) -> None:
        """Wait until the client takes a message."""
        await self.takes.wait()
        self.sent.append(message["text"])


class Execution:
    """Subscriptions that a database keeps waiting that does not answer."""

    settings = SimpleNamespace(max_operations=2)

    async def subscription(self, *_: Any) -> Any:
        """Wait as a transaction of such a database does."""
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError as error:
            raise UnavailableError(error) from error


def connection_of(socket: Socket) -> Connection:
    connection = Connection(socket)  # type: ignore[arg-type]
    connection._credentials = {}  # noqa: SLF001 - as after connection_init
    connection._request = lambda _: None  # type: ignore[method-assign, assignment, return-value]  # noqa: SLF001
    return connection


async def begin(connection: Connection, id_: str) -> None:
    await connection.subscribe({"type": "subscribe", "id": id_, "payload": {}})


def test_no_more_is_read_of_a_client_that_does_not_take_what_it_is_refused() -> None:
    async def flooded() -> None:
        socket = Socket(Execution())
        connection = connection_of(socket)
        await begin(connection, "1")
        await begin(connection, "2")
        third = asyncio.create_task(begin(connection, "3"))
        await asyncio.sleep(0.01)
        assert not third.done()
        socket.takes.set()
        await third
        assert "TOO_MANY_SUBSCRIPTIONS" in socket.sent[0]

    asyncio.run(flooded())


def test_nothing_is_sent_of_an_operation_that_the_client_has_ended_during_an_outage() -> None:
    async def ended() -> None:
        socket = Socket(Execution())
        socket.takes.set()
        connection = connection_of(socket)
        await begin(connection, "1")
        await asyncio.sleep(0.01)
        await connection.complete({"type": "complete", "id": "1"})
        await asyncio.sleep(0.01)
        assert socket.sent == []

    asyncio.run(ended())
