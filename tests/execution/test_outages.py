"""The database is killed and comes back, or does not answer: no request waits for it, or meets a dead connection."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2 as httpx
import psutil
import psycopg
import pytest

from app.access.keys import ASYMMETRIC
from app.access.tokens import Subject
from app.bulk import demo
from app.db.embedded import EmbeddedServer
from app.db.migrating import migrate
from tests.clients.api import Api, open_api
from tests.clients.clusters import kill_postmaster, postmaster_of
from tests.clients.login import WHO
from tests.clients.waiting import within
from tests.databases import execute

SIZE = 4
OTHERS = ("login", "token", "rights", "push", "webhooks", "program")
QUERY = "{ orgs { totalCount } }"
CONNECTIONS = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


DEADLINE = 1.5
"""Enough to connect anew while other tests use the processors."""

LATE_DEADLINE = 4
"""So long after the time for a connection that both are not over at once when the machine stops for a moment: then the
request that waits would have taken too long."""

HUNG_SECONDS = 20
"""A wide margin: an answer needs the deadline and two seconds."""

PAGE = "/oauth/authorize?response_type=code&client_id=x&redirect_uri=https://x.example"
LOG_IN = {"grant_type": "password", "username": "x", "password": "x", "client_id": "x"}
ASKED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "graphql": ("POST", "/graphql", {"json": {"query": QUERY}}),
    "export": ("POST", "/graphql", {"json": {"query": "{ orgs { nodes { id } } }"}, "headers": {"accept": "text/csv"}}),
    "legacy": ("POST", "/v1/iot/main/space/list", {"json": {}}),
    "log-in": ("POST", "/oauth/token", {"data": LOG_IN}),
    "refresh": ("POST", "/oauth/token", {"data": {**LOG_IN, "grant_type": "refresh_token", "refresh_token": "x"}}),
    "revoke": ("POST", "/oauth/revoke", {"data": {"token": "x", "client_id": "x"}}),
    "page": ("GET", PAGE, {}),
    "legacy log-in": ("POST", "/v1/user/authen", {"json": {**LOG_IN, "job_number": "x", "pwd": "x"}}),
    "readyz": ("GET", "/readyz", {}),
}
"""A request of every kind. Those of OAuth name a client that is not registered, which only the database knows."""

ANSWERED = {
    "graphql": 200, "export": 200, "legacy": 200, "log-in": 400, "refresh": 400, "revoke": 400, "page": 400,
    "legacy log-in": 200, "readyz": 200,
}  # fmt: skip


def ask(api: Api, name: str, headers: dict[str, str]) -> httpx.Response:
    method, url, options = ASKED[name]
    own = {**headers, **options.get("headers", {})}
    return api.client.request(method, url, **{**options, "headers": own})


def statuses(api: Api) -> dict[str, int]:
    return {name: ask(api, name, {}).status_code for name in ASKED}


def unknown_caller(api: Api) -> str:
    """Make a token that only the database can tell to be none: of a client that is not registered."""
    app: Any = api.client.app
    token: str = app.state.tokens.make(Subject("unknown", token_version=1), ASYMMETRIC).text
    return token


@contextmanager
def frozen(folder: Path) -> Iterator[None]:
    """Stop every process of the server, so that it neither answers nor closes a connection."""
    postmaster = postmaster_of(folder)
    postmaster.suspend()
    children = postmaster.children()
    for child in children:
        child.suspend()
    try:
        yield
    finally:
        for process in (*children, postmaster):
            process.resume()


@pytest.fixture(scope="module")
def mortal() -> Iterator[EmbeddedServer]:
    """Give a server that may be killed, with an empty register.

    Its folder is not below pytest's, which another run closes to the user of the server when it starts.
    """
    with TemporaryDirectory() as folder, EmbeddedServer(Path(folder)) as server:
        migrate(server.url)
        yield server


def fill(api: Api, url: str) -> None:
    """Have the pool of queries open all its connections; OTHERS have one each."""
    with psycopg.connect(url, autocommit=True) as connection, ThreadPoolExecutor(4 * SIZE) as threads:
        while connection.execute(CONNECTIONS).fetchone() != (SIZE + len(OTHERS),):
            assert {answer.status_code for answer in threads.map(lambda _: api.post(QUERY), range(8 * SIZE))} == {200}


def kill(folder: Path) -> None:
    """Kill the server as hard as can be, and wait until nothing of it is left."""
    backends = postmaster_of(folder).children()
    kill_postmaster(folder)
    psutil.wait_procs(backends)


@pytest.mark.parametrize("compiled", [True, False])
def test_no_request_meets_a_connection_from_before_a_restart(mortal: EmbeddedServer, *, compiled: bool) -> None:
    with open_api(mortal.url, compiled=compiled, pool_size=SIZE, pool_share=SIZE) as api:
        fill(api, mortal.url)
        kill(mortal.data_dir)
        assert mortal.revive()
        answers = [api.post(QUERY) for _ in range(3 * SIZE)]
        assert [answer.json().get("data") for answer in answers] == [{"orgs": {"totalCount": 0}}] * 3 * SIZE
        assert api.client.get("/readyz").status_code == 200
        assert statuses(api) == ANSWERED


def test_every_face_answers_as_soon_as_the_database_is_back(mortal: EmbeddedServer) -> None:
    """The requests of the outage have failed; they leave no attempt to connect that later ones wait for."""
    with open_api(mortal.url, pool_timeout=DEADLINE) as api:
        assert within(HUNG_SECONDS, lambda: statuses(api) == ANSWERED)
        kill(mortal.data_dir)
        assert statuses(api) == dict.fromkeys(ANSWERED, 503)
        assert mortal.revive()
        assert within(4, lambda: statuses(api) == ANSWERED)
        assert api.client.get("/readyz").status_code == 200


def test_every_face_answers_503_while_the_database_does_not_answer(mortal: EmbeddedServer, tmp_path: Path) -> None:
    settings = {"deadline": DEADLINE, "pool_timeout": DEADLINE, "require_login": True, "data_dir": tmp_path}
    refusing = {**ANSWERED, "graphql": 401, "export": 401, "legacy": 401}
    with open_api(mortal.url, **settings) as api, ThreadPoolExecutor(len(ASKED)) as threads:
        headers = {"authorization": f"Bearer {unknown_caller(api)}"}
        assert within(HUNG_SECONDS, lambda: statuses(api) == refusing)
        with frozen(mortal.data_dir):
            asked = {name: threads.submit(ask, api, name, headers) for name in ASKED}
            answers = {name: answer.result(timeout=HUNG_SECONDS) for name, answer in asked.items()}
        assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(asked, 503)
        assert all("retry-after" in answer.headers for answer in answers.values())
        assert within(HUNG_SECONDS, lambda: statuses(api) == refusing)


def test_a_statement_in_a_frozen_database_is_given_up_at_the_deadline(mortal: EmbeddedServer) -> None:
    with (
        open_api(mortal.url, deadline=LATE_DEADLINE, pool_timeout=DEADLINE / 2, pool_size=1) as api,
        ThreadPoolExecutor(2) as threads,
    ):
        assert api.data(QUERY)
        with frozen(mortal.data_dir):
            asked = [threads.submit(ask, api, name, {}) for name in ("graphql", "legacy")]
            assert [each.result(timeout=HUNG_SECONDS).status_code for each in asked] == [503, 503]
        assert within(HUNG_SECONDS, lambda: api.post(QUERY).json().get("data") is not None)


@pytest.fixture(scope="module")
def inhabited(mortal: EmbeddedServer) -> str:
    """Give the URL of a demo world on a server that may be killed."""
    make = "create database inhabited owner cadastre template template0 encoding 'UTF8' locale 'C.UTF-8'"
    execute(mortal, make)
    url = mortal.url_of("inhabited")
    migrate(url)
    demo.load(url)
    return url


def test_an_account_logs_in_as_soon_as_the_database_is_back(mortal: EmbeddedServer, inhabited: str) -> None:
    """The log-in succeeds at once, and so do the exchange of a refresh token and a request with the new token."""
    form = {"grant_type": "password", "username": "yanggc4", "password": demo.PASSWORD, "client_id": "h5-client"}
    with open_api(inhabited, require_login=True) as api:
        before = api.client.post("/oauth/token", data=form)
        kill(mortal.data_dir)
        assert mortal.revive()
        after = api.client.post("/oauth/token", data=form)
        token = {"grant_type": "refresh_token", "refresh_token": before.json()["refresh_token"]}
        exchanged = api.client.post("/oauth/token", data={**token, "client_id": "h5-client"})
        assert [answer.status_code for answer in (before, after, exchanged)] == [200, 200, 200]
        shown = api.post(WHO, authorization=f"Bearer {after.json()['access_token']}").json()
        assert shown["data"]["me"]["admin"] is not None
