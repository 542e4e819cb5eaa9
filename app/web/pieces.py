"""Pieces: a large answer is encoded and sent in pieces, between which other requests run.

The bytes are counted while they are encoded, and an answer with too many of them is refused before its first byte.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.encoding import to_json
from app.errors import AnswerTooLargeError

PIECE = 1 << 20
"""A list is encoded in pieces of about so many bytes."""

SMALLEST = 1 << 16
"""Pieces with fewer bytes are joined with those that follow: to send one takes longer than to encode so many bytes."""

FEW = 8
"""Each item of a shorter list is encoded in pieces itself if it is large: such as one record that has a long list."""

MANY_VALUES = 50_000
"""An object with more values in it is large: with some tens of bytes for each, these are about PIECE."""


class PiecesResponse(Response):
    """A response whose body is sent piece by piece: what a client has not taken yet is not copied."""

    def __init__(self, pieces: Sequence[bytes], status: int, headers: Mapping[str, str], media_type: str) -> None:
        length = {"content-length": str(sum(map(len, pieces)))}
        super().__init__(None, status, {**headers, **length}, media_type)
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the pieces."""
        del scope, receive
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        last = len(self._pieces) - 1
        for number, piece in enumerate(self._pieces):
            await send({"type": "http.response.body", "body": piece, "more_body": number < last})
            if number < last:
                await asyncio.sleep(0)


async def encoded(body: object, limit: int, *, is_large: bool) -> list[bytes]:
    """Encode a body as JSON; AnswerTooLargeError when it has more bytes than `limit`."""
    pieces, size = [], 0
    for piece in joined(pieces_of(body)) if is_large else iter([to_json(body)]):
        size += len(piece)
        if size > limit:
            raise AnswerTooLargeError(size, limit)
        pieces.append(piece)
        if is_large:
            await asyncio.sleep(0)
    return pieces


def joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Join small pieces."""
    waiting, size = list[bytes](), 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= SMALLEST:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def pieces_of(value: object) -> Iterator[bytes]:
    """Yield the JSON of a value in pieces: members of objects one by one, items of long lists by their size."""
    if isinstance(value, dict):
        start = b"{"
        for key, member in value.items():
            yield start + to_json(key) + b":"
            yield from pieces_of(member)
            start = b","
        yield b"}" if value else b"{}"
    elif isinstance(value, list) and value:
        yield from items_of(value) if len(value) > FEW else few_of(value)
    else:
        yield to_json(value)


def few_of(values: list[object]) -> Iterator[bytes]:
    """Yield the JSON of a short list, each large item in pieces."""
    start = b"["
    for value in values:
        yield start
        yield from iter([to_json(value)]) if is_small(value) else pieces_of(value)
        start = b","
    yield b"]"


def is_small(value: object) -> bool:
    """Return whether a value is an object with few values in it."""
    return isinstance(value, dict) and values_in(value) <= MANY_VALUES


def values_in(value: object) -> int:
    """Estimate the values in a value, as if all items of a list were like its first one."""
    if isinstance(value, dict):
        return 1 + sum(map(values_in, value.values()))
    return len(value) * values_in(value[0]) if isinstance(value, list) and value else 1


def items_of(values: list[object]) -> Iterator[bytes]:
    """Yield the JSON of a long list; the first piece has one item, and each is at most twice as long as the last."""
    start, number, opening = 0, 1, b"["
    while start < len(values):
        piece = to_json(values[start : start + number])
        yield opening + piece[1:-1]
        start, opening = start + number, b","
        number = max(1, min(2 * number, number * PIECE // len(piece)))
    yield b"]"
