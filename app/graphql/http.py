"""GraphQL over HTTP: reading requests from bodies and queries, and writing answers (GraphQL over HTTP, 2025 draft)."""

from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.errors import RequestError
from app.graphql.execution import Answer, Execution, Request

GRAPHQL_JSON = "application/graphql-response+json"
JSON = "application/json"
LARGEST_BODY = 1 << 20


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
        request = from_query(http) if http.method == "GET" else await from_body(http)
    except HttpError as error:
        body = {"errors": [{"message": str(error), "extensions": {"code": error.code}}]}
        return written(body, media_type, error.status, error.headers)
    return response_of(await execution.answer(request), media_type)


def response_of(answer: Answer, media_type: str) -> Response:
    """Write an answer; with the older media type a refused request is still 200."""
    status = 400 if answer.refused and answer.status == HTTPStatus.OK and media_type == GRAPHQL_JSON else answer.status
    return written(answer.body, media_type, status, dict(answer.headers))


def written(body: dict[str, Any], media_type: str, status: int, headers: dict[str, str]) -> Response:
    """Write a body as JSON."""
    return Response(orjson.dumps(body), status, headers, f"{media_type}; charset=utf-8")


def negotiated(accept: str) -> str:
    """Choose the media type of the answer; HttpError 406 when the caller takes neither."""
    wanted = [part.split(";", 1)[0].strip().lower() for part in accept.split(",")]
    for media_type in wanted:
        if media_type in (GRAPHQL_JSON, JSON):
            return media_type
    if not accept.strip() or {"*/*", "application/*"} & set(wanted):
        return GRAPHQL_JSON
    raise HttpError(406, f"answers are {GRAPHQL_JSON} or {JSON}")


async def from_body(http: HttpRequest) -> Request:
    """Read the request that a POST carries; HttpError 413, 415 or 400."""
    content_type, _, parameters = http.headers.get("content-type", "").partition(";")
    if content_type.strip().lower() != JSON or not is_utf_8(parameters):
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
    chunks, size = [], 0
    async for chunk in http.stream():
        size += len(chunk)
        if size > LARGEST_BODY:
            raise HttpError(413, f"the body is larger than {LARGEST_BODY} bytes", {"connection": "close"})
        chunks.append(chunk)
    return b"".join(chunks)


def is_utf_8(parameters: str) -> bool:
    """Tell whether a content type's parameters leave the charset at UTF-8."""
    charset = parameters.strip().lower().replace('"', "").replace(" ", "")
    return charset in ("", "charset=utf-8", "charset=utf8")


def from_query(http: HttpRequest) -> Request:
    """Read the request that a GET carries in its URL; HttpError 400."""
    given: dict[str, Any] = dict(http.query_params)
    for name in ("variables", "extensions"):
        if given.get(name):
            try:
                given[name] = orjson.loads(given[name])
            except orjson.JSONDecodeError as error:
                raise HttpError(400, f"the parameter {name!r} is not JSON") from error
    return checked(given, only_queries=True)


TYPES: dict[str, tuple[type, str]] = {
    "query": (str, "a string"),
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
    query = content.get("query")
    if not query:
        raise HttpError(400, "'query' is missing")
    return Request(query, content.get("variables"), content.get("operationName") or None, only_queries)
