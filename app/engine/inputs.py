"""Inputs: how large the values of arguments and variables are, whether they stand in the document or come with it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from graphql import IntValueNode, ListValueNode, ObjectValueNode, OperationDefinitionNode, VariableNode

VERY_LARGE = 1 << 30  # stands for every number that is longer than itself


class Input(NamedTuple):
    """A value: its longest list, its nesting, how many values it holds, and itself if it is a number."""

    longest: int = 0
    depth: int = 0
    values: int = 1
    number: int = 0

    def or_else(self, other: "Input") -> "Input":
        """Measure what may be the one or the other."""
        return Input(*map(max, self, other))


def measure_inputs(operations: Iterable[OperationDefinitionNode], given: Mapping[str, Any]) -> dict[str, Input]:
    """Measure every variable once, whatever uses it.

    A missing value counts as its default; where operations of one document differ in it, as the largest.
    """
    measured = {name: measure(value) for name, value in given.items()}
    for operation in operations:
        for definition in operation.variable_definitions or ():
            name = definition.variable.name.value
            if name not in given and definition.default_value is not None:
                default = measure(definition.default_value)
                measured[name] = default.or_else(measured.get(name, default))
    return measured


def measure(value: object, variables: Mapping[str, Input] | None = None) -> Input:
    """Measure a literal or a value out of JSON level by level: both may be nested deeper than Python's stack."""
    longest = depth = count = nesting = 0
    level = [value]
    while level:
        below: list[object] = []
        for item in level:
            if isinstance(item, VariableNode):
                known = (variables or {}).get(item.name.value, Input())
                longest, depth, count = (
                    max(longest, known.longest),
                    max(depth, nesting + known.depth),
                    count + known.values,
                )
                continue
            inner = parts(item)
            count += 1
            if inner is not None:
                depth = nesting + 1
                longest = max(longest, len(inner)) if isinstance(item, list | ListValueNode) else longest
                below.extend(inner)
        level, nesting = below, nesting + 1
    return Input(longest, depth, count, number(value, variables or {}))


def parts(value: object) -> list[object] | None:
    """Take the values of a list or an object; None for any other value."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, ListValueNode):
        return list(value.values)
    return [field.value for field in value.fields] if isinstance(value, ObjectValueNode) else None


def number(value: object, variables: Mapping[str, Input]) -> int:
    """Read a whole number; 0 for anything else, which is refused later. GraphQL takes 100.0 for 100."""
    if isinstance(value, VariableNode):
        return variables.get(value.name.value, Input()).number
    if isinstance(value, IntValueNode):
        return int(value.value) if len(value.value) < len(str(VERY_LARGE)) else VERY_LARGE
    return int(min(value, VERY_LARGE)) if isinstance(value, int | float) else 0
