"""Siblings are ordered by their numbers in their parent; the lengths of their ids do not matter."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from app.bulk.trees import derive
from app.db.embedded import EmbeddedServer
from tests.clients.api import Api, open_api
from tests.databases import copy_of, execute

TREES = ("org", "space", "menu")
TYPES = {"org": "BUSINESS", "space": "ZONE", "menu": "BUTTON"}

NODES: list[tuple[int, int | None, str]] = [
    (50, None, "500"),
    (9, 50, "50010"),  # the tenth
    (10, 50, "5009"),  # the ninth
    (1000, 50, "500100"),
    (99, 50, "50099"),
    (7, 50, "50099"),  # with the same number as 99: documents 003 and 000 have such siblings
    (8, 50, "777"),  # a code that does not begin with the parent's
    (11, 50, "777"),
    (6, 50, "500"),  # a code without a number
    (200, 9, "50010100000000"),
    (30, 9, "50010100000001"),
    (31, 99, "50099100"),
    (5, 7, "50099100"),
    (4, 30, "5001010000000101"),
    (100_000, None, "5000"),
    (3, 100_000, "50001"),
]
"""The id, the parent and the code of each node, in every tree."""
CHILDREN = [10, 9, 7, 99, 1000, 6, 8, 11]
DESCENDANTS = [10, 9, 200, 30, 4, 7, 5, 99, 31, 1000, 6, 8, 11]
OFFSETS = {"org": 0, "space": 1_000_000, "menu": 2_000_000_000}
"""Ids are unique over all tables; the digits of the trees have different lengths."""


def ids(tree: str, numbers: list[int]) -> list[str]:
    return [str(OFFSETS[tree] + number) for number in numbers]


@pytest.fixture(scope="module")
def url(server: EmbeddedServer, empty_template: str, worker_id: str) -> Iterator[str]:
    """Give the URL of a database with a small tree of each kind."""
    name = f"siblings_{worker_id}"
    url = copy_of(server, empty_template, name)
    with psycopg.connect(url) as connection:
        for tree in TREES:
            for number, parent, code in NODES:
                id_, above = OFFSETS[tree] + number, None if parent is None else OFFSETS[tree] + parent
                connection.execute(
                    f"insert into {tree} (id, parent_id, path, depth, code, name, full_name, type)"
                    " values (%s, %s, %s, 0, %s, 'n', 'n', %s)",
                    [id_, above, f"{id_}/", code, TYPES[tree]],
                )
            derive(connection, tree)
    yield url
    execute(server, f"drop database if exists {name} with (force)")


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "graphql-core"])
def either(request: pytest.FixtureRequest, url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(url, compiled=request.param) as api:
        yield api


def of(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["id"] for node in nodes]


@pytest.mark.parametrize("tree", TREES)
def test_children_and_descendants_stand_in_one_order(either: Api, tree: str) -> None:
    (id_,) = ids(tree, [50])
    query = f"""{{ {tree}(id: "{id_}") {{ children {{ id }} first: children(first: 3) {{ id }}
      below: descendants(first: 100) {{ totalCount nodes {{ id }} }}
      level: descendants(first: 100, depth: 1) {{ nodes {{ id }} }}
      two: descendants(first: 100, depth: 2) {{ nodes {{ id }} }} }} }}"""
    found = either.data(query)[tree]
    assert of(found["children"]) == of(found["level"]["nodes"]) == ids(tree, CHILDREN)
    assert of(found["first"]) == ids(tree, CHILDREN[:3])
    assert of(found["below"]["nodes"]) == ids(tree, DESCENDANTS)
    assert found["below"]["totalCount"] == len(DESCENDANTS)
    assert of(found["two"]["nodes"]) == ids(tree, [number for number in DESCENDANTS if number != 4])


@pytest.mark.parametrize("tree", TREES)
@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_of_descendants_follow_that_order(either: Api, tree: str, size: int) -> None:
    (id_,) = ids(tree, [50])
    query = f"""query ($first: Int, $after: String, $last: Int, $before: String) {{ {tree}(id: "{id_}") {{
      descendants(first: $first, after: $after, last: $last, before: $before) {{
        nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"""
    walked: dict[str, list[str]] = {}
    for key, mark, cursor, more in (
        ("first", "after", "endCursor", "hasNextPage"),
        ("last", "before", "startCursor", "hasPreviousPage"),
    ):
        given, pages, goes_on = {key: size}, list[list[str]](), True
        while goes_on:
            page = either.data(query, given)[tree]["descendants"]
            pages.append(of(page["nodes"]))
            given, goes_on = {key: size, mark: page["pageInfo"][cursor]}, page["pageInfo"][more]
        walked[key] = [id_ for page_ids in (pages if key == "first" else pages[::-1]) for id_ in page_ids]
    assert walked["first"] == walked["last"] == ids(tree, DESCENDANTS)


@pytest.mark.parametrize("tree", TREES)
def test_many_parents_have_the_same_order_as_one(either: Api, tree: str) -> None:
    (id_,) = ids(tree, [50])
    query = f"""{{ {tree}(id: "{id_}") {{ children {{ id childCount children {{ id children {{ id }} }}
      descendants {{ totalCount nodes {{ id }} }} }} }} }}"""
    for child in either.data(query)[tree]["children"]:
        nested = [id_ for each in child["children"] for id_ in (each["id"], *of(each["children"]))]
        assert nested == of(child["descendants"]["nodes"])
        assert child["childCount"] == len(child["children"])
        assert child["descendants"]["totalCount"] == len(nested)


def test_a_new_parent_changes_the_order(url: str, either: Api) -> None:
    """The codes below do not begin with the new code of their parent, so they give no numbers."""
    with psycopg.connect(url) as connection:
        connection.execute("update org set parent_id = 100000, code = '50002' where id = 9")
        derive(connection, "org")
    query = '{ org(id: "100000") { descendants { nodes { id } } } }'
    assert of(either.data(query)["org"]["descendants"]["nodes"]) == ["3", "9", "30", "4", "200"]
    with psycopg.connect(url) as connection:
        connection.execute("update org set parent_id = 50, code = '50010' where id = 9")
        derive(connection, "org")
    assert of(either.data(query)["org"]["descendants"]["nodes"]) == ["3"]
