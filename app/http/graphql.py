"""GraphQL over HTTP: reading requests from bodies and queries, and writing answers (GraphQL over HTTP, 2025 draft).

GET answers queries only, and nothing depends on a cookie. So a page of another site that sends a GET by its visitor's
browser changes nothing and reads nothing, and no header is asked for unless `require_preflight` is set.
"""

import json
import re
from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.errors import (
    InvalidInputError,
    NotAcceptableError,
    RequestError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedMediaTypeError,
)
from app.execution.execution import Execution, refused
from app.execution.request import Answer, Request
from app.services.stored_document import hash_of
from app.settings import Settings
from app.web.bodies import JSON, is_json, limited_body
from app.web.caller import caller_of

GRAPHQL_JSON = "application/graphql-response+json"
PREFLIGHT = ("graphql-require-preflight", "x-requested-with")
"""Headers that a page of another site cannot send without being allowed to."""

CHALLENGE = 'Bearer realm="cadastre"'
HASH = re.compile(r"[0-9a-f]{64}")
DOCUMENT_ID = re.compile(f"sha256:({HASH.pattern})")


async def graphql(http: HttpRequest) -> Response:
    """Answer a GraphQL request."""
    execution: Execution = http.app.state.execution
    media_type = JSON
    try:
        media_type = negotiated(http.headers.get("accept", "*/*"))
        read = from_query if http.method in ("GET", "HEAD") else from_body
        caller = await caller_of(http, execution.settings)
        request = await read(http, execution.settings)
    except UnauthenticatedError as error:
        return refused_caller(error, media_type, has_token="authorization" in http.headers)
    except (UnavailableError, InvalidInputError) as error:
        return response_of(refused(error), media_type)
    except RequestError as error:
        body = {"errors": [{"message": str(error), "extensions": error.extensions}]}
        return written(body, media_type, error.kind.status, dict(error.headers))
    answer = await execution.answer(request, caller, may_introspect=execution.settings.introspection)
    return response_of(answer, media_type)


def refused_caller(error: UnauthenticatedError, media_type: str, *, has_token: bool) -> Response:
    """Answer a caller who has not proved who they are (RFC 6750, 3): by no token, or by one that is not good."""
    challenge = CHALLENGE + (', error="invalid_token"' if has_token else "")
    body = {"errors": [{"message": str(error), "extensions": {"code": error.code}}]}
    return written(body, media_type, HTTPStatus.UNAUTHORIZED, {"www-authenticate": challenge})


def response_of(answer: Answer, media_type: str) -> Response:
    """Write an answer; with the older media type a refused request is still 200."""
    status = 400 if answer.refused and answer.status == HTTPStatus.OK and media_type == GRAPHQL_JSON else answer.status
    return written(answer.body, media_type, status, dict(answer.headers))


def written(body: dict[str, Any], media_type: str, status: int, headers: dict[str, str]) -> Response:
    """Write a body as JSON."""
    try:
        content = orjson.dumps(body)
    except TypeError:  # half of a surrogate pair, or a number beyond 64 bits
        content = json.dumps(body, default=str).encode()
    return Response(content, status, headers, f"{media_type}; charset=utf-8")


def negotiated(accept: str) -> str:
    """Choose the media type of the answer; NotAcceptableError when the caller takes neither."""
    wanted = [part.split(";", 1)[0].strip().lower() for part in accept.split(",")]
    for media_type in wanted:
        if media_type in (GRAPHQL_JSON, JSON):
            return media_type
    if not accept.strip() or {"*/*", "application/*"} & set(wanted):
        return JSON
    raise NotAcceptableError(f"{GRAPHQL_JSON} or {JSON}")


async def from_body(http: HttpRequest, _: Settings) -> Request:
    """Read the request that a POST carries; RequestError."""
    if not is_json(http.headers.get("content-type", "")):
        raise UnsupportedMediaTypeError(f"{JSON} in UTF-8")
    try:
        content = orjson.loads(await limited_body(http))
    except orjson.JSONDecodeError as error:
        raise RequestError("the body is not JSON") from error
    if not isinstance(content, dict):
        raise RequestError("the body must be a JSON object")
    return checked(content)


async def from_query(http: HttpRequest, settings: Settings) -> Request:
    """Read the request that a GET carries in its URL; RequestError."""
    if settings.require_preflight and not has_preflight(http):
        raise RequestError(f"a GET needs one of the headers {', '.join(PREFLIGHT)}, or the content type {JSON}")
    given: dict[str, Any] = dict(http.query_params)
    for name in ("variables", "extensions"):
        if given.get(name):
            try:
                given[name] = orjson.loads(given[name])
            except orjson.JSONDecodeError as error:
                raise RequestError(f"the parameter {name!r} is not JSON") from error
    return checked(given, only_queries=True)


def has_preflight(http: HttpRequest) -> bool:
    """Tell whether a request is one that a page of another site cannot send."""
    return any(name in http.headers for name in PREFLIGHT) or is_json(http.headers.get("content-type", ""))


TYPES: dict[str, tuple[type, str]] = {
    "query": (str, "a string"),
    "documentId": (str, "a string"),
    "operationName": (str, "a string or null"),
    "variables": (dict, "an object or null"),
    "extensions": (dict, "an object or null"),
}
"""What the members of a request must be."""


def checked(content: dict[str, Any], *, only_queries: bool = False) -> Request:
    """Check the members of a request; RequestError."""
    for name, (type_, what) in TYPES.items():
        if content.get(name) is not None and not isinstance(content[name], type_):
            raise RequestError(f"{name!r} must be {what}")
    query, document_hash = content.get("query") or None, hash_from(content)
    if query is None and document_hash is None:
        raise RequestError("'query' is missing")
    return Request(query, content.get("variables"), content.get("operationName") or None, only_queries, document_hash)


def hash_from(content: dict[str, Any]) -> str | None:
    """Read the hash that names a document, if one is given; RequestError."""
    query, document_id = content.get("query"), content.get("documentId")
    persisted = (content.get("extensions") or {}).get("persistedQuery")
    if document_id is not None:
        named = DOCUMENT_ID.fullmatch(document_id)
        if query or persisted is not None or named is None:
            raise RequestError("'documentId' must be sha256: with 64 digits in lower case, and stands without 'query'")
        return named[1]
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise RequestError("Unsupported persisted query version")
    sha256 = persisted.get("sha256Hash")
    if not isinstance(sha256, str) or not HASH.fullmatch(sha256):
        raise RequestError("'sha256Hash' must be 64 digits in lower case")
    if query and hash_of(query) != sha256:
        raise RequestError("provided sha does not match query")
    return sha256
