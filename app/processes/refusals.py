"""Refusals: why a connection or a request is refused before the application sees it."""

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
