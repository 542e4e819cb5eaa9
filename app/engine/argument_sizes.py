"""Argument sizes: how large the values of arguments and variables are, literal or sent with the request."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from graphql import (
    IntValueNode,
    ListValueNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    VariableNode,
)

VERY_LARGE = 1 << 53
"""Every number with as many digits, or more, counts as this one."""


PLAIN_TYPES = ("ID", "String", "Boolean")


class Size(NamedTuple):
    """The size of a value: its longest list, its nesting, the values in it, and the value itself if it is a number."""

    longest: int = 0
    depth: int = 0
    values: int = 1
    number: int = 0

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
    known = variables or {}
    longest = depth = values = nesting = 0
    level = [value]
    while level:
        sizes = [size_of(item, known) for item in level]
        longest = max(longest, *(size.longest for size in sizes))
        depth = max(depth, *(nesting + size.depth for size in sizes))
        values += sum(size.values for size in sizes)
        level, nesting = [inner for item in level for inner in parts(item)], nesting + 1
    return Size(longest, depth, values, number(value, known))


def size_of(value: object, variables: Mapping[str, Size]) -> Size:
    """Measure a value without the values in it."""
    if isinstance(value, VariableNode):
        return variables.get(value.name.value, Size())
    if isinstance(value, list | ListValueNode):
        return Size(longest=len(parts(value)), depth=1)
    return Size(depth=1 if isinstance(value, dict | ObjectValueNode) else 0)


def parts(value: object) -> Sequence[object]:
    """Return the values in a list or an object."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, ListValueNode):
        return value.values
    return [field.value for field in value.fields] if isinstance(value, ObjectValueNode) else ()


def number(value: object, variables: Mapping[str, Size]) -> int:
    """Read a whole number; 0 for anything else, which is refused later. GraphQL takes 100.0 for 100."""
    if isinstance(value, VariableNode):
        return variables.get(value.name.value, Size()).number
    if isinstance(value, IntValueNode):
        return int(value.value) if len(value.value) < len(str(VERY_LARGE)) else VERY_LARGE
    return int(min(value, VERY_LARGE)) if isinstance(value, int | float) else 0
