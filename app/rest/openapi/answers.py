"""Answers: the JSON schemas of the envelope around the records of each URL, and of its failures."""

from app.error_codes import ERRORS
from app.rest.answers import BARE
from app.rest.envelope import SUCCESS
from app.rest.openapi.records import ComponentName, Operation, schema_of_value
from app.rest.openapi.schemas import Schema, object_schema
from app.rest.url import Url

FAILURE: Schema = object_schema(
    {
        "code": {"type": "string", "description": "1 业务错误，其余与 HTTP 状态码相同"},
        "message": {"type": "string", "description": "中文错误信息；code 为 1 时以“出现异常”开头"},
        "result": {"type": "null"},
    }
)
REFUSED = {"$ref": "#/components/schemas/Failure"}
PAGE = {"first": 20, "offset": 0}
"""Variables of a page, for the functions that number pages."""


def success_of(url: Url, components: dict[ComponentName, Schema]) -> Schema:
    """Describe a row's answer of success; its records become components."""
    data = {} if url.operation is None else Operation(url.operation, components).data()
    members = {**url.more, **url.answer(data, dict(PAGE))}
    if BARE in members:
        return schema_of_value(members[BARE])
    properties = {
        **{name: {"const": value} for name, value in SUCCESS.items()},
        "version": {"type": "null"},
        **{name: schema_of_value(value) for name, value in members.items()},
    }
    return object_schema(properties)


def question_of(url: Url) -> Schema:
    """Describe the answer of a row that asks for a confirmation."""
    result = object_schema({"operateCode": {"enum": sorted(url.asks.values())}, "operateMessage": {"type": "string"}})
    success: Schema = {name: {"const": value} for name, value in SUCCESS.items()}
    return object_schema({**success, "version": {"type": "null"}, "result": result})


CODES = (
    "BAD_REQUEST", "IDEMPOTENCY_KEY_INVALID", "NODE_LIMIT_EXCEEDED", "UNAUTHENTICATED", "TOKEN_INFO_MISMATCH",
    "FORBIDDEN", "NOT_ACCEPTABLE", "IDEMPOTENCY_KEY_RUNNING", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE",
    "IDEMPOTENCY_KEY_REUSED", "INTERNAL", "UNAVAILABLE", "ENDING", "TIMEOUT",
)  # fmt: skip
"""The codes of the failures that a described URL answers with another status than 200."""


def failures() -> dict[str, Schema]:
    """Describe the failures of each HTTP status by the table of errors."""
    found: dict[str, list[str]] = {}
    for code in CODES:
        kind = ERRORS[code]
        found.setdefault(str(kind.legacy_status), []).append(f"`{kind.legacy}` {kind.message.zh}")
    return {status: response(lines) for status, lines in sorted(found.items())}


def response(lines: list[str]) -> Schema:
    """Describe the answers of one HTTP status."""
    return {"description": "；".join(lines), "content": {"application/json": {"schema": REFUSED}}}
