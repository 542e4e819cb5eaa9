"""Lists: the first hundred of all spaces with every filter of the schema, and pages far from the start."""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import BigInteger, Enum, Integer, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import InstrumentedAttribute

from app import models
from app.declarations.filters import operators_of
from app.declarations.types import scalar_of
from app.loaders.filtering import FILTERABLE, answered_operators
from benching import client
from benching.server import Server

LIMIT = 20.0  # milliseconds
RUNS = 5
SLOW = 100  # milliseconds; a slower list is not repeated
PAGES = 100
QUERY = """
query ($filter: SpaceFilter, $order: [SpaceOrder!], $first: Int, $after: String, $last: Int) {
  spaces(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last) {
    nodes { id name type parentId }
    pageInfo { endCursor }
  }
}
"""
ABSENT: dict[type, Any] = {BigInteger: "1", Text: "不存在的", Integer: -1, TIMESTAMP: "1999-01-01T00:00:00Z"}
"""A value that no row has, by the type of the column."""

TRIED: dict[str, Callable[[list[Any]], list[Any]]] = {
    "isNull": lambda _: [True, False],
    "in": lambda values: [values],
    "notIn": lambda values: [values],
    "contains": lambda values: [*values, values[0][-1:]],
    "startsWith": lambda values: [*values, values[0][:1]],
}
"""Values to try an operator with, from those of the column. By default each is tried alone."""


@dataclass(frozen=True)
class Listed:
    """A list and its shortest time in milliseconds; `error` when it was not answered."""

    name: str
    milliseconds: float
    error: str = ""


class Lists:
    """Requests lists from a server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def all(self) -> list[Listed]:
        """Request every list and return them, the slowest first."""
        sample = self._page({"first": 1, "filter": {"type": {"eq": "HOUSE"}}, "last": None})
        id_ = sample["nodes"][0]["id"]
        named = [*self._orders(), *self._filters(self._values(id_))]
        return sorted((self._listed(name, variables) for name, variables in named), key=lambda it: -it.milliseconds)

    def pages(self) -> tuple[float, float]:
        """Walk through all pages; return the median times of the first tenth of the pages and of the last."""
        times: list[float] = []
        after = None
        for _ in range(PAGES):
            started = time.perf_counter()
            after = self._page({"first": 100, "after": after})["pageInfo"]["endCursor"]
            times.append((time.perf_counter() - started) * 1000)
        tenth = PAGES // 10
        return statistics.median(times[:tenth]), statistics.median(times[-tenth:])

    def _orders(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for field, end in itertools.product(("ID", "PATH", "CODE"), ("first", "last")):
            yield f"{end} by {field}", {"order": {"field": field}, end: 100}

    def _filters(self, values: dict[str, list[Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield a filter for each operator and value; those that no index serves are marked."""
        for name, column in FILTERABLE[models.Space].columns.items():
            for operator in operators_named(column):
                for value in TRIED.get(operator, list)(values[name]):
                    filter_ = {name: {operator: value}}
                    shown = orjson.dumps(filter_).decode()
                    shown = f"{shown[:57]}..." if len(shown) > 60 else shown  # noqa: PLR2004
                    mark = "" if operator in answered_operators(column) else " (no index)"
                    yield f"{shown}{mark}", {"filter": filter_, "first": 100}

    def _values(self, id_: str) -> dict[str, list[Any]]:
        """Return the values to filter by: that of a house, if any, and one that no row has; for an enum all members."""
        columns = FILTERABLE[models.Space].columns
        query = f"query ($id: ID!) {{ space(id: $id) {{ {' '.join(columns)} }} }}"
        row = self._ask(query, {"id": id_})["space"]
        return {name: tried_values(column, row[name]) for name, column in columns.items()}

    def _listed(self, name: str, variables: dict[str, Any]) -> Listed:
        times: list[float] = []
        while len(times) < RUNS and (not times or times[-1] < SLOW):
            started = time.perf_counter()
            try:
                self._page(variables)
            except client.BadAnswerError as error:
                return Listed(name, (time.perf_counter() - started) * 1000, str(error)[:200])
            times.append((time.perf_counter() - started) * 1000)
        return Listed(name, min(times))

    def _page(self, variables: dict[str, Any]) -> dict[str, Any]:
        page: dict[str, Any] = self._ask(QUERY, variables)["spaces"]
        return page

    def _ask(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        wanted = orjson.dumps({"query": query, "variables": variables})
        (content,) = client.answers(self._server.port, [client.request(wanted)])
        answer: dict[str, Any] = orjson.loads(content)
        if "errors" in answer:
            raise client.BadAnswerError(answer["errors"][0]["message"])
        return answer["data"]  # type: ignore[no-any-return]


def operators_named(column: InstrumentedAttribute[Any]) -> list[str]:
    """Return the names of a column's operators in the schema."""
    definition = operators_of(scalar_of(column)).__strawberry_definition__
    return [field.graphql_name for field in definition.fields]


def tried_values(column: InstrumentedAttribute[Any], present: Any) -> list[Any]:
    """Return the values to try a filter on a column with."""
    if isinstance(column.type, Enum):
        return [member.value for member in column.type.enum_class or ()]
    absent = next((value for type_, value in ABSENT.items() if isinstance(column.type, type_)), "0.01")
    return [absent] if present is None else [present, absent]
