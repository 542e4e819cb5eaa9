"""Bodies: what an HTTP request carries, read within bounds."""

from email.message import Message

from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest

from app.errors import PayloadTooLargeError, RequestError

JSON = "application/json"
LARGEST_BODY = 1 << 20


async def limited_body(http: HttpRequest) -> bytes:
    """Read a body of at most 1 MiB, however it is sent.

    PayloadTooLargeError for a larger one, RequestError when the client hangs up.
    """
    body = bytearray()
    try:
        async for chunk in http.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                raise PayloadTooLargeError(LARGEST_BODY)
    except ClientDisconnect as error:
        raise RequestError("the client closed the connection before the body ended") from error
    return bytes(body)


def is_json(content_type: str) -> bool:
    """Tell whether a content type is JSON in UTF-8."""
    if content_type == JSON:  # what nearly every client sends
        return True
    header = Message()
    header["content-type"] = content_type
    charset = header.get_content_charset("utf-8")
    return header.get_content_type() == JSON and charset in ("utf-8", "utf8")
