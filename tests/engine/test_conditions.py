"""How many comparisons the filters of a document have, and what they cost."""

from typing import Any

import pytest

from app.engine.argument_sizes import measure
from tests.clients.api import Api, open_api

ANY = "{ spaces(first: 1, filter: {any: [%s]}) { nodes { id } } }"


def cost(api: Api, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = api.post(query, variables).json()["extensions"]["cost"]
    return found


@pytest.mark.parametrize(
    ("value", "conditions"),
    [
        ({"name": {"eq": "a"}}, 1),
        ({"name": {"contains": "a"}}, 20),
        ({"id": {"in": ["1", "2", "3"]}}, 3),
        ({"any": [{"name": {"contains": "a"}}, {"name": {"startsWith": "a"}}]}, 40),
        ({"children": {"some": {"name": {"eq": "a"}}}}, 21),
        ({}, 0),
    ],
)
def test_each_comparison_counts(value: object, conditions: int) -> None:
    assert measure(value).conditions == conditions


def test_conditions_are_told_and_count_in_the_cost(api: Api) -> None:
    plain = cost(api, "{ spaces(first: 1) { nodes { id } } }")
    literal = cost(api, '{ spaces(first: 1, filter: {name: {contains: "a"}}) { nodes { id } } }')
    variable = cost(
        api,
        "query ($filter: SpaceFilter) { spaces(first: 1, filter: $filter) { nodes { id } } }",
        {"filter": {"name": {"contains": "a"}}},
    )
    text = cost(
        api,
        "query ($text: String) { spaces(first: 1, filter: {name: {contains: $text}}) { nodes { id } } }",
        {"text": "a"},
    )
    assert (plain["conditions"], plain["conditionsLimit"]) == (0, 1_000)
    assert [each["conditions"] for each in (literal, variable, text)] == [20, 20, 20]
    assert {each["estimated"] - plain["estimated"] for each in (literal, variable, text)} == {20}


def test_a_filter_of_240_texts_is_refused_before_any_row_is_read(api: Api) -> None:
    filter_ = ", ".join(f'{{name: {{contains: "{number}"}}}}' for number in range(240))
    error = api.error(ANY % filter_)
    assert error["extensions"] == {"code": "CONDITION_LIMIT_EXCEEDED", "found": 4_800, "allowed": 1_000}
    assert cost(api, ANY % filter_)["conditions"] == 4_800


def test_the_items_of_a_list_in_variables_count(demo_url: str) -> None:
    query = "query ($ids: [ID!]) { spaces(first: 1, filter: {id: {in: $ids}}) { nodes { id } } }"
    with open_api(demo_url, max_conditions=5) as api:
        assert cost(api, query, {"ids": list("12345")})["conditions"] == 5
        assert api.error(query, {"ids": list("123456")})["extensions"]["code"] == "CONDITION_LIMIT_EXCEEDED"
