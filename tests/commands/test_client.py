"""`cadastre client`, as an operator runs it."""

import psycopg

from app.services import client as clients
from tests.clients.program import cadastre


def test_a_client_is_registered_listed_and_disabled(empty_url: str) -> None:
    done = cadastre("client", "add", "backend", "--grant", "client_credentials", "--max-nodes", 7, url=empty_url)
    assert done.returncode == 0, done.stderr
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
        "old-app  public  password refresh_token; password until 2027-06-30, used 0 times; disabled",
    ]


def test_what_does_not_fit_together_is_refused_in_one_line(empty_url: str) -> None:
    done = cadastre("client", "add", "a", "--grant", "implicit", url=empty_url)
    assert done.returncode == 2
    assert done.stderr.startswith("cadastre: unknown grants: 'implicit';")
    assert len(done.stderr.splitlines()) == 1
    done = cadastre("client", "add", "a", "--grant", "client_credentials", "--max-nodes", 0, url=empty_url)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "from 1 to 2147483647" in done.stderr
