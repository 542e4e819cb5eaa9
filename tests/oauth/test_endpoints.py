"""Revocation, introspection, keys and metadata, tokens of clients themselves, and hostile bodies."""

import base64

import httpx2 as httpx
import psycopg
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from app.services import client
from app.settings import Settings
from tests.clients.login import WHO, LoginClient, open_login


@pytest.fixture
def secret(login: LoginClient) -> str:
    """Register a client with a secret and return the secret."""
    with psycopg.connect(login.url) as connection:
        made = client.add(connection, "backend", "a backend", grant_types=["client_credentials"])
    assert made is not None
    return made


def basic(name: str, secret: str) -> dict[str, str]:
    """Return the header of HTTP Basic."""
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def own_token(login: LoginClient, secret: str) -> httpx.Response:
    """Request a token for the client itself."""
    return login.post("/oauth/token", {"grant_type": "client_credentials"}, headers=basic("backend", secret))


def introspect(login: LoginClient, secret: str, token: str) -> dict[str, object]:
    """Introspect a token."""
    response = login.post("/oauth/introspect", {"token": token}, headers=basic("backend", secret))
    assert response.status_code == 200, response.text
    said: dict[str, object] = response.json()
    return said


def test_a_client_with_a_secret_gets_a_token_of_its_own(login: LoginClient, secret: str) -> None:
    answer = own_token(login, secret)
    assert answer.status_code == 200
    assert "refresh_token" not in answer.json()
    assert login.who(answer.json()["access_token"]).json()["data"] == {"me": {"clientId": "backend", "admin": None}}
    assert introspect(login, secret, answer.json()["access_token"])["sub"] == "backend"
    login.sql("update client set is_enabled = false where client_id = 'backend'")
    login.forget_callers()
    assert login.who(answer.json()["access_token"]).status_code == 401


@pytest.mark.parametrize("wrong", ["", "wrong", "密码", "a" * 5000])
def test_a_wrong_secret_is_refused(login: LoginClient, secret: str, wrong: str) -> None:
    assert secret != wrong
    assert own_token(login, wrong).status_code == 401
    form = {"grant_type": "client_credentials", "client_id": "backend", "client_secret": wrong}
    assert login.post("/oauth/token", form).json()["error"] == "invalid_client"


@pytest.mark.parametrize("header", ["Basic", "Basic ", "Basic !!!", "Basic /w==", "Basic " + "A" * 9, "Bearer x", "密"])
def test_a_malformed_basic_header_does_not_authenticate(shared_login: LoginClient, header: str) -> None:
    response = shared_login.post(
        "/oauth/token", {"grant_type": "client_credentials"}, headers={"authorization": header.encode()}
    )
    assert response.json()["error"] == "invalid_client"


@pytest.mark.parametrize("missing", [{}, {"grant_type": ""}])
def test_a_missing_grant_type_is_an_invalid_request(shared_login: LoginClient, missing: dict[str, str]) -> None:
    answer = shared_login.post("/oauth/token", {"client_id": "h5-client", **missing})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    unknown = shared_login.post("/oauth/token", {"client_id": "h5-client", "grant_type": "implicit"})
    assert (unknown.status_code, unknown.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("path", ["token", "revoke", "introspect"])
def test_a_client_that_does_not_authenticate_is_told_the_realm(shared_login: LoginClient, path: str) -> None:
    form = {"grant_type": "client_credentials", "token": "a"}
    for headers in ({}, basic("h5-client", "wrong"), basic("nobody", "密")):
        answer = shared_login.post(f"/oauth/{path}", form, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert answer.headers["www-authenticate"] == 'Basic realm="cadastre", charset="UTF-8"'


def test_a_public_client_has_no_token_of_its_own(shared_login: LoginClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "h5-client"}
    assert shared_login.post("/oauth/token", form).json()["error"] == "invalid_client"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", [{}, {"token_type_hint": "access_token"}, {"token_type_hint": "refresh_token"}])
def test_revoking_either_token_ends_the_log_in(login: LoginClient, which: str, hint: dict[str, str]) -> None:
    tokens = login.log_in()
    form = {"token": tokens[which], "client_id": "h5-client", **hint}
    assert login.post("/oauth/revoke", form).status_code == 200
    assert login.post("/oauth/revoke", form).status_code == 200  # once more changes nothing
    assert login.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert login.who(tokens["access_token"]).status_code == 401
    assert login.sql("select end_reason from login") == [("revoked",)]


def test_a_client_revokes_its_own_tokens_only(login: LoginClient) -> None:
    tokens = login.log_in()
    form = {"token": tokens["refresh_token"], "client_id": "app-client"}
    assert login.post("/oauth/revoke", form).json()["error"] == "invalid_grant"
    assert login.refresh(tokens["refresh_token"]).status_code == 200


def test_revoking_nothing_is_no_error(shared_login: LoginClient) -> None:
    assert shared_login.post("/oauth/revoke", {"token": "abc", "client_id": "h5-client"}).status_code == 200
    assert shared_login.post("/oauth/revoke", {"client_id": "h5-client"}).json()["error"] == "invalid_request"


def test_a_clients_own_token_cannot_be_revoked(login: LoginClient, secret: str) -> None:
    token = own_token(login, secret).json()["access_token"]
    response = login.post("/oauth/revoke", {"token": token}, headers=basic("backend", secret))
    assert (response.status_code, response.json()["error"]) == (400, "unsupported_token_type")


def test_a_client_with_a_secret_introspects_tokens(login: LoginClient, secret: str) -> None:
    tokens = login.log_in()
    said = introspect(login, secret, tokens["access_token"])
    assert said["active"] is True
    assert (said["username"], said["client_id"], said["sub"]) == ("yanggc4", "h5-client", "1")
    assert introspect(login, secret, tokens["refresh_token"])["active"] is True
    login.refresh(tokens["refresh_token"])
    assert introspect(login, secret, tokens["refresh_token"]) == {"active": False}
    login.sql("update admin set is_enabled = false where account = 'yanggc4'")
    assert introspect(login, secret, tokens["access_token"]) == {"active": False}
    assert introspect(login, secret, "abc") == {"active": False}


def test_a_public_client_cannot_introspect(login: LoginClient) -> None:
    token = login.log_in()["access_token"]
    for form in ({"token": token, "client_id": "h5-client"}, {"token": token}):
        response = login.post("/oauth/introspect", form)
        assert response.status_code == 401
        assert response.json()["error"] == "invalid_client"


def test_the_metadata_are_those_of_rfc_8414(settings: Settings) -> None:
    issuer = "https://register.example"
    with open_login(settings.model_copy(update={"public_url": issuer + "/"})) as login:
        found = login.client.get("/.well-known/oauth-authorization-server").json()
        (key,) = login.client.get("/oauth/jwks").json()["keys"]
    AuthorizationServerMetadata(found).validate()
    assert found["issuer"] == issuer
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert "d" not in key


BODIES: dict[str, tuple[str, bytes, int]] = {
    "too large": ("application/x-www-form-urlencoded", b"a=" + b"b" * 65536, 413),
    "JSON": ("application/json", b"{}", 415),
    "multipart": ("multipart/form-data; boundary=x", b"--x--", 415),
    "no type": ("", b"grant_type=password", 415),
    "not UTF-8": ("application/x-www-form-urlencoded", b"grant_type=%ff", 400),
    "NUL": ("application/x-www-form-urlencoded", b"grant_type=password&username=%00", 400),
    "twice": ("application/x-www-form-urlencoded", b"grant_type=password&grant_type=refresh_token", 400),
    "many": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(60)), 400),
    "empty": ("application/x-www-form-urlencoded", b"", 400),
    "no grant": ("application/x-www-form-urlencoded", b"client_id=h5-client", 400),
    "unknown grant": ("application/x-www-form-urlencoded", b"grant_type=%22%3Cx", 400),
    "no client": ("application/x-www-form-urlencoded", b"grant_type=password&username=a&password=b", 401),
    "no password": ("application/x-www-form-urlencoded", b"grant_type=password&username=a&client_id=h5-client", 400),
    "client nonsense": ("application/x-www-form-urlencoded", "grant_type=password&client_id=密'--".encode(), 400),
}


@pytest.mark.parametrize("path", ["token", "revoke", "introspect"])
@pytest.mark.parametrize(("kind", "body", "status"), BODIES.values(), ids=BODIES.keys())
def test_bodies_that_cannot_be_read_are_refused(
    shared_login: LoginClient, path: str, kind: str, body: bytes, status: int
) -> None:
    response = shared_login.client.post(f"/oauth/{path}", content=body, headers={"content-type": kind})
    assert response.status_code in ({status} if path == "token" else {status, 400, 401})
    assert response.headers["content-type"].startswith("application/json")
    assert "error" in response.json()


def test_tokens_in_the_url_are_ignored(login: LoginClient) -> None:
    tokens = login.log_in()
    assert login.client.get(f"/graphql?query={WHO}&access_token={tokens['access_token']}").status_code == 401
    query = f"grant_type=refresh_token&client_id=h5-client&refresh_token={tokens['refresh_token']}"
    assert login.client.get(f"/oauth/token?{query}").status_code == 405
    assert login.post(f"/oauth/token?{query}", {"a": "b"}).status_code == 400


def test_without_a_database_retry_after_is_sent(settings: Settings) -> None:
    away = settings.model_copy(
        update={"database_url": "postgresql://nobody@/nothing?host=/nowhere", "pool_timeout": 0.2}
    )
    with open_login(away) as login:
        for response in (login.grant(), login.legacy_log_in()):
            assert response.status_code == 503
            assert response.headers["retry-after"] == "2"
