"""Connections: from the selection set of a Relay connection to its parts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from graphql import GraphQLObjectType

from app.engine.codegen import Columns, UnplannableError
from app.engine.operation import TYPENAME, Details, Operation, arguments_of, name_of, object_type
from app.engine.page_view import (
    Connection,
    Constant,
    Cursor,
    EdgePart,
    Edges,
    Grouped,
    Grouping,
    Info,
    Nodes,
    Part,
    TotalCount,
)
from app.engine.plan import Selection
from app.loaders.counting import COUNT
from app.loaders.page import Side


class NodeSelection(Protocol):
    """A selection of nodes that is being compiled; a RowCompiler, which this module cannot import."""

    def selection(self) -> Selection:
        """Return the selection, once all columns of its rows are known."""


RowOn = Callable[[GraphQLObjectType, Details, Columns], NodeSelection]
"""Compiles the selection set of some fields on a type, over columns that other selections add to."""


@dataclass
class ConnectionCompiler:
    """Compiles the selection set of a connection; all its selections of nodes share the columns of its rows."""

    operation: Operation
    row_on: RowOn
    columns: Columns = field(default_factory=Columns)
    rows: list[NodeSelection] = field(default_factory=list)
    counted: bool = False
    cursors: bool = False
    sides: set[Side] = field(default_factory=set)
    groupings: list[Grouping] = field(default_factory=list)

    def compile(self, type_: GraphQLObjectType, details: Details) -> Connection:
        """Compile the fields of the connection that are selected."""
        fields = self.operation.subfields(type_, details)
        parts = {key: self._part(type_, inner) for key, inner in fields.items()}
        self.columns.index("id")
        selections = [row.selection() for row in self.rows]
        self._require_no_raw_cursors()
        sides = sorted(self.sides, key=lambda side: side.value)
        return Connection(self.columns, parts, selections, self.counted, self.cursors, sides, self.groupings)

    def _require_no_raw_cursors(self) -> None:
        """Refuse cursors of rows with raw columns: an order that is given later may need such a column as it is."""
        if self.cursors and self.columns.raw:
            message = "cursors need times, and the rows have them raw"
            raise UnplannableError(message)

    def _part(self, type_: GraphQLObjectType, details: Details) -> Part:
        name = name_of(details)
        return Constant(type_.name) if name == TYPENAME else PARTS[name](self, type_, details)

    def nodes(self, type_: GraphQLObjectType, details: Details, field_name: str = "nodes") -> Nodes:
        """Compile a selection of nodes."""
        self.rows.append(self.row_on(object_type(type_.fields[field_name]), details, self.columns))
        return Nodes(len(self.rows) - 1)

    def edges(self, type_: GraphQLObjectType, details: Details) -> Edges:
        """Compile a selection of edges."""
        edge_type = object_type(type_.fields["edges"])
        fields = self.operation.subfields(edge_type, details)
        return Edges({key: self._edge_part(edge_type, inner) for key, inner in fields.items()})

    def _edge_part(self, type_: GraphQLObjectType, details: Details) -> EdgePart:
        name = name_of(details)
        if name == TYPENAME:
            return Constant(type_.name)
        if name == "cursor":
            self.cursors = True
            return Cursor()
        return self.nodes(type_, details, "node")

    def page_info(self, type_: GraphQLObjectType, details: Details) -> Info:
        """Compile a selection of `pageInfo`."""
        info_type = object_type(type_.fields["pageInfo"])
        names = {key: name_of(inner) for key, inner in self.operation.subfields(info_type, details).items()}
        self.cursors = self.cursors or bool({"startCursor", "endCursor"} & set(names.values()))
        self.sides |= {side for name, side in SIDES.items() if name in names.values()}
        return Info(names, {TYPENAME: info_type.name})

    def total_count(self, _type: GraphQLObjectType, _details: Details) -> TotalCount:
        """Compile `totalCount`."""
        self.counted = True
        return TotalCount()

    def groups(self, type_: GraphQLObjectType, details: Details) -> Grouped:
        """Compile a selection of `groups`."""
        declared = type_.fields[name_of(details)]
        columns = Columns([COUNT])
        selection = self.row_on(object_type(declared), details, columns).selection()
        self.groupings.append(Grouping(selection, arguments_of(declared, details)))
        return Grouped(len(self.groupings) - 1)


SIDES = {"hasPreviousPage": Side.PREVIOUS, "hasNextPage": Side.NEXT}
"""The fields of `pageInfo` that show whether there are more rows."""

PARTS: dict[str, Callable[[ConnectionCompiler, GraphQLObjectType, Details], Part]] = {
    "nodes": ConnectionCompiler.nodes,
    "edges": ConnectionCompiler.edges,
    "pageInfo": ConnectionCompiler.page_info,
    "totalCount": ConnectionCompiler.total_count,
    "groups": ConnectionCompiler.groups,
}
"""The fields of a Relay connection."""
