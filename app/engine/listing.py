"""Listing: the one list of an operation as a table: which fields are its columns, and the step that loads its rows.

An operation can be listed when it selects one connection, at the root or at the end of a path of single records, and
of its rows only values and single records.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, cast

from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type

from app.engine.edges import RelatedStep
from app.engine.of_caller import CallerStep
from app.engine.operation import TYPENAME, Details, Operation, name_of, object_type
from app.engine.pages import PageStep
from app.engine.plan import Inputs, Level, Load, Plan, Selection, Step
from app.engine.roots import RecordStep
from app.engine.statements import Statements
from app.error_codes import Message
from app.errors import InvalidInputError
from app.loaders.edge import Shape
from app.loaders.links import Key
from app.loaders.reads import READ, ById, Page, Related, TheCaller

NUMBERS = {"Int", "Float", "Decimal"}

NOT_ONE_LIST = Message(
    "a file has the rows of one list: select one connection with `nodes`, at the root or below single records without"
    " other fields; `{field}` is in the way",
    "导出文件只包含一个列表：请只选择一个带 `nodes` 的连接，位于根或单个对象之下；`{field}` 不符合",
)
NO_COLUMN = Message(
    "`{field}` cannot be a column of a file: it is a list of records with several values; select one value of them, or"
    " list them in a file of their own",
    "`{field}` 是含多个字段的记录列表，不能作为文件的列；请只选择一个字段，或单独导出",
)


class ListedColumn(NamedTuple):
    """A column: the path of the field below a row, by response keys."""

    path: tuple[str, ...]
    is_number: bool

    @property
    def name(self) -> str:
        """The name of the column, such as parent.name."""
        return ".".join(self.path)

    def value(self, row: dict[str, Any]) -> object:
        """Return the value of a row: None below a record that is missing, a list of the values of several records."""
        return value_at(row, self.path)


def value_at(record: Any, path: tuple[str, ...]) -> object:
    """Return the value at a path below a record."""
    for place, key in enumerate(path):
        if isinstance(record, list):
            return [value_at(each, path[place:]) for each in record]
        if record is None:
            return None
        record = record[key]
    return cast("object", record)


@dataclass(frozen=True)
class Listing:
    """The list of an operation: its path by response keys, and its columns."""

    path: tuple[str, ...]
    columns: list[ListedColumn]


def listing_of(operation: Operation) -> Listing:
    """Return the list of an operation; InvalidInputError when it has none, or a field that is no column."""
    type_, fields = cast("GraphQLObjectType", operation.schema.query_type), None
    path: tuple[str, ...] = ()
    fields = operation.root_fields(type_)
    while True:
        key, details = _only(fields, path)
        path = (*path, key)
        declared = type_.fields.get(name_of(details))
        read = None if declared is None else declared.extensions.get(READ)
        if declared is None or (not isinstance(read, Page | ById | TheCaller) and not _is_single(read)):
            raise InvalidInputError(NOT_ONE_LIST, field=".".join(path))
        type_ = object_type(declared)
        fields = operation.subfields(type_, details)
        if isinstance(read, Page):
            node_type, rows = _rows(operation, type_, fields, path)
            return Listing(path, list(_columns(operation, node_type, rows, ())))


def _only(fields: dict[str, Details], path: tuple[str, ...]) -> tuple[str, Details]:
    """Return the only field of a selection set."""
    first, *others = fields.items()
    if others:
        raise InvalidInputError(NOT_ONE_LIST, field=".".join((*path, others[0][0])))
    return first


def _is_single(read: object) -> bool:
    return isinstance(read, Related) and read.edge.shape is Shape.ONE


def _rows(
    operation: Operation, type_: GraphQLObjectType, fields: dict[str, Details], path: tuple[str, ...]
) -> tuple[GraphQLObjectType, dict[str, Details]]:
    """Return what is selected of the rows of a connection: by `nodes`, or by `node` of `edges`."""
    found = []
    for details in fields.values():
        if name_of(details) == "nodes":
            found.append((object_type(type_.fields["nodes"]), details))
        elif name_of(details) == "edges":
            edge = object_type(type_.fields["edges"])
            inner = operation.subfields(edge, details).values()
            found += [(object_type(edge.fields["node"]), each) for each in inner if name_of(each) == "node"]
    if len(found) != 1:
        raise InvalidInputError(NOT_ONE_LIST, field=".".join(path))
    ((node_type, details),) = found
    return node_type, operation.subfields(node_type, details)


def _columns(
    operation: Operation, type_: GraphQLObjectType, fields: dict[str, Details], above: tuple[str, ...]
) -> Iterator[ListedColumn]:
    for key, details in fields.items():
        path, name = (*above, key), name_of(details)
        declared: GraphQLField | None = type_.fields.get(name)
        if name == TYPENAME or declared is None:
            yield ListedColumn(path, is_number=False)
        elif is_leaf_type(leaf := get_named_type(declared.type)):
            yield ListedColumn(path, is_number=leaf.name in NUMBERS)
        elif isinstance(read := declared.extensions.get(READ), Related):
            inner = object_type(declared)
            columns = list(_columns(operation, inner, operation.subfields(inner, details), path))
            if read.edge.shape is not Shape.ONE:
                (columns,) = [[ListedColumn(columns[0].path, is_number=False)]] if len(columns) == 1 else [[]]
            if not columns:
                raise InvalidInputError(NO_COLUMN, field=".".join(path))
            yield from columns
        else:
            raise InvalidInputError(NO_COLUMN, field=".".join(path))


@dataclass
class StandIn:
    """Stands for the step of the list in the plan of the path to it, and notes the key of the list's parent."""

    page: PageStep
    keys_seen: list[Key] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take over what a step shows of itself."""
        self.response_key, self.index, self.keys = self.page.response_key, self.page.index, self.page.keys
        self.statements: dict[str, Statements] = {}
        self.selections: dict[str, Selection] = {}

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Note the key, and load nothing."""
        del inputs
        self.keys_seen = [0 if self.index is None else row[self.index] for row in level.rows]
        return []


def page_step(plan: Plan) -> PageStep:
    """Return the step that loads the rows of the list."""
    selection = plan.root
    while True:
        (step,) = selection.steps
        if isinstance(step, PageStep):
            return step
        (selection,) = step.selections.values()


def path_to(plan: Plan, stand_in: StandIn) -> Plan:
    """Return the plan of the path to the list, in which `stand_in` stands for its step."""
    return replace(plan, root=_replaced(plan.root, stand_in))


def _replaced(selection: Selection, stand_in: StandIn) -> Selection:
    return replace(selection, steps=[_replaced_step(step, stand_in) for step in selection.steps])


def _replaced_step(step: Step, stand_in: StandIn) -> Step:
    if isinstance(step, RecordStep | RelatedStep | CallerStep):
        return replace(step, selection=_replaced(step.selection, stand_in))
    return stand_in
