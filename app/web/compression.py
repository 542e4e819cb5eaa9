"""Compression: answers of more than 1 KB, with zstd, Brotli or gzip, as the client accepts.

Answers that contain a secret are not compressed: from the length of a compressed answer that also repeats what an
attacker sent, the secret can be guessed (the attack BREACH).
"""

import asyncio
from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type, remove_compress_type

from app.web.headers import has_header
from app.web.media_types import EVENT_STREAM, GRAPHQL_JSON

SMALLEST = 1024
"""Bytes from which an answer is compressed."""

SLICE = 64 * 1024
"""A larger answer is compressed in slices of so many bytes, between which other requests run. A slice takes less than a
millisecond at these levels: of 2.5 MB of records zstd makes a fifth in 7 ms, Brotli in 11 ms, gzip in 23 ms."""

add_compress_type(GRAPHQL_JSON)
remove_compress_type(EVENT_STREAM)  # each of thousands of streams would hold the memory of a compressor


class Compression:
    """Compresses answers, except those whose path begins with one of `plain`."""

    def __init__(self, app: ASGIApp, plain: Collection[str]) -> None:
        self._app, self._plain = app, tuple(plain)
        self._compressing = CompressMiddleware(
            Slices(app), minimum_size=SMALLEST, zstd_level=1, brotli_quality=1, gzip_level=2
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application."""
        await (self._compressing if self._may_compress(scope) else self._app)(scope, receive, send)

    def _may_compress(self, scope: Scope) -> bool:
        return (
            scope["type"] == "http"
            and has_header(scope, b"accept-encoding")
            and not scope["path"].startswith(self._plain)
        )


class Slices:
    """Cuts large answers into slices."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application."""

        async def send_on(message: Message) -> None:
            body, start = message.get("body", b""), 0
            while len(body) - start > SLICE:
                await send({"type": message["type"], "body": body[start : start + SLICE], "more_body": True})
                await asyncio.sleep(0)
                start += SLICE
            await send({**message, "body": body[start:]} if start else message)

        await self._app(scope, receive, send_on)
