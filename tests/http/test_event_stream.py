"""Event streams: what is sent, how a stream ends, and how a refused one is answered."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import orjson
import psycopg
import pytest

from app.db.embedded import EmbeddedServer
from app.main import create_app
from app.settings import Settings
from tests.clients.login import running
from tests.clients.served import Program, served, token_of
from tests.clients.streams import Event, streamed
from tests.clients.waiting import SOON, within
from tests.databases import copied, with_request_url

SPACES = "subscription ($after: String) { spaceChanged(id: 18, after: $after) { cursor space { name } } }"
LAST = "{ changeFeed(last: 1) { edges { cursor } } }"
RENAME = "update space set name = %s, version = version + 1 where id = 18"


@pytest.fixture(scope="module")
def url(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[str]:
    with copied(server, demo_template, worker_id) as url:
        yield url


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "program.log"


@pytest.fixture(scope="module")
def program(url: str, log: Path) -> Iterator[Program]:
    """Serve with little time for clients that take nothing."""
    with served(url=url, log=str(log), write_seconds="2") as program:
        yield program


@pytest.fixture(scope="module")
def token(program: Program) -> str:
    return token_of(program)


def sql(url: str, statement: str, *values: object) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode(), values)


def last_cursor(address: str, token: str) -> str:
    with streamed(address, LAST, token) as stream:
        cursor: str = stream.data()["changeFeed"]["edges"][0]["cursor"]
    return cursor


def gauge(program: Program) -> float:
    """Return how many subscriptions run."""
    lines = program.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("cadastre_subscriptions"))


@pytest.mark.parametrize("encoding", ["identity", "gzip, br, zstd"])
def test_a_query_is_one_next_and_complete(program: Program, token: str, encoding: str) -> None:
    headers = {
        "accept": "text/event-stream", "accept-encoding": encoding, "authorization": f"Bearer {token}",
    }  # fmt: skip
    response = httpx.post(f"{program.address}/graphql", json={"query": "{ me { clientId } }"}, headers=headers)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["x-accel-buffering"] == "no"
    begin, _, end = response.text.partition("\n\n")
    assert begin.startswith('event: next\ndata: {"data":{"me":{"clientId":"h5-client"}},')
    assert end == "event: complete\ndata:\n\n"


def test_an_event_is_sent_as_it_happens_also_to_clients_that_take_compressed_answers(
    program: Program, token: str, url: str
) -> None:
    after = last_cursor(program.address, token)
    with streamed(program.address, SPACES, token, after=after) as stream:
        for name in ("一", "二"):
            sql(url, RENAME, name)
            assert stream.data()["spaceChanged"]["space"]["name"] == name
        assert "content-encoding" not in stream.response.headers
        assert stream.response.headers["x-request-id"]


def test_a_client_that_leaves_is_noticed(program: Program, token: str, log: Path) -> None:
    assert within(SOON, lambda: gauge(program) == 0)
    before = len(log.read_text().splitlines())
    with streamed(program.address, SPACES, token), streamed(program.address, SPACES, token):
        assert within(SOON, lambda: gauge(program) == 2)
    assert within(SOON, lambda: gauge(program) == 0)
    lines = [line for line in log.read_text().splitlines()[before:] if "route=/graphql" in line]
    assert len(lines) == 2
    assert all("status=200" in line and "level=info" in line for line in lines), lines


REFUSED = {
    "an unknown field": ("subscription { nothing }", 400, "GRAPHQL_VALIDATION_FAILED"),
    "a wrong cursor": ('subscription { changes(after: "x") { cursor } }', 400, None),
    "no GraphQL": ("{", 400, "GRAPHQL_PARSE_FAILED"),
    "a query of an unknown field": ("{ nothing }", 400, "GRAPHQL_VALIDATION_FAILED"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_operation_is_answered_with_a_status_and_json(program: Program, token: str, case: str) -> None:
    query, status, code = REFUSED[case]
    with streamed(program.address, query, token) as stream:
        body = orjson.loads(stream.response.read())
    assert stream.response.status_code == status
    assert stream.response.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert code in (None, body["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize("token", [None, "wrong"])
def test_without_a_valid_token_there_is_no_stream(program: Program, token: str | None) -> None:
    with streamed(program.address, SPACES, token) as stream:
        body = orjson.loads(stream.response.read())
    assert stream.response.status_code == 401
    assert "www-authenticate" in stream.response.headers
    assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json"])
def test_no_subscription_is_begun_by_get(program: Program, token: str, accept: str) -> None:
    headers = {"accept": accept, "authorization": f"Bearer {token}"}
    params = {"query": "subscription { changes { cursor } }"}
    response = httpx.get(f"{program.address}/graphql", params=params, headers=headers)
    assert response.status_code == 405, response.text
    assert response.headers["allow"] == "POST"


def test_a_subscription_without_a_stream_says_what_to_do(program: Program, token: str) -> None:
    headers = {"accept": "application/json", "authorization": f"Bearer {token}"}
    body = {"query": "subscription { changes { cursor } }"}
    response = httpx.post(f"{program.address}/graphql", json=body, headers=headers)
    assert "text/event-stream" in response.json()["errors"][0]["message"]


def test_a_stream_ends_with_an_error_when_its_log_in_ends(program: Program, url: str) -> None:
    with streamed(program.address, SPACES, token_of(program, "yanggc4")) as stream:
        assert within(SOON, lambda: gauge(program) == 1)
        sql(url, "update admin set is_enabled = false where account = 'yanggc4'")
        (error, complete) = [event for event in stream.rest() if event.kind]
    sql(url, "update admin set is_enabled = true where account = 'yanggc4'")
    assert error.kind == "next"
    assert error.content["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert complete == Event("complete", None)
    assert within(SOON, lambda: gauge(program) == 0)


def test_a_stream_without_events_has_comments(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A proxy closes a connection on which nothing is sent for a minute."""
    monkeypatch.setattr("app.http.event_stream.LOOK_SECONDS", 0.05)
    settings = Settings(database_url=url, data_dir=tmp_path, require_login=False, **with_request_url(url))
    listener = socket.create_server(("127.0.0.1", 0))
    request.addfinalizer(listener.close)
    app = create_app(settings)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with running(app, listener):
        with streamed(address, "subscription { changes { cursor } }") as stream:
            assert [stream.event() for _ in range(2)] == [Event("", None)] * 2
            app.state.is_draining = True
            assert stream.rest() == []  # without `complete`: the client comes back
        with streamed(address, "{ __typename }") as stream:
            assert [event.kind for event in stream.rest()] == ["next", "complete"]


def test_a_client_that_takes_nothing_is_disconnected(program: Program, token: str, url: str) -> None:
    after = last_cursor(program.address, token)
    assert within(SOON, lambda: gauge(program) == 0)
    to = urlsplit(program.address)
    fields = " ".join(f"a{number}: name" for number in range(90))
    query = f'subscription {{ spaceChanged(after: "{after}") {{ space {{ {fields} }} }} }}'
    body = orjson.dumps({"query": query})
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.connect((to.hostname, to.port))
        lines = [
            "POST /graphql HTTP/1.1", "host: x", "accept: text/event-stream", "content-type: application/json",
            f"authorization: Bearer {token}", f"content-length: {len(body)}", "", "",
        ]  # fmt: skip
        client.sendall("\r\n".join(lines).encode() + body)
        assert within(SOON, lambda: gauge(program) == 1)
        for _ in range(10):
            sql(url, "update space set name = right(name, 1) || repeat('长', 60), version = version + 1")
        assert within(30, lambda: gauge(program) == 0)


def test_streams_that_begin_at_the_same_moment_are_no_more_than_a_caller_may_have(url: str) -> None:
    with served(url=url, require_login="false", max_subscriptions="2") as program, ExitStack() as stack:
        to, body = urlsplit(program.address), orjson.dumps({"query": SPACES})
        clients = [stack.enter_context(socket.create_connection((to.hostname, to.port), SOON)) for _ in range(12)]
        head = "POST /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n"
        for client in clients:
            client.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        received = [client.recv(65_536) for client in clients]
        assert within(SOON, lambda: gauge(program) == 2)
        assert all(answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 429")) for answer in received)
