"""Pages: every row exactly once in both directions and every order, and what makes no page."""

import base64
from itertools import pairwise
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, get_named_type
from strawberry.utils.str_converters import to_camel_case

from app.loaders.filtering import BY_PINYIN
from tests.clients.api import Api
from tests.worlds.pages import WALKS, page, walk
from tests.worlds.schema import CORE, PLURALS

SCOPES: dict[str, dict[str, Any]] = {
    "orgs": {"under": "8829"},
    "spaces": {"under": "9886"},
    "menus": {"under": "30281"},
}


def orders_of(name: str) -> list[str]:
    order = CORE.type_map[f"{name}Order"]
    assert isinstance(order, GraphQLInputObjectType)
    choices = get_named_type(order.fields["field"].type)
    assert isinstance(choices, GraphQLEnumType)
    return list(choices.values)


ORDERS = [
    (name, {"field": order, "direction": direction})
    for name in ("Org", "Space", "Menu")
    for order in orders_of(name)
    if order != BY_PINYIN  # no field shows its key: test_pinyin.py
    for direction in ("ASC", "DESC")
]


@pytest.mark.parametrize(("name", "order"), ORDERS)
def test_every_row_stands_on_one_page_in_every_order(api: Api, name: str, order: dict[str, str]) -> None:
    key = to_camel_case(order["field"].lower())
    given = {"filter": SCOPES[PLURALS[name]], "orderBy": order}
    whole = page(api, name, {**given, "first": 100}, f"id {key}")
    assert not whole["pageInfo"]["hasNextPage"]
    forward = walk(api, name, "first", {**given, "first": 7}, f"id {key}")
    backward = walk(api, name, "last", {**given, "last": 7}, f"id {key}")
    assert forward == backward[::-1] == whole["nodes"]
    assert len({row["id"] for row in forward}) == len(forward) > 5
    nulls = [row[key] is None for row in forward]
    assert nulls == sorted(nulls)
    if key in {"id", "path", "code", "createdAt"}:  # names and what is null have orders that Python does not know
        values = [int(row[key]) if key == "id" else row[key] for row in forward]
        assert values == sorted(values, reverse=order["direction"] == "DESC")


NEWEST_FIRST = {"Change"}


@pytest.mark.parametrize("name", PLURALS)
def test_every_list_is_walked_by_id(api: Api, name: str) -> None:
    forward, backward = (walk(api, name, size, {size: 25}) for size in WALKS)
    assert forward == backward[::-1]
    numbers = [int(row["id"]) for row in (backward if name in NEWEST_FIRST else forward)]
    assert all(one < next_ for one, next_ in pairwise(numbers))


def test_a_cursor_stands_between_rows(api: Api) -> None:
    given = {"filter": SCOPES["orgs"], "orderBy": {"field": "PATH"}}
    rows = page(api, "Org", {**given, "first": 100})["edges"]
    between = page(api, "Org", {**given, "after": rows[2]["cursor"], "before": rows[6]["cursor"], "first": 100})
    assert between["edges"] == rows[3:6]
    assert page(api, "Org", {**given, "before": rows[6]["cursor"], "last": 2})["edges"] == rows[4:6]
    assert page(api, "Org", {**given, "before": rows[6]["cursor"], "first": 2})["edges"] == rows[:2]
    assert page(api, "Org", {**given, "after": rows[-1]["cursor"]})["edges"] == []
    assert page(api, "Org", {**given, "after": rows[6]["cursor"], "before": rows[2]["cursor"]})["edges"] == []


def test_descendants_are_walked_in_tree_order(api: Api) -> None:
    query = """query ($first: Int, $after: String, $last: Int, $before: String) { org(id: "8829") {
      descendants(first: $first, after: $after, last: $last, before: $before) {
        nodes { path } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
    for size, (mark, cursor, more) in WALKS.items():
        paths: list[str] = []
        given: dict[str, Any] = {size: 6}
        while True:
            found = api.data(query, given)["org"]["descendants"]
            nodes = [node["path"] for node in found["nodes"]]
            paths += nodes if size == "first" else nodes[::-1]
            if not found["pageInfo"][more]:
                break
            given[mark] = found["pageInfo"][cursor]
        whole = api.data('{ org(id: "8829") { descendants(first: 100) { totalCount nodes { path } } } }')["org"]
        assert (paths if size == "first" else paths[::-1]) == [node["path"] for node in whole["descendants"]["nodes"]]
        assert len(set(paths)) == len(paths) == whole["descendants"]["totalCount"]


@pytest.mark.parametrize("size", WALKS)
def test_an_empty_page_has_no_cursors(api: Api, size: str) -> None:
    found = page(api, "Org", {size: 0})
    assert found["nodes"] == []
    assert (found["pageInfo"]["startCursor"], found["pageInfo"]["endCursor"]) == (None, None)
    assert found["pageInfo"]["hasNextPage" if size == "first" else "hasPreviousPage"]
    assert found["totalCount"] > 100


def test_a_page_has_twenty_rows_unless_told_and_a_hundred_at_the_most(api: Api) -> None:
    assert len(page(api, "Org", {"filter": {}})["nodes"]) == 20
    assert len(page(api, "Org", {"first": 100})["nodes"]) == len(page(api, "Org", {"last": 100})["nodes"]) == 100


@pytest.mark.parametrize("size", WALKS)
@pytest.mark.parametrize(
    ("number", "code"), [(101, "PAGE_TOO_LARGE"), (2**31 - 1, "PAGE_TOO_LARGE"), (-1, "INVALID_INPUT")]
)
def test_other_sizes_are_refused(api: Api, size: str, number: int, code: str) -> None:
    for error in (
        api.error(f"{{ orgs({size}: {number}) {{ nodes {{ id }} }} }}"),
        api.error(f"query ($n: Int) {{ orgs({size}: $n) {{ nodes {{ id }} }} }}", {"n": number}),
        api.error(f"query ($n: Int = {number}) {{ orgs({size}: $n) {{ nodes {{ id }} }} }}"),
    ):
        assert error["extensions"]["code"] == code
        assert api.statements == []


@pytest.mark.parametrize("number", [101, 5_000, 2**31 - 1, 2**31, 10**14])
def test_a_size_is_reported_as_it_was_sent(api: Api, number: int) -> None:
    query = "query ($n: Int) { orgs(first: $n) { nodes { id } } }"
    for error in (api.error(f"{{ orgs(last: {number}) {{ nodes {{ id }} }} }}"), api.error(query, {"n": number})):
        assert error["message"] == f"rows of a page: found {number}, allowed 100"
        assert error["extensions"] == {"code": "PAGE_TOO_LARGE", "found": number, "allowed": 100}


def test_a_page_has_one_size(api: Api) -> None:
    assert api.error("{ orgs(first: 1, last: 1) { nodes { id } } }")["extensions"]["code"] == "INVALID_INPUT"


def connections() -> list[tuple[str, str]]:
    """Name every field that leads to a connection, with its type."""
    types = (type_ for type_ in CORE.type_map.values() if isinstance(type_, GraphQLObjectType))
    return [
        (type_.name, name)
        for type_ in types
        for name, field in type_.fields.items()
        if get_named_type(field.type).name.endswith("Connection")
    ]


@pytest.mark.parametrize(("type_", "name"), connections())
def test_every_connection_takes_cursors_and_an_offset(type_: str, name: str) -> None:
    made = CORE.type_map[type_]
    assert isinstance(made, GraphQLObjectType)
    taken = {key: str(argument.type) for key, argument in made.fields[name].args.items()}
    paging = {"first": "Int", "after": "String", "last": "Int", "before": "String", "offset": "Int"}
    assert taken.items() >= paging.items()


def cursor(content: str) -> str:
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "x",
        "!!!!",
        "組織",
        "e30",
        cursor("[]"),
        cursor('[["id"]]'),
        cursor('[["id"], "x"]'),
        cursor('[["id"], 9223372036854775808]'),
        cursor('[["id"], 1, 2]'),
        cursor('[["id"], null]'),
        cursor('[["id"], [1]]'),
        cursor('[["path"], "1/"]'),
        cursor('[["-id"], 1]'),
        cursor('["id", 1]'),
        cursor("[[], 1]"),
        cursor("[[1], 1]"),
        cursor("[null, 1]"),
        cursor('[["id"], true]'),
        cursor('[["id"], 1.5]'),
        cursor('[["id"], "1"]'),
        "W" * 5000,
        cursor('[["id"], 1]' + " " * 100_000),
    ],
)
def test_what_is_no_cursor_of_this_order_is_refused(api: Api, mark: str) -> None:
    for argument in ("after", "before"):
        query = f"query ($mark: String) {{ orgs({argument}: $mark) {{ nodes {{ id }} totalCount }} }}"
        assert api.error(query, {"mark": mark})["extensions"]["code"] == "INVALID_INPUT"


@pytest.mark.parametrize(("name", "order"), [case for case in ORDERS if case[0] == "Org"])
def test_a_cursor_of_another_order_is_refused(api: Api, name: str, order: dict[str, str]) -> None:
    mark = page(api, name, {"filter": SCOPES["orgs"], "orderBy": order})["pageInfo"]["endCursor"]
    query = """query ($f: OrgFilter, $o: [OrgOrder!], $mark: String) {
      orgs(filter: $f, orderBy: $o, after: $mark) { nodes { id } } }"""
    for _, other in (case for case in ORDERS if case[0] == "Org" and case[1] != order):
        error = api.error(query, {"f": SCOPES["orgs"], "o": other, "mark": mark})
        assert error["extensions"]["code"] == "INVALID_INPUT"


def test_a_cursor_holds_no_text_that_breaks_the_database(api: Api) -> None:
    query = "query ($mark: String) { orgs(orderBy: {field: PATH}, after: $mark) { nodes { id } } }"
    assert api.error(query, {"mark": cursor('[["path"], "a\\u0000b"]')})["extensions"]["code"] == "INVALID_INPUT"
    assert api.data(query, {"mark": cursor('[["path"], "\'; drop table org; --"]')})["orgs"]["nodes"]
