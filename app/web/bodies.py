"""Bodies: the content of an HTTP request, read up to a limit; RequestError when it cannot be read."""

from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest

from app.error_codes import Message
from app.errors import PayloadTooLargeError, RequestError
from app.web.media_types import FORM, JSON, require_type

MOST_FIELDS = 50

Fields = dict[str, str]

NOT_WHOLE = Message("the client closed the connection before the body ended", "请求体不完整，连接已断开")
NOT_JSON = Message("the body is not JSON", "请求体不是 JSON")
NOT_AN_OBJECT = Message("the body must be a JSON object", "请求体必须是 JSON 对象")
NOT_FIELDS = Message(
    f"there are more than {MOST_FIELDS} parameters, or they are not UTF-8",
    f"参数超过 {MOST_FIELDS} 个，或不是 UTF-8 编码",
)
SENT_TWICE = Message("a parameter is sent twice", "参数重复")
NUL = Message("a parameter contains the character NUL", "参数包含空字符（NUL）")


async def read_body(http: HttpRequest, limit: int) -> bytes:
    """Read a body of at most `limit` bytes, with or without Content-Length."""
    body = bytearray()
    try:
        async for chunk in http.stream():
            body += chunk
            if len(body) > limit:
                raise PayloadTooLargeError(limit)
    except ClientDisconnect as error:
        raise RequestError(NOT_WHOLE) from error
    return bytes(body)


async def read_json(http: HttpRequest, limit: int) -> Any:
    """Read a JSON value."""
    require_type(http, JSON)
    try:
        return orjson.loads(await read_body(http, limit))
    except orjson.JSONDecodeError as error:
        raise RequestError(NOT_JSON) from error


def object_of(content: object) -> dict[str, Any]:
    """Return a JSON value that must be an object."""
    if not isinstance(content, dict):
        raise RequestError(NOT_AN_OBJECT)
    return content


async def read_object(http: HttpRequest, limit: int) -> dict[str, Any]:
    """Read a JSON object."""
    return object_of(await read_json(http, limit))


async def read_form(http: HttpRequest, limit: int) -> Fields:
    """Read a form."""
    require_type(http, FORM)
    return read_fields((await read_body(http, limit)).decode("latin-1"))


def read_fields(text: str) -> Fields:
    """Read the fields of a form or of a query; each may be sent once, and none may hold NUL."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise RequestError(NOT_FIELDS) from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise RequestError(SENT_TWICE)
    if "\0" in text or "%00" in text:
        raise RequestError(NUL)
    return fields
