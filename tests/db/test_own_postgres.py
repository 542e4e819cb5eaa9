"""A PostgreSQL of the operator's own, from Debian: the commands and requests as a user who is no superuser."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from app.db.embedded import EmbeddedServer
from app.db.login_role import LOGIN
from app.db.request_login import require_request_login
from tests.clients.api import open_api
from tests.clients.login import WHO
from tests.clients.program import cadastre
from tests.clients.servers import SUPERUSER, own_postgres
from tests.databases import execute_in

PASSWORD = "p@ss:w/rd%20'\"#?"  # noqa: S105 - of a server that ends with the test
MAKE = (
    "create role me login createrole password '{}'".format(PASSWORD.replace("'", "''")),
    "create database register owner me",
)


@pytest.fixture(scope="module")
def url(server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the server with an empty database, and return its URL over TCP with a password of special characters."""
    with own_postgres(tmp_path_factory.mktemp("postgres"), server.user, PASSWORD) as port:
        address = f":{quote(PASSWORD, safe='')}@127.0.0.1:{port}"
        for statement in MAKE:
            execute_in(f"postgresql://{SUPERUSER}{address}/postgres", statement)
        yield f"postgresql://me{address}/register"


def test_everything_runs_on_debians_postgresql(url: str) -> None:
    for command, result in {"migrate": "revision", "demo": "Added to ", "check": "0 differences"}.items():
        done = cadastre(command, url=url)
        assert (done.returncode, done.stderr) == (0, ""), command
        assert result in done.stdout
    with open_api(url) as api:
        assert api.data('{ org(id: "6419") { name children { name } } }')["org"]["name"] == "美的集团"
        me = api.post(WHO, authorization=api.bearer("yanggc4")).json()
        assert me["data"]["me"]["admin"] is not None


def test_queries_log_in_as_a_role_of_their_own(url: str) -> None:
    assert cadastre("migrate", url=url).returncode == 0
    execute_in(url, f"alter role {LOGIN} password 'other'")
    request_url = url.replace(f"me:{quote(PASSWORD, safe='')}", f"{LOGIN}:other")
    require_request_login(request_url)
    with open_api(url, request_database_url=request_url) as api:
        assert api.data("{ orgs { totalCount } }")["orgs"]["totalCount"] >= 0
        users = execute_in(url, "select distinct usename::text from pg_stat_activity where datname = 'register'")
    assert {(LOGIN,), ("me",)} <= set(users)


@pytest.mark.parametrize(
    ("part", "other", "reason"),
    [
        ("/register", "/absent", 'database "absent" does not exist'),
        (quote(PASSWORD, safe=""), "wrong", "password authentication failed"),
        ("/register", "/register?sslmode=require", "server does not support SSL"),
        ("/register", "/register?connect_timeout=x", "connect_timeout"),
    ],
)
def test_what_keeps_the_database_away_is_one_line_without_the_password(
    url: str, part: str, other: str, reason: str
) -> None:
    done = cadastre("check", url=url.replace(part, other))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert reason in done.stderr
    assert PASSWORD not in done.stderr
    assert quote(PASSWORD, safe="") not in done.stderr
