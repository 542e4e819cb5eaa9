"""A client that leaves: its statement is cancelled, also while it waits, and the log has one line about it."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.clients.served import Program, served
from tests.clients.waiting import SOON, WAITING, within
from tests.restoring import Copies

LIST = "/v1/iot/main/space/list"
QUERY = json.dumps({"query": "{ orgs { nodes { id } } }"}).encode()
MUTATION = json.dumps(
    {"query": 'mutation { createOrg(input: {name: "x", parentId: "1"}) { errors { code } } }'}
).encode()
JSON = "content-type: application/json"
FORM = "content-type: application/x-www-form-urlencoded"
LOG_IN = b"grant_type=password&client_id=x&username=x&password=x"

ASKED = {
    "graphql": ("/graphql", (JSON,), QUERY),
    "export": ("/graphql", (JSON, "accept: text/csv"), QUERY),
    "legacy": (LIST, (JSON,), b"{}"),
    "log-in": ("/oauth/token", (FORM,), LOG_IN),
}
"""Requests that read a locked table."""


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "program.log"


@pytest.fixture(scope="module")
def program(empty_copies: Copies, log: Path) -> Iterator[Program]:
    """Serve with one connection a caller."""
    settings = {"require_login": "false", "pool_size": "2", "pool_share": "1", "pool_timeout": "60"}
    with served(url=empty_copies.url, log=str(log), **settings) as program:
        yield program


@contextmanager
def asking(program: Program, path: str, headers: tuple[str, ...], body: bytes, length: int = 0) -> Iterator[None]:
    """Send a request, and leave when the body ends; `length` promises more than is sent."""
    to = urlsplit(program.address)
    lines = [f"POST {path} HTTP/1.1", "host: x", *headers, f"content-length: {length or len(body)}", "", ""]
    with socket.create_connection((to.hostname, to.port)) as client:
        client.sendall("\r\n".join(lines).encode() + body)
        yield


@pytest.mark.parametrize("name", ASKED)
def test_the_statement_of_a_client_that_leaves_is_cancelled(program: Program, empty_copies: Copies, name: str) -> None:
    with psycopg.connect(empty_copies.url) as locking, psycopg.connect(empty_copies.url, autocommit=True) as watching:

        def waiting() -> int:
            ((number,),) = watching.execute(WAITING).fetchall()
            return int(number)

        locking.execute("lock table org, client, space in access exclusive mode")
        with asking(program, *ASKED[name]):
            assert within(SOON, lambda: waiting() == 1)
            with asking(program, *ASKED["graphql"]):  # waits for its turn, or for the lock
                pass
        assert within(SOON, lambda: waiting() == 0)
        locking.rollback()
    assert program.get("/readyz").status_code == 200
    assert program.get("/graphql?query={orgs{totalCount}}").json()["data"] == {"orgs": {"totalCount": 0}}


@pytest.mark.parametrize("path", ["/graphql", LIST, "/oauth/token", "/oauth/authorize", "/v1/user/authen"])
@pytest.mark.parametrize("sent", [b"", b"x"])
def test_an_aborted_upload_is_one_line_of_the_log(program: Program, log: Path, path: str, sent: bytes) -> None:
    before = len(log.read_text().splitlines())
    with asking(program, path, (FORM if "oauth" in path else JSON,), sent, length=1000):
        assert program.get("/healthz").status_code == 200
    assert within(SOON, lambda: "status=499" in "".join(log.read_text().splitlines()[before:]))
    assert program.get("/healthz").status_code == 200
    lines = [line for line in log.read_text().splitlines()[before:] if "/healthz" not in line]
    assert len(lines) == 1, lines
