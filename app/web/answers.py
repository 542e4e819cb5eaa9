"""Answers to failures: one way for each face of the program, with statuses and headers of the table of error codes.

| face | body |
|---|---|
| GraphQL, and URLs of no face | `{"errors": [{"message", "extensions": {"code", ...}}]}` |
| OAuth | `{"error", "error_description"}` |
| legacy | `{"code", "message", "result": null}` |
"""

import json
import re
from collections.abc import Callable, Mapping

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.error_codes import BUSINESS, Language
from app.errors import NotAcceptableError, RequestError, UnauthenticatedError
from app.web.media_types import GRAPHQL_JSON, JSON, accepted_type

Face = Callable[[HttpRequest, RequestError], Response]
"""Answers a failure in the words of one face."""

QUALITY = re.compile(r"\s*q=([01](?:\.\d{0,3})?)\s*")
NOT_STORED = {"cache-control": "no-store"}


def graphql_failure(http: HttpRequest, error: RequestError) -> Response:
    """Answer as GraphQL over HTTP does."""
    try:
        media_type = accepted_type(http.headers.get("accept", "*/*"))
    except NotAcceptableError:
        media_type = JSON
    body = {"errors": [{"message": error.message_in(language_of(http)), "extensions": error.extensions}]}
    return json_response(body, graphql_status(error, media_type), _headers(http, error), f"{media_type}; charset=utf-8")


def oauth_failure(http: HttpRequest, error: RequestError) -> Response:
    """Answer as RFC 6749, 5.2 has it: in English, because descriptions are ASCII."""
    body = {"error": error.kind.oauth, "error_description": str(error)}
    return json_response(body, error.kind.status, {**NOT_STORED, **_headers(http, error)})


def legacy_failure(http: HttpRequest, error: RequestError) -> Response:
    """Answer in the envelope of document 003, always in Chinese."""
    message = error.message_in("zh")
    prefix = "出现异常" if error.kind.legacy == BUSINESS else ""
    body = {"code": error.kind.legacy, "message": prefix + message, "result": None}
    return json_response(body, error.kind.legacy_status, {**NOT_STORED, **_headers(http, error)})


def graphql_status(error: RequestError, media_type: str) -> int:
    """Return the HTTP status of a refused GraphQL request (GraphQL over HTTP, 2025 draft, 6.4)."""
    return error.kind.status if error.kind.is_transport or media_type == GRAPHQL_JSON else 200


def language_of(http: HttpRequest) -> Language:
    """Choose the language of messages: Chinese where `Accept-Language` prefers it to English, otherwise English."""
    ranges = [part.partition(";") for part in http.headers.get("accept-language", "").lower().split(",")]
    ranked = sorted(((_quality(parameter), tag.strip()) for tag, _, parameter in ranges), key=lambda pair: -pair[0])
    known = (tag.partition("-")[0] for quality, tag in ranked if quality > 0)
    return "zh" if next((tag for tag in known if tag in {"zh", "en", "*"}), "en") == "zh" else "en"


def json_response(body: object, status: int, headers: Mapping[str, str], media_type: str = JSON) -> Response:
    """Write a body as JSON."""
    try:
        content = orjson.dumps(body)
    except TypeError:  # half of a surrogate pair, or a number beyond 64 bits
        content = json.dumps(body, default=str).encode()
    return Response(content, status, headers, media_type)


def _quality(parameter: str) -> float:
    """Read `q=0.5`; 1 when there is none (RFC 9110, 12.4.2)."""
    match = QUALITY.fullmatch(parameter)
    return float(match[1]) if match else 1.0


def _headers(http: HttpRequest, error: RequestError) -> dict[str, str]:
    """Return the headers of an error; a token that was sent is called invalid (RFC 6750, 3)."""
    headers = dict(error.headers)
    if isinstance(error, UnauthenticatedError) and "authorization" in http.headers:
        headers["www-authenticate"] += f', error="{error.kind.oauth}"'
    return headers
