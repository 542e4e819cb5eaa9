"""TokenInfo: the header in which legacy clients describe the caller (document 003, part II). It is never trusted.

The access token alone decides who calls. A header that names another member of staff, another organisation or another
rank is refused; a missing one is accepted.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_plus

import orjson

from app.access.caller import Caller
from app.error_codes import Message
from app.errors import RequestError, UnauthenticatedError

NOT_JSON = Message("the header tokenInfo is not URL-encoded JSON", "请求头tokenInfo不是URL编码的JSON")
NOT_AN_OBJECT = Message("the header tokenInfo is not a JSON object", "请求头tokenInfo不是JSON对象")


class TokenInfoError(RequestError):
    """The header tokenInfo does not describe the owner of the access token."""

    code = "TOKEN_INFO_MISMATCH"


TRUTHS: Mapping[str, Callable[[Caller], object]] = {
    "id": lambda caller: caller.id,
    "orgId": lambda caller: caller.org_id,
    "org_code": lambda caller: caller.org_code,
    "user_name": lambda caller: caller.account,
    "is_supper": lambda caller: 2 if caller.is_super else 1,
}
"""The members of the header that are compared. Names may change, so they are not compared."""


def check_token_info(headers: Mapping[str, str], caller: Caller) -> None:
    """Refuse a header that describes another caller, and a client that calls for itself.

    TokenInfoError, UnauthenticatedError; RequestError when the header cannot be read.
    """
    if caller.is_client:
        raise UnauthenticatedError
    given = _read(headers.get("tokeninfo") or "{}")
    sent = {name: given[name] for name in TRUTHS if given.get(name) is not None}
    if any(str(value) != str(TRUTHS[name](caller)) for name, value in sent.items()):
        raise TokenInfoError


def _read(header: str) -> dict[str, Any]:
    """Read the header; Java's encoder writes a blank as '+', JavaScript's as '%20'."""
    try:
        given = orjson.loads(unquote_plus(header, errors="strict"))
    except ValueError as error:
        raise RequestError(NOT_JSON) from error
    if not isinstance(given, dict):
        raise RequestError(NOT_AN_OBJECT)
    return given
