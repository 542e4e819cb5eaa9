"""Failures: the middleware that turns every exception of an endpoint into an answer in the format of its URL.

It also ends endpoints that take too long, whatever they wait for.
"""

import asyncio
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import MethodNotAllowedError, RequestError, RequestTimeoutError, UrlNotFoundError, hide_error
from app.metrics.requests import ERRORS
from app.web.answers import Face, graphql_failure
from app.web.bodies import NUL

GRACE_SECONDS = 1
"""GraphQL ends a query at its deadline and says what it cost; this much later the request as a whole is ended."""

DEADLINE = "deadline"
"""The deadline of a request, in the state of its scope."""


class Failures:
    """Turns exceptions into answers.

    `faces` are paths with the functions that answer: a path that ends in `/` includes all URLs below it, and the first
    match counts. For all other URLs the answer has the format of GraphQL. `deadline` is in seconds; it counts from the
    end of the body to the beginning of the answer.
    """

    def __init__(self, app: ASGIApp, faces: Mapping[str, Face], deadline: float) -> None:
        self._app, self._faces, self._seconds = app, faces, deadline + GRACE_SECONDS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application, and answer the exception that it raises."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = is_read = False

        async def send_on(message: Message) -> None:
            nonlocal has_begun
            if not has_begun:
                has_begun = True
                lift_deadline(scope)
            await send(message)

        async def receive_on() -> Message:
            nonlocal is_read
            if is_read:
                return await receive()
            deadline.reschedule(None)  # the server limits the time of a body
            message = await receive()
            is_read = not message.get("more_body", False)
            deadline.reschedule(asyncio.get_running_loop().time() + self._seconds)
            return message

        try:
            async with asyncio.timeout(self._seconds) as deadline:
                scope.setdefault("state", {})[DEADLINE] = deadline
                require_no_nul(scope["path"])
                await self._app(scope, receive_on, send_on)
        except Exception as error:  # noqa: BLE001 - no message of an unexpected error may leave the program
            failure = failure_of(error)
            count_error(scope, failure.code)
            if not has_begun:  # otherwise the server closes the connection, because the answer is incomplete
                await self._answer(HttpRequest(scope), failure)(scope, receive, send)

    def _answer(self, http: HttpRequest, error: RequestError) -> Response:
        if http.method == "OPTIONS" and isinstance(error, MethodNotAllowedError):
            return Response(status_code=204, headers=error.headers)
        return self._face_of(http.scope["path"])(http, error)  # not of http.url, which begins with the header Host

    def _face_of(self, path: str) -> Face:
        for known, face in self._faces.items():
            if path == known or (known.endswith("/") and path.startswith(known)):
                return face
        return graphql_failure


def lift_deadline(scope: Scope) -> None:
    """Let a request run on: its answer has begun, or is a file that is being made."""
    deadline: asyncio.Timeout = scope["state"][DEADLINE]
    if not deadline.expired():
        deadline.reschedule(None)


def require_no_nul(path: str) -> None:
    """Raise RequestError for a path with NUL: no text in PostgreSQL can hold it."""
    if "\0" in path:
        raise RequestError(NUL)


def count_error(scope: Scope, code: str) -> None:
    """Count an error that a client is answered, and name its code in the access log."""
    ERRORS.labels(code).inc()
    scope.setdefault("state", {})["error_code"] = code


def failure_of(error: Exception) -> RequestError:
    """Return the RequestError of an exception; an unexpected exception is logged and hidden."""
    match error:
        case RequestError():
            return error
        case TimeoutError():
            return RequestTimeoutError()
        case HTTPException(status_code=404):
            return UrlNotFoundError()
        case HTTPException(status_code=405):
            allowed = {"OPTIONS", *(error.headers or {}).get("Allow", "").split(", ")}
            return MethodNotAllowedError(", ".join(sorted(allowed)))
        case _:
            return hide_error(error)


async def pass_on(_: HttpRequest, error: Exception) -> Response:
    """Raise Starlette's own errors, such as an unknown URL, so that Failures answers them."""
    raise error
