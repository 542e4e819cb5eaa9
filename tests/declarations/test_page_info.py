"""`pageInfo` tells the truth: whether rows precede and follow a page, for every combination of its arguments."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import pytest

from tests.clients.api import Api, open_api

INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
SIZES = (0, 2, 100)
LIMITS = ("aliases", "fields", "duplicates", "roots", "cost", "length", "tokens", "values")


class Asked(NamedTuple):
    """The arguments of a page: the size, from which end, and the positions of the cursors in the whole list."""

    size: int
    key: str
    after: int | None
    before: int | None

    def arguments(self, cursors: list[str]) -> str:
        """Write the arguments."""
        marks = {"after": self.after, "before": self.before}
        given = [f"{name}: {json.dumps(cursors[mark])}" for name, mark in marks.items() if mark is not None]
        return ", ".join([f"{self.key}: {self.size}", *given])

    def expected(self, ids: list[str], known: set[str]) -> dict[str, Any]:
        """Compute the page of those of the ids that are known."""
        start = 0 if self.after is None else self.after + 1
        end = len(ids) if self.before is None else self.before
        within = [position for position in range(start, end) if ids[position] in known]
        shown = within[: self.size] if self.key == "first" else within[max(len(within) - self.size, 0) :]
        if not shown:
            first = last = start if self.key == "first" else end
        else:
            first, last = shown[0], shown[-1] + 1
        return {
            "nodes": [ids[position] for position in shown],
            "hasPreviousPage": any(id_ in known for id_ in ids[:first]),
            "hasNextPage": any(id_ in known for id_ in ids[last:]),
        }


class Skipping(NamedTuple):
    """The arguments of a page that skips rows."""

    size: int
    offset: int

    def arguments(self, _: list[str]) -> str:
        """Write the arguments."""
        return f"first: {self.size}, offset: {self.offset}"

    def expected(self, ids: list[str], known: set[str]) -> dict[str, Any]:
        """Compute the page of those of the ids that are known."""
        rows = [id_ for id_ in ids if id_ in known]
        return {
            "nodes": rows[self.offset : self.offset + self.size],
            "hasPreviousPage": self.offset > 0 and bool(rows),
            "hasNextPage": len(rows) > self.offset + self.size,
        }


def combinations(length: int) -> list[Asked | Skipping]:
    """Combine sizes with cursors and offsets at both ends, near them and in the middle; cursors may cross."""
    marks = [None, 0, length // 2, length - 2, length - 1]
    offsets = [0, 1, length // 2, length - 2, length - 1, length, length + 1, 10_000]
    asked = [Asked(*each) for each in product(SIZES, ("first", "last"), marks, marks)]
    return [*asked, *(Skipping(*each) for each in product(SIZES, offsets))]


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "graphql-core"])
def either(request: pytest.FixtureRequest, demo_url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(demo_url, compiled=request.param, **{f"max_{name}": 10**9 for name in LIMITS}) as api:
        yield api


def compare(api: Api, whole: str, part: str, extra: str = "") -> None:
    """Compare all pages of a list, narrowed by `extra`, with what follows from the whole list."""
    rows = api.data(f"{{ whole: {whole} {{ edges {{ cursor node {{ id }} }} }} }}")["whole"]["edges"]
    ids, cursors = [row["node"]["id"] for row in rows], [row["cursor"] for row in rows]
    known = set(ids)
    if extra:
        narrow = part % f"first: 100, {extra}"
        known = {node["id"] for node in api.data(f"{{ it: {narrow} {{ nodes {{ id }} }} }}")["it"]["nodes"]}
        assert 0 < len(known) < len(ids)
    asked = combinations(len(ids))
    fields = [
        f"a{n}: {part % ', '.join(filter(None, [each.arguments(cursors), extra]))} {{ nodes {{ id }} {INFO} }}"
        for n, each in enumerate(asked)
    ]
    data: dict[str, Any] = {}
    for start in range(0, len(fields), AT_A_TIME):
        data |= api.data(f"{{ {' '.join(fields[start : start + AT_A_TIME])} }}")
    for n, each in enumerate(asked):
        info, nodes = data[f"a{n}"]["pageInfo"], [node["id"] for node in data[f"a{n}"]["nodes"]]
        found = {"nodes": nodes, "hasPreviousPage": info["hasPreviousPage"], "hasNextPage": info["hasNextPage"]}
        assert found == each.expected(ids, known), each
        ends = [cursors[ids.index(nodes[0])], cursors[ids.index(nodes[-1])]] if nodes else [None, None]
        assert [info["startCursor"], info["endCursor"]] == ends


AT_A_TIME = 90
"""Pages of one request."""

ORDERS = ["", ", orderBy: {field: NAME, direction: DESC}"]


@pytest.mark.parametrize("order", ORDERS)
def test_every_combination_tells_the_truth(either: Api, order: str) -> None:
    filter_ = f'filter: {{under: "8831"}}{order}'
    compare(either, f"orgs({filter_}, first: 100)", f"orgs({filter_}, %s)")


def test_a_cursor_of_a_row_that_is_not_in_the_list_tells_the_truth(either: Api) -> None:
    """A cursor outlives its row, and may come from a list with another filter."""
    filter_ = 'filter: {under: "8831", id: {in: ["9103", "9104", "9105", "14330", "40024"]}}'
    compare(either, 'orgs(filter: {under: "8831"}, first: 100)', "orgs(%s)", filter_)


def test_pages_of_many_parents_tell_the_truth_of_each(either: Api) -> None:
    whole = 'org(id: "8829") { descendants(first: 100) { edges { cursor node { id } } } }'
    rows = either.data(f"{{ {whole} }}")["org"]["descendants"]["edges"]
    ids, cursors = [row["node"]["id"] for row in rows], [row["cursor"] for row in rows]
    below = "children { id all: descendants(first: 100) { nodes { id } } %s }"
    page = f"a%s: descendants(%s) {{ nodes {{ id }} {INFO} }}"
    asked = [each for each in combinations(len(ids)) if each.size == 2]
    fields = " ".join(page % (n, each.arguments(cursors)) for n, each in enumerate(asked))
    for child in either.data(f'{{ org(id: "8829") {{ {below % fields} }} }}')["org"]["children"]:
        known = {node["id"] for node in child["all"]["nodes"]}
        for n, each in enumerate(asked):
            info, nodes = child[f"a{n}"]["pageInfo"], [node["id"] for node in child[f"a{n}"]["nodes"]]
            found = {"nodes": nodes, "hasPreviousPage": info["hasPreviousPage"], "hasNextPage": info["hasNextPage"]}
            assert found == each.expected(ids, known), each


def test_no_page_of_an_empty_list_has_others_beside_it(either: Api) -> None:
    empty = 'orgs(filter: {under: "8831", name: {eq: "nowhere"}}, first: 2, offset: %s)'
    for offset in (0, 1, 10_000):
        info = either.data(f"{{ it: {empty % offset} {{ {INFO} }} }}")["it"]["pageInfo"]
        nothing = {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None}
        assert info == nothing


def test_the_cursors_of_a_page_with_an_offset_lead_to_the_pages_beside_it(either: Api) -> None:
    query = """query ($first: Int, $last: Int, $after: String, $before: String, $offset: Int) {
      orgs(first: $first, last: $last, after: $after, before: $before, offset: $offset) {
        nodes { id } pageInfo { startCursor endCursor } } }"""
    ids = [node["id"] for node in either.data(query, {"first": 12})["orgs"]["nodes"]]
    middle = either.data(query, {"first": 4, "offset": 4})["orgs"]
    assert [node["id"] for node in middle["nodes"]] == ids[4:8]
    start, end = middle["pageInfo"]["startCursor"], middle["pageInfo"]["endCursor"]
    assert [node["id"] for node in either.data(query, {"first": 4, "after": end})["orgs"]["nodes"]] == ids[8:]
    assert [node["id"] for node in either.data(query, {"last": 4, "before": start})["orgs"]["nodes"]] == ids[:4]


@pytest.mark.parametrize("info", ["hasNextPage", "hasPreviousPage", "hasNextPage hasPreviousPage endCursor"])
def test_an_offset_takes_no_further_statement(api: Api, info: str) -> None:
    query = f"query ($n: Int) {{ orgs(first: 2, offset: $n) {{ pageInfo {{ {info} }} }} }}"
    for offset in (3, 4):
        assert all(api.data(query, {"n": offset})["orgs"]["pageInfo"].values())
        assert len(api.statements) == 1


@pytest.mark.parametrize("info", ["hasNextPage", "hasPreviousPage", "hasNextPage hasPreviousPage endCursor"])
def test_the_truth_takes_no_further_statement(api: Api, info: str) -> None:
    cursors = [edge["cursor"] for edge in api.data("{ orgs(first: 9) { edges { cursor } } }")["orgs"]["edges"]]
    query = f"query ($a: String, $b: String) {{ orgs(first: 2, after: $a, before: $b) {{ pageInfo {{ {info} }} }} }}"
    for _ in range(2):
        assert all(api.data(query, {"a": cursors[1], "b": cursors[6]})["orgs"]["pageInfo"].values())
        assert len(api.statements) == 1
