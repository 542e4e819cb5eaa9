"""Plan: what a query loads and where it goes, as a tree of steps without any value of a request.

A step turns the rows of one level into loads for the next. A load is one statement; its rows are delivered to the
step that asked for them, which gives the next loads at once and finishes the dicts while those are on their way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, Protocol

from cachetools import LRUCache
from sqlalchemy import Select

from app.db.exchange import Row
from app.db.rendering import Statement, render
from app.engine.codegen import Build, Columns
from app.engine.operation import ArgumentsOf
from app.loaders.disclosures import Disclosure
from app.loaders.edge import Edge, Key, Shape, within_budget
from app.loaders.reads import Arguments, Count, Related
from app.loaders.window import Window

Dicts = list[dict[str, Any]]
MOST_STATEMENTS = 100  # kept by a step, one for each set of arguments


class Delivered(NamedTuple):
    """What follows from the rows of a load: the next loads, and the work that may wait until they are sent.

    `shown` are the personal data in the rows whose reading is recorded.
    """

    loads: "list[Load]"
    finish: Callable[[], None]
    shown: Sequence[Disclosure] = ()


NO_LOADS = Delivered([], lambda: None)


class Load(NamedTuple):
    """A statement to run, and who takes its rows.

    `leads_on` tells whether its rows may ask for more loads. `ahead` are loads that need not wait for the rows, because
    their keys are known; their rows are delivered after these.
    """

    statement: Statement
    keys: list[Key]
    deliver: Callable[[list[Row]], Delivered]
    leads_on: bool = False
    ahead: "Sequence[Load]" = ()


@dataclass
class Level:
    """Rows that one selection set was asked of, and the dicts made of them once they are finished."""

    rows: list[Row]
    dicts: Dicts = field(default_factory=list)


class Step(Protocol):
    """A field that needs more rows."""

    @property
    def place(self) -> int | None:
        """Tell where in a row the key stands that they are found by; None at the root, whose row is empty."""

    def loads(self, level: Level, variables: Any) -> list[Load]:
        """Give the loads that the field needs for the rows of a level."""


class Personal(NamedTuple):
    """The columns that a selection shows unmasked and whose disclosure is recorded; `place` is the id's in a row."""

    entity: str
    columns: frozenset[str]
    place: int


@dataclass
class Selection:
    """A selection set on one type: how its dicts are made, and the steps that fill in the rest."""

    columns: Columns
    build: Build
    steps: list[Step]
    personal: Personal | None = None

    @property
    def leads_on(self) -> bool:
        """Tell whether the rows are asked for more."""
        return bool(self.steps)

    def shown(self, level: Level) -> list[Disclosure]:
        """Tell whose personal data the rows of a level show."""
        if self.personal is None:
            return []
        entity, columns, place = self.personal
        return [Disclosure(entity, columns, [row[place] for row in level.rows])]

    def loads(self, level: Level, variables: Any) -> list[Load]:
        """Give the loads of all steps for the rows of a level."""
        return [load for step in self.steps for load in step.loads(level, variables)]


class Statements:
    """The statements of a step, written once for each set of arguments."""

    def __init__(self, select: Callable[[Window], Select[Any]]) -> None:
        self._select = select
        self._written: LRUCache[str, Statement] = LRUCache(MOST_STATEMENTS)

    def of(self, arguments: Arguments, window: Callable[[], Window]) -> Statement:
        """Write the statement for some arguments, or find it."""
        name = repr(arguments) if arguments else ""
        statement = self._written.get(name)
        if statement is None:
            statement = self._written[name] = render(within_budget(self._select(window())))
        return statement


def keys_among(edge: Edge, values: list[Any]) -> list[Key]:
    """Give the keys that the parents' values hold, each once."""
    if edge.keys_in is None:
        keys = dict.fromkeys(values)
        keys.pop(None, None)
        return list(keys)
    return list(dict.fromkeys(key for value in values for key in edge.keys_of(value)))


@dataclass
class RelatedStep:
    """A field that an edge answers: a row, or a list of rows."""

    response_key: str
    read: Related
    place: int
    arguments: ArgumentsOf
    selection: Selection

    def __post_init__(self) -> None:
        """Prepare the statements."""
        edge, columns = self.read.edge, self.selection.columns
        self._statements = Statements(lambda window: edge.rows(tuple(columns.names), window))

    def loads(self, level: Level, variables: Any) -> list[Load]:
        """Load the rows of all parents by one statement."""
        values = [row[self.place] for row in level.rows]
        keys = keys_among(self.read.edge, values)
        if not keys:
            return []
        arguments = self.arguments(variables)
        statement = self._statements.of(arguments, lambda: self.read.window(arguments))
        deliver = partial(self._deliver, level, values, variables)
        return [Load(statement, keys, deliver, self.selection.leads_on)]

    def _deliver(self, parents: Level, values: list[Any], variables: Any, rows: list[Row]) -> Delivered:
        level = Level(rows)

        def finish() -> None:
            level.dicts = self.selection.build(rows)
            FILLS[self.read.edge.shape](self, parents.dicts, values, level)

        return Delivered(self.selection.loads(level, variables), finish, self.selection.shown(level))

    def fill_many(self, dicts: Dicts, values: list[Any], level: Level) -> None:
        """Give each parent the list of its rows, which stand together; one without rows keeps its empty list."""
        groups: dict[Key, Dicts] = {}
        start, rows = 0, level.rows
        for end in range(1, len(rows) + 1):
            if end == len(rows) or rows[end][0] != rows[start][0]:
                groups[rows[start][0]] = level.dicts[start:end]
                start = end
        for parent, value in zip(dicts, values, strict=True):
            if value in groups:
                parent[self.response_key] = groups[value]

    def fill_one(self, dicts: Dicts, values: list[Any], level: Level) -> None:
        """Give each parent its row."""
        found = {row[0]: made for row, made in zip(level.rows, level.dicts, strict=True)}
        key_of = self.read.edge.keys_of
        is_key = self.read.edge.keys_in is None
        for parent, value in zip(dicts, values, strict=True):
            parent[self.response_key] = found.get(value if is_key else key_of(value)[0])

    def fill_each(self, dicts: Dicts, values: list[Any], level: Level) -> None:
        """Give each parent one row for each of its keys."""
        found = {row[0]: made for row, made in zip(level.rows, level.dicts, strict=True)}
        for parent, value in zip(dicts, values, strict=True):
            parent[self.response_key] = [found[key] for key in self.read.edge.keys_of(value) if key in found]


FILLS = {Shape.MANY: RelatedStep.fill_many, Shape.ONE: RelatedStep.fill_one, Shape.EACH: RelatedStep.fill_each}
EMPTY = {Shape.MANY: "[]", Shape.ONE: "None", Shape.EACH: "[]"}
"""Code for what a parent has while its rows are not loaded, and keeps when there are none."""


@dataclass
class CountStep:
    """A field that counts what an edge leads to."""

    response_key: str
    read: Count
    place: int
    arguments: ArgumentsOf

    def __post_init__(self) -> None:
        """Prepare the statements."""
        self._statements = Statements(self.read.edge.counts)

    def loads(self, level: Level, variables: Any) -> list[Load]:
        """Count the rows of all parents by one statement."""
        values = [row[self.place] for row in level.rows]
        keys = keys_among(self.read.edge, values)
        if not keys:
            return []
        arguments = self.arguments(variables)
        statement = self._statements.of(arguments, lambda: self.read.window(arguments))
        return [Load(statement, keys, partial(self._deliver, level, values))]

    def _deliver(self, parents: Level, values: list[Any], rows: list[Row]) -> Delivered:
        def finish() -> None:
            counts = {key: count for key, count in rows}  # noqa: C416 - rows are tuples of any length to mypy
            for parent, value in zip(parents.dicts, values, strict=True):
                parent[self.response_key] = counts.get(value, 0)

        return Delivered([], finish)
