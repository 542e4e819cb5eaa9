"""Compiling: from a validated operation to its plan.

graphql-core collects the fields, so that merging, fragments, type conditions, `@include` and `@skip` mean the same
under both executors. The `extensions` of the schema give the model of a type and the read of a field, so this module
names no entity.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
)

from app.access.caller import Caller
from app.engine.codegen import Build, Columns, UnplannableError, make_build, make_build_on, variable
from app.engine.connections import ConnectionCompiler
from app.engine.dialect import MERGED, Layout, arranged
from app.engine.edges import EMPTY, CountStep, RelatedStep
from app.engine.of_caller import CallerStep, OfCallerStep
from app.engine.operation import TYPENAME, Details, Operation, arguments_of, name_of, object_type
from app.engine.pages import PageStep
from app.engine.plan import Disclosing, Personal, Plan, Selection, Step
from app.engine.roots import AnyRecordStep, RecordStep
from app.engine.shown import enum_codes, enum_names, shown, unchanged
from app.engine.totals import TotalsStep, shown_by
from app.loaders.reads import (
    MODEL,
    READ,
    AnyById,
    ById,
    Count,
    Feed,
    Made,
    OfCaller,
    Page,
    Related,
    TheCaller,
    Totals,
    UserErrors,
    Value,
)
from app.models import Entity


def compile_plan(operation: Operation) -> Plan:
    """Compile an operation; UnplannableError when a field has no read that can be compiled."""
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
    layout: Layout | None = None
    absent: Layout = field(default_factory=dict)
    """What stands for null, by response key."""
    entries: dict[str, str] = field(default_factory=dict)
    namespace: dict[str, object] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    disclosing: list[Disclosing] = field(default_factory=list)
    of_caller: dict[str, Callable[[Caller | None], object]] = field(default_factory=dict)

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
        """Return the selection, once all columns of its rows are known. A record has at least one column."""
        if not self.columns.names and self.type_.extensions.get(MODEL):
            self.columns.index("id")
        build, personal = self._build(), self._personal()
        return Selection(self.columns, build, self.steps, personal, self.of_caller, self.disclosing, len(self.entries))

    def _build(self) -> Build:
        """Make the function that builds the dicts of the selection."""
        name, columns, namespace = self.type_.name, self.columns, self.namespace
        if self.layout is None:
            return make_build(name, self.entries, columns, namespace, self._bare())
        constants, entries = arranged(self.entries, self.layout)
        return make_build_on(constants, name, entries, columns, namespace)

    def _bare(self) -> str | None:
        """Return the code of the value that stands for the whole record; None where the record is a dict."""
        stands_alone = self.operation.audience.dialect.merges(MERGED) and self.entries.keys() == {MERGED}
        return self.entries[MERGED] if stands_alone else None

    def _personal(self) -> Personal | None:
        """Return which personal data of the selection must be recorded when shown; None when there are none."""
        if not self.recorded:
            return None
        return Personal(model_of(self.type_).__name__, frozenset(self.recorded), self.columns.index("id"))

    def value(self, key: str, read: Value, declared: GraphQLField, _: Details) -> None:
        """Compile a field that shows a value of the row."""
        dialect = self.operation.audience.dialect
        make = read.make if self.operation.audience.sees_personal or read.mask is None else read.mask
        is_raw = make is None and dialect.reads_raw(key, declared.type)
        indexes = [self.columns.index(name, is_raw=is_raw) for name in read.columns]
        code = variable(indexes[0])
        if read.recorded and self.operation.audience.sees_personal:
            self.recorded.extend(read.columns)
            self.columns.index("id")
        if make is not None:
            self.namespace[f"make_{key}"] = make
            code = f"make_{key}({', '.join(map(variable, indexes))})"
        written = dialect.written(key, code, declared.type, self.absent.get(key), is_raw=is_raw)
        self.namespace |= written.names
        if dialect.merges(key) and key != MERGED:
            member = key.removeprefix(MERGED)
            self.entries[member] = f"({self.entries.get(member)}) if {code} is None else {written.text}"
        else:
            self.entries[key] = written.text

    def made(self, key: str, read: Made, declared: GraphQLField, details: Details) -> None:
        """Compile a field whose value is made from several columns; of objects, the selected attributes are shown."""
        indexes = [self.columns.index(name) for name in read.columns]
        sees_personal, make = self.operation.audience.sees_personal, read.make
        if sees_personal and read.disclose is not None:
            self.disclosing.append(Disclosing(read.disclose, indexes))
        if details[0].node.selection_set is not None:
            make = partial(shown, make, self._attributes(object_type(declared), details))
        self.namespace[f"make_{key}"] = partial(make, sees_personal)
        self.entries[key] = f"make_{key}({', '.join(map(variable, indexes))})"

    def related(self, key: str, read: Related, declared: GraphQLField, details: Details) -> None:
        """Compile a field that returns the rows of an edge, or whose row becomes a part of its parent."""
        index = self.columns.index(read.edge.parent)
        is_merged = self.operation.audience.dialect.merges(key)
        if is_merged:
            selection = self._merged(object_type(declared), details)
        else:
            selection = selection_on(self.operation, object_type(declared), details)
            self.entries[key] = EMPTY[read.edge.shape]
        self.steps.append(
            RelatedStep(key, read, index, arguments_of(declared, details), selection, is_merged=is_merged)
        )

    def _merged(self, type_: GraphQLObjectType, details: Details) -> Selection:
        """Compile a record that becomes a part of this one: members that are loaded later would be lost."""
        row = filled(RowCompiler(self.operation, type_, Columns(), absent=self.layout or {}), details)
        if self.layout is None or row.steps:
            message = "a merged record needs a layout around it, and has only values"
            raise UnplannableError(message)
        return row.selection()

    def count(self, key: str, read: Count, declared: GraphQLField, details: Details) -> None:
        """Compile a field that counts."""
        self.entries[key] = repr(read.shown())
        index = self.columns.index(read.edge.parent)
        self.steps.append(CountStep(key, read, index, arguments_of(declared, details)))

    def totals(self, key: str, read: Totals, declared: GraphQLField, details: Details) -> None:
        """Compile a field that returns what the rows below add up to."""
        self.entries[key] = "None"
        index = self.columns.index(read.edge.parent)
        show = shown_by(self.operation, object_type(declared), details)
        self.steps.append(TotalsStep(key, read, index, show))

    def by_id(self, key: str, read: ById, declared: GraphQLField, details: Details) -> None:
        """Compile a root field that returns the record with an id."""
        self.entries[key] = "None"
        selection = selection_on(self.operation, object_type(declared), details)
        self.steps.append(RecordStep(key, read.edge.target, arguments_of(declared, details), selection))

    def the_caller(self, key: str, _: TheCaller, declared: GraphQLField, details: Details) -> None:
        """Compile the root field that returns the caller; its one column is the caller's id."""
        self.entries[key] = "None"
        row = row_on(self.operation, object_type(declared), details, Columns(["id"]))
        self.steps.append(CallerStep(key, row.selection(), row.type_.name))

    def of_the_caller(self, key: str, read: OfCaller, declared: GraphQLField, details: Details) -> None:
        """Compile a field whose value is computed from the caller and, if an argument has its id, a record."""
        self.entries[key] = "None"
        show = self._shown_enum(get_named_type(declared.type))
        self.of_caller[key] = lambda caller: show(read.make(caller, None))
        if details[0].node.arguments:
            self.steps.append(OfCallerStep(key, read, arguments_of(declared, details), show))

    def _shown_enum(self, leaf: GraphQLNamedType) -> Callable[[object], object]:
        """Return how a value is shown that may be a member of an enum, or a list of them."""
        if not isinstance(leaf, GraphQLEnumType):
            return unchanged
        codes = self.operation.audience.dialect.enum_codes
        return enum_names if codes is None else partial(enum_codes, codes(leaf))

    def page(self, key: str, read: Page, declared: GraphQLField, details: Details) -> None:
        """Compile a connection."""
        self.entries[key] = "None"
        index = self.columns.index(read.edge.parent) if read.edge.parent else None
        audience = self.operation.audience
        read = read.within(audience.extent)
        compiler = ConnectionCompiler(self.operation, partial(row_on, self.operation))
        connection = compiler.compile(object_type(declared), details)
        arguments = arguments_of(declared, details)
        self.steps.append(PageStep(key, read, index, arguments, connection, audience.sees_personal))

    def any_by_id(self, key: str, read: AnyById, declared: GraphQLField, details: Details) -> None:
        """Compile `node` or `nodes`, which return records of any type: one selection for each type."""
        self.entries[key] = "[]" if read.many else "None"
        types = self.operation.schema.get_possible_types(cast("GraphQLInterfaceType", get_named_type(declared.type)))
        selections = {model_of(type_): selection_on(self.operation, type_, details) for type_ in types}
        self.steps.append(AnyRecordStep(key, read, arguments_of(declared, details), selections))

    def _attributes(self, type_: GraphQLObjectType, details: Details) -> dict[str, Callable[[object], object]]:
        """Return how the selected fields are read from an object, by response key."""
        names = {key: name_of(inner) for key, inner in self.operation.subfields(type_, details).items()}
        return {key: (lambda _: type_.name) if name == TYPENAME else attrgetter(name) for key, name in names.items()}

    def user_errors(self, key: str, _: UserErrors, declared: GraphQLField, details: Details) -> None:
        """Compile the errors of a payload, which the row holds as dicts of all their fields."""
        subfields = self.operation.subfields(object_type(declared), details)
        names = {inner_key: name_of(inner) for inner_key, inner in subfields.items()}
        typename = {TYPENAME: object_type(declared).name}
        self.namespace[f"errors_{key}"] = lambda errors: [
            {inner_key: (error | typename)[name] for inner_key, name in names.items()} for error in errors
        ]
        self.entries[key] = f"errors_{key}({variable(self.columns.index('errors'))})"


Compile = Callable[[RowCompiler, str, Any, GraphQLField, Details], None]
COMPILERS: dict[type, Compile] = {
    Value: RowCompiler.value,
    Made: RowCompiler.made,
    Related: RowCompiler.related,
    Count: RowCompiler.count,
    Page: RowCompiler.page,
    Feed: RowCompiler.page,
    Totals: RowCompiler.totals,
    ById: RowCompiler.by_id,
    TheCaller: RowCompiler.the_caller,
    OfCaller: RowCompiler.of_the_caller,
    AnyById: RowCompiler.any_by_id,
    UserErrors: RowCompiler.user_errors,
}
"""How a field is compiled, by its read."""


def selection_on(operation: Operation, type_: GraphQLObjectType, details: Details) -> Selection:
    """Compile the selection set of some fields on one type."""
    return row_on(operation, type_, details, Columns()).selection()


def row_on(operation: Operation, type_: GraphQLObjectType, details: Details, columns: Columns) -> RowCompiler:
    """Compile the selection set of some fields on one type, over columns that others may add to."""
    layout = operation.layout_of(details)
    return filled(RowCompiler(operation, type_, columns, layout, layout or {}), details)


def filled(row: RowCompiler, details: Details) -> RowCompiler:
    """Add the selected fields to a row."""
    for key, field_details in row.operation.subfields(row.type_, details).items():
        row.add(key, field_details)
    return row


def model_of(type_: GraphQLObjectType) -> type[Entity]:
    """Return the model of an entity's type."""
    model: type[Entity] = type_.extensions[MODEL]
    return model
