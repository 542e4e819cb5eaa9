"""Filters by the records that a record leads to: nested filters, `some`, `none` and `every`, as graph walks say."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.clients.api import Api, open_api

Row = dict[str, Any]


@pytest.fixture(params=[True, False], ids=["compiled", "core"], scope="module")
def either(request: pytest.FixtureRequest, demo_url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(demo_url, compiled=request.param) as api:
        yield api


def found(api: Api, field: str, wanted: str, shown: str = "") -> list[Row]:
    """Give all rows of a list, page by page."""
    rows: list[Row] = []
    given: dict[str, Any] = {}
    while True:
        query = f"""query ($at: String) {{ page: {field}(filter: {wanted}, first: 100, after: $at) {{
            nodes {{ id {shown} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
        page = api.data(query, given)["page"]
        rows += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return rows
        given = {"at": page["pageInfo"]["endCursor"]}


CASES: dict[str, tuple[str, str, str, Callable[[Row], bool]]] = {
    "the row of an edge": (
        "spaces", "{ parent: { type: { eq: COMMUNITY } } }", "parent { type }",
        lambda row: row["parent"] is not None and row["parent"]["type"] == "COMMUNITY",
    ),
    "two steps in one tree": (
        "orgs", '{ parent: { parent: { name: { startsWith: "美的" } } } }', "parent { parent { name } }",
        lambda row: ((row["parent"] or {}).get("parent") or {}).get("name", "").startswith("美的"),
    ),
    "that there is a row": ("spaces", "{ parent: {} }", "parent { id }", lambda row: row["parent"] is not None),
    "that there is no row": ("spaces", "{ not: { parent: {} } }", "parent { id }", lambda row: row["parent"] is None),
    "null is no condition": ("orgs", "{ parent: null }", "", lambda _: True),
    "some": (
        "spaces", "{ children: { some: { type: { eq: ZONE } } } }", "children { type }",
        lambda row: any(child["type"] == "ZONE" for child in row["children"]),
    ),
    "some at all": ("orgs", "{ children: { some: {} } }", "childCount", lambda row: row["childCount"] > 0),
    "none": (
        "orgs", "{ children: { none: { status: { eq: ENABLED } } } }", "children { status }",
        lambda row: all(child["status"] != "ENABLED" for child in row["children"]),
    ),
    "none at all": ("orgs", "{ children: { none: {} } }", "childCount", lambda row: row["childCount"] == 0),
    "every": (
        "orgs", "{ children: { every: { status: { eq: ENABLED } }, some: {} } }", "children { status }",
        lambda row: row["children"] != [] and all(child["status"] == "ENABLED" for child in row["children"]),
    ),
    "every, null included": (
        "spaces", '{ children: { every: { fourgridId: { ne: "1" } } } }', "children { fourgridId }",
        lambda row: all(child["fourgridId"] != "1" for child in row["children"]),
    ),
    "through pairs": (
        "orgs", "{ roles: { some: { isSystemDefault: { eq: true } } } }", "roles { isSystemDefault }",
        lambda row: any(role["isSystemDefault"] for role in row["roles"]),
    ),
    "through a range of paths": (
        "orgs", '{ communities: { some: { name: { contains: "君兰" } } } }', "communities { name }",
        lambda row: any("君兰" in space["name"] for space in row["communities"]),
    ),
    "some below": (
        "spaces", "{ descendants: { some: { type: { eq: FLOOR } } } }", "descendants(first: 100) { nodes { type } }",
        lambda row: any(each["type"] == "FLOOR" for each in row["descendants"]["nodes"]),
    ),
    "none below": (
        "menus", "{ descendants: { none: { type: { eq: BUTTON } } } }", "descendants(first: 100) { nodes { type } }",
        lambda row: all(each["type"] != "BUTTON" for each in row["descendants"]["nodes"]),
    ),
    "every one below": (
        "orgs", '{ descendants: { every: { name: { contains: "美" } }, some: {} } }',
        "descendants(first: 100) { nodes { name } }",
        lambda row: {"美" in each["name"] for each in row["descendants"]["nodes"]} == {True},
    ),
    "across nouns": (
        "customers", "{ propertyRelations: { some: { space: { type: { eq: HOUSE } } } } }",
        "propertyRelations { space { type } }",
        lambda row: any((each["space"] or {}).get("type") == "HOUSE" for each in row["propertyRelations"]),
    ),
    "the other way round": (
        "propertyRelations", "{ customer: { type: { eq: PERSON } }, not: { space: { type: { eq: HOUSE } } } }",
        "customer { type } space { type }",
        lambda row: (row["customer"] or {}).get("type") == "PERSON" and (row["space"] or {}).get("type") != "HOUSE",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_filter_by_an_edge_says_what_the_edge_shows(either: Api, name: str) -> None:
    field, wanted, shown, holds = CASES[name]
    everything = found(either, field, "{}", shown)
    expected = [row["id"] for row in everything if holds(row)]
    assert [row["id"] for row in found(either, field, wanted)] == expected
    assert expected


@pytest.mark.parametrize("account", ["yanggc4", "zhangx", "lisi"])
def test_hidden_records_are_not_there(either: Api, account: str) -> None:
    query = """{ all: orgs(first: 100) { nodes { id parent { id } } }
        held: orgs(first: 100, filter: {parent: {}}) { nodes { id } }
        top: orgs(first: 100, filter: {not: {parent: {}}}) { nodes { id } } }"""
    data = either.post(query, None, either.bearer(account)).json()["data"]
    held = {row["id"] for row in data["all"]["nodes"] if row["parent"] is not None}
    assert {row["id"] for row in data["held"]["nodes"]} == held
    assert {row["id"] for row in data["top"]["nodes"]} == {row["id"] for row in data["all"]["nodes"]} - held != set()


@pytest.mark.parametrize(
    "wanted",
    [
        {"customer": {"phone": {"eq": "13800000000"}}},
        {"customer": {"or": [{"identity": {"in": ["1"]}}]}},
        {"space": {"propertyRelations": {"none": {"customer": {"phone": {"ne": "1"}}}}}},
        {"not": {"customer": {"not": {"phone": {"eq": "1"}}}}},
    ],
)
def test_masked_data_are_not_compared_through_an_edge(either: Api, wanted: dict[str, Any]) -> None:
    query = "query ($f: PropertyRelationFilter) { propertyRelations(filter: $f) { totalCount } }"
    refused = either.post(query, {"f": wanted}, either.bearer("lisi")).json()["errors"][0]
    assert refused["extensions"]["code"] == "FORBIDDEN"
    assert "errors" not in either.post(query, {"f": wanted}, either.bearer("yanggc4")).json()


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ({"children": {}}, "children"),
        ({"children": {"some": None}}, "children.some"),
        ({"children": {"some": {"id": {"eq": None}}}}, "id.eq"),
        ({"parent": {"under": None}}, "under"),
        ({"parent": {"parent": {"id": {}}}}, "id"),
    ],
)
def test_null_and_nothing_are_no_conditions_on_edges(either: Api, wanted: dict[str, Any], named: str) -> None:
    error = either.error("query ($f: OrgFilter) { orgs(filter: $f) { totalCount } }", {"f": wanted})
    assert error["extensions"]["code"] == "INVALID_INPUT"
    assert f"the filter '{named}'" in error["message"]


def test_a_variable_that_is_left_out_is_no_filter_that_holds_for_all(either: Api) -> None:
    error = either.error("query ($f: OrgFilter) { orgs(filter: {children: {some: $f}}) { totalCount } }", {})
    assert error["extensions"]["code"] == "INVALID_INPUT"
    whole = either.data("query ($f: OrgFilter) { orgs(filter: {parent: $f}) { totalCount } }", {})
    assert whole == either.data("{ orgs { totalCount } }")


def test_a_filter_by_an_edge_takes_no_statement_more(api: Api) -> None:
    api.data('{ spaces(filter: {org: {name: {contains: "美"}}, children: {some: {}}}) { nodes { id } } }')
    assert sum("FROM space" in statement for statement in api.statements) == 1
