"""The reason of a change, which a client sends with a mutation: header `X-Change-Reason`.

A header carries ASCII safely, so other letters are sent as UTF-8 with percent signs (RFC 3986, 2.1), as
`encodeURIComponent` writes them. UTF-8 without percent signs is read as well.
"""

import unicodedata
from urllib.parse import unquote_to_bytes

from starlette.requests import HTTPConnection

from app.db.scope import Origin
from app.error_codes import Message
from app.errors import RequestError

CHANGE_REASON = b"x-change-reason"

LONGEST_REASON = 500

NOT_TEXT = frozenset({"Cc", "Zl", "Zp"})
"""Categories of characters that end a line or control a terminal (Unicode, general categories)."""

NOT_UTF_8 = Message(
    "the header X-Change-Reason is not UTF-8; write it with percent signs, as encodeURIComponent does",
    "请求头 X-Change-Reason 不是有效的 UTF-8，请用 encodeURIComponent 编码",
)
CONTROL = Message(
    "the header X-Change-Reason contains a control character; write the reason in one line",
    "请求头 X-Change-Reason 含有控制字符，请写成一行",
)
TOO_LONG = Message(
    "the header X-Change-Reason has {number} characters; at most {allowed} are allowed",
    "请求头 X-Change-Reason 有 {number} 个字符，最多 {allowed} 个",
)


def origin_of(http: HTTPConnection) -> Origin:
    """Return what the record of changes says about a request; RequestError for a reason that cannot be read."""
    state = http.scope["state"]
    return Origin(state["request_id"], reason_of(http), state["traceparent"])


def reason_of(http: HTTPConnection) -> str:
    """Return the reason that a request gives for its changes, empty for none; RequestError when it is not valid."""
    sent = [value for name, value in http.scope["headers"] if name == CHANGE_REASON]
    return read_reason(b", ".join(sent)) if sent else ""


def read_reason(sent: bytes) -> str:
    """Read the value of the header."""
    try:
        reason = unquote_to_bytes(sent).decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise RequestError(NOT_UTF_8) from error
    if any(unicodedata.category(character) in NOT_TEXT for character in reason):
        raise RequestError(CONTROL)
    if len(reason) > LONGEST_REASON:
        raise RequestError(TOO_LONG, number=len(reason), allowed=LONGEST_REASON)
    return reason
