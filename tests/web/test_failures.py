"""Every failure has a code and is answered as its URL's face does; unexpected errors are hidden behind an id."""

import logging
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2 as httpx
import psycopg
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.access.keys import ASYMMETRIC
from app.access.tokens import Subject
from app.db.embedded import EmbeddedServer
from app.web.failures import Failures
from tests.clients.api import Api, open_api
from tests.databases import copy_of, execute

CANARY = "canary-13800138000"


def graphql_code(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    assert error["message"]
    return str(error["extensions"]["code"])


def oauth_code(response: httpx.Response) -> str:
    body = response.json()
    assert set(body) == {"error", "error_description"}
    assert response.headers["cache-control"] == "no-store"
    return str(body["error"])


def legacy_code(response: httpx.Response) -> str:
    body = response.json()
    assert set(body) == {"code", "message", "result"}
    assert body["result"] is None
    return str(body["code"])


def page_code(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    found = re.search(r"<code>(\w+)</code>", response.text)
    assert found, response.text
    return found[1]


UNKNOWN = {
    "/graphq": (graphql_code, "URL_NOT_FOUND"),
    "/healthz/x": (graphql_code, "URL_NOT_FOUND"),
    "/graphql/": (graphql_code, "URL_NOT_FOUND"),
    "/oauth/token/": (oauth_code, "invalid_request"),
    "/v1/user/authen/": (legacy_code, "404"),
    "/oauth/nothing": (oauth_code, "invalid_request"),
    "/.well-known/nothing": (oauth_code, "invalid_request"),
    "/v1/iot/main/nothing": (legacy_code, "404"),
}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_url_is_404_with_a_code(api: Api, method: str, path: str) -> None:
    response = api.client.request(method, path, follow_redirects=False)
    code, expected = UNKNOWN[path]
    assert (response.status_code, code(response)) == (404, expected)
    assert response.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("path", ["/%00", "/oauth/token%00", "/v1/iot/main/user/logout/%00"])
def test_no_url_holds_the_character_nul(api: Api, path: str) -> None:
    response = api.client.post(path)
    assert response.status_code == 400
    assert "NUL" in response.text


ALLOWED: dict[str, tuple[Any, str, str]] = {
    "/": (graphql_code, "METHOD_NOT_ALLOWED", "GET, HEAD, OPTIONS"),
    "/explorer": (graphql_code, "METHOD_NOT_ALLOWED", "GET, HEAD, OPTIONS"),
    "/graphql": (graphql_code, "METHOD_NOT_ALLOWED", "GET, HEAD, OPTIONS, POST"),
    "/healthz": (graphql_code, "METHOD_NOT_ALLOWED", "GET, HEAD, OPTIONS"),
    "/metrics": (graphql_code, "METHOD_NOT_ALLOWED", "GET, HEAD, OPTIONS"),
    "/oauth/token": (oauth_code, "invalid_request", "OPTIONS, POST"),
    "/oauth/jwks": (oauth_code, "invalid_request", "GET, HEAD, OPTIONS"),
    "/oauth/authorize": (page_code, "METHOD_NOT_ALLOWED", "GET, HEAD, OPTIONS, POST"),
    "/v1/user/authen": (legacy_code, "405", "OPTIONS, POST"),
}


@pytest.mark.parametrize("path", ALLOWED)
def test_another_method_is_405_with_the_allowed_ones(api: Api, path: str) -> None:
    code, expected, allowed = ALLOWED[path]
    response = api.client.delete(path)
    assert (response.status_code, code(response)) == (405, expected)
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("path", ALLOWED)
def test_options_names_the_methods(api: Api, path: str) -> None:
    response = api.client.options(path)
    assert (response.status_code, response.headers["allow"], response.content) == (204, ALLOWED[path][2], b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/graphql?query={__typename}", 200), ("/graphql", 400), ("/healthz", 200), ("/readyz", 200), ("/metrics", 200),
        ("/oauth/jwks", 200), ("/oauth/token", 405), ("/oauth/authorize", 400), ("/nothing", 404), ("/v1/nothing", 404),
    ],
)  # fmt: skip
def test_head_is_get_without_a_body(api: Api, path: str, status: int) -> None:
    head, get = api.client.head(path), api.client.get(path)
    assert (head.status_code, head.content) == (status, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.fixture(scope="module")
def broken(server: EmbeddedServer, demo_template: str, worker_id: str) -> Iterator[Api]:
    """Give the API over a database that has lost a column which every face reads first, and its revision."""
    name = f"failures_{worker_id}"
    url = copy_of(server, demo_template, name)
    with psycopg.connect(url) as connection:
        connection.execute("alter table client rename column max_nodes to lost")
        connection.execute("alter table alembic_version rename column version_num to lost")
    with open_api(url) as api:
        yield api
    execute(server, f"drop database {name} with (force)")


def provoke(api: Api, face: str) -> httpx.Response:
    """Send a request that needs the lost column."""
    app: Any = api.client.app
    token = app.state.tokens.make(Subject(CANARY), ASYMMETRIC).text
    form = {"grant_type": "password", "username": CANARY, "password": CANARY, "client_id": "h5-client"}
    requests = {
        "graphql": lambda: api.post("{ __typename }", authorization=f"Bearer {token}"),
        "oauth": lambda: api.client.post("/oauth/token", data=form),
        "page": lambda: api.client.get("/oauth/authorize?response_type=code&client_id=h5-client&state=" + CANARY),
        "legacy": lambda: api.client.post(
            "/v1/user/authen",
            json={"grant_type": "password", "job_number": CANARY, "pwd": CANARY, "client_id": "h5-client"},
        ),
        "ready": lambda: api.client.get("/readyz"),
    }
    return requests[face]()


CODES: dict[str, tuple[Any, str]] = {
    "graphql": (graphql_code, "INTERNAL"),
    "oauth": (oauth_code, "server_error"),
    "page": (page_code, "INTERNAL"),
    "legacy": (legacy_code, "500"),
    "ready": (lambda response: response.json()["code"], "INTERNAL"),
}


@pytest.mark.parametrize("face", CODES)
def test_an_unexpected_error_is_500_with_an_id_and_without_values(
    broken: Api, face: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.WARNING)
    response = provoke(broken, face)
    code, expected = CODES[face]
    assert (response.status_code, code(response)) == (500, expected)
    ids = re.findall(r"[0-9a-f]{32}", response.text)
    (record,) = [record for record in caplog.records if record.name.startswith("cadastre")]
    assert set(ids) == set(re.findall(r"[0-9a-f]{32}", record.getMessage()))
    assert "UndefinedColumn 42703 at " in record.getMessage()
    written = f"{response.text}\n{caplog.text}\n{capfd.readouterr()}"
    assert CANARY not in written
    assert "lost" not in written


def test_the_error_id_is_in_extensions_and_in_messages(broken: Api) -> None:
    error = provoke(broken, "graphql").json()["errors"][0]
    assert error["message"] == f"internal error {error['extensions']['errorId']}"
    assert provoke(broken, "legacy").json()["message"].startswith("系统内部错误 ")


@pytest.mark.parametrize("statement", ["drop table alembic_version", "delete from alembic_version"])
def test_a_database_that_was_never_migrated_is_not_ready(empty_url: str, statement: str) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute(statement.encode())
    with open_api(empty_url) as api:
        response = api.client.get("/readyz")
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert response.json() == {
        "status": "unready",
        "code": "NOT_MIGRATED",
        "reason": "the database is not at the newest migration; run `cadastre migrate`",
    }


@pytest.mark.parametrize("path", ["/readyz", "/oauth/token", "/v1/user/authen", "/graphql", "/oauth/authorize"])
def test_without_a_database_every_face_sends_retry_after(path: str) -> None:
    with open_api("postgresql://nobody@/nothing?host=/nowhere", pool_timeout=0.2) as api:
        if path == "/graphql":
            response = api.post("{ orgs { totalCount } }")
        elif path == "/readyz":
            response = api.client.get(path)
        elif path == "/oauth/authorize":
            response = api.client.get(f"{path}?response_type=code&client_id=h5-client")
        elif path == "/oauth/token":
            response = api.client.post(path, data={"grant_type": "password", "client_id": "h5-client"})
        else:
            members = {"grant_type": "password", "job_number": "a", "pwd": "b", "client_id": "h5-client"}
            response = api.client.post(path, json=members)
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")


async def halves(_: Request) -> Response:
    """Fail in the middle of an answer."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"half"
        raise ValueError(CANARY)

    return StreamingResponse(parts())


def test_an_answer_that_fails_after_its_start_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    app = Starlette(routes=[Route("/", halves)], middleware=[Middleware(Failures, faces={}, deadline=30)])
    with TestClient(app) as client:
        response = client.get("/")
    assert response.content == b"half"
    assert CANARY not in caplog.text
    assert "ValueError at " in caplog.text


@pytest.mark.parametrize("host", ["x.example/healthz?response_type=code", "x.example#", "x.example/oauth/authorize"])
def test_the_header_host_decides_neither_the_format_nor_the_content_of_an_answer(api: Api, host: str) -> None:
    for path in ("/v1/nothing", "/oauth/token", "/oauth/authorize?client_id=x", "/nothing"):
        honest, forged = (api.client.get(path, headers={"host": each}) for each in ("x.example", host))
        assert (forged.status_code, forged.text) == (honest.status_code, honest.text)
        assert "x.example" not in forged.text + str(forged.headers)
