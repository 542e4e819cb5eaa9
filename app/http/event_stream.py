"""Event stream: GraphQL over server-sent events, one operation a request (graphql-sse, "distinct connections mode").

Specification: https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. Each answer is an event `next`, the
last event is `complete`. A stream that ends without it may be asked for again, after the last cursor.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial

from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

from app.encoding import to_json
from app.errors import RequestError
from app.execution.errors import refusal_json
from app.execution.execution import Execution
from app.execution.request import Request
from app.http.answering import answered
from app.web.answers import failure_headers, json_response
from app.web.caller import caller_of
from app.web.failures import count_error
from app.web.media_types import EVENT_STREAM, GRAPHQL_JSON

LOOK_SECONDS = 1
"""How often a stream without events looks whether the program is about to end."""

PING_EVERY = 12
"""After so many looks the stream sends a comment: proxies close connections on which nothing is sent."""

PING, COMPLETE = b":\n\n", b"event: complete\ndata:\n\n"

HEADERS = {"x-accel-buffering": "no"}
"""Keeps nginx from collecting events."""


async def event_stream(http: HttpRequest, request: Request) -> Response:
    """Answer a request of any kind with a stream of events, or with an HTTP error when it is refused."""
    execution: Execution = http.app.state.execution
    whose = partial(caller_of, http, execution.settings)
    try:
        answers = await execution.subscription(request, whose)
    except RequestError as refusal:
        return _refused(http, request, refusal)
    media_type = f"{EVENT_STREAM}; charset=utf-8"
    if answers is None:
        _, pieces = await answered(execution, request, await whose())
        return Response(_next(b"".join(pieces)) + COMPLETE, 200, HEADERS, media_type)
    return StreamingResponse(_events(http, request, answers), 200, HEADERS, media_type)


def _refused(http: HttpRequest, request: Request, refusal: RequestError) -> Response:
    """Answer why there is no stream, with all the errors and their places in the document."""
    count_error(http.scope, refusal.code)
    body, headers = {"errors": refusal_json(refusal, request.language)}, failure_headers(http, refusal)
    return json_response(body, refusal.kind.status, headers, f"{GRAPHQL_JSON}; charset=utf-8")


async def _events(
    http: HttpRequest, request: Request, answers: AsyncGenerator[bytes, None]
) -> AsyncGenerator[bytes, None]:
    """Write answers as events. The stream ends without `complete` when the program is about to end."""
    async with aclosing(answers):
        try:
            async for body in _with_pings(http, answers):
                yield body
        except RequestError as error:  # the rights of the caller have ended
            count_error(http.scope, error.code)
            yield _next(to_json({"errors": refusal_json(error, request.language)}))
    if not http.app.state.is_draining:
        yield COMPLETE


async def _with_pings(http: HttpRequest, answers: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    waiting, looks = _following(answers), 0
    try:
        while not http.app.state.is_draining:
            if (await asyncio.wait([waiting], timeout=LOOK_SECONDS))[0]:
                body, looks = waiting.result(), 0
                if body is None:
                    return
                yield _next(body)
                waiting = _following(answers)
            elif looks % PING_EVERY == PING_EVERY - 1:
                yield PING
            looks += 1
    finally:
        waiting.cancel()
        await asyncio.wait([waiting])


def _following(answers: AsyncGenerator[bytes, None]) -> asyncio.Task[bytes | None]:
    """Wait for the next answer in a task; None when there is none."""

    async def following() -> bytes | None:
        return await anext(answers, None)

    return asyncio.create_task(following())


def _next(body: bytes) -> bytes:
    """Write an answer, which as JSON is one line."""
    return b"event: next\ndata: " + body + b"\n\n"
