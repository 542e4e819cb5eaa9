"""Pages of allowed origins may call every API from a browser, and read its errors; other pages may read nothing."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import psycopg
import pytest

from app.access.keys import ASYMMETRIC
from app.access.tokens import Subject
from app.db.embedded import EmbeddedServer
from app.services import client as clients
from app.settings import Settings
from app.web.client_origins import CACHE_SECONDS, LOOK_AGAIN_SECONDS, origin_of
from tests.clients.api import open_api
from tests.clients.login import LoginClient, open_login
from tests.databases import copied

OURS = "https://app.example"
FOREIGN = "https://evil.example"
CALLS = ["/graphql", "/oauth/token", "/oauth/revoke", "/v1/user/authen", "/.well-known/oauth-authorization-server"]
ASKED = "apollo-require-preflight,authorization,cadastre-org,content-type,x-apollo-operation-name,x-request-id"


@pytest.fixture(scope="module")
def login(
    server: EmbeddedServer, demo_template: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LoginClient]:
    """Return a client of an application that pages of one origin may call."""
    folder = tmp_path_factory.mktemp("cors")
    with (
        copied(server, demo_template, f"cors_{worker_id}") as url,
        open_login(Settings(database_url=url, data_dir=folder, cors_origins=(OURS,))) as login,
    ):
        yield login


def preflight(login: LoginClient, path: str, origin: str, method: str = "POST") -> httpx.Response:
    headers = {
        "origin": origin, "access-control-request-method": method, "access-control-request-headers": ASKED,
    }  # fmt: skip
    return login.client.options(path, headers=headers)


def allowed(response: httpx.Response) -> str | None:
    """Return the origin whose pages may read an answer. No answer allows credentials."""
    assert "access-control-allow-credentials" not in response.headers
    return response.headers.get("access-control-allow-origin")


def vary(response: httpx.Response) -> set[str]:
    return {name.strip().lower() for name in response.headers.get("vary", "").split(",")}


@pytest.mark.parametrize("path", CALLS)
def test_a_preflight_allows_an_origin_of_the_setting(login: LoginClient, path: str) -> None:
    response = preflight(login, path, OURS)
    assert (response.status_code, allowed(response)) == (200, OURS)
    assert response.headers["access-control-allow-headers"] == ASKED
    assert {"GET", "POST"} <= set(response.headers["access-control-allow-methods"].split(", "))
    assert int(response.headers["access-control-max-age"]) == 7200
    assert "origin" in vary(response)


@pytest.mark.parametrize("origin", [FOREIGN, "null", "", OURS + ".evil.example", OURS + ":8443", "http://app.example"])
@pytest.mark.parametrize("path", CALLS)
def test_a_preflight_allows_no_other_origin(login: LoginClient, path: str, origin: str) -> None:
    response = preflight(login, path, origin)
    assert (response.status_code, allowed(response)) == (403, None)
    assert response.json()["errors"][0]["extensions"]["code"] == "PAGE_REFUSED"
    assert not [name for name in response.headers if name.startswith("access-control-")]
    assert "origin" in vary(response)


def test_a_preflight_allows_no_method_that_no_url_has(login: LoginClient) -> None:
    response = preflight(login, "/graphql", OURS, "TRACE")
    assert (response.status_code, allowed(response)) == (403, OURS)


@pytest.mark.parametrize("origin", [None, OURS, FOREIGN])
def test_an_answer_is_for_the_allowed_origin_only(login: LoginClient, origin: str | None) -> None:
    response = login.client.get("/oauth/jwks", headers={"origin": origin} if origin else {})
    assert (response.status_code, allowed(response)) == (200, OURS if origin == OURS else None)
    assert any(name.startswith("access-control-") for name in response.headers) == (origin == OURS)
    assert "origin" in vary(response)


def test_a_page_may_read_the_headers_that_it_needs(login: LoginClient) -> None:
    exposed = login.client.get("/healthz", headers={"origin": OURS}).headers["access-control-expose-headers"].lower()
    assert {"x-request-id", "retry-after", "www-authenticate"} <= set(exposed.split(", "))


ERRORS: dict[str, tuple[int, dict[str, Any]]] = {
    "no token": (401, {"url": "/graphql", "json": {"query": "{ __typename }"}}),
    "too large": (413, {"url": "/oauth/token", "data": {"x": "x" * 100_000}}),
    "a form": (415, {"url": "/v1/user/authen", "data": {"x": "x"}}),
    "no such URL": (404, {"url": "/v1/nothing"}),
    "no such method": (405, {"url": "/oauth/jwks"}),
    "not JSON": (400, {"url": "/v1/user/authen", "content": b"{", "headers": {"content-type": "application/json"}}),
    "an unknown client": (400, {"url": "/oauth/token", "data": {"grant_type": "password", "client_id": "nobody"}}),
}


@pytest.mark.parametrize(("status", "request_"), ERRORS.values(), ids=ERRORS)
def test_a_page_may_read_errors(login: LoginClient, status: int, request_: dict[str, Any]) -> None:
    headers = {"origin": OURS, **request_.get("headers", {})}
    response = login.client.post(**{**request_, "headers": headers})
    assert (response.status_code, allowed(response)) == (status, OURS)


def test_a_page_may_read_that_the_database_is_away() -> None:
    with open_api("postgresql://nobody@/nothing?host=/nowhere", pool_timeout=0.2, cors_origins=(OURS,)) as api:
        query = {"query": "{ orgs { totalCount } }"}
        ours = api.client.post("/graphql", json=query, headers={"origin": OURS})
        foreign = api.client.post("/graphql", json=query, headers={"origin": FOREIGN})
    assert (ours.status_code, allowed(ours)) == (503, OURS)
    assert (foreign.status_code, allowed(foreign)) == (503, None)


def test_a_page_may_read_an_unexpected_error(own_url: str, tmp_path: Path) -> None:
    with psycopg.connect(own_url) as connection:
        connection.execute("alter table client rename column max_nodes to lost")
    with open_login(Settings(database_url=own_url, data_dir=tmp_path, cors_origins=(OURS,))) as login:
        token = login.tokens.make(Subject("h5-client"), ASYMMETRIC).text
        headers = {"origin": OURS, "authorization": f"Bearer {token}"}
        response = login.client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert (response.status_code, allowed(response)) == (500, OURS)


def register(login: LoginClient, name: str, uri: str, *, public: bool) -> None:
    with psycopg.connect(login.url) as connection:
        clients.add(connection, name, name, grant_types=["authorization_code"], redirect_uris=[uri], public=public)


def test_pages_of_a_public_client_may_call_while_it_is_registered(login: LoginClient) -> None:
    origin = "http://localhost:3000"
    assert allowed(preflight(login, "/graphql", origin)) is None
    register(login, "page", f"{origin}/back?x=1", public=True)
    login.pass_time(LOOK_AGAIN_SECONDS)
    assert allowed(preflight(login, "/graphql", origin)) == origin
    assert allowed(login.client.get("/healthz", headers={"origin": origin})) == origin
    with psycopg.connect(login.url) as connection:
        clients.disable(connection, "page")
    login.pass_time(CACHE_SECONDS)
    assert allowed(preflight(login, "/graphql", origin)) is None


def test_pages_of_a_client_with_a_secret_may_not_call(login: LoginClient) -> None:
    register(login, "backend", "https://backend.example/back", public=False)
    login.pass_time(LOOK_AGAIN_SECONDS)
    assert allowed(preflight(login, "/graphql", "https://backend.example")) is None


def test_invented_origins_lead_to_few_statements(own_url: str) -> None:
    statements: list[str] = []
    begun = time.monotonic()
    with open_api(own_url) as api:
        statements = api._statements  # noqa: SLF001 - those of the middleware belong to no call
        for number in range(50):
            api.client.get("/healthz", headers={"origin": f"https://{number}.example"})
    most = 1 + (time.monotonic() - begun) / LOOK_AGAIN_SECONDS
    assert 1 <= len([sql for sql in statements if "redirect_uris" in sql]) <= most


def test_all_origins_may_be_allowed_but_never_with_credentials(demo_url: str) -> None:
    with open_api(demo_url, cors_origins=("*",)) as api:
        response = api.client.post("/graphql", json={"query": "{ __typename }"}, headers={"origin": FOREIGN})
        asked = {"origin": FOREIGN, "access-control-request-method": "POST", "access-control-request-headers": ASKED}
        answered = api.client.options("/graphql", headers=asked)
    assert allowed(response) == "*"
    assert (answered.status_code, allowed(answered)) == (200, "*")


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_no_page_may_read_the_login_page(login: LoginClient, method: str) -> None:
    headers = {"origin": OURS, "access-control-request-method": "POST"}
    response = login.client.request(method, "/oauth/authorize?client_id=h5-client", headers=headers)
    assert allowed(response) is None
    assert response.status_code == {"GET": 400, "POST": 415, "OPTIONS": 204}[method]


MUTATION = 'mutation { updateOrg(input: {id: "6419", expectedVersion: 1, name: "stolen"}) { org { name } } }'


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_of_a_foreign_page_has_no_effect(login: LoginClient, content_type: str) -> None:
    bearer = login.log_in("supperadm")["access_token"]
    headers = {"origin": FOREIGN, "content-type": content_type, "authorization": f"Bearer {bearer}"}
    response = login.client.post("/graphql", json={"query": MUTATION}, headers=headers)
    assert (response.status_code, allowed(response)) == (415, None)
    assert login.sql("select name from org where id = 6419") == [("美的集团",)]


def test_a_link_of_a_foreign_page_has_no_effect(login: LoginClient) -> None:
    bearer = login.log_in("supperadm")["access_token"]
    headers = {"origin": FOREIGN, "authorization": f"Bearer {bearer}"}
    response = login.client.get("/graphql", params={"query": MUTATION}, headers=headers)
    assert (response.status_code, allowed(response)) == (405, None)
    assert login.sql("select name from org where id = 6419") == [("美的集团",)]


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://App.Example/back?x=1", "https://app.example"),
        ("https://app.example:443/", "https://app.example"),
        ("https://app.example:8443", "https://app.example:8443"),
        ("http://localhost:3000/a", "http://localhost:3000"),
        ("http://[::1]:80/a", "http://[::1]"),
        ("https://名.example/a", "https://xn--eqr.example"),
        ("com.example.app:/back", None),
        ("https://app.example:99999/", None),
        (f"https://{'a' * 64}.example/", None),
    ],
)
def test_the_origin_of_a_redirect_uri(uri: str, origin: str | None) -> None:
    assert origin_of(uri) == origin
