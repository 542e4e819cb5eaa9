"""Parameters: how the members of a legacy request become the variables of an operation.

A member that is null, blank or left out is not sent on. Numbers may be sent as texts, and texts as numbers, where the
meaning is clear (document 003 does both).
"""

import re
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.error_codes import Message
from app.errors import InvalidInputError, RequestError
from app.loaders.values import read_id, read_text
from app.models.choice import Choice
from app.rest.url import Given, Variables

MISSING = Message("{name} is missing", "{name}不能为空")
UNKNOWN_CODE = Message("{name}: the documents do not have the code {value}", "{name}：没有编码{value}")


LARGEST_PAGE = 50
"""Rows of a page at most (document 003, part I)."""

LAST_PAGE = 40_000_000
"""The number of a page at most: GraphQL counts the rows before a page in 32 bits."""

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
NUMBER = Kind(_number, "a number", "数值")
FLOAT = Kind(_float, "a number", "数值")
FLAG = Kind(_flag, "true or false", "布尔值")
DIRECTION = Kind(_direction, "ASC or DESC", "ASC或DESC")
PAIRS = Kind(_listed(_pair), "a list of pairs of ids, such as 120-901", "编号对数组，如120-901")
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


@dataclass(frozen=True)
class Parameter:
    """A member of the request; `into` is where its value goes in the variables, with dots between the levels."""

    name: str
    kind: Kind | Code | Codes
    into: str
    is_needed: bool = False
    default: object = None

    def put(self, given: Given, variables: Variables) -> None:
        """Put the value into the variables; InvalidInputError when it is needed and missing."""
        value = member(given, self.name)
        if value is not None:
            value = self.kind.value(self.name, value)
        elif self.is_needed:
            raise InvalidInputError(MISSING, name=self.name)
        value = self.default if value is None else value
        if value is not None:
            set_in(variables, self.into, value)


def needed(name: str, kind: Kind | Code | Codes, into: str) -> Parameter:
    """Declare a member that must be sent."""
    return Parameter(name, kind, into, is_needed=True)


def maybe(name: str, kind: Kind | Code | Codes, into: str, default: object = None) -> Parameter:
    """Declare a member that may be sent."""
    return Parameter(name, kind, into, default=default)


def sends(*parameters: Parameter, **constants: object) -> Callable[[Given], Variables]:
    """Make the function that reads some members into variables, besides constant ones."""

    def variables(given: Given) -> Variables:
        sent: Variables = dict(constants)
        for parameter in parameters:
            parameter.put(given, sent)
        return sent

    return variables


def by(name: str) -> Callable[[Given], Variables]:
    """Make the function that reads the id of the record that a request is about from a member."""
    return sends(needed(name, ID, "id"))


BY_ID = by("id")
NOTHING = sends()
PAGE = sends(maybe("pageNo", PAGE_NUMBER, "number", default=1), maybe("pageSize", WHOLE, "rows", default=0))


def paged(read: Callable[[Given], Variables], size: int = 20) -> Callable[[Given], Variables]:
    """Add the page that `pageNo` and `pageSize` ask for, by default the first one of `size` rows."""

    def variables(given: Given) -> Variables:
        asked = PAGE(given)
        rows = min(asked["rows"], LARGEST_PAGE) if asked["rows"] > 0 else size
        return {**read(given), "first": rows, "offset": (max(asked["number"], 1) - 1) * rows}

    return variables


def member(given: Given, name: str) -> Any:
    """Return a member, found by its name with dots between the levels; None when it is missing, null or blank."""
    value: Any = given
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return None if isinstance(value, str) and not value.strip() else value


def set_in(variables: Variables, path: str, value: object) -> None:
    """Set a value at a path with dots between the levels."""
    *levels, last = path.split(".")
    for level in levels:
        variables = variables.setdefault(level, {})
    variables[last] = value
