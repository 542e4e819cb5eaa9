"""Orders by several columns: nulls last, the id among equals, each row on one page in both directions."""

import base64
from collections.abc import Iterator
from functools import cmp_to_key, partial
from typing import Any

import orjson
import pytest

from app import models
from app.graphql.schema import NOUNS
from app.loaders.filtering import BY_PINYIN, FILTERABLE
from app.models.base import Named
from tests.clients.api import Api, open_api

Order = list[dict[str, str]]

QUERY = """
query ($order: [SpaceOrder!], $first: Int, $after: String, $last: Int, $before: String) {
  page: spaces(orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
    nodes { id depth area fourgridParentId version createdAt parentId }
    edges { cursor }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""
FIELDS = {
    "ID": ("id", int), "DEPTH": ("depth", int), "AREA": ("area", float), "VERSION": ("version", int),
    "CREATED_AT": ("createdAt", str), "PARENT_ID": ("parentId", int), "FOURGRID_PARENT_ID": ("fourgridParentId", int),
}  # fmt: skip

FORWARD = ("first", "after", "hasNextPage", "endCursor")
BACKWARD = ("last", "before", "hasPreviousPage", "startCursor")

ORDERS = [
    "DEPTH", "-DEPTH", "AREA", "-AREA", "PARENT_ID", "-PARENT_ID", "FOURGRID_PARENT_ID -AREA", "-DEPTH AREA",
    "DEPTH -ID", "-AREA DEPTH -PARENT_ID", "CREATED_AT -DEPTH", "DEPTH DEPTH -DEPTH AREA", "ID AREA", "VERSION",
]  # fmt: skip


@pytest.fixture(params=[True, False], ids=["compiled", "core"], scope="module")
def either(request: pytest.FixtureRequest, demo_url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(demo_url, compiled=request.param) as api:
        yield api


def order_of(text: str) -> Order:
    return [
        {"field": word.removeprefix("-"), "direction": "DESC" if word.startswith("-") else "ASC"}
        for word in text.split()
    ]


def compare(order: Order, one: Any, other: Any) -> int:
    """Say which of two rows comes first, as the schema describes it."""
    for term in [*order, {"field": "ID", "direction": order[-1]["direction"]}]:
        name, read = FIELDS[term["field"]]
        mine, its = one[name], other[name]
        if mine == its:
            continue
        if mine is None or its is None:
            return 1 if mine is None else -1
        return (1 if read(mine) > read(its) else -1) * (-1 if term["direction"] == "DESC" else 1)
    return 0


def walk(api: Api, order: Order, *, forward: bool, size: int) -> list[dict[str, Any]]:
    """Give all rows, page by page."""
    rows: list[dict[str, Any]] = []
    number, mark, more, at = (
        ("first", "after", "hasNextPage", "endCursor")
        if forward
        else ("last", "before", "hasPreviousPage", "startCursor")
    )
    given: dict[str, Any] = {"order": order, number: size}
    while True:
        page = api.data(QUERY, given)["page"]
        rows = rows + page["nodes"] if forward else page["nodes"] + rows
        if not page["pageInfo"][more]:
            return rows
        given[mark] = page["pageInfo"][at]


@pytest.mark.parametrize("text", ORDERS)
def test_rows_stand_in_the_order_of_all_columns(either: Api, text: str) -> None:
    order = order_of(text)
    rows = walk(either, order, forward=True, size=100)
    assert len(rows) > 20
    assert rows == sorted(rows, key=cmp_to_key(partial(compare, order)))
    assert walk(either, order, forward=True, size=37) == walk(either, order, forward=False, size=37) == rows


def test_every_shown_column_that_is_not_personal_orders_every_list(api: Api) -> None:
    for model, (type_, _, plural) in NOUNS.items():
        filterable = FILTERABLE[model]
        shown = {column.key.upper() for name, column in filterable.columns.items() if name not in filterable.personal}
        by_pinyin = {BY_PINYIN} if issubclass(model, Named) else set()
        expected = {"ID"} if model is models.Change else shown | by_pinyin
        assert filterable.orders.keys() == expected
        for field in expected:
            head, *tail = plural.split("_")
            name = head + "".join(map(str.title, tail))
            query = f"query ($o: [{type_.__name__}Order!]) {{ {name}(orderBy: $o, first: 1) {{ edges {{ cursor }} }} }}"
            assert api.data(query, {"o": order_of(f"-{field}")})[name]["edges"] is not None


def test_an_order_may_stand_alone_and_without_any_the_list_has_its_own(api: Api) -> None:
    one = '{ spaces(filter: {under: "17"}, orderBy: {field: DEPTH, direction: DESC}) { nodes { id } } }'
    assert api.data(one) == api.data(
        one.replace("{field: DEPTH, direction: DESC}", "[{field: DEPTH, direction: DESC}]")
    )
    own = api.data('{ spaces(filter: {under: "17"}) { nodes { id } } }')
    for none in ("[]", "null"):
        assert api.data(f'{{ spaces(filter: {{under: "17"}}, orderBy: {none}) {{ nodes {{ id }} }} }}') == own


def cursor(content: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")


WRONG: list[object] = [
    [["area", "-depth"], 1, 1], [["area", "-depth"], "1", None, 1], [["area", "-depth"], "x", 1, 1],
    [["area", "-depth"], "NaN", 1, 1], [["area", "-depth"], "1", 2**31, 1], [["area", "-depth"], "1", True, 1],
    [["area", "-depth"], "1", 1, 2**63], [["area"], "1", 1], [["-depth", "area"], 1, "1", 1],
    [["area", "depth"], 1, 1, 1],
]  # fmt: skip


@pytest.mark.parametrize("content", WRONG, ids=str)
def test_a_cursor_of_other_columns_or_values_is_refused(api: Api, content: object) -> None:
    error = api.error(QUERY, {"order": order_of("AREA -DEPTH"), "after": cursor(content)})
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert "cursor" in error["message"]


def test_a_cursor_may_name_a_row_that_is_gone(api: Api) -> None:
    order = order_of("AREA -DEPTH")
    rows = walk(api, order, forward=True, size=100)
    gone = cursor([["area", "-depth"], None, 3, 2**62])
    found = api.data(QUERY, {"order": order, "after": gone, "first": 100})["page"]["nodes"]
    assert found == [row for row in rows if row["area"] is None and row["depth"] <= 3][:100]
