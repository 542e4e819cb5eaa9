"""GraphQL over HTTP: reading requests from bodies and queries, and writing answers (GraphQL over HTTP, 2025 draft).

GET answers queries only, and nothing depends on a cookie. So a page of another site that sends a GET by its visitor's
browser changes nothing and reads nothing, and no header is asked for unless `require_preflight` is set.
"""

import json
import re
from email.message import Message
from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.access.caller import Caller
from app.access.callers import Callers
from app.access.tokens import bearer_token
from app.errors import InvalidInputError, RequestError, UnauthenticatedError, UnavailableError
from app.graphql.documents import Request
from app.graphql.execution import Answer, Execution, refused
from app.loaders.values import read_id
from app.services.stored_document import hash_of
from app.settings import Settings

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
LARGEST_BODY = 1 << 20
PREFLIGHT = ("graphql-require-preflight", "x-requested-with")
"""Headers that a page of another site cannot send without being allowed to."""

WORKING_ORG = "cadastre-org"
"""Header that names the business organisation that the caller works in now: it narrows what they see."""

CHALLENGE = 'Bearer realm="cadastre"'
HASH = re.compile(r"[0-9a-f]{64}")
DOCUMENT_ID = re.compile(f"sha256:({HASH.pattern})")


class HttpError(RequestError):
    """A request that is no GraphQL request; `status` is its HTTP status."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers or {}


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
    except HttpError as error:
        body = {"errors": [{"message": str(error), "extensions": {"code": error.code}}]}
        return written(body, media_type, error.status, error.headers)
    answer = await execution.answer(request, caller, may_introspect=execution.settings.introspection)
    return response_of(answer, media_type)


async def caller_of(http: HttpRequest, settings: Settings) -> Caller | None:
    """Tell who calls, None where nobody need say; UnauthenticatedError when the token proves nobody, or is needed.

    A bad token is found out without the database.
    """
    if "authorization" not in http.headers and not settings.require_login:
        return None
    claims = http.app.state.office.tokens.verify(bearer_token(http.headers))
    callers: Callers = http.app.state.callers
    caller = await callers.of(claims)
    return await callers.within(caller, read_id(http.headers[WORKING_ORG])) if WORKING_ORG in http.headers else caller


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
    """Choose the media type of the answer; HttpError 406 when the caller takes neither."""
    wanted = [part.split(";", 1)[0].strip().lower() for part in accept.split(",")]
    for media_type in wanted:
        if media_type in (GRAPHQL_JSON, JSON):
            return media_type
    if not accept.strip() or {"*/*", "application/*"} & set(wanted):
        return JSON
    raise HttpError(406, f"answers are {GRAPHQL_JSON} or {JSON}")


async def from_body(http: HttpRequest, _: Settings) -> Request:
    """Read the request that a POST carries; HttpError 413, 415 or 400."""
    if not is_json(http.headers.get("content-type", "")):
        raise HttpError(415, f"the body must be {JSON} in UTF-8")
    try:
        content = orjson.loads(await limited_body(http))
    except orjson.JSONDecodeError as error:
        raise HttpError(400, "the body is not JSON") from error
    if not isinstance(content, dict):
        raise HttpError(400, "the body must be a JSON object")
    return checked(content)


async def limited_body(http: HttpRequest) -> bytes:
    """Read a body of at most 1 MiB, however it is sent; HttpError 413 for a larger one."""
    body = bytearray()
    try:
        async for chunk in http.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise HttpError(413, f"the body is larger than {LARGEST_BODY} bytes", {"connection": "close"})
    except ClientDisconnect as error:
        raise HttpError(400, "the body is not whole") from error
    return bytes(body)


def is_json(content_type: str) -> bool:
    """Tell whether a content type is JSON in UTF-8."""
    if content_type == JSON:  # what nearly every client sends
        return True
    header = Message()
    header["content-type"] = content_type
    charset = header.get_content_charset("utf-8")
    return header.get_content_type() == JSON and charset in ("utf-8", "utf8")


async def from_query(http: HttpRequest, settings: Settings) -> Request:
    """Read the request that a GET carries in its URL; HttpError 400."""
    if settings.require_preflight and not has_preflight(http):
        raise HttpError(400, f"a GET needs one of the headers {', '.join(PREFLIGHT)}, or the content type {JSON}")
    given: dict[str, Any] = dict(http.query_params)
    for name in ("variables", "extensions"):
        if given.get(name):
            try:
                given[name] = orjson.loads(given[name])
            except orjson.JSONDecodeError as error:
                raise HttpError(400, f"the parameter {name!r} is not JSON") from error
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
    """Check the members of a request; HttpError 400."""
    for name, (type_, what) in TYPES.items():
        if content.get(name) is not None and not isinstance(content[name], type_):
            raise HttpError(400, f"{name!r} must be {what}")
    query, document_hash = content.get("query") or None, hash_from(content)
    if query is None and document_hash is None:
        raise HttpError(400, "'query' is missing")
    return Request(query, content.get("variables"), content.get("operationName") or None, only_queries, document_hash)


def hash_from(content: dict[str, Any]) -> str | None:
    """Read the hash that names a document, if one is given; HttpError 400."""
    query, document_id = content.get("query"), content.get("documentId")
    persisted = (content.get("extensions") or {}).get("persistedQuery")
    if document_id is not None:
        named = DOCUMENT_ID.fullmatch(document_id)
        if query or persisted is not None or named is None:
            raise HttpError(
                400, "'documentId' must be sha256: with 64 digits in lower case, and stands without 'query'"
            )
        return named[1]
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise HttpError(400, "Unsupported persisted query version")
    sha256 = persisted.get("sha256Hash")
    if not isinstance(sha256, str) or not HASH.fullmatch(sha256):
        raise HttpError(400, "'sha256Hash' must be 64 digits in lower case")
    if query and hash_of(query) != sha256:
        raise HttpError(400, "provided sha does not match query")
    return sha256
