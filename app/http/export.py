"""Export over HTTP: the rows of a query as a file, while they are read.

A part is read after the one before it was sent. So a client that reads slowly holds the rows of one part, and a client
that does not read is disconnected (`write_seconds`) and its export ends. The first part is read before the answer
begins, so most errors are answered as such. A later one cuts the transfer off: the last chunk of the answer is missing,
which every HTTP client reports.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.access.caller import Caller
from app.bulk.exporting.formats import Format, writer_of
from app.bulk.exporting.table import Column, TableWriter
from app.errors import RequestError
from app.execution.errors import refusal_json
from app.execution.export import Export, Exports
from app.execution.request import Request
from app.web.answers import json_response
from app.web.failures import count_error, lift_deadline
from app.web.media_types import CSV, GRAPHQL_JSON, XLSX

T = TypeVar("T")

FORMATS: Mapping[str, Format] = {CSV: Format.CSV, XLSX: Format.XLSX}
"""The kinds of files, by media type."""

PARAMETERS = {CSV: "; charset=utf-8; header=present"}
"""The parameters of the media types (RFC 4180, 3)."""


class ExportResponse(Response):
    """Answers a query with a file. Errors that come before its first byte are answered instead of it."""

    def __init__(self, exports: Exports, request: Request, caller: Caller | None, media_type: str) -> None:
        super().__init__(media_type=media_type)
        self._exports, self._request, self._caller = exports, request, caller
        self._format = FORMATS[media_type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the rows and send the file. Errors that come later are raised."""
        gone, sending = asyncio.ensure_future(disconnected(receive)), Sending(scope, send)
        try:
            async with self._exports.open(self._request, self._caller) as export:
                await self._send_all(export, sending, gone)
        except RequestError as error:
            if sending.has_begun:
                raise
            count_error(scope, error.code)
            await self._refusal(error)(scope, receive, send)
        finally:
            gone.cancel()

    def _refusal(self, error: RequestError) -> Response:
        """Answer an error as one of GraphQL, with the status that says that there is no file."""
        body = {"errors": refusal_json(error, self._request.language)}
        return json_response(body, error.kind.status, error.headers, f"{GRAPHQL_JSON}; charset=utf-8")

    async def _send_all(self, export: Export, sending: "Sending", gone: asyncio.Future[None]) -> None:
        sending.headers = self._file_headers(export.name)
        columns = [Column(column.name, column.is_number) for column in export.columns]
        with closing(writer_of(self._format, columns, export.name)) as writer:
            async for rows in export.parts:
                lift_deadline(sending.scope)
                await sending.send(await self._written(writer, rows))
                if gone.done():
                    return
            await sending.send_last(writer, gone)

    async def _written(self, writer: TableWriter, rows: list[list[object]]) -> bytes:
        """Write rows: a workbook in a thread, because its cells take long."""
        return writer.write(rows) if self._format is Format.CSV else await in_thread(writer.write, rows)

    def _file_headers(self, name: str) -> list[tuple[bytes, bytes]]:
        # The letters of GraphQL names need no quoting.
        file_name = f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S}.{self._format}"
        headers = {
            "content-type": f"{self.media_type}{PARAMETERS.get(self.media_type or '', '')}",
            "content-disposition": f'attachment; filename="{file_name}"',
        }
        return [(key.encode(), value.encode()) for key, value in headers.items()]


class Sending:
    """The answer while it is sent; it begins with the first bytes."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope, self._send, self.has_begun = scope, send, False
        self.headers: list[tuple[bytes, bytes]] = []

    async def send(self, content: bytes, *, more: bool = True) -> None:
        """Send bytes, if there are any."""
        if not self.has_begun and (content or not more):
            await self._send({"type": "http.response.start", "status": 200, "headers": self.headers})
            self.has_begun = True
        if content or not more:
            await self._send({"type": "http.response.body", "body": content, "more_body": more})

    async def send_last(self, writer: TableWriter, gone: asyncio.Future[None]) -> None:
        """Send the end of a file."""
        ending = await in_thread(iter, writer.end())
        while (content := await in_thread(next, ending, None)) is not None:
            await self.send(content)
            if gone.done():
                return
        await self.send(b"", more=False)


async def in_thread(work: Callable[..., T], *values: object) -> T:
    """Run a function in a thread. A task that is cancelled waits for its end: only then may the file be closed."""
    running = asyncio.ensure_future(asyncio.to_thread(work, *values))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise


async def disconnected(receive: Receive) -> None:
    """Wait until the client closes the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
