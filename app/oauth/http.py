"""The OAuth 2 endpoints over HTTP: tokens, revocation, introspection, public keys and metadata."""

from collections.abc import Callable

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from app.access.tokens import Tokens
from app.errors import RequestError
from app.oauth.login_workers import login_workers
from app.oauth.metadata import metadata
from app.oauth.requests import LARGEST_BODY, OAuthAnswer, OAuthRequest
from app.oauth.server import AuthorizationServer
from app.web.answers import failure_headers, json_response
from app.web.bodies import read_form
from app.web.failures import count_error

CACHED = {"cache-control": "public, max-age=300"}


async def token(http: HttpRequest) -> Response:
    """Answer a token request (RFC 6749, 3.2)."""
    return await _answer(http, AuthorizationServer.token)


async def revoke(http: HttpRequest) -> Response:
    """End the log-in that a token belongs to (RFC 7009)."""
    return await _answer(http, lambda server, request: server.endpoint("revocation", request))


async def introspect(http: HttpRequest) -> Response:
    """Describe a token (RFC 7662)."""
    return await _answer(http, lambda server, request: server.endpoint("introspection", request))


async def jwks(http: HttpRequest) -> Response:
    """Return the public keys (RFC 7517)."""
    tokens: Tokens = http.app.state.tokens
    return JSONResponse(tokens.ring.public_set(), headers=CACHED)


async def well_known(http: HttpRequest) -> Response:
    """Describe the authorization server (RFC 8414)."""
    tokens: Tokens = http.app.state.tokens
    return JSONResponse(metadata(tokens.issuer), headers=CACHED)


def oauth_failure(http: HttpRequest, error: RequestError) -> Response:
    """Answer a failure as RFC 6749, 5.2 defines it; in English, because descriptions are ASCII."""
    body = {"error": error.kind.oauth, "error_description": str(error)}
    headers = {"cache-control": "no-store", **failure_headers(http, error)}
    return json_response(body, error.kind.status, headers)


async def _answer(http: HttpRequest, work: Callable[[AuthorizationServer, OAuthRequest], OAuthAnswer]) -> Response:
    request = OAuthRequest("POST", await read_form(http, LARGEST_BODY), http.headers.get("authorization"))
    takes_password = request.form.get("grant_type") == "password"
    answer = await login_workers(http).run(lambda server: work(server, request), takes_password=takes_password)
    if isinstance(answer.body, dict) and "error" in answer.body:
        count_error(http.scope, answer.body["error"])
    return json_response(answer.body, answer.status, dict(answer.headers))
