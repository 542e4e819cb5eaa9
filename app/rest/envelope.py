"""The envelope of document 003: `{"code", "message", "result"}`. Its messages are Chinese."""

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.error_codes import BUSINESS
from app.errors import RequestError
from app.web.answers import failure_headers, json_response

BUSINESS_PREFIX = "出现异常"
"""The documents' messages of code 1 begin so (003, 7.7 and 8.4)."""


def legacy_failure(http: HttpRequest, error: RequestError) -> Response:
    """Answer a failure in the envelope."""
    kind = error.kind
    prefix = BUSINESS_PREFIX if kind.legacy == BUSINESS else ""
    body = {"code": kind.legacy, "message": prefix + error.message_in("zh"), "result": None}
    headers = {"cache-control": "no-store", **failure_headers(http, error)}
    return json_response(body, kind.legacy_status, headers)
