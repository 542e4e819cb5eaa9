"""Names: the rules for the name of a record."""

from app.error_codes import Message
from app.errors import InvalidInputError

LONGEST_TEXT = 200
"""The most characters of a name or an external id."""

BLANK = Message("the name must not be blank", "名称不能为空")
TOO_LONG = Message(
    "the name has {length} characters; at most {allowed} are allowed", "名称有 {length} 个字符，最多 {allowed} 个"
)


def check_name(name: str) -> None:
    """Refuse a name that is blank or too long: InvalidInputError."""
    if not name or name.isspace():
        raise InvalidInputError(BLANK, path=("name",))
    if len(name) > LONGEST_TEXT:
        raise InvalidInputError(TOO_LONG, path=("name",), length=len(name), allowed=LONGEST_TEXT)
