"""Compiling: from a validated operation to its plan.

graphql-core collects the fields, so that merging, fragments, type conditions, `@include` and `@skip` mean the same here
and there. Types and fields tell what they are by the models and the reads that the schema carries; no entity is named.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_non_null_type,
)

from app.db.exchange import Row
from app.engine.codegen import Columns, UnplannableError, converted, make_build, variable
from app.engine.operation import Details, Operation, arguments_of, name_of
from app.engine.pages import Connection, PageStep, Part
from app.engine.plan import EMPTY, CountStep, Level, Personal, RelatedStep, Selection, Step
from app.engine.roots import AnyByIdStep, ByIdStep
from app.loaders.reads import MODEL, READ, AnyById, ById, Count, Page, Related, UserErrors, Value
from app.models import Entity

TYPENAME = "__typename"
EMPTY_ROW: Row = (None,)
"""The row that a query starts with: the root has no parent, so the key is None, and there are no columns."""


@dataclass(frozen=True)
class Plan:
    """A compiled query: its root dict, made anew for each request, and the steps that fill it."""

    root: Selection
    row: Row = EMPTY_ROW
    """The row that the root dict is made of."""

    def starting_with(self, row: Row) -> "Plan":
        """Give the plan for a root dict that is made of this row."""
        return replace(self, row=row)

    def start(self) -> Level:
        """Make the root dict of a request."""
        return Level([self.row], self.root.build([self.row]))


def compile_plan(operation: Operation) -> Plan:
    """Compile an operation; UnplannableError when a field is not answered by a read."""
    query = cast("GraphQLObjectType", operation.schema.query_type)
    root = RowCompiler(operation, query, Columns())
    for key, details in operation.root_fields(query).items():
        root.add(key, details)
    return Plan(root.selection())


@dataclass
class RowCompiler:
    """Compiles a selection set on one object type, field by field."""

    operation: Operation
    type_: GraphQLObjectType
    columns: Columns
    entries: dict[str, str] = field(default_factory=dict)
    names: dict[str, object] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)

    def add(self, key: str, details: Details) -> None:
        """Compile a field of the selection set."""
        name = name_of(details)
        if name == TYPENAME:
            self.entries[key] = repr(self.type_.name)
            return
        declared = self.type_.fields.get(name)
        read = declared.extensions.get(READ) if declared is not None else None
        if declared is None or type(read) not in COMPILERS:
            message = f"the field {self.type_.name}.{name}"
            raise UnplannableError(message)
        COMPILERS[type(read)](self, key, read, declared, details)

    def selection(self) -> Selection:
        """Give the selection, once all columns of its rows are known; a row has one at least."""
        if not self.columns.names and self.type_.extensions.get(MODEL):
            self.columns.place("id")
        build = make_build(self.entries, self.columns, self.names)
        return Selection(self.columns, build, self.steps, self._personal())

    def _personal(self) -> Personal | None:
        """Tell which personal data the selection shows that must be recorded; None when it shows none."""
        if not self.recorded:
            return None
        return Personal(model_of(self.type_).__name__, frozenset(self.recorded), self.columns.place("id"))

    def value(self, key: str, read: Value, declared: GraphQLField, _: Details) -> None:
        """Compile a field that shows a value of the row."""
        places = [self.columns.place(name) for name in read.columns]
        code = variable(places[0])
        make = read.make if self.operation.audience.sees_personal or read.mask is None else read.mask
        if read.recorded and self.operation.audience.sees_personal:
            self.recorded.extend(read.columns)
            self.columns.place("id")
        if make is not None:
            self.names[f"make_{key}"] = make
            code = f"make_{key}({', '.join(map(variable, places))})"
        leaf = get_named_type(declared.type)
        is_enum = isinstance(leaf, GraphQLEnumType)
        nullable = not is_non_null_type(declared.type)
        self.entries[key] = code if is_enum else converted(code, leaf.name, nullable=nullable)

    def related(self, key: str, read: Related, declared: GraphQLField, details: Details) -> None:
        """Compile a field that an edge answers."""
        self.entries[key] = EMPTY[read.edge.shape]
        place = self.columns.place(read.edge.parent)
        selection = selection_on(self.operation, object_type(declared), details)
        self.steps.append(RelatedStep(key, read, place, arguments_of(declared, details), selection))

    def count(self, key: str, read: Count, declared: GraphQLField, details: Details) -> None:
        """Compile a field that counts."""
        self.entries[key] = "0"
        place = self.columns.place(read.edge.parent)
        self.steps.append(CountStep(key, read, place, arguments_of(declared, details)))

    def page(self, key: str, read: Page, declared: GraphQLField, details: Details) -> None:
        """Compile a connection."""
        self.entries[key] = "None"
        place = self.columns.place(read.edge.parent) if read.edge.parent else None
        read = read.within(self.operation.audience.extent)
        connection = connection_on(self.operation, read, object_type(declared), details)
        arguments, sees_personal = arguments_of(declared, details), self.operation.audience.sees_personal
        self.steps.append(PageStep(key, read, place, arguments, connection, sees_personal))

    def by_id(self, key: str, read: ById, declared: GraphQLField, details: Details) -> None:
        """Compile a way in by an id."""
        self.entries[key] = "None"
        selection = selection_on(self.operation, object_type(declared), details)
        self.steps.append(ByIdStep(key, read, arguments_of(declared, details), selection))

    def any_by_id(self, key: str, read: AnyById, declared: GraphQLField, details: Details) -> None:
        """Compile a way in by ids of any type: a selection for each type."""
        self.entries[key] = "[]" if read.many else "None"
        types = self.operation.schema.get_possible_types(cast("GraphQLInterfaceType", get_named_type(declared.type)))
        selections = {model_of(type_): selection_on(self.operation, type_, details) for type_ in types}
        self.steps.append(AnyByIdStep(key, read, arguments_of(declared, details), selections))

    def user_errors(self, key: str, _: UserErrors, declared: GraphQLField, details: Details) -> None:
        """Compile the errors of a payload, which the row holds as dicts of all their fields."""
        subfields = self.operation.subfields(object_type(declared), details)
        names = {inner_key: name_of(inner) for inner_key, inner in subfields.items()}
        typename = {TYPENAME: object_type(declared).name}
        self.names[f"errors_{key}"] = lambda errors: [
            {inner_key: (error | typename)[name] for inner_key, name in names.items()} for error in errors
        ]
        self.entries[key] = f"errors_{key}({variable(self.columns.place('errors'))})"


COMPILERS: dict[type, Callable[[RowCompiler, str, Any, GraphQLField, Details], None]] = {
    Value: RowCompiler.value,
    Related: RowCompiler.related,
    Count: RowCompiler.count,
    Page: RowCompiler.page,
    ById: RowCompiler.by_id,
    AnyById: RowCompiler.any_by_id,
    UserErrors: RowCompiler.user_errors,
}
"""How a field is compiled, by its read."""


def selection_on(operation: Operation, type_: GraphQLObjectType, details: Details) -> Selection:
    """Compile the selection set of some fields on one type."""
    return row_on(operation, type_, details, Columns()).selection()


def row_on(operation: Operation, type_: GraphQLObjectType, details: Details, columns: Columns) -> RowCompiler:
    """Compile the selection set of some fields on one type, over columns that others may add to."""
    row = RowCompiler(operation, type_, columns)
    for key, field_details in operation.subfields(type_, details).items():
        row.add(key, field_details)
    return row


def object_type(declared: GraphQLField) -> GraphQLObjectType:
    """Give the object type that a field leads to."""
    named: GraphQLNamedType = get_named_type(declared.type)
    return cast("GraphQLObjectType", named)


def model_of(type_: GraphQLObjectType) -> type[Entity]:
    """Give the model of an entity's type."""
    model: type[Entity] = type_.extensions[MODEL]
    return model


@dataclass
class ConnectionCompiler:
    """Compiles the selection set of a connection; all its selections of nodes share the columns of its rows."""

    operation: Operation
    columns: Columns = field(default_factory=Columns)
    rows: list[RowCompiler] = field(default_factory=list)
    counted: bool = False
    cursors: bool = False

    def parts(self, type_: GraphQLObjectType, details: Details) -> dict[str, Part]:
        """Compile the fields of the connection."""
        fields = self.operation.subfields(type_, details)
        return {key: self._part(type_, name_of(inner), inner) for key, inner in fields.items()}

    def _part(self, type_: GraphQLObjectType, name: str, details: Details) -> Part:
        if name == TYPENAME:
            return lambda _page, _nodes: type_.name
        return PARTS[name](self, type_, details)

    def nodes(self, type_: GraphQLObjectType, details: Details, field_name: str = "nodes") -> Part:
        """Compile a selection of nodes."""
        place = len(self.rows)
        self.rows.append(row_on(self.operation, object_type(type_.fields[field_name]), details, self.columns))
        return lambda _page, nodes: nodes[place]

    def edges(self, type_: GraphQLObjectType, details: Details) -> Part:
        """Compile a selection of edges: for each row a dict of cursors and nodes."""
        edge_type = object_type(type_.fields["edges"])
        made: dict[str, Callable[[Any, Any, int], object]] = {}
        for key, inner in self.operation.subfields(edge_type, details).items():
            made[key] = self._edge_field(edge_type, name_of(inner), inner)
        return lambda page, nodes: [
            {key: make(page, nodes, place) for key, make in made.items()} for place in range(len(page.shown))
        ]

    def _edge_field(self, type_: GraphQLObjectType, name: str, details: Details) -> Callable[[Any, Any, int], object]:
        if name == TYPENAME:
            return lambda _page, _nodes, _place: type_.name
        if name == "cursor":
            self.cursors = True
            return lambda page, _nodes, place: page.cursors[place]
        chosen = self.nodes(type_, details, "node")
        return lambda page, nodes, place: cast("list[Any]", chosen(page, nodes))[place]

    def page_info(self, type_: GraphQLObjectType, details: Details) -> Part:
        """Compile a selection of where the page stands."""
        info_type = object_type(type_.fields["pageInfo"])
        names = {key: name_of(inner) for key, inner in self.operation.subfields(info_type, details).items()}
        self.cursors = self.cursors or bool({"startCursor", "endCursor"} & set(names.values()))
        constant = {TYPENAME: info_type.name}
        return lambda page, _nodes: {key: (page.info() | constant)[name] for key, name in names.items()}

    def total_count(self, _type: GraphQLObjectType, _details: Details) -> Part:
        """Compile the count of the whole."""
        self.counted = True
        return lambda page, _nodes: page.count


PARTS: dict[str, Callable[[ConnectionCompiler, GraphQLObjectType, Details], Part]] = {
    "nodes": ConnectionCompiler.nodes,
    "edges": ConnectionCompiler.edges,
    "pageInfo": ConnectionCompiler.page_info,
    "totalCount": ConnectionCompiler.total_count,
}
"""The fields that Relay gives a connection."""


def connection_on(operation: Operation, read: Page, type_: GraphQLObjectType, details: Details) -> Connection:
    """Compile the selection set of a connection."""
    compiler = ConnectionCompiler(operation)
    parts = compiler.parts(type_, details)
    if compiler.cursors:
        for column in (read.edge.order.column, *read.orders.values(), read.edge.target.id):
            compiler.columns.place(column.key)
    compiler.columns.place("id")
    selections = [row.selection() for row in compiler.rows]
    return Connection(compiler.columns, parts, selections, compiler.counted, compiler.cursors)
