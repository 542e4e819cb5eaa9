"""Url: one documented URL of the legacy API, and the stored operation that answers it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

Given = Mapping[str, Any]
"""What a client sends: the members of the URL, of the query and of the body in one."""

LIST = "[]"
"""The member that a body is which is a list (4.14)."""

BODY = "{}"
"""The member that is the body itself, where it is an object."""

Variables = dict[str, Any]
Data = Mapping[str, Any]
Members = Mapping[str, object]
"""Members of the envelope, after `code`, `message` and `version`."""

PREFIX = "/v1/iot/main/"


class State(Enum):
    """What the documents say about a URL; the last two answer with a header `Deprecation`."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"
    UNAVAILABLE = "unavailable"


def always(_: Given) -> bool:
    """Accept every request."""
    return True


@dataclass(frozen=True)
class Url:
    """A row of the table of URLs (app/rest/urls.py).

    `section` is that of document 003. `path` lies below PREFIX unless it begins with a slash. `operation` is the name
    of a stored operation, None where the answer is constant. `variables` reads its variables from what is given;
    RequestError for a wrong type, InvalidInputError for a missing value. `answer` makes the members of the envelope
    from the data and the variables. `when` decides between rows of one URL: the first that accepts what is given
    answers.
    """

    section: str
    path: str
    operation: str | None
    variables: Callable[[Given], Variables]
    answer: Callable[[Data, Variables], Members]
    when: Callable[[Given], bool] = always
    state: State = State.ACTIVE
    method: str = "POST"
    takes_list: bool = False
    needs: str | None = None
    """The capability that the caller must hold somewhere; None where the operation says who may ask."""

    for_super: bool | None = None
    """Whether the row answers the super administrator alone, or all others alone; None for every caller."""

    works_in: Callable[[Given], Variables] | None = None
    """Reads `org`, the business organisation that the caller works in, as the header cadastre-org names it."""

    asks: Mapping[str, str] = field(default_factory=dict)
    """Errors that ask for a confirmation, with their documented `operateCode`: they are answers with HTTP 200."""

    more: Members = field(default_factory=dict)
    """Members of the envelope that the documented answer has besides, in its order."""

    def accepts(self, given: Given, *, is_super: bool) -> bool:
        """Return whether the row answers a request."""
        return self.for_super in (None, is_super) and self.when(given)

    @property
    def full_path(self) -> str:
        """The path with its prefix."""
        return self.path if self.path.startswith("/") else PREFIX + self.path


@dataclass(frozen=True)
class OrderUrl(Url):
    """A row of the table of document 000 (app/rest/order_urls.py)."""

    gives_token: bool = False
    """Whether it asks who the person is and answers a token; all others ask for that token."""

    for_staff: bool = False
    """Whether owners are refused."""


def by_literals(path: str) -> list[bool]:
    """Order paths so that a literal segment comes before a parameter at the same place."""
    return [segment.startswith("{") for segment in path.split("/")]


def names_in(path: str) -> list[str]:
    """Return the names of the parameters in a path."""
    return [segment[1:-1] for segment in path.split("/") if segment.startswith("{")]


def also_bare(*urls: Url) -> Iterator[Url]:
    """Give rows of URLs that the documents also print without PREFIX, each followed by the one without it."""
    for url in urls:
        yield from (url, replace(url, path=f"/{url.path}"))
