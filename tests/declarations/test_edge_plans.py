"""A filter by an edge reads each row a few times: it does not compare every row with every other one."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from app import models
from app.db.rendering import render
from app.db.scope import Extent, Scope
from app.graphql.schema import NOUNS
from app.loaders.edge import Shape
from app.loaders.filtering import FILTERABLE, Filter
from app.loaders.links import KEYS
from app.loaders.lists import all_rows, starting_for
from app.loaders.window import Window
from tests.databases import execute_in, opened, plan_of

MOST = 25
"""How often all rows together may be touched. A filter of a tree takes the path of each row apart."""

ROWS = (
    "select (select count(*) from space) + (select count(*) from customer) + (select count(*) from property_relation)"
)

SUBTREES: list[tuple[type[models.Entity], Callable[[Any], Any]]] = [
    (models.Customer, lambda part: {"spaces": {"some": part}}),
    (models.Customer, lambda part: {"propertyRelations": {"some": {"space": part}}}),
    (models.Space, lambda part: {"parent": part}),
    (models.Space, lambda part: {"children": {"none": part}}),
]
"""Filters over edges by a subtree."""

EDGES = [(model, name) for model in NOUNS for name in FILTERABLE[model].edges]


@pytest.fixture(scope="module")
def connection(generated_url: str) -> Iterator[psycopg.Connection]:
    with opened(generated_url, Scope.everything().opening) as connection:
        yield connection


def touched(plan: dict[str, Any]) -> float:
    """Give the number of rows that the steps of a plan give or leave out."""
    rows = sum(value for name, value in plan.items() if name == "Actual Rows" or name.startswith("Rows Removed"))
    return float(rows * plan["Actual Loops"] + sum(map(touched, plan.get("Plans", ()))))


@pytest.mark.parametrize(("model", "name"), EDGES, ids=[f"{model.__name__}.{name}" for model, name in EDGES])
def test_a_filter_by_an_edge_touches_each_row_a_few_times(
    connection: psycopg.Connection, model: type[Any], name: str
) -> None:
    (rows,) = connection.execute(ROWS).fetchone() or (0,)
    is_one = FILTERABLE[model].edges[name].shape is Shape.ONE
    filters: list[dict[str, Any]] = (
        [{name: {}}] if is_one else [{name: {quantifier: {}}} for quantifier in ("some", "none")]
    )
    for wanted in filters:
        condition = Filter(model, sees_personal=True).condition(wanted)
        call = render(select(model.__table__.c.id).where(condition)).call({})
        assert touched(plan_of(connection, call)) < MOST * rows


def steps_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the steps of a plan."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from steps_of(below)


@pytest.mark.parametrize(("model", "filtered"), SUBTREES)
def test_the_ids_of_a_small_scope_are_not_sorted_for_each_row(
    generated_url: str, model: type[models.Entity], filtered: Callable[[Any], Any]
) -> None:
    """An index that is searched for a key and for an array at once sorts the array each time."""
    ((path, community),) = execute_in(
        generated_url, "select org.path, space.id from org join space on org_id = org.id where space.parent_id is null"
    )
    condition = Filter(model, sees_personal=True, starts_from_scope=True).condition(filtered({"under": str(community)}))
    edge = starting_for(all_rows(model), Extent.SMALL)
    with opened(generated_url, Scope(1, is_super=False, scopes=(str(path),), admin_scopes=()).opening) as connection:
        plan = plan_of(connection, render(edge.rows(("id",), Window((condition,), limit=101))).call({KEYS: [0]}))
    searched = [step for step in steps_of(plan) if "= ANY" in step.get("Index Cond", "")]
    assert all(step["Actual Loops"] <= 1 for step in searched)


@pytest.mark.parametrize("part", [{"underCode": "1"}, {"fullName": {"contains": "1"}}])
@pytest.mark.parametrize(("model", "filtered"), SUBTREES)
def test_the_rows_of_a_small_scope_are_not_compared_with_many_nodes(
    model: type[models.Entity], filtered: Callable[[Any], Any], part: dict[str, Any]
) -> None:
    """Thousands of nodes may share a code or a part of a name. They are listed, as for all other callers."""
    usual, small = (
        render(select(model.__table__.c.id).where(condition)).call({}).sql
        for condition in (
            Filter(model, sees_personal=True, starts_from_scope=is_small).condition(filtered({"not": part}))
            for is_small in (False, True)
        )
    )
    assert small == usual
