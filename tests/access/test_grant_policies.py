"""What the database lets ordinary administrators grant is no more than what the services let them grant."""

from collections.abc import Iterator

import psycopg
import pytest

from app.db.scope import Scope

CAPABILITIES = ("menu.write", "role.grant", "org.write")
SCOPE = Scope(
    1,
    is_super=False,
    scopes=("8829/",),
    admin_scopes=("6419/",),
    capabilities=dict.fromkeys(CAPABILITIES, ("8829/",)),
)

ORG_MENU = "insert into org_menu (org_id, menu_id, is_granted_by_super) values ({}, {}, {})"
ADMIN_GRANT = "insert into admin_grant (org_id, role_id, admin_id, is_granted_by_super) values ({}, {}, {}, {})"


@pytest.fixture
def caller(own_url: str) -> Iterator[psycopg.Connection]:
    """Give a transaction of an administrator of organisation 8829, who has an ordinary role to grant there."""
    with psycopg.connect(own_url) as connection:
        connection.execute("insert into org_role (org_id, role_id) values (8829, 42)")
        opening = SCOPE.opening_to_write()
        psycopg.RawCursor(connection).execute(opening.sql, opening.values)
        yield connection
        connection.rollback()


@pytest.mark.parametrize("insert", [ORG_MENU.format(8830, 20477, "false"), ADMIN_GRANT.format(8829, 42, 8811, "false")])
def test_grants_within_the_scope_are_let_through(caller: psycopg.Connection, insert: str) -> None:
    assert caller.execute(insert.encode()).rowcount == 1


@pytest.mark.parametrize(
    "insert",
    [
        ORG_MENU.format(8830, 20477, "true"),
        ORG_MENU.format(8830, 30281, "false"),  # a menu that the caller does not see
        ORG_MENU.format(15264, 30281, "false"),  # another tenant
        ADMIN_GRANT.format(8829, 42, 8811, "true"),
        ADMIN_GRANT.format(8829, 20463, 8811, "false"),  # the built-in role
        ADMIN_GRANT.format(15264, 20453, 1, "false"),
    ],
)
def test_other_grants_are_refused(caller: psycopg.Connection, insert: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        caller.execute(insert.encode())


@pytest.mark.parametrize("table", ["org_menu", "org_role", "org_role_menu", "admin_grant"])
def test_what_the_super_administrator_granted_stays(caller: psycopg.Connection, table: str) -> None:
    held = f"select count(*) from {table} where is_granted_by_super"
    before = caller.execute(held.encode()).fetchall()
    caller.execute(f"delete from {table} where is_granted_by_super".encode())
    assert caller.execute(held.encode()).fetchall() == before
