"""Requests: what the authorization server is asked, read from HTTP with bounds on everything."""

import base64
import binascii
from collections import defaultdict
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from authlib.oauth2.rfc6749 import OAuth2Payload, OAuth2Request
from starlette.requests import Request as HttpRequest

from app.errors import RequestError

LARGEST_BODY = 64 * 1024
MOST_FIELDS = 50
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

Fields = dict[str, str]


class BadBodyError(RequestError):
    """A body that cannot be read; `status` is its HTTP status."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class Answer(NamedTuple):
    """What is answered: a JSON object, or an empty text with a redirect."""

    status: int
    body: dict[str, Any] | str
    headers: list[tuple[str, str]]


class Request(OAuth2Request):
    """A request as authlib reads it; each parameter is given once, or it was refused before.

    Parameters come from the body at the token endpoint and from the query at the authorization endpoint, never both.
    """

    def __init__(self, method: str, parameters: Fields, authorization: str | None = None) -> None:
        # Whether the transport is safe is for the proxy to see to that ends TLS; the program hears plain HTTP.
        super().__init__(method, "https://cadastre/oauth", headers=_credentials(authorization))
        self._parameters = parameters
        self.payload = _Payload(parameters)

    @property
    def args(self) -> Fields:
        """Give the parameters."""
        return self._parameters

    @property
    def form(self) -> Fields:
        """Give the parameters."""
        return self._parameters


class _Payload(OAuth2Payload):
    def __init__(self, parameters: Fields) -> None:
        self._parameters = parameters

    @property
    def data(self) -> Fields:
        return self._parameters

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {name: [value] for name, value in self._parameters.items()})


async def form_of(http: HttpRequest) -> Fields:
    """Read a form; BadBodyError 400, 413 or 415."""
    _require_type(http, FORM)
    return fields_of((await _limited_body(http)).decode("latin-1"))


async def object_of(http: HttpRequest) -> dict[str, Any]:
    """Read a JSON object; BadBodyError 400, 413 or 415."""
    _require_type(http, JSON)
    try:
        content = orjson.loads(await _limited_body(http))
    except orjson.JSONDecodeError as error:
        raise BadBodyError(HTTPStatus.BAD_REQUEST, "the body is not JSON") from error
    if not isinstance(content, dict):
        raise BadBodyError(HTTPStatus.BAD_REQUEST, "the body must be a JSON object")
    return content


def fields_of(text: str) -> Fields:
    """Read urlencoded fields, each given once; BadBodyError 400."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:  # too many, or not UTF-8
        raise BadBodyError(HTTPStatus.BAD_REQUEST, "the parameters cannot be read") from error
    fields = dict(pairs)
    if len(fields) < len(pairs) or "\0" in text or "%00" in text:
        raise BadBodyError(HTTPStatus.BAD_REQUEST, "a parameter is given twice, or contains NUL")
    return fields


def _require_type(http: HttpRequest, media_type: str) -> None:
    if http.headers.get("content-type", "").partition(";")[0].strip().lower() != media_type:
        raise BadBodyError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"the body must be {media_type}")


async def _limited_body(http: HttpRequest) -> bytes:
    body = b""
    async for chunk in http.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise BadBodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {LARGEST_BODY} bytes")
    return body


def _credentials(authorization: str | None) -> Mapping[str, str]:
    """Pass a Basic header on that can be read; authlib fails on others."""
    scheme, _, encoded = (authorization or "").partition(" ")
    try:
        base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return {}
    return {"Authorization": f"Basic {encoded.strip()}"} if scheme.lower() == "basic" and encoded.strip() else {}
