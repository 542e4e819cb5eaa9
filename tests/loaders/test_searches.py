"""Customers of organisations are the same, however many ids are listed before the list is read."""

from typing import Any

import pytest

from app.loaders import searches
from tests.clients.api import open_api

CUSTOMERS = """query ($filter: CustomerFilter, $offset: Int) {
  customers(filter: $filter, first: 3, offset: $offset) { totalCount nodes { id } pageInfo { hasPreviousPage } } }"""
FILTERS: list[dict[str, Any]] = [
    {"scopeOrgs": {"some": {"type": {"eq": "BUSINESS"}}}},
    {"scopeOrgs": {"some": {"name": {"contains": "1"}}}, "status": {"eq": "ENABLED"}},
    {"and": [{"scopeOrgs": {"some": {"under": "6419"}}}, {"not": {"name": {"contains": "王"}}}]},
    {"scopeOrgs": {"some": {"id": {"eq": "1"}}}},
]


def pages(url: str) -> list[Any]:
    with open_api(url) as api:
        asked = [{"filter": filter_, "offset": offset} for filter_ in FILTERS for offset in (0, 2)]
        return [api.data(CUSTOMERS, each) for each in asked]


def test_lists_do_not_depend_on_how_many_ids_are_listed_first(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = pages(demo_url)
    assert few[0]["customers"]["totalCount"] > 3
    monkeypatch.setattr(searches, "FEW", 0)
    assert pages(demo_url) == few
