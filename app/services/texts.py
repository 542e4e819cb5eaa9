"""Texts: the rules for the names and the other texts of records."""

import re
from unicodedata import is_normalized, normalize

from app.error_codes import Message
from app.errors import InvalidInputError

LONGEST_TEXT = 200
"""The most characters of a name or an external id."""

BLANK = Message("the text must not be blank", "内容不能为空")
TOO_LONG = Message(
    "the text has {length} characters; at most {allowed} are allowed", "文本有 {length} 个字符，最多 {allowed} 个"
)

REFUSED = Message("the text contains {character}, which is not allowed", "文本含有不允许的字符 {character}")

NEVER_BLANK = {
    "name",
    "source",
    "external_id",
    "content",
    "account",
    "staff_number",
    "phone",
    "app_id",
    "device_id",
    "os",
}

LONGEST = {"content": 100_000, "device_token": 4_096}
"""The most characters of the fields that hold more than a line; these may have line breaks and tabs."""

BLANKS = "\u00ad\u115f\u1160\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\u3164\ufeff\uffa0"
"""Characters without width, or empty ones, that `str.strip` and `str.isspace` do not know."""

_BLANK = re.compile(rf"[\s{BLANKS}]*")

LINE_BREAKS = re.compile(r"[\n\r\t]")

_KINDS = {
    "a control character": "\0-\x1f\x7f-\x9f\u2028\u2029",
    "a character that changes the direction of text": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "the mark of a lost character": "\ufffd",
    "no character": "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff",
}
"""Characters that a text must not contain: they are invisible, disguise a text as another one, or cannot be stored."""

_ANY = re.compile(f"[{''.join(_KINDS.values())}]")


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing."""
    return _BLANK.fullmatch(text) is not None


def composed(text: str) -> str:
    """Return a text in Unicode's composed form (NFC), in which equal texts have equal characters."""
    return text if is_normalized("NFC", text) else normalize("NFC", text)


def refused_character(text: str) -> str | None:
    """Return the first character of a text that is not allowed; None when all are."""
    match = _ANY.search(text)
    return match[0] if match else None


def describe(character: str) -> str:
    """Say what a refused character is, such as "a control character (U+0007)"."""
    kind = next(kind for kind, characters in _KINDS.items() if re.match(f"[{characters}]", character))
    return f"{kind} ({code_point(character)})"


def code_point(character: str) -> str:
    """Return the number of a character in Unicode, such as U+0007."""
    return f"U+{ord(character):04X}"


def check_text(column: str, text: str) -> None:
    """Refuse a text that is too long or has an invisible character, and a blank name or key: InvalidInputError."""
    if column in NEVER_BLANK and is_blank(text):
        raise InvalidInputError(BLANK)
    longest = LONGEST.get(column, LONGEST_TEXT)
    if len(text) > longest:
        raise InvalidInputError(TOO_LONG, length=len(text), allowed=longest)
    character = refused_character(LINE_BREAKS.sub("", text) if column in LONGEST else text)
    if character:
        raise InvalidInputError(REFUSED, character=code_point(character))
