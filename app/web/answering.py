"""Answering: a function from a request to its response, as an application of ASGI."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Endpoint = Callable[[HttpRequest], Awaitable[Response]]


class Answering:
    """The application of a function.

    Starlette would make one of the function itself, and handle exceptions in it; app/web/failures.py handles them for
    all URLs.
    """

    def __init__(self, answer: Endpoint) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        response = await self._answer(HttpRequest(scope, receive, send))
        await response(scope, receive, send)
