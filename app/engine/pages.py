"""Pages in a plan: a connection's rows, its cursors and its count."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.db.exchange import Row
from app.engine.codegen import Columns
from app.engine.operation import ArgumentsOf
from app.engine.plan import NO_LOADS, Delivered, Dicts, Level, Load, Selection, Statements
from app.loaders.edge import Key
from app.loaders.page import Slice
from app.loaders.reads import Page


@dataclass
class PageView:
    """One parent's page while it is put together."""

    slice: Slice
    rows: list[Row]
    shown: list[Row]
    cursors: list[str]
    count: int = 0

    def info(self) -> dict[str, object]:
        """Give what `pageInfo` may be asked for."""
        has_next, has_previous = self.slice.info(self.rows)
        first, last = (self.cursors[0], self.cursors[-1]) if self.cursors else (None, None)
        return {
            "hasNextPage": has_next,
            "hasPreviousPage": has_previous,
            "startCursor": first,
            "endCursor": last,
        }


Part = Callable[[PageView, list[Dicts]], object]
"""Makes one field of a connection from a page and the dicts of each of the connection's selections of nodes."""


@dataclass
class Connection:
    """The selection set of a connection: its fields in order, and the selections of nodes that they show."""

    columns: Columns
    parts: dict[str, Part]
    selections: list[Selection]
    counted: bool
    cursors: bool

    def made(self, page: PageView, nodes: list[Dicts]) -> dict[str, object]:
        """Make the dict of a connection."""
        return {key: part(page, nodes) for key, part in self.parts.items()}


@dataclass
class PageBatch:
    """The pages of all parents of one level while they are loaded."""

    step: "PageStep"
    parents: Level
    keys: list[Key]
    slice: Slice
    variables: Any
    counts: dict[Key, int] = field(default_factory=dict)

    def take_counts(self, rows: list[Row]) -> Delivered:
        """Take the counts; they are shown when the rows are."""
        self.counts.update((key, count) for key, count in rows)
        return NO_LOADS

    def take_rows(self, rows: list[Row]) -> Delivered:
        """Take the rows of all pages, and ask for what is selected on them."""
        groups: dict[Key, list[Row]] = defaultdict(list)
        for row in rows:
            groups[row[0]].append(row)
        shown = {key: self.slice.shown(group) for key, group in groups.items()}
        nodes = [row for group in shown.values() for row in group]
        selected = [(selection, Level(nodes)) for selection in self.step.connection.selections]

        def finish() -> None:
            for selection, level in selected:
                level.dicts = selection.build(level.rows)
            self._fill(groups, shown, [level.dicts for _, level in selected])

        loads = [load for selection, level in selected for load in selection.loads(level, self.variables)]
        return Delivered(loads, finish, [each for selection, level in selected for each in selection.shown(level)])

    def _fill(self, groups: dict[Key, list[Row]], shown: dict[Key, list[Row]], dicts: list[Dicts]) -> None:
        """Give each parent its page."""
        places, pages = slices_of(shown), {}
        for key in dict.fromkeys(self.keys):
            mine = shown.get(key, [])
            page = PageView(self.slice, groups.get(key, []), mine, self._cursors(mine), self.counts.get(key, 0))
            nodes = [made[places.get(key, slice(0))] for made in dicts]
            pages[key] = self.step.connection.made(page, nodes)
        for parent, key in zip(self.parents.dicts, self.keys, strict=True):
            parent[self.step.response_key] = pages[key]

    def _cursors(self, rows: list[Row]) -> list[str]:
        connection = self.step.connection
        if not connection.cursors:
            return []
        places = [connection.columns.place(column.key) for column in self.slice.order.place_of(self.slice.model)]
        return [self.slice.cursor(tuple(row[place] for place in places)) for row in rows]


@dataclass
class PageStep:
    """A field that answers a page of what an edge leads to; `place` is None at the root, where the key is 0.

    `sees_personal` says whether its callers may read and compare personal data.
    """

    response_key: str
    read: Page
    place: int | None
    arguments: ArgumentsOf
    connection: Connection
    sees_personal: bool

    def __post_init__(self) -> None:
        """Prepare the statements."""
        edge, columns = self.read.edge, self.connection.columns
        self._rows = Statements(lambda window: edge.rows(tuple(columns.names), window))
        self._counts = Statements(edge.counts)

    def loads(self, level: Level, variables: Any) -> list[Load]:
        """Load the pages of all parents by one statement, and count by another when the count is wanted."""
        arguments = self.arguments(variables)
        part = self.read.slice(arguments)
        whole = partial(self.read.matching, arguments, sees_personal=self.sees_personal)
        keys: list[Key] = [0 if self.place is None else row[self.place] for row in level.rows]
        batch = PageBatch(self, level, keys, part, variables)
        each = list(dict.fromkeys(keys))
        statement = self._rows.of(arguments, lambda: part.window(whole()))
        rows = Load(statement, each, batch.take_rows, any(made.leads_on for made in self.connection.selections))
        counts = [Load(self._counts.of(arguments, whole), each, batch.take_counts)] if self.connection.counted else []
        return [*counts, rows] if each else []


def slices_of(groups: dict[Key, list[Row]]) -> dict[Key, slice]:
    """Tell where each group's rows stand among the rows of all groups."""
    slices, start = {}, 0
    for key, group in groups.items():
        slices[key] = slice(start, start + len(group))
        start += len(group)
    return slices
