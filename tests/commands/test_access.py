"""The commands about who may come in, as an operator runs them."""

import re
import stat
from pathlib import Path

import psycopg

from app.access.passwords import verify_password
from app.services import client as clients
from tests.clients.program import cadastre

SHORT = "canary"


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
    assert done.stderr.startswith("cadastre: unknown grants: implicit;")
    assert len(done.stderr.splitlines()) == 1
    done = cadastre("client", "add", "a", "--grant", "client_credentials", "--max-nodes", 0, url=empty_url)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "from 1 to 2147483647" in done.stderr


def test_a_super_administrator_is_created_once(empty_url: str) -> None:
    given = {"new_password": "correct horse"}
    done = cadastre("admin", "create-super", "root", "--name", "根", url=empty_url, **given)
    assert (done.returncode, done.stdout) == (0, "Created the super administrator root.\n")
    with psycopg.connect(empty_url) as connection:
        ((name, is_super, kept),) = connection.execute("select name, is_super, password_hash from admin").fetchall()
    assert (name, is_super) == ("根", True)
    assert verify_password(kept, "correct horse")
    assert cadastre("admin", "create-super", "root", url=empty_url, **given).returncode == 2
    refused = cadastre("admin", "create-super", "other", url=empty_url, new_password=SHORT)
    assert (refused.returncode, SHORT in refused.stderr) == (2, False)


def test_keys_are_rotated(tmp_path: Path) -> None:
    first, second = (cadastre("keys", "rotate", "--data-dir", tmp_path) for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr
    assert re.search(r": [0-9a-f]{16}, [0-9a-f]{16}\.$", second.stdout)
    files = list((tmp_path / "keys").glob("*.json"))
    assert len(files) == 6  # made on the first use, and twice since
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
