"""Lists: the first page of every list with every filter and order of the schema, as two callers, without HTTP.

The callers are a super administrator, and an administrator of the organisation that owns all generated records.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import uvloop
from sqlalchemy import BigInteger, Boolean, Date, Double, Enum, Integer, Numeric, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.utils.str_converters import to_camel_case

from app.access.caller import Caller
from app.access.capabilities import CAPABILITIES, EVERYWHERE
from app.access.holdings import is_small_sql
from app.db.pool import Pool
from app.declarations.filters import column_operators
from app.declarations.resolvers import core_schema
from app.execution.execution import Execution
from app.execution.request import Request
from app.graphql.schema import NOUNS, schema
from app.loaders.filtering import FILTERABLE
from app.models import Entity
from app.settings import Settings
from benching.data import Data
from benching.indexes import is_indexed, is_ordered

INDEXED_LIMIT, OTHER_LIMIT = 50.0, 400.0  # milliseconds
RUNS = 3
PAGES = 100
ORDER = "order by "
ABSENT: dict[type, Any] = {
    BigInteger: "1", Text: "不存在的", Integer: -1, TIMESTAMP: "1999-01-01T00:00:00Z", Date: "1899-01-01",
    Numeric: "0.01", Double: 0.01, Boolean: False,
}  # fmt: skip
"""A value that no row has, by the type of the column."""

TRIED: dict[str, Callable[[list[Any]], list[Any]]] = {
    "isNull": lambda _: [True, False],
    "in": lambda values: [values],
    "notIn": lambda values: [values],
    "contains": lambda values: [*values, values[0][-1:]],
    "startsWith": lambda values: [*values, values[0][:1]],
}
"""Values to try an operator with, from those of the column. By default each is tried alone."""

SUMMARY = "summary { spaceCount spaces { type count area } houses { occupancy count } parking { status count } }"
SUMMARIES = {
    "the top organisations": f"{{ orgs(filter: {{ parentId: {{ isNull: true }} }}) {{ nodes {{ {SUMMARY} }} }} }}",
    "100 communities": f"{{ spaces(first: 100, filter: {{ type: {{ eq: COMMUNITY }} }}) {{ nodes {{ {SUMMARY} }} }} }}",
}
"""Queries of totals that are kept, by whose they are."""

ALL = dict.fromkeys(CAPABILITIES, (EVERYWHERE,))
IS_SMALL = f"select {is_small_sql('%(paths)s::text[]')}"
ROOT = "select path from org where source = 'generate' and parent_id is null"
Variables = dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """A list and its shortest time in milliseconds, and whether an index serves it; `error` when it is not answered."""

    name: str
    indexed: bool
    milliseconds: float
    error: str = ""

    @property
    def share(self) -> float:
        """The time as a share of the limit that holds for the list."""
        return self.milliseconds / (INDEXED_LIMIT if self.indexed else OTHER_LIMIT)


@dataclass(frozen=True)
class Wanted:
    """The arguments of a list, what they compare or order by, and whether an index serves it."""

    field: str
    name: str
    indexed: bool
    variables: Variables


class Lists:
    """Asks for lists in this process."""

    def __init__(self, runner: asyncio.Runner, execution: Execution, callers: dict[str, Caller], data: Data) -> None:
        self._runner, self._execution, self.callers, self.data = runner, execution, callers, data

    def all(self) -> list[Listed]:
        """Ask for every list and return them, the slowest for its limit first."""
        listed = (
            self._listed(model, caller, wanted)
            for model in NOUNS
            for wanted in [*orders(model), *filters(model, self._sample(model))]
            for caller in self.callers
        )
        return sorted([*listed, *self._summaries()], key=lambda each: -each.share)

    def pages(self) -> tuple[float, float]:
        """Walk through the spaces; return the median times of the first tenth of the pages and of the last."""
        query = "query ($at: String) { page: spaces(first: 100, after: $at) { nodes { id } pageInfo { endCursor } } }"
        times, at = list[float](), None
        for _ in range(PAGES):
            started = time.perf_counter()
            at = self.ask(query, "super", {"at": at})["page"]["pageInfo"]["endCursor"]
            times.append((time.perf_counter() - started) * 1000)
        tenth = PAGES // 10
        return statistics.median(times[:tenth]), statistics.median(times[-tenth:])

    def _summaries(self) -> Iterator[Listed]:
        """Ask what the spaces of records add up to, as each caller."""
        for name, query in SUMMARIES.items():
            for caller in self.callers:
                yield self.timed(f"{caller}: summary of {name}", Request(query), caller)

    def _sample(self, model: type[Entity]) -> Variables:
        """Return the last record of a noun; generated records come last."""
        shown = " ".join(FILTERABLE[model].columns)
        page = self.ask(f"{{ page: {plural(model)}(last: 1) {{ nodes {{ {shown} }} }} }}", "super")["page"]
        return next(iter(page["nodes"]), {})

    def _listed(self, model: type[Entity], caller: str, wanted: Wanted) -> Listed:
        noun = NOUNS[model][0].__name__
        query = f"""query ($filter: {noun}Filter, $order: [{noun}Order!], $first: Int, $last: Int) {{
            page: {plural(model)}(filter: $filter, orderBy: $order, first: $first, last: $last) {{
                nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"""
        name = f"{caller}: {plural(model)} {wanted.name}"
        return self.timed(name, Request(query, wanted.variables), caller, indexed=wanted.indexed)

    def timed(self, name: str, request: Request, caller: str, *, indexed: bool = True) -> Listed:
        """Ask until a time is short or taken often enough, and return the shortest."""
        times = list[float]()
        while len(times) < RUNS and (not times or times[-1] > INDEXED_LIMIT / 5):
            started = time.perf_counter()
            answer = self._answer(request, caller)
            times.append((time.perf_counter() - started) * 1000)
            if "errors" in answer:
                return Listed(name, indexed, times[0], answer["errors"][0]["message"])
        return Listed(name, indexed, min(times))

    def ask(self, query: str, caller: str, variables: Variables | None = None) -> Any:
        """Return the data of an answer."""
        return self._answer(Request(query, variables), caller)["data"]

    def _answer(self, request: Request, caller: str) -> dict[str, Any]:
        answer = self._runner.run(self._execution.answer(request, self.callers[caller]))
        return {"errors": [{"message": str(answer.refusal)}]} if answer.refusal else answer.body


def plural(model: type[Entity]) -> str:
    """Return the name of a noun's list."""
    return to_camel_case(NOUNS[model][2])


def orders(model: type[Entity]) -> Iterator[Wanted]:
    """Yield every order, in both directions."""
    for field, column in FILTERABLE[model].orders.items():
        for direction in ("ASC", "DESC"):
            term = {"field": field, "direction": direction}
            served = is_ordered(column, descending=direction == "DESC")
            yield Wanted(f"{ORDER}{field}", f"by {field} {direction}", served, {"order": [term], "first": 100})


def filters(model: type[Entity], sample: Variables) -> Iterator[Wanted]:
    """Yield a filter for each column, operator and value."""
    for name, column in FILTERABLE[model].columns.items():
        made = column_operators(FILTERABLE[model], name)
        for operator in (field.graphql_name for field in made.__strawberry_definition__.fields):
            for value in TRIED.get(operator, list)(values_of(column, sample.get(name))):
                shown = f"{name}.{operator} {value!r}"
                variables = {"filter": {name: {operator: value}}, "first": 100}
                yield Wanted(f"{name}.{operator}", shown[:60], is_indexed(column, operator), variables)


def values_of(column: InstrumentedAttribute[Any], present: Any) -> list[Any]:
    """Return the values to try a filter with: one that a row has and one that no row has, or all members of an enum."""
    if isinstance(column.type, Enum):
        return [member.value for member in column.type.enum_class or ()]
    absent = next(value for type_, value in ABSENT.items() if isinstance(column.type, type_))
    written = present.isoformat() if isinstance(present, date) else present
    return [absent] if present is None else [written, absent]


def unindexed() -> dict[str, list[str]]:
    """Name what no index serves: for each noun its columns, with the operators, or with `order`."""
    return {NOUNS[model][0].__name__: list(unindexed_of(model)) for model in NOUNS}


def unindexed_of(model: type[Entity]) -> Iterator[str]:
    """Name the columns of a noun that no index serves in some operator or order."""
    served: dict[str, set[bool]] = {}
    for wanted in (*orders(model), *filters(model, {})):
        served.setdefault(wanted.field, set()).add(wanted.indexed)
    for field, verdicts in served.items():
        if verdicts == {False}:
            yield field


def administrator(data: Data, path: str) -> Caller:
    """Return a caller who sees, personal data included, what belongs to an organisation and those below it."""
    with psycopg.connect(data.url) as connection:
        (is_small,) = connection.execute(IS_SMALL, {"paths": [path]}).fetchone() or (False,)
    return Caller(
        2, "bench", "", is_super=False, scopes=(path,), admin_scopes=(), capabilities={"pii.read": (path,)},
        is_small=is_small,
    )  # fmt: skip


@contextmanager
def lists_of(data: Data) -> Iterator[Lists]:
    """Open the data for lists."""
    with psycopg.connect(data.url) as connection:
        (root,) = connection.execute(ROOT).fetchone() or ("",)
    callers = {
        "super": Caller(1, "bench", "", is_super=True, scopes=(), admin_scopes=(), capabilities=ALL),
        "tenant": administrator(data, root),
    }
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        pool = Pool(data.url, 1)
        runner.run(pool.open())
        settings = Settings(database_url=data.url, access_log=False)
        yield Lists(runner, Execution(core_schema(schema), pool, settings), callers, data)
        runner.run(pool.close())
