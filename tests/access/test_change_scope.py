"""Scopes in raw SQL: which rows the database lets a transaction of a caller change, create and delete."""

import psycopg
import pytest

from app.db.scope import Scope
from tests.databases import opened, run_call
from tests.worlds.visibility import world_of

RENAME = "update org set name = name returning id"
ELSEWHERE = "update org set path = '15264/' || id || '/' where id = 8830"


def held(*paths: str, scopes: tuple[str, ...] = ("8829/",), is_super: bool = False) -> Scope:
    """Give a scope in which org.write is held at some paths."""
    return Scope(1, is_super=is_super, scopes=scopes, admin_scopes=("6419/",), capabilities={"org.write": paths})


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        (held(), None),
        (held("8829/8830/"), "8829/8830/"),
        (held("8829/"), "8829/"),
        (held("15264/"), None),  # held where nothing is visible
        (held("6419/"), None),  # of the administrative organisation that serves the caller's
        (held("8829/8830/", is_super=True), ""),
    ],
)
def test_a_transaction_changes_what_its_capabilities_cover_and_nothing_else(
    demo_url: str, scope: Scope, path: str | None
) -> None:
    orgs = world_of(demo_url)["org"]
    changeable = {id_ for id_, row in orgs.items() if path is not None and row["path"].startswith(path)}
    with opened(demo_url, scope.opening_to_write()) as connection:
        assert {id_ for (id_,) in connection.execute(RENAME)} == changeable


CREATE = """
insert into org (parent_id, type, code, path, sort_key, depth, name, full_name)
select id, type, 'x', path || '1/', 'x', 1, 'x', 'x' from org where id = 8830
"""


@pytest.mark.parametrize("scope", [held(), held("15264/"), held("8829/8831/"), held("6419/")])
def test_without_the_capability_there_no_row_is_created_or_deleted(demo_url: str, scope: Scope) -> None:
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security")
    with opened(demo_url, scope.opening_to_write()) as connection:
        assert connection.execute("delete from org where id in (8830, 6419) returning id").fetchall() == []
        with refused:
            connection.execute(CREATE)


def test_no_change_takes_a_row_where_the_capability_is_not_held(demo_url: str) -> None:
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security")
    with opened(demo_url, held("8829/").opening_to_write()) as connection, refused:
        connection.execute(ELSEWHERE)


@pytest.mark.parametrize("settings", ["", "; select set_config('app.may_org_write', ',', true)"])
def test_a_transaction_that_reads_has_no_capability(demo_url: str, settings: str) -> None:
    with psycopg.connect(demo_url) as connection:
        run_call(connection, held("8829/").opening)
        connection.execute(f"select 1 {settings}".encode())
        assert connection.execute(RENAME).fetchall() == []
        connection.rollback()
