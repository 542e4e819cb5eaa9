"""Cors: which pages of other origins may call the program from a browser (the Fetch standard).

The origins are those of a setting and of registered public clients. Answers never allow credentials: a browser sends
no cookie and no password of its own, and the access token is in a header that the page itself sets. So a page can do
no more than its token.
"""

from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import RequestError
from app.web.answers import graphql_failure
from app.web.client_origins import ClientOrigins
from app.web.failures import count_error
from app.web.headers import has_header

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

EXPOSED = ("X-Request-ID", "Retry-After", "WWW-Authenticate", "Deprecation", "Sunset", "Idempotency-Replayed")
"""Headers that pages may read besides the safelisted ones."""

PREFLIGHT_SECONDS = 7200
"""How long a browser may cache the answer to a preflight; Chromium caches it no longer."""


KEPT = ("vary", "access-control-allow-origin")
"""Headers of the library's refusal; without the others no browser takes it for a permission."""


POLICY_VIOLATION = 1008
"""Before the handshake, the server answers 403 instead."""


class PageRefusedError(RequestError):
    """A page of another origin may not send this request."""

    code = "PAGE_REFUSED"


class Cors(CORSMiddleware):
    """Answers preflights, and lets the pages of allowed origins read all other answers, errors included.

    A page may send every header: GraphQL clients have many of their own, and without credentials none is dangerous.
    `excluded` are paths that no page of another origin may read. `own` is the public URL of the program.
    """

    def __init__(
        self, app: ASGIApp, origins: Collection[str], clients: ClientOrigins, excluded: Collection[str], own: str
    ) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=["*"],
            expose_headers=EXPOSED,
            max_age=PREFLIGHT_SECONDS,
        )
        self._clients, self._excluded, self._own = clients, excluded, urlsplit(own).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight, or run the application."""
        if scope["type"] == "websocket" and not await self._allows_socket(HTTPConnection(scope)):
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        if scope["type"] != "http" or scope["path"] in self._excluded or not has_header(scope, b"origin"):
            await self.app(scope, receive, send)
            return
        http = HttpRequest(scope)
        is_allowed = await self._allows(http.headers["origin"])
        if http.method == "OPTIONS" and "access-control-request-method" in http.headers:
            await self._preflight(http)(scope, receive, send)
        elif is_allowed:
            await self.simple_response(scope, receive, send, http.headers)
        else:
            await self.app(scope, receive, send)

    async def _allows_socket(self, http: HTTPConnection) -> bool:
        """Return whether a page may open a WebSocket. Browsers open one to every host, and send no preflight."""
        origin = http.headers.get("origin")
        is_own = origin is None or urlsplit(origin).netloc in (self._own, http.headers.get("host"))
        return is_own or await self._allows(origin or "")

    async def _allows(self, origin: str) -> bool:
        if not super().is_allowed_origin(origin):
            await self._clients.refresh(origin)
        return self.is_allowed_origin(origin)

    def _preflight(self, http: HttpRequest) -> Response:
        """Answer a preflight; a refusal says what to do, for people who look into it with curl."""
        response = self.preflight_response(http.headers)
        if response.status_code == HTTPStatus.OK:
            return response
        error = PageRefusedError()
        count_error(http.scope, error.code)
        refusal = graphql_failure(http, error)
        refusal.headers.update({name: response.headers[name] for name in response.headers if name in KEPT})
        return refusal

    def is_allowed_origin(self, origin: str) -> bool:
        """Return whether pages of an origin may read answers."""
        return super().is_allowed_origin(origin) or origin in self._clients
