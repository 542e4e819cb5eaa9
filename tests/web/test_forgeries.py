"""Forged and expired tokens over HTTP: every face answers 401 without a database connection.

The database of these tests is away, so that a request that needs it is 503.
"""

from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest

from app.access.keys import ASYMMETRIC
from app.access.tokens import Tokens
from tests.attacks.tokens import ATTEMPTS, ISSUER, SUBJECT, Attempt
from tests.clients.api import Api, open_api

AWAY = "postgresql://127.0.0.1:9/nowhere"
QUERY = {"query": "{ me { clientId } }"}
WAYS = {
    "body": ("POST", "/graphql"),
    "query": ("GET", "/graphql"),
    "log-out": ("POST", "/v1/iot/main/user/logout/1120"),
}
OTHER_SCHEMES = [None, "", "Bearer", "Bearer ", "Basic eDp5", "Token x", "Bearer a b"]


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    """Return the API of a register without a database."""
    with open_api(AWAY, pool_timeout=0.2, require_login=True, public_url=ISSUER) as api:
        yield api


@pytest.fixture(scope="module")
def tokens(api: Api) -> Tokens:
    """Return the issuer of the API's tokens."""
    app: Any = api.client.app
    tokens: Tokens = app.state.tokens
    return tokens


def ask(api: Api, way: str, authorization: str | None, address: dict[str, str] | None = None) -> httpx.Response:
    method, path = WAYS[way]
    token = [] if authorization is None else [(b"authorization", authorization.encode("utf-8", "surrogatepass"))]
    if method == "GET":
        return api.client.get(path, params={**QUERY, **(address or {})}, headers=token)
    return api.client.post(path, json=QUERY, params=address, headers=token)


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
@pytest.mark.filterwarnings("ignore")  # joserfc warns of the forger's key
def test_a_forged_token_is_401_and_takes_no_connection(api: Api, tokens: Tokens, attempt: Attempt) -> None:
    for way in WAYS:
        assert ask(api, way, f"Bearer {attempt(tokens)}").status_code == 401


@pytest.mark.parametrize("authorization", OTHER_SCHEMES)
def test_a_missing_or_malformed_token_is_401_and_takes_no_connection(api: Api, authorization: str | None) -> None:
    for way in WAYS:
        assert ask(api, way, authorization).status_code == 401


@pytest.mark.parametrize("name", ["access_token", "token", "authorization", "Authorization"])
def test_a_token_in_the_url_is_ignored(api: Api, tokens: Tokens, name: str) -> None:
    good = tokens.make(SUBJECT, ASYMMETRIC).text
    for way in WAYS:
        assert ask(api, way, None, {name: good}).status_code == 401
        assert ask(api, way, None, {name: f"Bearer {good}"}).status_code == 401


def test_a_valid_token_needs_the_database(api: Api, tokens: Tokens) -> None:
    response = ask(api, "body", f"Bearer {tokens.make(SUBJECT, ASYMMETRIC).text}")
    assert response.status_code == 503
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}


def test_the_challenge_follows_rfc_6750_and_quotes_nothing(api: Api) -> None:
    response = ask(api, "body", "Bearer canary.canary.canary")
    assert response.headers["www-authenticate"] == 'Bearer realm="cadastre", error="invalid_token"'
    assert response.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert "canary" not in response.text
    assert ask(api, "body", None).headers["www-authenticate"] == 'Bearer realm="cadastre"'
