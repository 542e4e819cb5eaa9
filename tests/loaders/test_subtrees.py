"""A part of a full name is found by the names of the highest nodes that have it, for every caller alike."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from app import models
from app.db.rendering import render
from app.db.scope import Scope
from app.loaders.filtering import Filter
from tests.databases import run_call
from tests.worlds.visibility import CALLERS, scope_of, world_of

PLACED = (models.PropertyRelation, models.Verification, models.WorkOrder)
"""The records that repeat the path of their space."""

HIDE_ALL_BUT = "update space set org_id = null, org_path = null where not path ^@ %s"
TEXTS = """
select part from (
  select distinct part from space, lateral (values
    (full_name), (name), (left(name, 1)), (right(full_name, 3)), (right(full_name, length(name) + 3)),
    (left(full_name, length(full_name) - length(name))), (lower(right(full_name, 5))), ('/' || name)
  ) texts (part)
) parts where part <> '' order by md5(part) limit 50
"""


@pytest.fixture
def connection(demo_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(demo_url) as connection:
        yield connection
        connection.rollback()


def found(connection: psycopg.Connection, model: type[Any], given: dict[str, Any]) -> list[int]:
    condition = Filter(model, sees_personal=True).condition(given)
    return run_call(connection, render(select(model.id).where(condition).order_by(model.id)).call({}))


def check(connection: psycopg.Connection, model: type[Any], text: str) -> list[int]:
    """Compare with the same condition inside `or`, which PostgreSQL tests space by space."""
    part = {"fullName": {"contains": text}}
    ids = found(connection, model, {"space": part})
    assert ids == found(connection, model, {"space": {"or": [part]}}), text
    return ids


@pytest.mark.parametrize("account", CALLERS)
def test_a_part_of_a_full_name_finds_what_it_found_space_by_space(
    demo_url: str, connection: psycopg.Connection, account: str | None
) -> None:
    texts = [text for (text,) in connection.execute(TEXTS)]
    run_call(connection, scope_of(world_of(demo_url), account).opening)
    for model in PLACED:
        for text in texts:
            check(connection, model, text)


def a_building(connection: psycopg.Connection) -> tuple[str, str, str]:
    """Return the path and the organisation of a space with property, and the name of the space above it."""
    (row,) = connection.execute(
        "select node.path, node.org_path, above.name from space node join space above on above.id = node.parent_id"
        " where node.org_path is not null and exists (select from property_relation relation"
        " where relation.space_path ^@ node.path and relation.space_path <> node.path) order by node.path limit 1"
    ).fetchall()
    return row


def test_the_name_of_an_invisible_space_above_counts(connection: psycopg.Connection) -> None:
    """Only communities have an organisation of their own, so the highest visible space is one."""
    path, org_path, name = a_building(connection)
    connection.execute("alter table space disable trigger user")
    connection.execute("update space set type = 'COMMUNITY' where path = %s", [path])
    connection.execute(HIDE_ALL_BUT, [path])
    run_call(connection, Scope(1, is_super=False, scopes=(org_path,), admin_scopes=()).opening)
    assert run_call(connection, render(select(models.Space.id).where(models.Space.name == name)).call({})) == []
    assert check(connection, models.PropertyRelation, name)


def test_a_visible_space_below_counts_where_the_one_in_between_is_invisible(connection: psycopg.Connection) -> None:
    (row,) = connection.execute(
        "select top.path, middle.path, node.path, node.id, top.id, node.org_path from space node"
        " join space middle on middle.id = node.parent_id join space top on top.id = middle.parent_id"
        " where node.org_path is not null and not exists (select from space below where below.parent_id = node.id)"
        " order by node.path limit 1"
    ).fetchall()
    top, middle, path, id_, above, org_path = row
    connection.execute("alter table space disable trigger user")
    hide = "update space set org_id = null, org_path = null where path ^@ %s and path not in (%s, %s)"
    connection.execute(hide, [top, top, path])
    run_call(connection, Scope(1, is_super=False, scopes=(org_path,), admin_scopes=()).opening)
    assert run_call(connection, render(select(models.Space.id).where(models.Space.path == middle)).call({})) == []
    assert above in found(connection, models.Space, {"descendants": {"some": {"id": {"eq": str(id_)}}}})
    assert id_ in found(connection, models.Space, {"descendants": {"none": {}}})


def test_a_customer_finds_the_own_house_by_what_stands_above_it(connection: psycopg.Connection) -> None:
    ((customer, house, full_name),) = connection.execute(
        "select customer_id, space_id, full_name from work_order join space on space.id = space_id limit 1"
    ).fetchall()
    scope = Scope(customer, is_super=False, scopes=(), admin_scopes=(), properties=(house,))
    run_call(connection, scope.opening)
    assert check(connection, models.WorkOrder, full_name.partition("/")[0])
