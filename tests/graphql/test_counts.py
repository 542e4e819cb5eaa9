"""Counts: `totalCount` of a list is the number of its rows, whether it is kept, counted, or counted up to a number."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from app import models
from app.db.rendering import render
from app.db.scope import Scope
from app.loaders.links import KEYS
from app.loaders.lists import all_rows
from app.settings import Settings
from tests.clients.api import Api, open_api
from tests.databases import opened, run_call

COUNTED = """query ($filter: SpaceFilter) {
  spaces(filter: $filter, first: 100) { totalCount nodes { id } }
  more: spaces(filter: $filter, first: 100, offset: 100) { nodes { id } } }"""
ACCOUNTS = ("yanggc4", "huangrp5", "lisi")
"""Members of staff of three scopes. Requests without a log-in are those of the super administrator."""

KEPT = "kept_spaces()"

KEPT_FILTERS: list[dict[str, Any]] = [
    {},
    {"type": {"eq": "HOUSE"}},
    {"type": {"notIn": ["HOUSE"]}, "status": {"eq": "ENABLED"}},
    {"status": {"ne": "ENABLED"}},
    {"orgId": {"isNull": True}},
    {"or": [{"communityId": {"isNull": True}}, {"not": {"type": {"eq": "COMMUNITY"}}}]},
    {"org": {"or": [{"under": "$org"}, {"path": {"startsWith": "$org/"}}]}},
    {"org": {"not": {"under": "$org"}}},
]
OTHER_FILTERS: list[dict[str, Any]] = [
    {"type": {"eq": "HOUSE"}, "name": {"contains": "1"}},
    {"org": {"spaces": {"some": {"type": {"eq": "HOUSE"}}}}},
    {"parent": {"type": {"eq": "FLOOR"}}},
    {"not": {"parent": {"orgId": {"eq": "$org"}}}},
    {"under": "$space"},
]


@pytest.fixture(params=[True, False], ids=["compiled", "core"], scope="module")
def either(request: pytest.FixtureRequest, demo_url: str) -> Iterator[Api]:
    """Give the API with plans, and under graphql-core alone."""
    with open_api(demo_url, compiled=request.param) as api:
        yield api


def filled(value: Any, ids: dict[str, str]) -> Any:
    """Replace the names of ids in a filter."""
    if isinstance(value, dict):
        return {name: filled(each, ids) for name, each in value.items()}
    if isinstance(value, list):
        return [filled(each, ids) for each in value]
    for name, id_ in ids.items():
        value = value.replace(name, id_) if isinstance(value, str) else value
    return value


def assert_counted(api: Api, filters: list[dict[str, Any]], *, is_kept: bool) -> list[int]:
    """Compare each `totalCount` with the rows, for callers of four scopes, and return those of the first caller."""
    (org,), (space,) = api.sql(
        "(select id from org where type = 'BUSINESS' order by path limit 1 offset 1)"
        " union all select min(id) from space where type = 'BUILDING'"
    )
    counts = []
    for bearer in (None, *map(api.bearer, ACCOUNTS)):
        for filter_ in filters:
            variables = {"filter": filled(filter_, {"$org": str(org), "$space": str(space)})}
            answer = api.post(COUNTED, variables, bearer).json()["data"]
            page = answer["spaces"]
            assert page["totalCount"] == len(page["nodes"]) + len(answer["more"]["nodes"]), filter_
            assert any(KEPT in statement for statement in api.statements) is is_kept, filter_
            counts.append(page["totalCount"])
    return counts[: len(filters)]


def test_kept_counts_are_the_numbers_of_visible_rows(either: Api) -> None:
    assert min(assert_counted(either, KEPT_FILTERS[:2], is_kept=True)) > 0
    assert_counted(either, KEPT_FILTERS[2:], is_kept=True)


def test_rows_are_counted_where_a_filter_compares_more_than_is_kept(either: Api) -> None:
    assert_counted(either, OTHER_FILTERS, is_kept=False)


def test_kept_counts_follow_changes(own_url: str) -> None:
    with open_api(own_url) as api:
        before = assert_counted(api, KEPT_FILTERS, is_kept=True)
        with psycopg.connect(own_url) as connection:
            connection.execute("update space set org_id = null, org_path = null where type = 'HOUSE'")
            connection.execute("update space set status = 'DISABLED' where type = 'BUILDING'")
        after = assert_counted(api, KEPT_FILTERS, is_kept=True)
    assert (after[0], after != before) == (before[0], True)


CHANGES = """query ($filter: ChangeFilter) {
  changes(filter: $filter, first: 1) { totalCount nodes { id } pageInfo { hasNextPage } } }"""
COUNTS = "select entity, count(*) from change group by entity order by entity"


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "core"])
def test_changes_are_counted_up_to_the_largest_number_that_a_page_can_skip(
    generated_url: str, *, compiled: bool
) -> None:
    most = models.Change.most_counted
    assert most == Settings.model_fields["max_offset"].default
    with open_api(generated_url, compiled=compiled) as api:
        counts = dict(api.sql(COUNTS))
        assert counts["space"] > most > counts["customer"]
        for entity, number in counts.items():
            page = api.data(CHANGES, {"filter": {"entity": {"eq": entity}}})["changes"]
            assert page["totalCount"] == (number if number <= most else None)
            assert page["pageInfo"]["hasNextPage"] is (number > 1)
        assert api.data(CHANGES)["changes"]["totalCount"] is None
        assert api.data(CHANGES, {"filter": {"entity": {"eq": "menu"}}})["changes"]["totalCount"] == 0


def test_counting_changes_ends_with_the_first_that_is_too_many(generated_url: str) -> None:
    statement = render(all_rows(models.Change).counts())
    with opened(generated_url, Scope.everything().opening) as connection:
        plan = "\n".join(run_call(connection, statement.call({KEYS: [0]}), "explain (analyze, costs off, timing off)"))
    most = models.Change.most_counted or 0
    assert f"rows={most + 1}.00" in plan
    assert max(int(number) for number in re.findall(r"rows=(\d+)", plan)) == most + 1
