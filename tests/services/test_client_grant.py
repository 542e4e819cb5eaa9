"""Roles of clients: what may be granted to which client, where, and what may be taken back."""

from collections.abc import Iterator

import psycopg
import pytest

from app.errors import InvalidInputError
from app.services import client, client_grant

BUILT_IN, KEEPER = "20463", "42500"
"""The built-in role 管理员, and an ordinary one, which organisation 8829 does not have."""


@pytest.fixture
def connection(demo_url: str) -> Iterator[psycopg.Connection]:
    """Give a connection to the demo world, with two clients that are undone afterwards."""
    with psycopg.connect(demo_url) as connection:
        client.add(connection, "backend", "a backend", grant_types=["client_credentials"])
        client.add(
            connection,
            "web",
            "a site with a secret",
            grant_types=["authorization_code"],
            redirect_uris=["https://web.example/back"],
        )
        yield connection
        connection.rollback()


WRONG = {
    "unknown client": ("nobody", "8829", BUILT_IN, "there is no client 'nobody'"),
    "impossible client": ("a b\0", "8829", BUILT_IN, "there is no client"),
    "public client": ("h5-client", "8829", BUILT_IN, "does not call for itself"),
    "client that only logs staff in": ("web", "8829", BUILT_IN, "does not call for itself"),
    "unknown organisation": ("backend", "999999999", BUILT_IN, "there is no organisation '999999999'"),
    "no number": ("backend", "美的", BUILT_IN, "there is no organisation '美的'"),
    "other digits": ("backend", "８８２９", BUILT_IN, "there is no organisation"),
    "too large a number": ("backend", "9" * 30, BUILT_IN, "there is no organisation"),
    "blank": ("backend", " 8829", BUILT_IN, "there is no organisation ' 8829'"),
    "administrative organisation": ("backend", "6419", BUILT_IN, "6419 '美的集团' is administrative"),
    "unknown role": ("backend", "8829", "999999999", "has no role '999999999'; it has 20463 '管理员'"),
    "role of another organisation": ("backend", "8829", KEEPER, "has no role '42500'; it has 20463 '管理员'"),
    "half a name": ("backend", "8829", "管理", "has no role '管理'"),
    "organisation without roles": ("backend", "9103", BUILT_IN, "it has no roles"),
    "two roles of a name": ("backend", "2", "管理员", "several roles '管理员': name one by its id, 20463"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_granted_is_refused(connection: psycopg.Connection, wrong: tuple[str, str, str, str]) -> None:
    client_id, org, role, message = wrong
    with pytest.raises(InvalidInputError, match=message):
        client_grant.grant(connection, client_id, org, role, "me")
    assert "me" not in connection.execute("select array_agg(created_by) from client_grant").fetchall()[0][0]


def test_a_role_is_granted_by_id_or_name_and_once(connection: psycopg.Connection) -> None:
    assert client_grant.grant(connection, "backend", "8829", "管理员", "me") == ((20463, "管理员"), True)
    assert client_grant.grant(connection, "backend", "8829", BUILT_IN, "me") == ((20463, "管理员"), False)
    added = "select org_id, role_id, is_granted_by_super from client_grant where created_by = 'me'"
    assert connection.execute(added).fetchall() == [(8829, 20463, True)]
    (held,) = client_grant.held_by_client(connection)["backend"]
    assert (held.org_id, held.role_id, held.role_name) == (8829, 20463, "管理员")


def test_a_role_is_taken_back_once(connection: psycopg.Connection) -> None:
    client_grant.grant(connection, "backend", "8829", BUILT_IN, "me")
    assert client_grant.revoke(connection, "backend", "8829", BUILT_IN).name == "管理员"
    assert "backend" not in client_grant.held_by_client(connection)
    with pytest.raises(InvalidInputError, match="there is no client 'nobody'"):
        client_grant.revoke(connection, "nobody", "8829", BUILT_IN)
    with pytest.raises(InvalidInputError, match="'backend' does not hold the role 20463 '管理员' in organisation 8829"):
        client_grant.revoke(connection, "backend", "8829", BUILT_IN)


@pytest.mark.parametrize("lost", ["delete from org where id = 8831", "delete from org_role where org_id = 8831"])
def test_what_a_client_holds_a_role_in_is_not_deleted(connection: psycopg.Connection, lost: str) -> None:
    connection.execute("delete from admin_grant where org_id = 8831")
    client_grant.grant(connection, "backend", "8831", BUILT_IN, "me")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute(lost.encode())
