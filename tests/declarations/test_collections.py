"""Collections: the connection beside a list shows the rows of the list, page by page, for all parents of a level."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from app.loaders.reads import Page
from tests.clients.api import Api, open_api
from tests.worlds.edges import fields_of
from tests.worlds.schema import PLURALS

TWINS = [
    (name, field)
    for name in PLURALS
    for field, read in fields_of(name).items()
    if isinstance(read, Page) and read.searched and field.endswith("Connection")
    if not any(argument.is_needed for argument in read.arguments)
]
INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
WALKS = {"first": ("after", "endCursor", "hasNextPage"), "last": ("before", "startCursor", "hasPreviousPage")}


@pytest.fixture(params=[True, False], ids=["compiled", "core"], scope="module")
def either(request: pytest.FixtureRequest, demo_url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(demo_url, compiled=request.param) as api:
        yield api


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def parents(api: Api, name: str, shown: str) -> list[dict[str, Any]]:
    """Give the first records of a type."""
    found: list[dict[str, Any]] = api.data(f"{{ {PLURALS[name]}(first: 100) {{ nodes {{ id {shown} }} }} }}")[
        PLURALS[name]
    ]["nodes"]
    return found


class Place(NamedTuple):
    """A connection of one record."""

    name: str
    id_: str
    field: str

    def page(self, api: Api, arguments: str, at: str | None) -> dict[str, Any]:
        """Give a page of the connection."""
        page = f"{self.field}({arguments}) {{ nodes {{ id }} {INFO} }}"
        noun = self.name[0].lower() + self.name[1:]
        query = f'query ($at: String) {{ {noun}(id: "{self.id_}") {{ {page} }} }}'
        found: dict[str, Any] = api.data(query, {"at": at})[noun][self.field]
        return found


def walk(api: Api, place: Place, size: str, given: str = "") -> list[str]:
    """Read a connection in pages of two rows, from the start or from the end."""
    mark, cursor, more = WALKS[size]
    found: list[str] = []
    page: dict[str, Any] = {"pageInfo": {cursor: None, more: True}}
    while page["pageInfo"][more]:
        page = place.page(api, f"{size}: 2, {mark}: $at{given}", page["pageInfo"][cursor])
        rows = ids(page["nodes"])
        found = [*found, *rows] if size == "first" else [*rows, *found]
    return found


@pytest.mark.parametrize(("name", "field"), TWINS)
def test_a_connection_has_the_rows_of_its_list(either: Api, name: str, field: str) -> None:
    plain = field.removesuffix("Connection")
    shown = f"{plain} {{ id }} {field}(first: 100) {{ totalCount nodes {{ id }} edges {{ node {{ id }} }} {INFO} }}"
    records = parents(either, name, shown)
    assert any(record[plain] for record in records)
    for record in records:
        rows, page = ids(record[plain]), record[field]
        assert ids(page["nodes"]) == [edge["node"]["id"] for edge in page["edges"]] == rows[:100]
        assert page["totalCount"] == len(rows)
        assert page["pageInfo"]["hasNextPage"] is (len(rows) > 100)


@pytest.mark.parametrize(("name", "field"), TWINS)
def test_a_connection_takes_one_statement_for_all_parents_and_its_count_one_more(
    either: Api, name: str, field: str
) -> None:
    for page, statements in (("nodes { id }", 2), ("totalCount", 3), ("nodes { id } totalCount", 3)):
        parents(either, name, f"{field}(first: 2, filter: {{version: {{gt: 0}}}}) {{ {page} }}")
        assert len(either.statements) <= statements


@pytest.mark.parametrize("size", WALKS)
@pytest.mark.parametrize(("name", "field"), TWINS)
def test_a_connection_is_walked_from_both_ends(api: Api, name: str, field: str, size: str) -> None:
    plain = field.removesuffix("Connection")
    longest = max(parents(api, name, f"{plain} {{ id }}"), key=lambda record: len(record[plain]))
    assert walk(api, Place(name, longest["id"], field), size) == ids(longest[plain])


ORDERED = {
    "customers": Place("Org", "8829", "customersConnection"),
    "admins": Place("Role", "20463", "adminsConnection"),
    "menus": Place("Admin", "1", "menusConnection"),
}
"""Connections by the list at the root of the schema that has the same records."""


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("noun", ORDERED)
def test_a_connection_is_ordered_as_asked(either: Api, noun: str, direction: str) -> None:
    order = f"orderBy: {{field: NAME, direction: {direction}}}"
    found = walk(either, ORDERED[noun], "first", f", {order}")
    assert len(found) > 2
    assert found == walk(either, ORDERED[noun], "last", f", {order}")
    listed = f"{noun}(filter: {{id: {{in: $ids}}}}, {order}, first: 100) {{ nodes {{ id }} }}"
    assert found == ids(either.data(f"query ($ids: [ID!]!) {{ {listed} }}", {"ids": found})[noun]["nodes"])


def test_pages_of_several_parents_start_at_one_cursor(either: Api) -> None:
    shown = "admins { id } adminsConnection(first: 2%s) { nodes { id } pageInfo { endCursor hasPreviousPage } }"
    first = {record["id"]: record for record in parents(either, "AdminGroup", shown % "")}
    cursor = first["8830"]["adminsConnection"]["pageInfo"]["endCursor"]
    last = first["8830"]["adminsConnection"]["nodes"][-1]["id"]
    for record in parents(either, "AdminGroup", shown % f', after: "{cursor}"'):
        behind = [id_ for id_ in ids(record["admins"]) if int(id_) > int(last)]
        assert ids(record["adminsConnection"]["nodes"]) == behind[:2]


def test_a_filter_below_a_record_needs_no_scope_of_its_own(either: Api) -> None:
    filter_ = '{name: {contains: "客户5"}, sex: {eq: FEMALE}}'
    query = f'{{ org(id: "8829") {{ customersConnection(filter: {filter_}) {{ nodes {{ id }} totalCount }} }} }}'
    assert either.data(query)["org"]["customersConnection"] == {"nodes": [{"id": "9867"}], "totalCount": 1}


def test_a_list_and_its_connection_take_the_arguments_of_the_edge(either: Api) -> None:
    shown = 'admins(orgId: "2") { id } adminsConnection(orgId: "2") { nodes { id } totalCount }'
    found = [record for record in parents(either, "Role", shown) if record["admins"]]
    assert found
    for record in found:
        assert ids(record["adminsConnection"]["nodes"]) == ids(record["admins"])
        assert record["adminsConnection"]["totalCount"] == len(record["admins"])


@pytest.mark.parametrize("arguments", ["first: 1, last: 1", "first: -1", 'after: "x"', 'filter: {id: {eq: "x"}}'])
def test_a_wrong_argument_refuses_the_connection_alone(either: Api, arguments: str) -> None:
    query = f'{{ org(id: "8829") {{ name adminsConnection({arguments}) {{ nodes {{ id }} }} }} }}'
    answer = either.post(query).json()
    assert answer["data"]["org"]["adminsConnection"] is None
    assert answer["data"]["org"]["name"] == "美的集团-业务组织"
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["org", "adminsConnection"], "INVALID_INPUT")
