"""Examples: what the documents print about each URL: its title, its members, requests and an answer.

The dates of the answers are in milliseconds, as they are answered everywhere; the lists are cut to one record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from starlette.routing import compile_path

from app.rest.url import LIST, Given, Url

FOLDER = Path(__file__).parent / "examples"


@dataclass(frozen=True)
class Example:
    """An operation as the documents print it. `members` are their words about the members of its requests."""

    section: str
    path: str
    title: str
    requests: Sequence[Mapping[str, Any]]
    members: Mapping[str, str]
    answer: Mapping[str, Any] | None = None


@cache
def examples() -> Sequence[Example]:
    """Read all examples in the order of the documents."""
    return [Example(**each) for file in sorted(FOLDER.glob("*.json")) for each in orjson.loads(file.read_bytes())]


def example_of(url: Url, rows: Sequence[Url]) -> Example | None:
    """Return the example of a row among the rows of its URL; None when the documents print none.

    The same operation at another URL has the example of the first one.
    """
    same = [each for each in examples() if each.section == url.section]
    own = [each for each in same if each.path == url.full_path] or same
    answered = [each for each in own if any(row_of(rows, given_of(each, ask)) is url for ask in each.requests)]
    return next(iter(answered or own), None)


def row_of(rows: Sequence[Url], given: Given) -> Url | None:
    """Return the row that answers a request."""
    return next((row for row in rows if row.when(given)), None)


def given_of(example: Example, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a printed request."""
    address = urlsplit(request.get("path") or example.path)
    body = request.get("body") or {}
    members = {LIST: body} if isinstance(body, list) else body
    return {**dict(parse_qsl(address.query)), **members, **members_of_path(example.path, address.path)}


def members_of_path(template: str, path: str) -> dict[str, str]:
    """Return the values of a path's parameters; none where the path is not of the template."""
    matched = compile_path(template)[0].match(path)
    return {} if matched is None else matched.groupdict()
