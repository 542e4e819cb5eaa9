"""Bodies: what an HTTP request carries, read within bounds."""

from email.message import Message

from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest

from app.errors import RequestError

JSON = "application/json"
LARGEST_BODY = 1 << 20


class HttpError(RequestError):
    """A request that is no GraphQL request; `status` is its HTTP status."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers or {}


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
