"""Totals in a plan: what the rows below the nodes of a level add up to, made into one object for each node."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from operator import attrgetter
from typing import Any

from graphql import GraphQLObjectType, get_named_type, is_leaf_type
from strawberry.utils.str_converters import to_snake_case

from app.db.exchange import Row
from app.engine.operation import TYPENAME, Details, Operation, name_of, object_type
from app.engine.plan import Followup, Inputs, Level, Load, Selection, keys_among
from app.engine.statements import Statements
from app.loaders.reads import Totals
from app.loaders.totals import totals_by
from app.loaders.window import WHOLE

Shown = Callable[[Any], object]


@dataclass
class TotalsStep:
    """A field that returns what the rows below a node add up to; `show` makes the dict of the answer."""

    response_key: str
    read: Totals
    index: int
    show: Shown

    def __post_init__(self) -> None:
        """Prepare the statement."""
        self._statements = Statements(lambda _: totals_by(self.read.function))
        self.keys = f"the parents' {self.read.edge.parent}"
        self.statements: Mapping[str, Statements] = {"totals": self._statements}
        self.selections: Mapping[str, Selection] = {}

    def loads(self, level: Level, inputs: Inputs) -> list[Load]:
        """Load the totals of all parents by one statement."""
        del inputs
        values = [row[self.index] for row in level.rows]
        keys = keys_among(self.read.edge, values)
        statement = self._statements.of({}, lambda: WHOLE)
        return [Load(statement, keys, partial(self._deliver, level, values))] if keys else []

    def _deliver(self, parents: Level, values: list[Any], rows: list[Row]) -> Followup:
        return Followup([], partial(self._fill, parents, values, rows))

    def _fill(self, parents: Level, values: list[Any], rows: list[Row]) -> None:
        groups: dict[object, list[Row]] = defaultdict(list)
        for key, *total in rows:
            groups[key].append(tuple(total))
        for parent, value in zip(parents.dicts, values, strict=True):
            parent[self.response_key] = self.show(self.read.make(groups.get(value, ())))


def shown_by(operation: Operation, type_: GraphQLObjectType, details: Details) -> Shown:
    """Return the function that makes the dict of an object and of those in it, from the selected attributes."""
    fields = {key: _field(operation, type_, inner) for key, inner in operation.subfields(type_, details).items()}
    return lambda made: {key: read(made) for key, read in fields.items()}


def _field(operation: Operation, type_: GraphQLObjectType, details: Details) -> Shown:
    name = name_of(details)
    if name == TYPENAME:
        return lambda _: type_.name
    declared, read = type_.fields[name], attrgetter(to_snake_case(name))
    if is_leaf_type(get_named_type(declared.type)):
        return lambda made: _leaf(read(made))
    inner = shown_by(operation, object_type(declared), details)
    return lambda made: [inner(each) for each in read(made)]


def _leaf(value: object) -> object:
    """Write a value as GraphQL does: a decimal number as a text."""
    return str(value) if isinstance(value, Decimal) else value
