"""The protocol graphql-transport-ws: GraphQL over one WebSocket, many operations at a time.

Specification: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. app/http/websocket.py speaks it.
"""

from collections.abc import Collection, Mapping
from enum import IntEnum
from typing import Any

import orjson
from starlette.websockets import WebSocketDisconnect

from app.error_codes import Language
from app.errors import RequestError

PROTOCOL = "graphql-transport-ws"

MOST_ID = 1_000
"""Characters of the id of an operation. Each of its messages repeats it."""

MOST_REASON = 123
"""Bytes of the reason of a close (RFC 6455, 5.5)."""

Message = Mapping[str, Any]

ACKNOWLEDGED, PONG = b'{"type":"connection_ack"}', b'{"type":"pong"}'


class CloseCode(IntEnum):
    """Why the server closes a WebSocket; clients do not try again after most of them."""

    TRY_AGAIN_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    NO_SUBPROTOCOL = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITIALISATIONS = 4429


class ClosedError(Exception):
    """The client has broken the protocol, or its rights have ended: the WebSocket is closed with a code."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason.encode()[:MOST_REASON].decode(errors="ignore")

    @classmethod
    def bad(cls, reason: str) -> "ClosedError":
        """Make the error of a message that is none of the protocol."""
        return cls(CloseCode.BAD_REQUEST, reason)

    @classmethod
    def forbidden(cls, error: RequestError, language: Language) -> "ClosedError":
        """Make the error of a caller who may not stay."""
        return cls(CloseCode.FORBIDDEN, error.message_in(language))

    @classmethod
    def later(cls, error: RequestError, language: Language) -> "ClosedError":
        """Make the error of a program that cannot use its database now."""
        return cls(CloseCode.TRY_AGAIN_LATER, error.message_in(language))


def read_message(received: Message, known: Collection[str]) -> Message:
    """Read what a client sent; WebSocketDisconnect when it has left, ClosedError when it is no message."""
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1005))
    try:
        message = orjson.loads(received.get("text") or b"")
    except orjson.JSONDecodeError as error:
        raise ClosedError.bad("a message must be JSON, sent as text") from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str) or message["type"] not in known:
        raise ClosedError.bad(f"a message is an object whose `type` is one of {', '.join(known)}")
    return message


def next_message(id_: bytes, body: bytes) -> bytes:
    """Write an answer to an operation, whose id is JSON already."""
    return b'{"id":' + id_ + b',"type":"next","payload":' + body + b"}"


def error_message(id_: bytes, errors: bytes) -> bytes:
    """Write why an operation has ended without an answer."""
    return b'{"id":' + id_ + b',"type":"error","payload":' + errors + b"}"


def complete_message(id_: bytes) -> bytes:
    """Write that an operation has ended."""
    return b'{"id":' + id_ + b',"type":"complete"}'
