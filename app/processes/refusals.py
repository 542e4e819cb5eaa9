"""Refusals: why a connection or a request is refused before the application sees it."""

from http import HTTPStatus

from app.encoding import to_json
from app.errors import RequestError


class HeadTooLargeError(RequestError):
    """The headers of a request, or what stands between the parts of its body, have more than `limit` bytes."""

    code = "HEAD_TOO_LARGE"

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


class SentTooSlowlyError(RequestError):
    """The client takes too long to send its request."""

    code = "SENT_TOO_SLOWLY"


class TooManyConnectionsError(RequestError):
    """The process, or the address of the client, has as many connections as it may have."""

    code = "TOO_MANY_CONNECTIONS"


class UrlTooLongError(RequestError):
    """The URL makes the head of a request longer than `limit` bytes."""

    code = "URL_TOO_LONG"

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


def answer_of(error: RequestError) -> bytes:
    """Return a whole HTTP response in the format of GraphQL. In the legacy format the URL would have to be known."""
    body = to_json({"errors": [{"message": error.message_in("en"), "extensions": error.extensions}]})
    headers = {
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(body)),
        **error.headers,
        "connection": "close",
    }
    status = HTTPStatus(error.kind.status)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
