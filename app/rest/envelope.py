"""The envelope of document 003: `{"code", "message", "result"}`. Its messages are Chinese."""

from collections.abc import Mapping

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.error_codes import BUSINESS
from app.errors import RequestError
from app.web.answers import failure_headers, json_response

SUCCESS = {"code": "200", "message": "成功"}
"""The first members of every answer that is no failure."""

NO_STORE = {"cache-control": "no-store"}

BUSINESS_PREFIX = "出现异常"
"""The documents' messages of code 1 begin so (003, 7.7 and 8.4)."""


def success(http: HttpRequest, members: Mapping[str, object], headers: Mapping[str, str]) -> Response:
    """Answer with some members in the envelope."""
    return json_response({**SUCCESS, **members}, 200, {**url_headers(http), **headers})


def legacy_failure(http: HttpRequest, error: RequestError) -> Response:
    """Answer a failure in the envelope."""
    kind = error.kind
    prefix = BUSINESS_PREFIX if kind.legacy == BUSINESS else ""
    body = {"code": kind.legacy, "message": prefix + error.message_in("zh"), "result": None}
    headers = {**url_headers(http), **failure_headers(http, error)}
    return json_response(body, kind.legacy_status, headers)


def url_headers(http: HttpRequest) -> Mapping[str, str]:
    """Return the headers of every answer, and those that the endpoint has set for its URL."""
    return {**NO_STORE, **getattr(http.state, "legacy_headers", {})}
