"""Media types: the one that a body declares, and those that a client accepts for the answer."""

import re
from collections.abc import Mapping
from email.message import Message
from functools import lru_cache

from starlette.requests import Request as HttpRequest

from app.errors import NotAcceptableError, UnsupportedMediaTypeError

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EVENT_STREAM = "text/event-stream"
FORM = "application/x-www-form-urlencoded"

OFFERED = (JSON, GRAPHQL_JSON)
"""The media types of a GraphQL answer; clients that accept both alike get the first."""

OFFERED_LISTS = (*OFFERED, CSV, XLSX)
"""The media types of a GraphQL answer that is one list."""

OFFERED_STREAMS = (*OFFERED_LISTS, EVENT_STREAM)
"""The media types of the answers at the URL of GraphQL."""

WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


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


def accept_of(http: HttpRequest) -> str:
    """Return the `Accept` of a request: several lines are one list, none is `*/*` (RFC 9110, 5.3 and 12.5.1)."""
    return ", ".join(http.headers.getlist("accept") or ["*/*"])


@lru_cache(256)
def accepted_type(accept: str, offered: tuple[str, ...] = OFFERED) -> str:
    """Choose the media type of a GraphQL answer by `Accept`; NotAcceptableError when the client takes none.

    The larger weight counts, then the type that is named first, then JSON (RFC 9110, 12.5.1).
    """
    ranges = weights_of(accept) or {"*/*": 1.0}
    named = sorted(offered, key=lambda type_: list(ranges).index(type_) if type_ in ranges else len(ranges))
    best = max(named, key=lambda type_: weight_of(type_, ranges))
    if weight_of(best, ranges) == 0:
        raise NotAcceptableError(", ".join(offered))
    return best


def weights_of(accept: str) -> dict[str, float]:
    """Read the media ranges of an `Accept` with their weights; a weight that cannot be read counts as 1."""
    weights: dict[str, float] = {}
    for part in accept.split(","):
        range_, *parameters = (each.strip().lower() for each in part.split(";"))
        weight = next((match[1] for each in parameters if (match := WEIGHT.fullmatch(each))), "1")
        if range_:
            weights[range_] = max(float(weight), weights.get(range_, 0.0))
    return weights


def weight_of(media_type: str, ranges: Mapping[str, float]) -> float:
    """Return the weight of a media type: that of the most specific range that it belongs to, or 0."""
    wildcards = (f"{media_type.partition('/')[0]}/*", "*/*")
    return next((ranges[range_] for range_ in (media_type, *wildcards) if range_ in ranges), 0.0)
