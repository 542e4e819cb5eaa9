"""Answers: JSON responses, and failures in the format of GraphQL. Other URLs have other formats.

| URLs | body of a failure | where |
|---|---|---|
| `/graphql`, and all URLs not named below | `{"errors": [{"message", "extensions": {"code", ...}}]}` | here |
| `/oauth/`, `/.well-known/` | `{"error", "error_description"}` | app/oauth/http.py |
| `/oauth/authorize` | a page | app/oauth/login_page.py |
| `/v1/`, and those of the legacy API without it | `{"code", "message", "result": null}` | app/rest/envelope.py |
| `/api/` | `{"status_code", "errmsg", "reason"}` | app/rest/order_endpoint.py |
| `/readyz` | `{"status", "code", "reason"}` | app/main.py |
"""

from collections.abc import Callable, Mapping

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.encoding import to_json
from app.errors import NotAcceptableError, RequestError, UnauthenticatedError
from app.web.language import language_of
from app.web.media_types import GRAPHQL_JSON, JSON, OFFERED, OFFERED_STREAMS, accept_of, accepted_type

Face = Callable[[HttpRequest, RequestError], Response]
"""Answers a failure; its status, headers and messages are those of app/error_codes.py."""


def graphql_failure(http: HttpRequest, error: RequestError) -> Response:
    """Answer a failure in the format of GraphQL over HTTP."""
    media_type = failure_type(accept_of(http))
    body = {"errors": [{"message": error.message_in(language_of(http)), "extensions": error.extensions}]}
    status, headers = graphql_status(error, media_type), failure_headers(http, error)
    return json_response(body, status, headers, f"{media_type}; charset=utf-8")


def failure_type(accept: str) -> str:
    """Return the media type of a failure: that whose status says so for clients of files and streams."""
    try:
        media_type = accepted_type(accept, OFFERED_STREAMS)
    except NotAcceptableError:
        return JSON
    return media_type if media_type in OFFERED else GRAPHQL_JSON


def graphql_status(error: RequestError, media_type: str) -> int:
    """Return the HTTP status of a refused GraphQL request (GraphQL over HTTP, 2025 draft, 6.4)."""
    return error.kind.status if error.kind.is_transport or media_type == GRAPHQL_JSON else 200


def json_response(body: object, status: int, headers: Mapping[str, str], media_type: str = JSON) -> Response:
    """Answer a body as JSON."""
    return Response(to_json(body), status, headers, media_type)


def failure_headers(http: HttpRequest, error: RequestError) -> dict[str, str]:
    """Return the headers of an error. A 401 says `invalid_token` if a token was sent (RFC 6750, 3)."""
    headers = dict(error.headers)
    if isinstance(error, UnauthenticatedError) and "authorization" in http.headers:
        headers["www-authenticate"] += f', error="{error.kind.oauth}"'
    return headers
