"""WebSockets and event streams of several workers behind nginx, configured as docs/operating.md says."""

from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.clients.nginx import nginx
from tests.clients.served import served
from tests.clients.sockets import opened
from tests.clients.streams import streamed
from tests.databases import ROOT

CHANGES = "subscription ($after: String) { changes(after: $after) { cursor change { entityId } } }"
LAST = "{ changeFeed(last: 1) { edges { cursor } } }"


@pytest.mark.parametrize("through", ["directly", "nginx"])
def test_subscriptions_reach_every_worker(own_url: str, tmp_path: Path, through: str) -> None:
    with served("--workers", 2, url=own_url, require_login="false") as program:
        program.wait_until_ready()
        if through == "directly":
            follow(program.address, own_url)
        else:
            with nginx(tmp_path, [urlsplit(program.address).port or 0]) as address:
                follow(address, own_url)


def follow(address: str, url: str) -> None:
    """Follow with several clients of both kinds, of which each worker gets some."""
    with streamed(address, LAST) as stream:
        after = stream.data()["changeFeed"]["edges"][0]["cursor"]
    with (
        opened(address, origin=address) as one,
        opened(address, origin=address) as two,
        opened(address) as three,
        streamed(address, CHANGES, after=after) as four,
        streamed(address, CHANGES, after=after) as five,
    ):
        for client in (one, two, three):
            client.initialise()
            client.subscribe(CHANGES, after=after)
        for number in range(3):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("update space set name = %s, version = version + 1 where id = 18", [str(number)])
            for each in (one, two, three, four, five):
                assert each.data()["changes"]["change"]["entityId"] == "18"


def test_the_nginx_of_the_tests_is_that_of_the_documentation() -> None:
    documented = (ROOT / "docs" / "operating.md").read_text("utf-8")
    tested = (ROOT / "tests" / "clients" / "nginx.py").read_text("utf-8")
    for line in (
        "Upgrade $http_upgrade;",
        "Connection $cadastre_connection;",
        "Host $http_host;",
        "websocket upgrade;",
    ):
        assert line in documented
        assert line in tested
