"""Choice: an enumeration of the documents, with its legacy code and its Chinese and English terms."""

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A documented enumeration; a member is written `NAME = auto(), code, "中文", "English"`.

    The value of a member is its name: what the database stores and what GraphQL shows. `code` is what the legacy API
    sends and answers in its place.
    """

    code: int | str
    chinese: str
    english: str

    def __new__(cls, value: str, code: int | str, chinese: str, english: str) -> Self:
        """Make a member; `value` comes from `auto()`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.code, member.chinese, member.english = code, chinese, english
        return member

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        """Answer the name itself."""
        del start, count, last_values
        return name

    @classmethod
    def of_code(cls, code: int | str) -> Self:
        """Find the member that has the legacy code; KeyError when the documents know none."""
        for member in cls:
            if member.code == code:
                return member
        raise KeyError(code)
