"""Argument sizes: how large the values of arguments and variables are, literal or sent with the request."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

from graphql import (
    IntValueNode,
    ListValueNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    VariableNode,
)

from app.loaders.filtering import FILTERABLE

VERY_LARGE = 1 << 53
"""Every number with as many digits, or more, counts as this one."""


SLOW: Mapping[str, int] = {"contains": 19, "startsWith": 19}
SLOW_EDGE = 20
"""What comparisons of texts, and edges in filters, count besides the values in them: they may read every row."""

PLAIN_TYPES = ("ID", "String", "Boolean")
LISTS = (list, ListValueNode)
OBJECTS = (dict, ObjectValueNode)


class Size(NamedTuple):
    """The size of a value: its longest list, its nesting, the values in it, and the value itself if it is a number.

    If it is a filter, `searches` is the number of its members that lead to other records, and `conditions` the number
    of its comparisons: each item of a list is one, and those that PostgreSQL answers slowly count several times.
    """

    longest: int = 0
    depth: int = 0
    values: int = 1
    number: int = 0
    searches: int = 0
    conditions: int = 1

    def larger(self, other: "Size") -> "Size":
        """Return the larger size, measure by measure."""
        return Size(*map(max, self, other))


def measure_variables(
    operations: Iterable[OperationDefinitionNode], given: Mapping[str, Any] | None
) -> dict[str, Size]:
    """Measure every variable once. `given` are the values of a request; None makes every variable as small as possible.

    A missing value counts as its default. If operations of one document have different defaults, the largest counts.
    """
    definitions = [definition for operation in operations for definition in operation.variable_definitions or ()]
    if given is None:
        return {definition.variable.name.value: Size(number=1) for definition in definitions}
    measured = {name: measure(value) for name, value in given.items()}
    for definition in definitions:
        name = definition.variable.name.value
        if name not in given and definition.default_value is not None:
            default = measure(definition.default_value)
            measured[name] = default.larger(measured.get(name, default))
    return measured


def may_grow(operations: Iterable[OperationDefinitionNode]) -> bool:
    """Return whether a variable can make the document larger: as a number of rows, a list or an object."""
    types = (d.type for operation in operations for d in operation.variable_definitions or ())
    named = (type_.type if isinstance(type_, NonNullTypeNode) else type_ for type_ in types)
    return any(not isinstance(type_, NamedTypeNode) or type_.name.value not in PLAIN_TYPES for type_ in named)


def measure(value: object, variables: Mapping[str, Size] | None = None) -> Size:
    """Measure a literal or a JSON value level by level: both may be nested deeper than Python's stack."""
    known, names = variables or {}, edge_names()
    longest = depth = values = searches = conditions = nesting = 0
    level = [value]
    while level:
        below: list[object] = []
        for item in level:
            if isinstance(item, VariableNode):
                size = known.get(item.name.value, Size())
                longest, depth = max(longest, size.longest), max(depth, nesting + size.depth)
                values, searches = values + size.values, searches + size.searches
                conditions += size.conditions
                continue
            values += 1
            if isinstance(item, LISTS):
                items = items_of(item)
                longest, depth = max(longest, len(items)), max(depth, nesting + 1)
                below.extend(items)
            elif isinstance(item, OBJECTS):
                members = members_of(item)
                depth = max(depth, nesting + 1)
                searches += sum(name in names for name in members)
                conditions += sum(SLOW.get(name, SLOW_EDGE * (name in names)) for name in members)
                below.extend(members.values())
            else:
                conditions += 1
        level, nesting = below, nesting + 1
    return Size(longest, depth, values, number(value, known), searches, conditions)


@cache
def edge_names() -> frozenset[str]:
    """Return the names under which filters lead to other records; each is a search in the database."""
    return frozenset(name for filterable in FILTERABLE.values() for name in filterable.edges)


def items_of(value: object) -> Sequence[object]:
    """Return the values in a list."""
    return value.values if isinstance(value, ListValueNode) else cast("list[object]", value)


def members_of(value: object) -> Mapping[str, object]:
    """Return the values in an object by their names."""
    if isinstance(value, ObjectValueNode):
        return {field.name.value: field.value for field in value.fields}
    return cast("dict[str, object]", value)


def number(value: object, variables: Mapping[str, Size]) -> int:
    """Read a whole number; 0 for anything else, which is refused later. GraphQL takes 100.0 for 100."""
    if isinstance(value, VariableNode):
        return variables.get(value.name.value, Size()).number
    if isinstance(value, IntValueNode):
        return int(value.value) if len(value.value) < len(str(VERY_LARGE)) else VERY_LARGE
    return int(min(value, VERY_LARGE)) if isinstance(value, int | float) else 0
