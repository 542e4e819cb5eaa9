"""Variables are read as graphql-core reads them, which also says what is wrong with those that are not valid."""

from typing import Any

import pytest
from graphql import GraphQLError, OperationDefinitionNode, build_schema, get_variable_values, parse
from graphql.execution.values import VariableValues

from app.engine.document import MOST_ERRORS
from app.execution.variables import Variables
from tests.worlds.schema import CORE

HOUSE = {"name": "a", "type": "HOUSE", "parentId": "1"}
NESTED: dict[str, Any] = {"name": {"startsWith": "a"}}
for _ in range(350):  # too deep for Python 3.11 to 3.13, which count calls differently
    NESTED = {"and": [NESTED]}

VALUES: list[tuple[str, Any]] = [
    ("CreateSpacesInput!", {"spaces": [HOUSE, {"parentId": 1, "type": "PARK", "name": "b", "area": None}]}),
    ("CreateSpacesInput!", {"spaces": HOUSE, "dryRun": True, "onError": "SKIP"}),
    ("CreateSpacesInput!", {"spaces": []}),
    ("CreateSpacesInput!", {"spaces": [HOUSE, {**HOUSE, "type": "CASTLE"}, {**HOUSE, "colour": "red"}, None]}),
    ("CreateSpacesInput!", {"spaces": [{"type": "HOUSE", "parentId": True}, "a house", [HOUSE]]}),
    ("CreateSpacesInput!", {"spaces": None, "onError": None}),
    ("CreateSpacesInput!", {"dryRun": "yes"}),
    ("CreateSpacesInput!", None),
    ("CreateSpacesInput!", []),
    ("[ID!]!", ["1", 2, 2.0]),
    ("[ID!]!", "1"),
    ("[ID!]!", ["1", None]),
    ("[[Int]]", [[1, None], None, 2]),
    ("Int!", 2**31),
    ("Int", 2.5),
    ("Int = 3", 4),
    ("String", 5),
    ("SpaceFilter", {"type": {"in": ["HOUSE", "PARK"]}, "and": [{"name": {"startsWith": "x"}}, {"id": {"eq": 3}}]}),
    ("SpaceFilter", NESTED),
    ("[SpaceOrder!]", [{"field": "NAME"}, {"field": "ID", "direction": "DESC"}]),
    ("[SpaceOrder!]", [{"direction": None}]),
    ("Space", {"id": "1"}),
]


def operation(type_: str) -> OperationDefinitionNode:
    (definition,) = parse(f"query ($v: {type_}) {{ __typename }}").definitions
    assert isinstance(definition, OperationDefinitionNode)
    return definition


def shown(values: VariableValues | list[GraphQLError]) -> object:
    """Give what can be compared; fields must have the same order, in which their errors are reported."""
    return [error.formatted for error in values] if isinstance(values, list) else repr(values.coerced)


@pytest.mark.parametrize("given", [{}, {"w": 1}, *({"v": value} for _, value in VALUES)], ids=str)
@pytest.mark.parametrize("type_", dict(VALUES))
def test_values_and_errors_are_those_of_the_reference(type_: str, given: dict[str, Any]) -> None:
    asked = operation(type_)
    expected = get_variable_values(CORE, asked.variable_definitions or (), dict(given), MOST_ERRORS)
    assert shown(Variables(CORE, hide_suggestions=False).read(asked, given)) == shown(expected)


def test_choices_of_one_field_and_defaults_are_those_of_the_reference() -> None:
    other = build_schema(
        "type Query { a: Int } input One @oneOf { a: Int, b: Int }"
        ' input Filled { list: [Int!]! = [1], one: One, text: String = "x", filled: Filled }'
    )
    variables = Variables(other, hide_suggestions=False)
    for value in ({}, {"one": {"a": 1}}, {"one": {"a": 1, "b": 2}}, {"one": {"a": None}}, {"filled": {"text": None}}):
        asked = operation("Filled!")
        expected = get_variable_values(other, asked.variable_definitions or (), {"v": value}, MOST_ERRORS)
        assert shown(variables.read(asked, {"v": value})) == shown(expected)
