"""Golden files: for each row of the table of URLs a request, the number of its statements and the whole answer.

A family is what has the same number before the dot of its section. The reads of a family are asked first, then its
writes, each in the order of the table, in one demo world. The ids that a run gives and its time are replaced by words.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from graphql import OperationDefinitionNode, OperationType, parse

from app.rest.examples import example_of, given_of
from app.rest.operations import OPERATIONS
from app.rest.url import PREFIX, Given, Url
from app.rest.urls import URLS
from tests.clients.api import Api
from tests.clients.legacy import Legacy

FOLDER = Path(__file__).parent / "golden"
PRINTS = os.environ.get("GOLDEN") == "print"
"""Whether the files are printed anew instead of compared."""

EARLIEST_NOW = 1_767_225_600_000
"""The start of 2026 in milliseconds: the times of the documents are earlier, those of a run and of its world later."""

LARGEST_ID = 10**9


@dataclass(frozen=True)
class Golden:
    """A golden file of a row of the table."""

    url: Url

    @property
    def file(self) -> Path:
        """The file: section and path, and the operation where several rows have both."""
        twins = [each for each in URLS if (each.section, each.path) == (self.url.section, self.url.path)]
        slug = self.url.path.replace("/", "-").replace("{", "").replace("}", "")
        return FOLDER / f"{self.url.section}-{slug}{f'-{self.url.operation}' if len(twins) > 1 else ''}.json"

    @property
    def is_read(self) -> bool:
        """Whether the operation is a query, or the answer constant."""
        if self.url.operation is None:
            return True
        first = parse(OPERATIONS[self.url.operation]).definitions[0]
        return isinstance(first, OperationDefinitionNode) and first.operation is OperationType.QUERY

    @property
    def account(self) -> str:
        """Who asks: the super administrator, where the row answers them."""
        return "yanggc4" if self.url.for_super is False else "supperadm"

    @property
    def family(self) -> str:
        """The number of the section before the dot."""
        return self.url.section.partition(".")[0]

    def content(self) -> dict[str, Any]:
        """Read the file."""
        found: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return found

    def request(self) -> dict[str, Any]:
        """Give the request of the file, or the first one that the documents print where there is no file yet."""
        return self.content()["request"] if self.file.exists() else self._printed()

    def _printed(self) -> dict[str, Any]:
        rows = [each for each in URLS if each.full_path == self.url.full_path]
        example = example_of(self.url, rows)
        if example is None or not example.requests:
            return {"path": self.url.path, "body": {}}
        given = given_of(example, example.requests[0])
        path = self.url.path.format(**{name: given.get(name, "") for name in names_in(self.url.path)})
        return {"path": path, "body": example.requests[0].get("body", {})}


def names_in(path: str) -> list[str]:
    """Give the parameters of a path."""
    return [segment[1:-1] for segment in path.split("/") if segment.startswith("{")]


@cache
def goldens() -> list[Golden]:
    """Give the golden files of all rows in their order of asking."""
    return sorted(map(Golden, URLS), key=lambda golden: not golden.is_read)


def families() -> list[str]:
    """Name the families in the order of the documents."""
    return list(dict.fromkeys(Golden(url).family for url in URLS))


def asked(golden: Golden, api: Api, legacy: Legacy, url: str) -> dict[str, Any]:
    """Send the request of a golden file and give what the file should be."""
    request, fresh = golden.request(), Fresh(LARGEST_ID if golden.is_read else newest_id(url))
    api.forget()
    answer = legacy.send(request["path"], request["body"], golden.url.method)
    return {
        "request": request,
        "statements": len([sql for sql in api.statements if not finds_caller(sql)]),
        "answer": fresh.replaced(answer.json()),
    }


def finds_caller(sql: str) -> bool:
    """Return whether a statement finds the caller or the organisation to work in, which is asked for at any time.

    A change of rights makes the program forget callers, once more when the database announces it.
    """
    return "as admin_scopes" in sql or sql.lstrip().startswith("select o.path,")


def newest_id(url: str) -> int:
    """Give the last number of the sequence of all ids."""
    with psycopg.connect(url) as connection:
        found = connection.execute("select last_value from register_id").fetchone()
    assert found is not None
    return int(found[0])


class Fresh:
    """Replaces what a run makes anew by words that are the same in each run."""

    def __init__(self, newest: int) -> None:
        self._newest = newest
        self._names: dict[int, str] = {}

    def replaced(self, value: Any) -> Any:
        """Replace the values in a value."""
        if isinstance(value, dict):
            return {name: self.replaced(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.replaced(each) for each in value]
        return self._word(value) if isinstance(value, int) and not isinstance(value, bool) else value

    def _word(self, value: int) -> int | str:
        if value >= EARLIEST_NOW:
            return "now"
        if self._newest < value < LARGEST_ID:
            return self._names.setdefault(value, f"new {len(self._names) + 1}")
        return value


def given_to(golden: Golden, request: dict[str, Any]) -> Given:
    """Give what the face reads from a request: the members of its body and of its path."""
    path = request["path"] if request["path"].startswith("/") else PREFIX + request["path"]
    template = golden.url.full_path.split("/")
    values = zip(template, path.split("/"), strict=True)
    members = {name[1:-1]: value for name, value in values if name.startswith("{")}
    body = request["body"] or {}
    return {**({"[]": body} if isinstance(body, list) else body), **members}


def missing() -> Iterator[str]:
    """Say which rows have no golden file, and which files no row."""
    rows = {golden.file: golden.url for golden in goldens()}
    yield from (f"{row.section} {row.path} has no golden file" for file, row in rows.items() if not file.exists())
    yield from (f"{file.name} is of no URL" for file in sorted(FOLDER.glob("*.json")) if file not in rows)
