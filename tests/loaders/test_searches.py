"""Customers of organisations are the same, however many ids are listed before the list is read."""

import re
from typing import Any

import pytest

from app import models
from app.db.rendering import render
from app.db.scope import Scope
from app.loaders import id_lists, searches
from app.loaders.filtering import Filter
from app.loaders.links import KEYS
from app.loaders.lists import all_rows
from app.loaders.window import Window
from tests.clients.api import open_api
from tests.databases import execute_in, opened, run_call

CUSTOMERS = """query ($filter: CustomerFilter, $offset: Int) {
  customers(filter: $filter, first: 3, offset: $offset) { totalCount nodes { id } pageInfo { hasPreviousPage } } }"""
FILTERS: list[dict[str, Any]] = [
    {"scopeOrgs": {"some": {"type": {"eq": "BUSINESS"}}}},
    {"scopeOrgs": {"some": {"name": {"contains": "1"}}}, "status": {"eq": "ENABLED"}},
    {"and": [{"scopeOrgs": {"some": {"under": "6419"}}}, {"not": {"name": {"contains": "王"}}}]},
    {"scopeOrgs": {"some": {"id": {"eq": "1"}}}},
    {"scopeOrgs": {"none": {"under": "6419"}}},
    {"scopeOrgs": {"every": {"under": "6419"}}},
    {"not": {"scopeOrgs": {"some": {"under": "6419"}}}},
]


TREES = """select distinct top.path from org top join org below on below.parent_id = top.id
  where top.parent_id is null and exists (select from customer where top_org_id = top.id) order by 1"""


def pages(url: str) -> list[Any]:
    with open_api(url) as api:
        asked = [{"filter": filter_, "offset": offset} for filter_ in FILTERS for offset in (0, 2)]
        return [api.data(CUSTOMERS, each) for each in asked]


def test_lists_do_not_depend_on_how_many_ids_are_listed_first(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = pages(demo_url)
    assert few[0]["customers"]["totalCount"] > 3
    monkeypatch.setattr(searches, "FEW", 0)
    assert pages(demo_url) == few
    monkeypatch.setattr(id_lists, "SHORT", 0)
    assert pages(demo_url) == few


def test_customers_of_few_top_organisations_are_not_looked_up_in_a_hash_table(
    demo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 250,000 customers the hash table took 8 ms more. Organisations below the top own no customers."""
    monkeypatch.setattr(id_lists, "SHORT", 1)
    path = str(execute_in(demo_url, TREES)[0][0])
    given = {"scopeOrgs": {"some": {"under": path.rstrip("/")}}}
    condition = Filter(models.Customer, sees_personal=True).condition(given)
    statement = render(all_rows(models.Customer).counts(Window((condition,))))
    scope = Scope(None, is_super=False, scopes=(path,), admin_scopes=())
    with opened(demo_url, scope.opening) as connection:
        plan = run_call(connection, statement.call({KEYS: [0]}), "explain (analyze, costs off)")
    (filter_,) = [line for line in plan if "Filter:" in line and "top_org_id = ANY" in line]
    (hashed,) = re.findall(r"top_org_id = \(hashed SubPlan (\d+)\)", filter_)
    (place,) = [number for number, line in enumerate(plan) if line.strip() == f"SubPlan {hashed}"]
    assert "never executed" in plan[place + 1]
