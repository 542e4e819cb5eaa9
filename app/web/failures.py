"""Failures: the middleware that answers every error that an endpoint raises, in the words of the URL's face."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import MethodNotAllowedError, RequestError, UrlNotFoundError, hide_error
from app.web.answers import Face, graphql_failure


class Failures:
    """Answers what goes wrong below it.

    `faces` are paths with their faces: a path that ends in `/` stands for all below it, and the first that fits counts.
    URLs of no face are answered as GraphQL is.
    """

    def __init__(self, app: ASGIApp, faces: Mapping[str, Face]) -> None:
        self._app, self._faces = app, faces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application below, and answer for it when it fails."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def send_on(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception as error:  # noqa: BLE001 - no message of an unexpected error may leave the program
            failure = failure_of(error)
            if not has_begun:  # or else the server closes the connection, as the answer is not whole
                await self._answer(HttpRequest(scope), failure)(scope, receive, send)

    def _answer(self, http: HttpRequest, error: RequestError) -> Response:
        if http.method == "OPTIONS" and isinstance(error, MethodNotAllowedError):
            return Response(status_code=204, headers=error.headers)
        return self._face_of(http.url.path)(http, error)

    def _face_of(self, path: str) -> Face:
        for known, face in self._faces.items():
            if path == known or (known.endswith("/") and path.startswith(known)):
                return face
        return graphql_failure


def failure_of(error: Exception) -> RequestError:
    """Return an error as the table knows it; whatever is not foreseen is logged and hidden."""
    match error:
        case RequestError():
            return error
        case HTTPException(status_code=404):
            return UrlNotFoundError()
        case HTTPException(status_code=405):
            allowed = {"OPTIONS", *(error.headers or {}).get("Allow", "").split(", ")}
            return MethodNotAllowedError(", ".join(sorted(allowed)))
        case _:
            return hide_error(error)


async def pass_on(_: HttpRequest, error: Exception) -> Response:
    """Leave Starlette's own errors, such as an unknown URL, to Failures."""
    raise error
