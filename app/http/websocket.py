"""WebSocket: GraphQL over a WebSocket, at the URL of GraphQL itself.

A page of a browser cannot set headers for a WebSocket. So the access token and `cadastre-org` may also be in the
payload of the first message, under the names of the headers.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from app.access.caller import Caller
from app.db.pool import end_if_cancelled
from app.encoding import to_json
from app.errors import RequestError, UnauthenticatedError, UnavailableError
from app.execution.errors import refusal_json
from app.execution.execution import Execution
from app.execution.request import Request
from app.execution.subscribe import TooManySubscriptionsError
from app.http.answering import answered
from app.http.graphql import request_in, request_of
from app.http.transport_ws import (
    ACKNOWLEDGED,
    MOST_ID,
    PONG,
    PROTOCOL,
    CloseCode,
    ClosedError,
    Message,
    complete_message,
    error_message,
    next_message,
    read_message,
)
from app.web.caller import caller_by
from app.web.change_reason import origin_of
from app.web.failures import failure_of
from app.web.language import language_of


async def websocket(socket: WebSocket) -> None:
    """Serve a WebSocket until one side closes it."""
    has_protocol = PROTOCOL in socket.scope["subprotocols"]
    await socket.accept(PROTOCOL if has_protocol else None)
    if not has_protocol:
        await socket.close(CloseCode.NO_SUBPROTOCOL, "Subprotocol not acceptable")
        return
    await Connection(socket).serve()


class Connection:
    """One WebSocket: whose it is, and the operations that run on it."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._execution: Execution = socket.app.state.execution
        self._language = language_of(socket)
        self._credentials: Mapping[str, str] | None = None
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._closing: asyncio.Future[ClosedError] = asyncio.get_running_loop().create_future()

    async def serve(self) -> None:
        """Read messages until the client leaves or must be sent away."""
        reading = asyncio.create_task(self._read())
        try:
            waited: list[asyncio.Future[Any]] = [reading, self._closing]
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            if self._closing.done():
                await self._close(self._closing.result())
            elif isinstance(error := reading.exception(), ClosedError):
                await self._close(error)
            elif error is not None and not isinstance(error, WebSocketDisconnect):
                raise error
        finally:
            tasks = [reading, *self._operations.values()]
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            if not reading.cancelled():
                reading.exception()  # of two that end together only one is answered; asyncio would log the other

    async def _close(self, error: ClosedError) -> None:
        with suppress(RuntimeError, WebSocketDisconnect):  # the client may have left meanwhile
            await self._socket.close(error.code, error.reason)

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(self._execution.settings.head_seconds) as waiting:
                while self._credentials is None:
                    await self._take(await self._message())
                waiting.reschedule(None)
        except TimeoutError as error:
            raise ClosedError(CloseCode.INITIALISATION_TIMEOUT, "Connection initialisation timeout") from error
        while True:
            await self._take(await self._message())

    async def _message(self) -> Message:
        return read_message(await self._socket.receive(), MESSAGES)

    async def _take(self, message: Message) -> None:
        await MESSAGES[message["type"]](self, message)

    async def initialise(self, message: Message) -> None:
        """Take the credentials: those of the handshake, and of the message."""
        if self._credentials is not None:
            raise ClosedError(CloseCode.TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
        payload = message.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise ClosedError.bad("`payload` of connection_init must be an object")
        self._credentials = {**self._socket.headers, **credentials_in(payload or {})}
        try:
            await self._whose()
        except UnavailableError as error:
            raise ClosedError.later(error, self._language) from error
        except RequestError as error:
            raise ClosedError.forbidden(error, self._language) from error
        await self._send(ACKNOWLEDGED)

    async def ping(self, message: Message) -> None:
        """Answer a ping."""
        del message
        await self._send(PONG)

    async def pong(self, message: Message) -> None:
        """Take an answer to a ping, which says nothing."""

    async def subscribe(self, message: Message) -> None:
        """Begin an operation of any kind. One too many is refused, and no more is read until the client takes that."""
        id_, payload = self._operation_in(message)
        most = self._execution.settings.max_operations
        if len(self._operations) >= most:
            await self._fail(to_json(id_), TooManySubscriptionsError(limit=most))
            return
        task = asyncio.create_task(self._run(id_, payload))
        self._operations[id_] = task
        task.add_done_callback(lambda _: self._forget(id_, task))

    def _operation_in(self, message: Message) -> tuple[str, dict[str, Any]]:
        """Read the id and the payload of an operation: ClosedError when it may not begin."""
        id_, payload = message.get("id"), message.get("payload")
        if self._credentials is None:
            raise ClosedError(CloseCode.UNAUTHORIZED, "Unauthorized")
        if not isinstance(id_, str) or not 0 < len(id_) <= MOST_ID or not isinstance(payload, dict):
            raise ClosedError.bad(f"subscribe needs an `id` of at most {MOST_ID} characters and a `payload`")
        if id_ in self._operations:
            raise ClosedError(CloseCode.SUBSCRIBER_EXISTS, f"Subscriber for {id_} already exists")
        return id_, payload

    def _forget(self, id_: str, task: asyncio.Task[None]) -> None:
        """Forget an operation that has ended; its client may have begun another one with the same id."""
        if self._operations.get(id_) is task:
            del self._operations[id_]

    async def complete(self, message: Message) -> None:
        """End an operation, if it still runs."""
        id_ = message.get("id")
        if not isinstance(id_, str):
            raise ClosedError.bad("complete needs an `id`")
        operation = self._operations.pop(id_, None)
        if operation is not None:
            operation.cancel()

    async def _run(self, id_: str, payload: dict[str, Any]) -> None:
        """Run an operation, and send what comes of it."""
        name = to_json(id_)
        try:
            request = self._request(payload)
            answers = await self._execution.subscription(request, self._whose)
            sent = self._send_answer(name, request) if answers is None else self._send_events(name, answers)
            if await sent:
                await self._send(complete_message(name))
        except WebSocketDisconnect:
            pass
        except Exception as error:  # noqa: BLE001 - no message of an unexpected error may leave the program
            await self._fail(name, failure_of(error))

    def _request(self, payload: dict[str, Any]) -> Request:
        return request_in(request_of(payload, origin_of(self._socket)), self._language)

    async def _send_answer(self, name: bytes, request: Request) -> bool:
        """Send the answer of a query or a mutation, and return whether it has run."""
        answer, pieces = await answered(self._execution, request, await self._whose())
        if answer.refusal is not None:
            await self._send(error_message(name, to_json(answer.body["errors"])))
            return False
        await self._send(next_message(name, b"".join(pieces)))
        return True

    async def _send_events(self, name: bytes, answers: AsyncGenerator[bytes, None]) -> bool:
        async with aclosing(answers):
            async for body in answers:
                await self._send(next_message(name, body))
        return True

    async def _fail(self, name: bytes, error: RequestError) -> None:
        """End an operation with errors, or the whole WebSocket when the rights of its caller have ended."""
        if isinstance(error, UnauthenticatedError):
            if not self._closing.done():
                self._closing.set_result(ClosedError.forbidden(error, self._language))
            return
        errors = refusal_json(error, self._language)
        with suppress(WebSocketDisconnect):
            await self._send(error_message(name, to_json(errors)))

    async def _send(self, message: bytes) -> None:
        """Send a message; WebSocketDisconnect when the client has left, nothing of an operation that it has ended."""
        end_if_cancelled()
        if self._socket.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnect
        try:
            await self._socket.send({"type": "websocket.send", "text": message.decode()})
        except RuntimeError as error:  # the server has closed it meanwhile
            raise WebSocketDisconnect from error

    async def _whose(self) -> Caller | None:
        """Find the caller by the credentials; UnauthenticatedError when they no longer count."""
        return await caller_by(self._socket, self._credentials or {}, self._execution.settings)


CREDENTIALS = frozenset({"authorization", "cadastre-org"})
"""What the payload of connection_init may say in place of headers, as strings."""


def credentials_in(payload: Mapping[str, Any]) -> dict[str, str]:
    """Read the members of a payload that are strings; ClosedError when a credential is something else."""
    given = {name.lower(): value for name, value in payload.items() if value is not None}
    for name in sorted(CREDENTIALS & given.keys()):
        if not isinstance(given[name], str):
            raise ClosedError.bad(f"`{name}` of connection_init must be a string")
    return {name: value for name, value in given.items() if isinstance(value, str)}


Handler = Callable[[Connection, Message], Awaitable[None]]

MESSAGES: Mapping[str, Handler] = {
    "connection_init": Connection.initialise,
    "ping": Connection.ping,
    "pong": Connection.pong,
    "subscribe": Connection.subscribe,
    "complete": Connection.complete,
}
"""What a client may send, by `type`."""
