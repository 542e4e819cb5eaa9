"""Kinds: how the values of members of a legacy request are read, and which values of the register they become.

Numbers may be sent as texts, and texts as numbers, where the meaning is clear (document 003 does both).
"""

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.error_codes import Message
from app.errors import InvalidInputError, RequestError
from app.loaders.values import read_id, read_text
from app.models.choice import Choice
from app.services.identity import normalised

UNKNOWN_CODE = Message("{name}: the documents do not have the code {value}", "{name}：没有编码{value}")

LAST_PAGE = 40_000_000
"""The number of a page at most: GraphQL counts the rows before a page in 32 bits."""

CHINA = ZoneInfo("Asia/Shanghai")

WHOLE_TEXT = re.compile(r"-?[0-9]+")
NUMBER_TEXT = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
"""How numbers are written as texts; Python reads more, such as `1_9` and `１９`."""


class Probe(Mapping[str, Any]):
    """A request that is only there to be read: it notes the kind of each member (app/rest/openapi)."""

    @abstractmethod
    def note(self, kind: "Kind | Code | Codes") -> Any:
        """Note the kind by which this member is read, and return a value of it."""


class WrongTypeError(RequestError):
    """A member of the body has another JSON type than the documents say."""


@dataclass(frozen=True)
class Kind:
    """A kind of value: how one is read (ValueError for another type), and what it is called in both languages."""

    read: Callable[[Any], object]
    english: str
    chinese: str

    @property
    def must_be(self) -> Message:
        """The message of a value of another kind."""
        return Message(f"{{name}} must be {self.english}", f"{{name}}应为{self.chinese}")

    def value(self, name: str, given: object) -> object:
        """Read the value of a member; WrongTypeError, or InvalidInputError for a value out of range."""
        try:
            return self.read(given)
        except (ValueError, TypeError, KeyError, ArithmeticError) as error:
            if isinstance(given, Probe):
                return given.note(self)
            raise WrongTypeError(self.must_be, name=name) from error


def _text(given: object) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise TypeError(given)
    return read_text(given).strip()


def _whole(given: object) -> int:
    return int(_written(given, WHOLE_TEXT))


def _written(given: object, form: re.Pattern[str]) -> str:
    """Return how a number is written; ValueError when it is none, or is written in another form."""
    text = str(given).strip()
    if isinstance(given, bool) or not isinstance(given, int | float | str) or not form.fullmatch(text):
        raise ValueError(given)
    return text


def _page_number(given: object) -> int:
    number = _whole(given)
    if number > LAST_PAGE:
        raise ValueError(given)
    return number


def _id(given: object) -> str:
    return str(read_id(_whole(given)))


def _number(given: object) -> str:
    return _written(given, NUMBER_TEXT)


def _float(given: object) -> float:
    return float(_number(given))


def _flag(given: object) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[str(given).lower()]


def _object(given: object) -> object:
    if not isinstance(given, dict):
        raise TypeError(given)
    return given


def _listed(read: Callable[[Any], object]) -> Callable[[Any], object]:
    def listed(given: object) -> object:
        if not isinstance(given, list):
            raise TypeError(given)
        return [read(each) for each in given]

    return listed


def _id_texts(given: object) -> object:
    return _listed(_id)(given.split(",") if isinstance(given, str) else given)


def _day(given: object) -> str:
    """Read a date: milliseconds, as answers have it, or a text that begins with year, month and day."""
    if WHOLE_TEXT.fullmatch(text := _text(given)):
        return datetime.fromtimestamp(int(text) / 1000, CHINA).date().isoformat()
    return date.fromisoformat(text[:10]).isoformat()


def _direction(given: object) -> str:
    return {"ASC": "ASC", "DESC": "DESC"}[_text(given).upper()]


def _pair(given: object) -> tuple[str, str]:
    one, other = _text(given).split("-")
    return _id(one), _id(other)


TEXT = Kind(_text, "a string", "字符串")
WHOLE = Kind(_whole, "a whole number", "整数")
PAGE_NUMBER = Kind(_page_number, f"a whole number up to {LAST_PAGE}", f"不超过{LAST_PAGE}的整数")
ID = Kind(_id, "an id", "编号")
PARENT = Kind(lambda given: None if str(given) == "0" else _id(given), "an id", "编号")
"""Some documented answers have 0 where there is no parent."""

IDS = Kind(_listed(_id), "a list of ids", "编号数组")
ID_TEXTS = Kind(_id_texts, "a list of ids, or ids with commas between them", "编号数组，或以逗号分隔的编号")
"""As the query of a URL has them."""

DAY = Kind(_day, "a date, such as 1993-07-28, or milliseconds", "日期（如1993-07-28）或毫秒数")
NUMBER = Kind(_number, "a number", "数值")
FLOAT = Kind(_float, "a number", "数值")
FLAG = Kind(_flag, "true or false", "布尔值")
DIRECTION = Kind(_direction, "ASC or DESC", "ASC或DESC")
PAIRS = Kind(_listed(_pair), "a list of pairs of ids, such as 120-901", "编号对数组，如120-901")
IDENTITY = Kind(lambda given: normalised(_text(given)), "a string", "字符串")
"""The number of an identity document, compared as it is stored. A JSON number of 18 digits is read exactly."""

TEXTS = Kind(_listed(_text), "a list of strings", "字符串数组")
OBJECT = Kind(_object, "an object", "对象")
OBJECTS = Kind(_listed(_object), "a list of objects", "对象数组")


@dataclass(frozen=True)
class Code:
    """A documented code of an enumeration, which is sent on as the name of the value."""

    choice: type[Choice]
    also: Mapping[str, str] | None = None
    """Further spellings of the codes, with the names of the values."""

    @property
    def names(self) -> Mapping[str, str]:
        """The names of the values by their codes."""
        return {str(each.code): each.name for each in self.choice} | dict(self.also or {})

    def value(self, name: str, given: object) -> object:
        """Read a code; WrongTypeError for another JSON type, InvalidInputError for an unknown code."""
        if isinstance(given, Probe):
            return given.note(self)
        text = str(TEXT.value(name, given))
        if text not in self.names:
            raise InvalidInputError(UNKNOWN_CODE, name=name, value=text)
        return self.names[text]


@dataclass(frozen=True)
class Codes:
    """Documented codes that are no enumeration of the register, each with what it is sent on as."""

    values: Mapping[str, object]

    def value(self, name: str, given: object) -> object:
        """Read a code; WrongTypeError for another JSON type, InvalidInputError for an unknown code."""
        if isinstance(given, Probe):
            return given.note(self)
        text = str(TEXT.value(name, given)).upper()
        if text not in self.values:
            raise InvalidInputError(UNKNOWN_CODE, name=name, value=text)
        return self.values[text]
