"""Page view: the fields of a connection, made from the loaded rows of one parent's page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from app.db.exchange import Row
from app.engine.codegen import Columns
from app.engine.operation import ArgumentsOf
from app.engine.plan import Dicts, Selection
from app.loaders.page import Side, Slice


@dataclass
class PageView:
    """One parent's page, from which the fields of its connection are made."""

    slice: Slice
    rows: list[Row]
    """The rows that were loaded: one more than the page shows when there is another page."""
    shown: list[Row]
    cursors: list[str]
    """The cursors of the rows that are shown; empty when no field needs one."""
    nodes: list[Dicts]
    """The dicts of the rows that are shown, for each selection of nodes."""
    beside: Collection[Side]
    """The sides on which a row stands at or beyond the cursor that bounds the page, or among those it skips."""
    count: int | None = 0
    """The number of rows on all pages; None where there are more than are counted."""
    groups: Sequence[Dicts] = ()
    """The dicts of the groups of all pages, for each selection of groups."""

    def info(self) -> dict[str, object]:
        """Return all fields of `pageInfo`."""
        more = self.slice.more(self.rows, self.beside)
        first, last = (self.cursors[0], self.cursors[-1]) if self.cursors else (None, None)
        return {
            "hasNextPage": Side.NEXT in more,
            "hasPreviousPage": Side.PREVIOUS in more,
            "startCursor": first,
            "endCursor": last,
        }


class Part(Protocol):
    """A field of a connection."""

    def value(self, page: PageView) -> object:
        """Make the value of the field for a page."""


class EdgePart(Protocol):
    """A field of an edge of a connection."""

    def value_at(self, page: PageView, position: int) -> object:
        """Make the value of the field for one row of a page."""


@dataclass(frozen=True)
class Constant:
    """`__typename` of a connection or of an edge."""

    text: str

    def value(self, _: PageView) -> object:
        """Return the name of the type."""
        return self.text

    def value_at(self, _: PageView, __: int) -> object:
        """Return the name of the type."""
        return self.text


@dataclass(frozen=True)
class Nodes:
    """`nodes` of a connection, or `node` of an edge; `number` counts the selections of nodes in one connection."""

    number: int

    def value(self, page: PageView) -> object:
        """Return the dicts of all rows."""
        return page.nodes[self.number]

    def value_at(self, page: PageView, position: int) -> object:
        """Return the dict of a row."""
        return page.nodes[self.number][position]


@dataclass(frozen=True)
class Cursor:
    """`cursor` of an edge."""

    def value_at(self, page: PageView, position: int) -> object:
        """Return the cursor of a row."""
        return page.cursors[position]


@dataclass(frozen=True)
class Edges:
    """`edges` of a connection."""

    parts: Mapping[str, EdgePart]

    def value(self, page: PageView) -> object:
        """Make a dict for each row."""
        fields = self.parts.items()
        return [{key: part.value_at(page, position) for key, part in fields} for position in range(len(page.shown))]


@dataclass(frozen=True)
class Info:
    """`pageInfo` of a connection: the names of its fields by response key."""

    names: Mapping[str, str]
    typename: dict[str, object]

    def value(self, page: PageView) -> object:
        """Make the dict of the fields that are selected."""
        fields = page.info() | self.typename
        return {key: fields[name] for key, name in self.names.items()}


@dataclass(frozen=True)
class TotalCount:
    """`totalCount` of a connection."""

    def value(self, page: PageView) -> object:
        """Return the number of rows on all pages."""
        return page.count


@dataclass(frozen=True)
class Grouped:
    """`groups` of a connection; `number` counts the selections of groups in one connection."""

    number: int

    def value(self, page: PageView) -> object:
        """Return the dicts of all groups."""
        return page.groups[self.number]


class Grouping(NamedTuple):
    """What is selected on the groups of a connection, and the arguments that say by which columns."""

    selection: Selection
    arguments: ArgumentsOf


@dataclass
class Connection:
    """The selection set of a connection: its fields in order, and the selections of nodes that they show."""

    columns: Columns
    parts: Mapping[str, Part]
    selections: list[Selection]
    counted: bool
    cursors: bool
    sides: Collection[Side]
    """The sides of which `pageInfo` shows whether there are more rows."""
    groupings: Sequence[Grouping] = ()

    @cached_property
    def width(self) -> int:
        """The number of values that a row adds to the answer."""
        edges = sum(len(part.parts) for part in self.parts.values() if isinstance(part, Edges))
        return edges + sum(selection.width for selection in self.selections)

    def value(self, page: PageView) -> dict[str, object]:
        """Make the dict of a connection."""
        return {key: part.value(page) for key, part in self.parts.items()}
