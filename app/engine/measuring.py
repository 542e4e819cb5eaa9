"""Measuring: how large a document is with its fragments expanded, in one pass.

Every fragment is measured once, however often it is spread. So the work is linear in the size of the document, even
where the expanded document would be exponentially larger.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple, get_type_hints

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from app.engine.argument_sizes import Size, measure
from app.engine.introspection import INTROSPECTION, Introspection
from app.error_codes import Message
from app.errors import LimitExceededError
from app.loaders.groups import BY
from app.loaders.page import DEFAULT_PAGE, OFFSET
from app.loaders.reads import FILTER

SIZES: Mapping[str, Callable[[Size], int]] = {
    "first": lambda value: value.number,
    "last": lambda value: value.number,
    "ids": lambda value: value.longest,
}
"""Arguments that say how many records a field may answer, and how to read the number."""

WRITTEN = "input"
"""The argument of a mutation. The payload of a bulk mutation has as many records as its longest list."""

CONNECTION_FIELDS = frozenset({"nodes", "edges"})
DEEPEST_NESTING = 100
"""The deepest nesting of selection sets and fragments that is measured: Python's stack holds a thousand calls."""

TOO_DEEP = Message(
    "nesting of selections and fragments: found {found}, allowed {allowed}",
    "选择集与片段的嵌套层数：{found}，上限 {allowed}",
)


Largest = Annotated[int, max]
"""A measure for which two selections together have the larger number of the two."""

Sum = Annotated[int, int.__add__]
"""A measure for which two selections together have the sum of both numbers."""


class Measures(NamedTuple):
    """The size of a document with its fragments expanded. `cost` estimates the number of objects in the answer."""

    depth: Largest = 0
    fields: Sum = 0
    roots: Sum = 0
    aliases: Sum = 0
    directives: Sum = 0
    duplicates: Sum = 0
    longest_list: Largest = 0
    value_depth: Largest = 0
    values: Sum = 0
    searches: Sum = 0
    conditions: Sum = 0
    largest_page: Largest = 0
    largest_offset: Largest = 0
    cost: Sum = 0

    def plus(self, other: "Measures") -> "Measures":
        """Return the measures of two selections together."""
        return Measures(*(join(mine, theirs) for join, mine, theirs in zip(JOINS, self, other, strict=True)))


JOINS: tuple[Callable[[int, int], int], ...] = tuple(
    hint.__metadata__[0] for hint in get_type_hints(Measures, include_extras=True).values()
)
"""How each measure of two selections is combined, in the order of the fields of Measures."""

NO_MEASURES = Measures()


@dataclass
class Measurer:
    """One pass over a document. `inputs` are its variables."""

    fragments: Mapping[str, FragmentDefinitionNode]
    inputs: Mapping[str, Size]
    introspection: Introspection
    measured: dict[str, Measures] = field(default_factory=dict)
    nesting: int = 0

    def operation(self, operation: OperationDefinitionNode) -> Measures:
        """Measure an operation with its variables."""
        definitions = operation.variable_definitions or ()
        measures = self.selection_set(operation.selection_set)
        lists = (operation.directives, *(definition.directives for definition in definitions))
        return measures._replace(directives=measures.directives + sum(len(directives or ()) for directives in lists))

    def selection_set(self, selection_set: SelectionSetNode | None) -> Measures:
        """Measure a selection set, with the names that are repeated in it and its inline fragments."""
        if selection_set is None:
            return NO_MEASURES
        measures = self.selections(selection_set)
        keys = Counter(selection_keys(selection_set))
        return measures._replace(duplicates=measures.duplicates + keys.total() - len(keys))

    def selections(self, selection_set: SelectionSetNode) -> Measures:
        """Measure the selections of a selection set; `roots` is the number of its fields."""
        total = NO_MEASURES
        with self.one_level():
            for selection in selection_set.selections:
                total = total.plus(self.selection(selection))
        return total

    def selection(self, selection: SelectionNode) -> Measures:
        """Measure a field, a spread or an inline fragment."""
        directives = len(selection.directives or ())
        if isinstance(selection, FieldNode):
            measures = self.field(selection)
        elif isinstance(selection, FragmentSpreadNode):
            measures = self.fragment(selection.name.value)
        elif isinstance(selection, InlineFragmentNode):
            measures = self.selections(selection.selection_set)
        else:
            measures = NO_MEASURES
        return measures._replace(directives=measures.directives + directives)

    def field(self, node: FieldNode) -> Measures:
        """Measure a field with what is selected below it."""
        below = self.selection_set(node.selection_set)
        arguments = [(a.name.value, measure(a.value, self.inputs)) for a in node.arguments or ()]
        given = [value for _, value in arguments]
        size = max((SIZES[name](value) for name, value in arguments if name in SIZES), default=0)
        conditions = sum(value.conditions for name, value in arguments if name == FILTER)
        return Measures(
            depth=below.depth + 1,
            fields=below.fields + 1,
            roots=1,
            aliases=below.aliases + (node.alias is not None),
            directives=below.directives,
            duplicates=below.duplicates,
            longest_list=max([below.longest_list, *(value.longest for value in given)]),
            value_depth=max([below.value_depth, *(value.depth for value in given)]),
            values=below.values + sum(value.values for value in given),
            conditions=below.conditions + conditions,
            searches=below.searches + sum(value.searches for name, value in arguments if name == FILTER),
            largest_page=max(below.largest_page, size),
            largest_offset=max([below.largest_offset, *(value.number for name, value in arguments if name == OFFSET)]),
            cost=self.cost(node, below, max([size, *(value.longest for name, value in arguments if name == WRITTEN)]))
            + conditions,
        )

    def cost(self, node: FieldNode, below: Measures, size: int) -> int:
        """Estimate the objects of a field: a page counts its size, groups as many as a page without one.

        Only the budget limits a list without `first`. The lists of introspection have the sizes of the schema's.
        """
        if node.name.value in INTROSPECTION:
            return self.introspection.cost(node)
        if node.selection_set is None:
            return 0
        if size <= 0:
            is_grouped = any(argument.name.value == BY for argument in node.arguments or ())
            size = DEFAULT_PAGE if is_grouped or self.is_connection(node.selection_set) else 1
        return size * (1 + below.cost)

    def is_connection(self, selection_set: SelectionSetNode) -> bool:
        """Return whether a field is a connection: it selects a field of one, or a fragment that may."""
        selections = selection_set.selections
        names = {s.name.value for s in selections if isinstance(s, FieldNode)}
        inline = (s.selection_set for s in selections if isinstance(s, InlineFragmentNode))
        spread = (self.fragments.get(s.name.value) for s in selections if isinstance(s, FragmentSpreadNode))
        on_connection = any(f is not None and f.type_condition.name.value.endswith("Connection") for f in spread)
        return bool(names & CONNECTION_FIELDS) or on_connection or any(self.is_connection(s) for s in inline)

    def fragment(self, name: str) -> Measures:
        """Measure a fragment once. A cycle counts nothing here; validation refuses it."""
        if name not in self.measured:
            self.measured[name] = NO_MEASURES
            fragment = self.fragments.get(name)
            if fragment is not None:
                measures = self.selection_set(fragment.selection_set)
                directives = measures.directives + len(fragment.directives or ())
                self.measured[name] = measures._replace(directives=directives)
        return self.measured[name]

    @contextmanager
    def one_level(self) -> Iterator[None]:
        """Enter a level of nesting; LimitExceededError before the stack could overflow."""
        self.nesting += 1
        if self.nesting > DEEPEST_NESTING:
            raise LimitExceededError("DEPTH_LIMIT_EXCEEDED", self.nesting, DEEPEST_NESTING, TOO_DEEP)
        yield
        self.nesting -= 1


def selection_keys(selection_set: SelectionSetNode, type_: str = "") -> Iterator[tuple[str, str]]:
    """Yield a key for each selection, with the type of its inline fragment; a key that occurs twice is a repetition."""
    for selection in selection_set.selections:
        if isinstance(selection, FieldNode):
            yield type_, (selection.alias or selection.name).value
        elif isinstance(selection, FragmentSpreadNode):
            yield "...", selection.name.value
        elif isinstance(selection, InlineFragmentNode):
            condition = selection.type_condition
            yield from selection_keys(selection.selection_set, condition.name.value if condition else type_)
