"""TokenInfo: the header in which legacy clients describe the caller (document 003, part II). It is never trusted.

The access token alone decides who calls. A header that names another member of staff, another organisation or another
rank is refused; a missing one is accepted.
"""

from typing import Any
from urllib.parse import unquote_plus

import orjson

from app.error_codes import Message
from app.errors import RequestError
from app.rest.login_shapes import Shape

NOT_JSON = Message("the header tokenInfo is not URL-encoded JSON", "请求头tokenInfo不是URL编码的JSON")
NOT_AN_OBJECT = Message("the header tokenInfo is not a JSON object", "请求头tokenInfo不是JSON对象")

COMPARED = ("id", "orgId", "org_code", "user_name", "is_supper")


def is_honest(header: str | None, truth: Shape) -> bool:
    """Return whether a header agrees with the token info of the caller; RequestError when it cannot be read.

    Java's encoder writes a blank as '+', JavaScript's as '%20'. Names may change, so they are not compared.
    """
    if not header:
        return True
    given = _read(header)
    return all(str(given[name]) == str(truth[name]) for name in COMPARED if given.get(name) is not None)


def _read(header: str) -> dict[str, Any]:
    try:
        given = orjson.loads(unquote_plus(header, errors="strict"))
    except ValueError as error:
        raise RequestError(NOT_JSON) from error
    if not isinstance(given, dict):
        raise RequestError(NOT_AN_OBJECT)
    return given
