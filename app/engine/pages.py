"""Pages in a plan: the rows of connections, their cursors and their counts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Select

from app.db.exchange import Row
from app.engine.edges import describe_keys
from app.engine.groups import DictsByKey, GroupsOfPages
from app.engine.operation import ArgumentsOf
from app.engine.page_view import Connection, PageView
from app.engine.plan import NO_FOLLOWUP, Dicts, Followup, Inputs, Level, Load, Selection
from app.engine.statements import Statements
from app.loaders.arguments import Arguments
from app.loaders.compared import Compared, compared_by
from app.loaders.disclosures import Disclosure
from app.loaders.links import Key
from app.loaders.order import Order
from app.loaders.page import Side, Slice
from app.loaders.reads import FILTER, Page
from app.loaders.window import TOTAL, Window


@dataclass
class PageStep:
    """A field that returns a page of the rows of an edge; at the root of the schema `index` is None and the key is 0.

    `sees_personal` says whether its callers may read and compare personal data.
    """

    response_key: str
    read: Page
    index: int | None
    arguments: ArgumentsOf
    connection: Connection
    sees_personal: bool

    def __post_init__(self) -> None:
        """Prepare the statements."""
        edge = self.read.edge
        self._rows = Statements(self._select, self.connection.columns)
        self._counts = Statements(edge.counts)
        self.has_total_row = self.connection.counted and not edge.parent
        self.keys = describe_keys(edge)
        self._groups = [GroupsOfPages(edge, each) for each in self.connection.groupings]
        groups = {f"groups {number}": each.statements for number, each in enumerate(self._groups)}
        self.statements: Mapping[str, Statements] = {"rows": self._rows, "count": self._counts, **groups}
        selections = [*self.connection.selections, *(each.selection for each in self.connection.groupings)]
        self.selections: Mapping[str, Selection] = {
            f"{edge.target.__name__} {number}": selection for number, selection in enumerate(selections)
        }

    def _select(self, window: Window) -> Select[Any]:
        """Select the rows of pages; columns that only the cursors need come last."""
        return self.read.edge.rows(tuple(self.selected(window.order or self.read.edge.order)), window)

    def selected(self, order: Order) -> list[str]:
        """Name the columns of a row."""
        return list(dict.fromkeys([*self.connection.columns.names, *self.position(order)]))

    def position(self, order: Order) -> list[str]:
        """Name the columns of the cursors; none where no cursor is selected."""
        return [column.key for column in order.columns_of(self.read.edge.target)] if self.connection.cursors else []

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Load the pages of all parents by one statement; those of parents are counted by another when that is wanted.

        Without parents nothing is loaded and the arguments are not read; graphql-core does not read them either.
        """
        if not level.rows:
            return []
        arguments = self.read.given(self.arguments(inputs.variables), inputs.settled)
        part = self.read.slice(arguments)
        whole = partial(self.read.matching, arguments, sees_personal=self.sees_personal)
        keys: list[Key] = [0 if self.index is None else row[self.index] for row in level.rows]
        compared = self.compared(arguments)
        batch = PageBatch(self, level, keys, part, inputs, compared, [{} for _ in self._groups])
        each_key = list(dict.fromkeys(keys))
        statement = self._rows.of(arguments, lambda: self._window(whole(), part))
        loads_more = any(selection.loads_more for selection in self.connection.selections)
        rows = Load(statement, each_key, batch.take_rows, loads_more, width=self.connection.width, compared=compared)
        groups = zip(self._groups, batch.groups, strict=True)
        loads = [each.load(arguments, whole, each_key, inputs, made) for each, made in groups]
        if self.connection.counted and not self.has_total_row:
            loads.append(Load(self._counts.of(arguments, whole), each_key, batch.take_counts))
        return [*loads, rows]

    def _window(self, whole: Window, part: Slice) -> Window:
        """Return the window of a page, together with its total where one statement loads both."""
        page = part.window(whole, self.connection.sides)
        return page.with_total_of(whole) if self.has_total_row else page

    def compared(self, arguments: Arguments) -> list[Compared]:
        """Return the recorded personal data that the filter compares; it is refused where callers see masks."""
        return compared_by(self.read.edge.target, arguments.get(FILTER)) if self.sees_personal else []

    def found(self, compared: Sequence[Compared], rows: list[Row]) -> list[Disclosure]:
        """Return which personal data the rows disclose, because a filter that compares it has found them."""
        if not compared:
            return []
        index = self.connection.columns.index("id")
        ids = [row[index] for row in rows]
        return [Disclosure(entity, frozenset({column}), ids) for entity, column in compared]


@dataclass
class PageBatch:
    """The pages of all parents of one level while they are loaded."""

    step: PageStep
    parents: Level
    keys: list[Key]
    slice: Slice
    inputs: Inputs
    compared: Sequence[Compared]
    """The recorded personal data that the filter compares."""
    groups: list[DictsByKey]
    """The dicts of the groups, for each selection of groups."""
    counts: dict[Key, int | None] = field(default_factory=dict)
    beside: dict[Key, list[Side]] = field(default_factory=lambda: defaultdict(list))

    def take_counts(self, rows: list[Row]) -> Followup:
        """Take the counts. They go into the page when its rows are there."""
        self.counts.update((key, count) for key, count in rows)
        return NO_FOLLOWUP

    def take_rows(self, rows: list[Row]) -> Followup:
        """Take the rows of all pages, and return the loads of the fields below them."""
        if self.step.has_total_row:
            rows = self._without_total(rows)
        if self.slice.bounded(self.step.connection.sides):
            rows = self._without_sides(rows)
        groups: dict[Key, list[Row]] = defaultdict(list)
        for row in rows:
            groups[row[0]].append(row)
        shown = {key: self.slice.shown(group) for key, group in groups.items()}
        nodes = self._without_position([row for group in shown.values() for row in group])
        shown_nodes = self.parents.below(nodes, self.keys)
        selected = [(each, Level(nodes, weights=shown_nodes.weights)) for each in self.step.connection.selections]

        def finish() -> None:
            for selection, level in selected:
                selection.finish(level, self.inputs)
            self._fill(groups, shown, [level.dicts for _, level in selected])

        loads = [load for selection, level in selected for load in selection.loads(level, self.inputs)]
        disclosures = [each for selection, level in selected for each in selection.disclosures(level)]
        values = shown_nodes.shown * self.step.connection.width
        return Followup(loads, finish, [*disclosures, *self.step.found(self.compared, rows)], values)

    def _without_total(self, rows: list[Row]) -> list[Row]:
        """Take the row with the total, and its column, from the rows."""
        self.counts.update((row[0], row[-2]) for row in rows if row[-1] == TOTAL)
        has_sides = bool(self.slice.bounded(self.step.connection.sides))
        return [(*row[:-2], row[-1]) if has_sides else row[:-2] for row in rows if row[-1] != TOTAL]

    def _without_sides(self, rows: list[Row]) -> list[Row]:
        """Take the rows on the sides of pages, whose last column has the number of the side, from those of pages."""
        for row in rows:
            if row[-1]:
                self.beside[row[0]].append(Side(row[-1]))
        return [row[:-1] for row in rows if not row[-1]]

    def _without_position(self, rows: list[Row]) -> list[Row]:
        """Cut off the columns that only the cursors need: the dicts are built from rows of the selected columns."""
        width = len(self.step.connection.columns.names) + 1
        return [row[:width] for row in rows] if rows and len(rows[0]) > width else rows

    def _fill(self, groups: dict[Key, list[Row]], shown: dict[Key, list[Row]], dicts: list[Dicts]) -> None:
        """Give each parent its page."""
        slices, pages = slices_of(shown), {}
        for key in dict.fromkeys(self.keys):
            rows = shown.get(key, [])
            nodes = [all_dicts[slices.get(key, slice(0))] for all_dicts in dicts]
            beside, count = self.beside.get(key, ()), self.counts.get(key, 0)
            page = PageView(
                self.slice, groups.get(key, []), rows, self._cursors(rows), nodes, beside, count, self._groups_of(key)
            )
            pages[key] = self.step.connection.value(page)
        for parent, key in zip(self.parents.dicts, self.keys, strict=True):
            parent[self.step.response_key] = pages[key]

    def _groups_of(self, key: Key) -> list[Dicts]:
        return [made.get(key, []) for made in self.groups]

    @cached_property
    def _position(self) -> list[int]:
        """The indexes of the columns of the cursors, the same for the pages of all parents."""
        selected = self.step.selected(self.slice.order)
        return [selected.index(name) + 1 for name in self.step.position(self.slice.order)]

    def _cursors(self, rows: list[Row]) -> list[str]:
        indexes = self._position
        return [self.slice.cursor(tuple(row[index] for index in indexes)) for row in rows] if indexes else []


def slices_of(groups: dict[Key, list[Row]]) -> dict[Key, slice]:
    """Return the slice of each group in the list of the rows of all groups."""
    slices, start = {}, 0
    for key, group in groups.items():
        slices[key] = slice(start, start + len(group))
        start += len(group)
    return slices
