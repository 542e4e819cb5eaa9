"""Measuring: how large a document is once its fragments are expanded, in one pass.

Every fragment is measured once, whatever spreads it, so that the work is linear in the document even where the
expanded document would be astronomically large.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from app.loaders.page import DEFAULT_PAGE

PAGE_SIZES = ("first", "last")
CONNECTION_FIELDS = frozenset({"nodes", "edges"})
VERY_LARGE = 1 << 30  # stands for every number that is longer than itself


class Measures(NamedTuple):
    """What one pass finds, fragments expanded. `cost` counts the objects that a document may answer."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    duplicates: int = 0
    longest_list: int = 0
    value_depth: int = 0
    largest_page: int = 0
    cost: int = 0

    def beside(self, other: "Measures") -> "Measures":
        """Measure two selections of one selection set together."""
        return Measures(*(join(mine, theirs) for join, mine, theirs in zip(JOINS, self, other, strict=True)))


ADD = int.__add__
JOINS: tuple[Callable[[int, int], int], ...] = (max, ADD, ADD, ADD, ADD, max, max, max, ADD)
"""How two measures make one, in the order of their names."""
NOTHING = Measures()


@dataclass
class Measurer:
    """One pass over a document. `variables` are the values as they came; missing ones count as their defaults."""

    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    measured: dict[str, Measures] = field(default_factory=dict)

    def operation(self, operation: OperationDefinitionNode) -> Measures:
        """Measure an operation."""
        found = self.selections(operation.selection_set)
        return found._replace(directives=found.directives + len(operation.directives or ()))

    def selections(self, selection_set: SelectionSetNode | None) -> Measures:
        """Measure a selection set."""
        if selection_set is None:
            return NOTHING
        total = NOTHING
        for selection in selection_set.selections:
            total = total.beside(self.selection(selection))
        return total._replace(duplicates=total.duplicates + repeated(selection_set))

    def selection(self, selection: SelectionNode) -> Measures:
        """Measure a field, a spread or an inline fragment."""
        directives = len(selection.directives or ())
        if isinstance(selection, FieldNode):
            found = self.field(selection)
        elif isinstance(selection, FragmentSpreadNode):
            found = self.fragment(selection.name.value)
        else:
            found = self.selections(selection.selection_set if isinstance(selection, InlineFragmentNode) else None)
        return found._replace(directives=found.directives + directives)

    def field(self, node: FieldNode) -> Measures:
        """Measure a field with what is selected below it."""
        below = self.selections(node.selection_set)
        values = [self.value(argument.value) for argument in node.arguments or ()]
        size = self.page_size(node)
        return Measures(
            depth=below.depth + 1,
            fields=below.fields + 1,
            aliases=below.aliases + (node.alias is not None),
            directives=below.directives,
            duplicates=below.duplicates,
            longest_list=max([below.longest_list, *(longest for longest, _ in values)]),
            value_depth=max([below.value_depth, *(depth for _, depth in values)]),
            largest_page=max(below.largest_page, size or 0),
            cost=self.cost(node, below, size),
        )

    def cost(self, node: FieldNode, below: Measures, size: int | None) -> int:
        """Estimate the objects of a field: a page counts its size; a list without `first` only the budget can hold."""
        if node.selection_set is None:
            return 0
        if size is None:
            names = {s.name.value for s in node.selection_set.selections if isinstance(s, FieldNode)}
            size = DEFAULT_PAGE if names & CONNECTION_FIELDS else 1
        return max(size, 1) * (1 + below.cost)

    def fragment(self, name: str) -> Measures:
        """Measure a fragment once; a cycle finds nothing here and is refused by validation."""
        if name not in self.measured:
            self.measured[name] = NOTHING
            fragment = self.fragments.get(name)
            self.measured[name] = self.selections(fragment.selection_set) if fragment else NOTHING
        return self.measured[name]

    def page_size(self, node: FieldNode) -> int | None:
        """Read `first` or `last` of a field, from the literal or from the variable: both count the same."""
        for argument in node.arguments or ():
            if argument.name.value in PAGE_SIZES:
                size = self.number(argument.value)
                if size is not None:
                    return size
        return None

    def number(self, node: ValueNode) -> int | None:
        """Read a whole number; None for anything else, which validation refuses."""
        if isinstance(node, IntValueNode):
            return int(node.value) if len(node.value) < len(str(VERY_LARGE)) else VERY_LARGE
        value = self.variables.get(node.name.value) if isinstance(node, VariableNode) else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def value(self, node: ValueNode) -> tuple[int, int]:
        """Measure an argument: its longest list and its depth."""
        if isinstance(node, VariableNode):
            return measure_value(self.variables.get(node.name.value))
        if isinstance(node, ListValueNode):
            inner, own = list(node.values), len(node.values)
        elif isinstance(node, ObjectValueNode):
            inner, own = [f.value for f in node.fields], 0
        else:
            return 0, 0
        measured = [self.value(value) for value in inner]
        return max([own, *(longest for longest, _ in measured)]), 1 + max([0, *(depth for _, depth in measured)])


def repeated(selection_set: SelectionSetNode) -> int:
    """Count the fields of a selection set that stand there again under the same response key."""
    fields = (s for s in selection_set.selections if isinstance(s, FieldNode))
    keys = Counter((s.alias or s.name).value for s in fields)
    return keys.total() - len(keys)


def measure_value(value: object) -> tuple[int, int]:
    """Measure a variable's value: its longest list and its depth."""
    if isinstance(value, list):
        inner, own = value, len(value)
    elif isinstance(value, dict):
        inner, own = list(value.values()), 0
    else:
        return 0, 0
    measured = [measure_value(item) for item in inner]
    return max([own, *(longest for longest, _ in measured)]), 1 + max([0, *(depth for _, depth in measured)])
