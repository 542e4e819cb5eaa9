"""Parameters: how the members of a legacy request become the variables of an operation.

A member that is null, blank or left out is not sent on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.status import Status
from app.rest.kinds import DIRECTION, ID, PAGE_NUMBER, WHOLE, Code, Codes, Kind
from app.rest.url import Given, Variables

MISSING = Message("{name} is missing", "{name}不能为空")

LARGEST_PAGE = 50
"""Rows of a page at most (document 003, part I)."""


@dataclass(frozen=True)
class Parameter:
    """A member of the request; `into` is where its value goes in the variables, with dots between the levels."""

    name: str
    kind: Kind | Code | Codes
    into: str
    is_needed: bool = False
    default: object = None
    is_filled: bool = False
    """Whether an empty list counts as missing."""

    def put(self, given: Given, variables: Variables) -> None:
        """Put the value into the variables; InvalidInputError when it is needed and missing."""
        value = member(given, self.name)
        if self.is_filled and value == []:
            value = None
        if value is not None:
            value = self.kind.value(self.name, value)
        elif self.is_needed:
            raise InvalidInputError(MISSING, name=self.name)
        value = self.default if value is None else value
        if value is not None:
            set_in(variables, self.into, copied(value))  # codes and defaults stand for all requests


def needed(name: str, kind: Kind | Code | Codes, into: str) -> Parameter:
    """Declare a member that must be sent."""
    return Parameter(name, kind, into, is_needed=True)


def filled(name: str, kind: Kind, into: str) -> Parameter:
    """Declare a list that must be sent and must not be empty."""
    return Parameter(name, kind, into, is_needed=True, is_filled=True)


def maybe(name: str, kind: Kind | Code | Codes, into: str, default: object = None) -> Parameter:
    """Declare a member that may be sent."""
    return Parameter(name, kind, into, default=default)


def sends(*parameters: Parameter, **constants: object) -> Callable[[Given], Variables]:
    """Make the function that reads some members into variables, besides constant ones."""

    def variables(given: Given) -> Variables:
        sent: Variables = copied(constants)  # parameters are set within them
        for parameter in parameters:
            parameter.put(given, sent)
        return sent

    return variables


def by(name: str) -> Callable[[Given], Variables]:
    """Make the function that reads the id of the record that a request is about from a member."""
    return sends(needed(name, ID, "id"))


BY_ID = by("id")
NOTHING = sends()
ORDER = maybe("orderby", DIRECTION, "direction")
STATUS = sends(needed("id", ID, "input.id"), needed("status", Code(Status), "input.status"))
PAGE = sends(maybe("pageNo", PAGE_NUMBER, "number", default=1), maybe("pageSize", WHOLE, "rows", default=0))


def paged(read: Callable[[Given], Variables], size: int = 20) -> Callable[[Given], Variables]:
    """Add the page that `pageNo` and `pageSize` ask for, by default the first one of `size` rows."""

    def variables(given: Given) -> Variables:
        asked = PAGE(given)
        rows = min(asked["rows"], LARGEST_PAGE) if asked["rows"] > 0 else size
        return {**read(given), "first": rows, "offset": (max(asked["number"], 1) - 1) * rows}

    return variables


def paged_if_asked(read: Callable[[Given], Variables]) -> Callable[[Given], Variables]:
    """Add the page of a list that is whole unless `pageNo` or `pageSize` is sent."""
    with_page = paged(read)

    def variables(given: Given) -> Variables:
        is_asked = any(member(given, name) is not None for name in ("pageNo", "pageSize"))
        return with_page(given) if is_asked else read(given)

    return variables


def member(given: Given, name: str) -> Any:
    """Return a member, found by its name with dots between the levels; None when it is missing, null or blank."""
    value: Any = given
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return None if isinstance(value, str) and not value.strip() else value


def copied(value: Any) -> Any:
    """Copy objects and lists, in any depth, but not what they hold."""
    if isinstance(value, dict):
        return {name: copied(each) for name, each in value.items()}
    return [copied(each) for each in value] if isinstance(value, list) else value


def set_in(variables: Variables, path: str, value: object) -> None:
    """Set a value at a path with dots between the levels."""
    *levels, last = path.split(".")
    for level in levels:
        variables = variables.setdefault(level, {})
    variables[last] = value
