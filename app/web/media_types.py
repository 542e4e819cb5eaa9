"""Media types: the one that a body declares, and those that a client accepts for the answer."""

from email.message import Message

from starlette.requests import Request as HttpRequest

from app.errors import NotAcceptableError, UnsupportedMediaTypeError

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
FORM = "application/x-www-form-urlencoded"


def is_type(content_type: str, expected: str) -> bool:
    """Return whether a `Content-Type` is the expected media type, in UTF-8."""
    if content_type == expected:  # what nearly every client sends
        return True
    header = Message()
    header["content-type"] = content_type
    charset = header.get_content_charset("utf-8")
    return header.get_content_type() == expected and charset in ("utf-8", "utf8")


def require_type(http: HttpRequest, expected: str) -> None:
    """Refuse a body of another media type: UnsupportedMediaTypeError."""
    if not is_type(http.headers.get("content-type", ""), expected):
        raise UnsupportedMediaTypeError(f"{expected} in UTF-8")


def accepted_type(accept: str) -> str:
    """Choose the media type of a GraphQL answer by `Accept`; NotAcceptableError when the client takes neither."""
    accepted = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    for media_type in accepted:
        if media_type in (GRAPHQL_JSON, JSON):
            return media_type
    if not accept.strip() or {"*/*", "application/*"} & set(accepted):
        return JSON
    raise NotAcceptableError(f"{GRAPHQL_JSON} or {JSON}")
