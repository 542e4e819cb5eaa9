"""Filters by edges take no time that grows with the product of two tables, whatever PostgreSQL expects of them."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from app.db.rendering import render
from app.db.scope import Scope
from app.graphql.schema import NOUNS
from app.loaders.edge import Shape
from app.loaders.filtering import FILTERABLE, Filter
from tests.databases import opened, run_call

MOST = 10
"""How often all rows together may be touched. A filter of a tree takes the path of each row apart."""

ROWS = (
    "select (select count(*) from space) + (select count(*) from customer) + (select count(*) from property_relation)"
)

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
        statement = render(select(model.__table__.c.id).where(condition)).call({})
        ((made,),) = run_call(connection, statement, "explain (analyze, timing off, format json)")
        assert touched(made["Plan"]) < MOST * rows
