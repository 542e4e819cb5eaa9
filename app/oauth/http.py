"""The endpoints of OAuth 2 over HTTP: tokens, revocation, introspection, keys and metadata."""

from collections.abc import Awaitable, Callable

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from app.errors import UnavailableError
from app.oauth.metadata import metadata
from app.oauth.office import Office
from app.oauth.requests import Answer, BadBodyError, Request, form_of
from app.oauth.server import AuthorizationServer

Endpoint = Callable[[HttpRequest], Awaitable[Response]]

RETRY_SECONDS = "2"


def guarded(endpoint: Endpoint) -> Endpoint:
    """Answer what cannot be read or served, in the words of OAuth (RFC 6749, 5.2)."""

    async def answer(http: HttpRequest) -> Response:
        try:
            return await endpoint(http)
        except BadBodyError as error:
            body = {"error": "invalid_request", "error_description": str(error)}
            return JSONResponse(body, error.status, {"cache-control": "no-store", "connection": "close"})
        except UnavailableError:
            return JSONResponse({"error": "temporarily_unavailable"}, 503, {"retry-after": RETRY_SECONDS})

    return answer


async def token(http: HttpRequest) -> Response:
    """Give tokens."""
    return await _answered(http, AuthorizationServer.token)


async def revoke(http: HttpRequest) -> Response:
    """End what a token belongs to."""
    return await _answered(http, lambda server, request: server.endpoint("revocation", request))


async def introspect(http: HttpRequest) -> Response:
    """Describe a token."""
    return await _answered(http, lambda server, request: server.endpoint("introspection", request))


async def jwks(http: HttpRequest) -> Response:
    """Give the public keys; they may be kept for some minutes."""
    office: Office = http.app.state.office
    return JSONResponse(office.tokens.ring.public_set(), headers={"cache-control": "public, max-age=300"})


async def well_known(http: HttpRequest) -> Response:
    """Describe the authorization server."""
    office: Office = http.app.state.office
    return JSONResponse(metadata(office.tokens.issuer), headers={"cache-control": "public, max-age=300"})


async def _answered(http: HttpRequest, work: Callable[[AuthorizationServer, Request], Answer]) -> Response:
    office: Office = http.app.state.office
    request = Request("POST", await form_of(http), http.headers.get("authorization"))
    answer = await office.run(lambda server: work(server, request))
    return Response(orjson.dumps(answer.body), answer.status, dict(answer.headers))
