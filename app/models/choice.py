"""Choice: an enumeration from the documents, with the legacy code and the Chinese and English terms of each value."""

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A documented enumeration; a member is written `NAME = auto(), code, "中文", "English"`.

    The database and GraphQL have the name of a member; the legacy API has its `code`.
    """

    code: int | str
    chinese: str
    english: str

    def __new__(cls, value: str, code: int | str, chinese: str, english: str) -> Self:
        """Create a member; `value` comes from `auto()`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.code, member.chinese, member.english = code, chinese, english
        return member

    @property
    def description(self) -> str:
        """Describe the member: its terms and its legacy code."""
        return f"{self.chinese} {self.english} (legacy code {self.code})"

    @staticmethod
    def _generate_next_value_(name: str, start: int, count: int, last_values: list[str]) -> str:
        """Return the name."""
        del start, count, last_values
        return name
