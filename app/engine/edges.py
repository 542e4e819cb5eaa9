"""Edges in a plan: fields that lead from the rows of a level to related rows, or count them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.db.exchange import Row
from app.db.rendering import Statement
from app.engine.operation import ArgumentsOf
from app.engine.plan import Dicts, Followup, Inputs, Level, Load, Selection, keys_among
from app.engine.statements import Statements
from app.loaders.arguments import Arguments
from app.loaders.edge import Edge, Shape
from app.loaders.links import Key
from app.loaders.reads import Count, Related


@dataclass
class RelatedStep:
    """A field that returns the rows of an edge: a row, or a list of rows."""

    response_key: str
    read: Related
    index: int
    arguments: ArgumentsOf
    selection: Selection
    is_merged: bool = False
    """Whether the members of the row go into its parent."""

    def __post_init__(self) -> None:
        """Prepare the statements."""
        edge, columns = self.read.edge, self.selection.columns
        self.of_window = Statements(lambda window: edge.rows(tuple(columns.names), window), columns)
        self.keys = describe_keys(edge)
        self.statements: Mapping[str, Statements] = {"rows": self.of_window}
        self.selections: Mapping[str, Selection] = {edge.target.__name__: self.selection}

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Load the rows of all parents by one statement."""
        values = [row[self.index] for row in level.rows]
        batch = RelatedBatch(self, level, values, inputs)
        keys = keys_among(self.read.edge, values)
        if not keys:
            return []
        statement, selection = statement_of(self, inputs), self.selection
        return [Load(statement, keys, batch.take_rows, selection.loads_more, width=selection.width)]


@dataclass
class RelatedBatch:
    """The rows of one edge for all parents of a level; `values` are the parents' values that hold the keys."""

    step: RelatedStep
    parents: Level
    values: list[Any]
    inputs: Inputs

    def take_rows(self, rows: list[Row]) -> Followup:
        """Take the rows of all parents, and return the loads of the fields below them."""
        edge, selection = self.step.read.edge, self.step.selection
        level = self.parents.below(rows, self.values, None if edge.keys_in is None else edge.keys_of)
        loads, values = selection.loads(level, self.inputs), level.shown * selection.width
        return Followup(loads, partial(self._finish, level), selection.disclosures(level), values)

    def _finish(self, level: Level) -> None:
        self.step.selection.finish(level, self.inputs)
        fill = RelatedBatch.merge_one if self.step.is_merged else FILLS[self.step.read.edge.shape]
        fill(self, level)

    def fill_many(self, level: Level) -> None:
        """Give each parent the list of its rows, which are adjacent; a parent without rows keeps its empty list."""
        groups: dict[Key, Dicts] = {}
        start, rows = 0, level.rows
        for end in range(1, len(rows) + 1):
            if end == len(rows) or rows[end][0] != rows[start][0]:
                groups[rows[start][0]] = level.dicts[start:end]
                start = end
        for parent, value in zip(self.parents.dicts, self.values, strict=True):
            if value in groups:
                parent[self.step.response_key] = groups[value]

    def fill_one(self, level: Level) -> None:
        """Give each parent its row."""
        for parent, own in zip(self.parents.dicts, self._one_of_each(level), strict=True):
            parent[self.step.response_key] = own

    def merge_one(self, level: Level) -> None:
        """Put the members of its row into each parent."""
        for parent, own in zip(self.parents.dicts, self._one_of_each(level), strict=True):
            parent.update(own or {})

    def _one_of_each(self, level: Level) -> list[dict[str, Any] | None]:
        """Return the dict of each parent's row, None without one. Of several keys, the first that has a row counts."""
        by_key = {row[0]: dict_ for row, dict_ in zip(level.rows, level.dicts, strict=True)}
        edge = self.step.read.edge
        if edge.keys_in is None:
            return [by_key.get(value) for value in self.values]
        return [next((by_key[key] for key in edge.keys_of(value) if key in by_key), None) for value in self.values]

    def fill_each(self, level: Level) -> None:
        """Give each parent one row for each of its keys."""
        by_key = {row[0]: dict_ for row, dict_ in zip(level.rows, level.dicts, strict=True)}
        keys_in = self.step.read.edge.keys_of
        for parent, value in zip(self.parents.dicts, self.values, strict=True):
            parent[self.step.response_key] = [by_key[key] for key in keys_in(value) if key in by_key]


FILLS: Mapping[Shape, Callable[[RelatedBatch, Level], None]] = {
    Shape.MANY: RelatedBatch.fill_many,
    Shape.ONE: RelatedBatch.fill_one,
    Shape.EACH: RelatedBatch.fill_each,
}
EMPTY = {Shape.MANY: "[]", Shape.ONE: "None", Shape.EACH: "[]"}
"""Source code of the value that a parent has until its rows are loaded, and keeps when there are none."""


@dataclass
class CountStep:
    """A field that counts the rows that an edge leads to."""

    response_key: str
    read: Count
    index: int
    arguments: ArgumentsOf

    def __post_init__(self) -> None:
        """Prepare the statements."""
        self.of_window = Statements(self.read.select)
        self.keys = describe_keys(self.read.edge)
        self.statements: Mapping[str, Statements] = {"count": self.of_window}
        self.selections: Mapping[str, Selection] = {}

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Count the rows of all parents by one statement."""
        values = [row[self.index] for row in level.rows]
        keys = keys_among(self.read.edge, values)
        return [Load(statement_of(self, inputs), keys, partial(self._deliver, level, values))] if keys else []

    def _deliver(self, parents: Level, values: list[Any], rows: list[Row]) -> Followup:
        return Followup([], partial(self._fill, parents, values, rows))

    def _fill(self, parents: Level, values: list[Any], rows: list[Row]) -> None:
        counts: dict[Any, int] = dict(rows)
        for parent, value in zip(parents.dicts, values, strict=True):
            parent[self.response_key] = self.read.shown(counts.get(value, 0))


def describe_keys(edge: Edge) -> str:
    """Describe which values of the parents are the keys of an edge."""
    return f"the parents' {edge.parent}" if edge.parent else "none: it starts at the root"


def statement_of(step: RelatedStep | CountStep, inputs: Inputs) -> Statement:
    """Return the statement of a step for the arguments of a request."""
    arguments: Arguments = step.arguments(inputs.variables)
    return step.of_window.of(arguments, lambda: step.read.window(arguments))
