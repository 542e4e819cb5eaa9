"""GraphQL over HTTP (draft of 2025): requests from bodies and URLs, and their answers.

GET runs queries only, and no answer depends on a cookie. So another site cannot change or read anything by making the
browser of a visitor send a GET. With `require_preflight` a GET also needs a header that other sites cannot send.
"""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.db.scope import NO_ORIGIN, Origin
from app.error_codes import Language, Message
from app.errors import RequestError
from app.execution.execution import Execution
from app.execution.request import Answer, Request
from app.http.answering import answered
from app.http.event_stream import event_stream
from app.http.export import FORMATS, ExportResponse
from app.services.stored_document import HASH, MANIFEST_ID, PREFIX, hash_of
from app.settings import Settings
from app.web.answers import graphql_status
from app.web.bodies import object_of, read_json
from app.web.caller import caller_of
from app.web.change_reason import origin_of
from app.web.failures import count_error
from app.web.idempotency import REPLAYED, key_in
from app.web.language import language_of
from app.web.media_types import EVENT_STREAM, JSON, OFFERED_STREAMS, accept_of, accepted_type, is_type
from app.web.pieces import PiecesResponse

LARGEST_BODY = 1 << 20

PREFLIGHT = ("graphql-require-preflight", "x-requested-with")
"""Headers that a page of another site cannot send without a CORS preflight."""

DOCUMENT_ID = re.compile(f"(?:{PREFIX}(?P<hash>{HASH.pattern})|(?P<id>{MANIFEST_ID.pattern}))")

BATCH = Message(
    "a batch is not answered: send each operation as a request of its own, or several root fields in one operation",
    "不支持批量请求（JSON 数组）：请逐个发送，或在一个操作中使用多个根字段",
)

MEMBERS: dict[str, tuple[type, str]] = {
    "query": (str, "a string"),
    "documentId": (str, "a string"),
    "operationName": (str, "a string or null"),
    "variables": (dict, "an object or null"),
    "extensions": (dict, "an object or null"),
}
"""The members of a request, with their types."""


async def graphql(http: HttpRequest) -> Response:
    """Answer a GraphQL request."""
    execution: Execution = http.app.state.execution
    media_type = accepted_type(accept_of(http), OFFERED_STREAMS)
    read = from_url if http.method in ("GET", "HEAD") else from_body
    caller = await caller_of(http, execution.settings)
    request = request_in(await read(http, execution.settings), language_of(http))
    if keyed := key_in(http):
        request = request._replace(**keyed)
    if media_type in FORMATS:
        return ExportResponse(execution.exports, request, caller, media_type)
    if media_type == EVENT_STREAM:
        return await event_stream(http, request)
    answer, pieces = await answered(execution, request, caller)
    for error in answer.body.get("errors", ()):
        count_error(http.scope, error["extensions"]["code"])
    return response_of(answer, pieces, media_type)


def request_in(request: Request, language: Language) -> Request:
    """Return a request with the language of its messages."""
    return request if language == request.language else request._replace(language=language)


def response_of(answer: Answer, pieces: list[bytes], media_type: str) -> Response:
    """Write an answer; its status and headers are those of the refusal, if it has no data."""
    refusal, content_type = answer.refusal, f"{media_type}; charset=utf-8"
    if answer.content is not None:
        return Response(b"".join(pieces), 200, REPLAYED if answer.is_replayed else None, content_type)
    status = 200 if refusal is None else graphql_status(refusal, media_type)
    headers: Mapping[str, str] = {} if refusal is None else refusal.headers
    if answer.is_large:
        return PiecesResponse(pieces, status, headers, content_type)
    return Response(b"".join(pieces), status, headers, content_type)


async def from_body(http: HttpRequest, _: Settings) -> Request:
    """Read the request from the body of a POST; RequestError when there is none."""
    content = await read_json(http, LARGEST_BODY)
    if isinstance(content, list):
        raise RequestError(BATCH)
    return request_of(object_of(content), origin_of(http))


async def from_url(http: HttpRequest, settings: Settings) -> Request:
    """Read the request from the URL of a GET; RequestError when there is none."""
    if settings.require_preflight and not has_preflight(http):
        raise RequestError(f"a GET needs one of the headers {', '.join(PREFLIGHT)}, or the content type {JSON}")
    members: dict[str, Any] = dict(http.query_params)
    for name in ("variables", "extensions"):
        if members.get(name):
            members[name] = parsed(name, members[name])
    return request_of(members, only_queries=True)


def has_preflight(http: HttpRequest) -> bool:
    """Return whether a browser sends this request to another site only after a CORS preflight."""
    return any(name in http.headers for name in PREFLIGHT) or is_type(http.headers.get("content-type", ""), JSON)


def parsed(name: str, text: str) -> object:
    """Parse a parameter of a URL; RequestError when it is not JSON."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestError(f"the parameter {name!r} is not JSON") from error


def request_of(members: dict[str, Any], origin: Origin = NO_ORIGIN, *, only_queries: bool = False) -> Request:
    """Check the members of a request and return it; RequestError names the member that is wrong."""
    for name, (type_, description) in MEMBERS.items():
        if members.get(name) is not None and not isinstance(members[name], type_):
            raise RequestError(f"{name!r} must be {description}")
    query, document_id = members.get("query") or None, document_id_of(members)
    if query is None and document_id is None:
        raise RequestError("'query' is missing")
    return Request(
        query,
        members.get("variables"),
        members.get("operationName") or None,
        only_queries,
        document_id,
        is_persisted_query=members.get("documentId") is None,
        origin=origin,
    )


def document_id_of(members: dict[str, Any]) -> str | None:
    """Return the SHA-256, or the id of a manifest, by which a request names a stored document; None for none."""
    persisted = (members.get("extensions") or {}).get("persistedQuery")
    if members.get("documentId") is not None:
        return read_document_id(members["documentId"], is_alone=not members.get("query") and persisted is None)
    return None if persisted is None else hash_of_persisted_query(persisted, members.get("query"))


def read_document_id(document_id: str, *, is_alone: bool) -> str:
    """Read `documentId` (GraphQL over HTTP, appendix A)."""
    match = DOCUMENT_ID.fullmatch(document_id)
    if match is None or not is_alone:
        raise RequestError(
            "'documentId' must be sha256: and 64 hexadecimal digits in lower case, or an id of an imported manifest, "
            "without 'query'"
        )
    return match["hash"] or match["id"]


def hash_of_persisted_query(persisted: object, query: str | None) -> str:
    """Read Apollo's extension `persistedQuery`; its clients depend on the messages."""
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise RequestError("Unsupported persisted query version")
    sha256 = persisted.get("sha256Hash")
    if not isinstance(sha256, str) or not HASH.fullmatch(sha256):
        raise RequestError("'sha256Hash' must be 64 hexadecimal digits in lower case")
    if query and hash_of(query) != sha256:
        raise RequestError("provided sha does not match query")
    return sha256
