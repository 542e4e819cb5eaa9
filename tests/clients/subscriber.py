"""A client of graphql-transport-ws, over Starlette's test client."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anyio
from starlette.testclient import WebSocketTestSession
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

from app.metrics.registry import REGISTRY
from tests.clients.api import Api

PROTOCOL = "graphql-transport-ws"

WAIT_SECONDS = 10
"""A limit for messages that never come, not an expectation."""


def running_subscriptions() -> float:
    """Return the number of subscriptions that run. One that runs misses no later change."""
    return REGISTRY.get_sample_value("cadastre_subscriptions") or 0


class Subscriber:
    """One WebSocket."""

    def __init__(self, session: WebSocketTestSession) -> None:
        self.session = session

    def send(self, type_: str, **members: Any) -> None:
        """Send a message."""
        self.session.send_json({"type": type_, **members})

    def initialise(self, authorization: str | None = None, **payload: Any) -> None:
        """Begin, and wait until the server agrees."""
        given = payload if authorization is None else {"Authorization": authorization, **payload}
        self.send("connection_init", payload=given)
        assert self.message() == {"type": "connection_ack"}

    def subscribe(self, query: str, id_: str = "1", **variables: Any) -> None:
        """Begin an operation."""
        self.send("subscribe", id=id_, payload={"query": query, "variables": variables})

    def settle(self) -> None:
        """Wait until the server has begun what it was sent before."""
        self.subscribe("{ __typename }", "settled")
        while self.message() != {"id": "settled", "type": "complete"}:
            pass

    def message(self) -> Any:
        """Read the next message; TimeoutError when none comes."""
        received = self.session.portal.call(self._receive)
        if received["type"] == "websocket.close":
            raise WebSocketDisconnect(received["code"], received["reason"])
        return json.loads(received["text"])

    async def _receive(self) -> Message:
        with anyio.fail_after(WAIT_SECONDS):
            return await self.session._send_rx.receive()  # noqa: SLF001 - it has no limit of time

    def data(self) -> Any:
        """Read the data of the next event."""
        message = self.message()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    def closed(self) -> tuple[int, str]:
        """Read the code and the reason of the close that comes next."""
        try:
            message = self.message()
        except WebSocketDisconnect as closed:
            return closed.code, closed.reason
        raise AssertionError(message)


@contextmanager
def subscriber(api: Api, **headers: str) -> Iterator[Subscriber]:
    """Open a WebSocket."""
    with api.client.websocket_connect("/graphql", [PROTOCOL], headers=headers) as session:
        yield Subscriber(session)
