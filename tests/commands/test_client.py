"""`cadastre client`, as an operator runs it."""

import psycopg
import pytest

from app.services import client as clients
from tests.clients.program import cadastre


def test_a_client_is_registered_listed_and_disabled(empty_url: str) -> None:
    done = cadastre("client", "add", "backend", "--grant", "client_credentials", "--max-nodes", 7, url=empty_url)
    assert done.returncode == 0, done.stderr
    assert "cadastre client grant backend --org ID --role NAME" in done.stderr
    secret = done.stdout.split()[-1]
    old = ("--public", "--grant", "password", "--password-until", "2027-06-30")
    assert cadastre("client", "add", "old-app", *old, url=empty_url).stdout == "Registered old-app.\n"
    with psycopg.connect(empty_url) as connection:
        found = clients.find_client(connection, "backend")
        assert found is not None
        assert found.max_nodes == 7
        assert found.has_secret(secret)
        assert not found.has_secret(secret[:-1])
        assert secret not in str(connection.execute("select c::text from client c").fetchall())
    assert cadastre("client", "disable", "old-app", url=empty_url).returncode == 0
    assert cadastre("client", "list", url=empty_url).stdout.splitlines() == [
        "backend  secret  client_credentials; at most 7 rows a query",
        "explorer  public  authorization_code refresh_token",
        "old-app  public  password refresh_token; password until 2027-06-30, used 0 times; disabled",
    ]


def test_roles_are_granted_shown_listed_and_revoked(own_url: str) -> None:
    assert cadastre("client", "add", "backend", "--grant", "client_credentials", url=own_url).returncode == 0
    role = ("backend", "--org", 8829, "--role", "管理员")
    where = "the role 管理员 (20463) in organisation 8829.\n"
    assert cadastre("client", "grant", *role, url=own_url).stdout == f"backend now holds {where}"
    assert cadastre("client", "grant", *role, url=own_url).stdout == f"backend holds already {where}"
    lines = cadastre("client", "list", url=own_url).stdout.splitlines()
    assert "backend  secret  client_credentials; roles 管理员 in 8829" in lines
    assert "sync-client  secret  client_credentials; roles 管理员 in 8831" in lines
    shown = cadastre("client", "show", "backend", url=own_url).stdout.splitlines()
    assert shown[:2] == ["backend  secret  client_credentials", "description: backend"]
    assert shown[3:] == ["role: 20463 管理员 in 8829 美的集团-业务组织"]
    assert cadastre("client", "revoke", *role, url=own_url).stdout == f"backend no longer holds {where}"
    done = cadastre("client", "revoke", *role, url=own_url)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert len(cadastre("client", "show", "backend", url=own_url).stdout.splitlines()) == 3


def test_a_client_is_rotated_and_enabled_again(empty_url: str) -> None:
    done = cadastre("client", "add", "backend", "--grant", "client_credentials", url=empty_url)
    old = done.stdout.split()[-1]
    new = cadastre("client", "rotate", "backend", url=empty_url).stdout.split()[-1]
    for command in ("disable", "enable", "enable"):
        assert cadastre("client", command, "backend", url=empty_url).returncode == 0
    with psycopg.connect(empty_url) as connection:
        found = clients.find_client(connection, "backend")
    assert found is not None
    assert (found.has_secret(new), found.has_secret(old)) == (True, False)
    public = ("--public", "--grant", "password", "--password-until", "2027-06-30")
    assert cadastre("client", "add", "app", *public, url=empty_url).returncode == 0
    done = cadastre("client", "rotate", "app", url=empty_url)
    assert (done.returncode, done.stderr) == (2, "cadastre: the client 'app' is public: it has no secret\n")


@pytest.mark.parametrize("command", ["show", "rotate", "disable", "enable"])
@pytest.mark.parametrize("name", ["nobody", "", "密", "a b"])
def test_an_unknown_client_is_named(empty_url: str, command: str, name: str) -> None:
    done = cadastre("client", command, name, url=empty_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"cadastre: there is no client {name!r}")


def test_what_does_not_fit_together_is_refused_in_one_line(empty_url: str) -> None:
    done = cadastre("client", "add", "a", "--grant", "implicit", url=empty_url)
    assert done.returncode == 2
    assert done.stderr.startswith("cadastre: unknown grants: 'implicit';")
    assert len(done.stderr.splitlines()) == 1
    done = cadastre("client", "add", "a", "--grant", "client_credentials", "--max-nodes", 0, url=empty_url)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "from 1 to 2147483647" in done.stderr
