"""Offsets: page numbers reach every row, and what is no offset is refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.clients.api import Api, open_api
from tests.worlds.pages import page, walk
from tests.worlds.schema import PLURALS


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "core"])
def either(request: pytest.FixtureRequest, demo_url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(demo_url, compiled=request.param) as api:
        yield api


@pytest.mark.parametrize("name", PLURALS)
def test_every_list_is_walked_by_page_numbers(either: Api, name: str) -> None:
    forward = walk(either, name, "first", {"first": 50})
    rows: list[dict[str, Any]] = []
    for offset in range(0, len(forward) + 50, 50):
        found = page(either, name, {"first": 50, "offset": offset})
        assert found["totalCount"] == len(forward)
        assert found["pageInfo"]["hasNextPage"] is (offset + 50 < len(forward))
        assert found["pageInfo"]["hasPreviousPage"] is (offset > 0)
        rows += found["nodes"]
    assert rows == forward


ORGS = """query ($first: Int, $last: Int, $after: String, $before: String, $offset: Int) {
  orgs(first: $first, last: $last, after: $after, before: $before, offset: $offset) { nodes { id } } }"""


@pytest.mark.parametrize("given", [{}, {"offset": None}, {"offset": 0}], ids=str)
def test_an_offset_that_is_null_left_out_or_0_skips_nothing(either: Api, given: dict[str, Any]) -> None:
    expected = either.data("{ orgs(first: 3) { nodes { id } } }")
    assert either.data(ORGS, {"first": 3, **given}) == expected
    literal = "".join(f", offset: {'null' if value is None else value}" for value in given.values())
    assert either.data(f"{{ orgs(first: 3{literal}) {{ nodes {{ id }} }} }}") == expected


def test_an_offset_beside_arguments_that_are_null_counts(either: Api) -> None:
    whole = either.data(ORGS, {"first": 30})["orgs"]["nodes"]
    nothing = {"after": None, "before": None, "last": None}
    assert either.data(ORGS, {"first": 3, "offset": 5, **nothing})["orgs"]["nodes"] == whole[5:8]
    assert either.data(ORGS, {"offset": 5})["orgs"]["nodes"] == whole[5:25], "a page without size has 20 rows"


def test_an_offset_behind_the_last_row_gives_an_empty_page(either: Api) -> None:
    found = page(either, "Org", {"first": 3, "offset": 10_000})
    assert (found["nodes"], found["edges"]) == ([], [])
    assert found["totalCount"] > 100
    info = {"hasNextPage": False, "hasPreviousPage": True, "startCursor": None, "endCursor": None}
    assert found["pageInfo"] == info


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (10_001, "OFFSET_TOO_LARGE"),
        (2**31 - 1, "OFFSET_TOO_LARGE"),
        (2**31, "OFFSET_TOO_LARGE"),
        (10**14, "OFFSET_TOO_LARGE"),
        (-1, "INVALID_INPUT"),
        (-(2**31), "INVALID_INPUT"),
    ],
)
def test_other_offsets_are_refused(either: Api, number: int, code: str) -> None:
    for error in (
        either.error(f"{{ orgs(offset: {number}) {{ nodes {{ id }} }} }}"),
        either.error(ORGS, {"offset": number}),
        either.error(f'{{ org(id: "8829") {{ descendants(offset: {number}) {{ nodes {{ id }} }} }} }}'),
    ):
        assert error["extensions"]["code"] == code
        if code == "OFFSET_TOO_LARGE":
            assert error["extensions"] == {"code": code, "found": number, "allowed": 10_000}
            assert either.statements == []
        else:
            assert error["message"] == "the argument 'offset' must not be negative"


@pytest.mark.parametrize("offset", ["1.5", '"1"', "true", "[1]", "{}"])
def test_an_offset_is_a_whole_number(api: Api, offset: str) -> None:
    error = api.error(f"{{ orgs(offset: {offset}) {{ nodes {{ id }} }} }}")
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize("offset", [0, 5])
@pytest.mark.parametrize("other", ["after", "before", "last"])
def test_an_offset_is_not_combined_with_cursors_or_last(either: Api, other: str, offset: int) -> None:
    value = 3 if other == "last" else page(either, "Org", {"first": 3})["pageInfo"]["endCursor"]
    error = either.error(ORGS, {"offset": offset, other: value})
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert error["path"] == ["orgs"]
    assert f"cannot be combined with `{other}`" in error["message"]
