"""Revocation, introspection, keys and metadata; a client's own tokens; and bodies that nobody should send."""

import base64

import httpx2 as httpx
import psycopg
import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata

from app.services import client
from app.settings import Settings
from tests.login import Door, open_door


@pytest.fixture
def secret(door: Door) -> str:
    """Register a program with a secret, and give it."""
    with psycopg.connect(door.url) as connection:
        made = client.add(connection, "backend", "a backend", grant_types=["client_credentials"])
    assert made is not None
    return made


def basic(name: str, secret: str) -> dict[str, str]:
    """Give the header of HTTP Basic."""
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


def own_token(door: Door, secret: str) -> httpx.Response:
    """Ask for a token of the client's own."""
    return door.post("/oauth/token", {"grant_type": "client_credentials"}, headers=basic("backend", secret))


def introspect(door: Door, secret: str, token: str) -> dict[str, object]:
    """Ask about a token."""
    response = door.post("/oauth/introspect", {"token": token}, headers=basic("backend", secret))
    assert response.status_code == 200, response.text
    said: dict[str, object] = response.json()
    return said


def test_a_client_with_a_secret_gets_a_token_of_its_own(door: Door, secret: str) -> None:
    answer = own_token(door, secret)
    assert answer.status_code == 200
    assert "refresh_token" not in answer.json()
    assert door.who(answer.json()["access_token"]).json() == {"name": "a backend", "client": "backend", "scopes": []}
    assert introspect(door, secret, answer.json()["access_token"])["sub"] == "backend"
    door.sql("update client set enabled = false where client_id = 'backend'")
    door.forget_callers()
    assert door.who(answer.json()["access_token"]).status_code == 401


@pytest.mark.parametrize("wrong", ["", "wrong", "密码", "a" * 5000])
def test_a_wrong_secret_is_refused(door: Door, secret: str, wrong: str) -> None:
    assert secret != wrong
    assert own_token(door, wrong).status_code == 401
    form = {"grant_type": "client_credentials", "client_id": "backend", "client_secret": wrong}
    assert door.post("/oauth/token", form).json()["error"] == "invalid_client"


@pytest.mark.parametrize("header", ["Basic", "Basic ", "Basic !!!", "Basic /w==", "Basic " + "A" * 9, "Bearer x", "密"])
def test_a_header_that_cannot_be_read_is_no_proof(shared_door: Door, header: str) -> None:
    response = shared_door.post(
        "/oauth/token", {"grant_type": "client_credentials"}, headers={"authorization": header.encode()}
    )
    assert response.json()["error"] == "invalid_client"


def test_a_public_client_has_no_token_of_its_own(shared_door: Door) -> None:
    form = {"grant_type": "client_credentials", "client_id": "h5-client"}
    assert shared_door.post("/oauth/token", form).json()["error"] == "invalid_client"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", [{}, {"token_type_hint": "access_token"}, {"token_type_hint": "refresh_token"}])
def test_revoking_either_token_ends_the_log_in(door: Door, which: str, hint: dict[str, str]) -> None:
    tokens = door.log_in()
    form = {"token": tokens[which], "client_id": "h5-client", **hint}
    assert door.post("/oauth/revoke", form).status_code == 200
    assert door.post("/oauth/revoke", form).status_code == 200  # once more changes nothing
    assert door.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert door.who(tokens["access_token"]).status_code == 401
    assert door.sql("select end_reason from login") == [("revoked",)]


def test_a_client_revokes_its_own_tokens_only(door: Door) -> None:
    tokens = door.log_in()
    form = {"token": tokens["refresh_token"], "client_id": "app-client"}
    assert door.post("/oauth/revoke", form).json()["error"] == "invalid_grant"
    assert door.refresh(tokens["refresh_token"]).status_code == 200


def test_revoking_nothing_is_no_error(shared_door: Door) -> None:
    assert shared_door.post("/oauth/revoke", {"token": "abc", "client_id": "h5-client"}).status_code == 200
    assert shared_door.post("/oauth/revoke", {"client_id": "h5-client"}).json()["error"] == "invalid_request"


def test_a_clients_own_token_cannot_be_revoked_and_it_is_told(door: Door, secret: str) -> None:
    token = own_token(door, secret).json()["access_token"]
    response = door.post("/oauth/revoke", {"token": token}, headers=basic("backend", secret))
    assert (response.status_code, response.json()["error"]) == (400, "unsupported_token_type")


def test_introspection_tells_a_program_with_a_secret_what_a_token_is(door: Door, secret: str) -> None:
    tokens = door.log_in()
    said = introspect(door, secret, tokens["access_token"])
    assert said["active"] is True
    assert (said["username"], said["client_id"], said["sub"]) == ("yanggc4", "h5-client", "1")
    assert introspect(door, secret, tokens["refresh_token"])["active"] is True
    door.refresh(tokens["refresh_token"])
    assert introspect(door, secret, tokens["refresh_token"]) == {"active": False}
    door.sql("update admin set enabled = false where job_number = 'yanggc4'")
    assert introspect(door, secret, tokens["access_token"]) == {"active": False}
    assert introspect(door, secret, "abc") == {"active": False}


def test_introspection_tells_a_public_client_nothing(door: Door) -> None:
    token = door.log_in()["access_token"]
    for form in ({"token": token, "client_id": "h5-client"}, {"token": token}):
        response = door.post("/oauth/introspect", form)
        assert response.status_code == 401
        assert response.json()["error"] == "invalid_client"


def test_the_metadata_are_those_of_rfc_8414(settings: Settings) -> None:
    issuer = "https://register.example"
    with open_door(settings.model_copy(update={"public_url": issuer + "/"})) as door:
        found = door.client.get("/.well-known/oauth-authorization-server").json()
        (key,) = door.client.get("/oauth/jwks").json()["keys"]
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
    "unknown grant": ("application/x-www-form-urlencoded", b"grant_type=%22%3Cx", 400),
    "no client": ("application/x-www-form-urlencoded", b"grant_type=password&username=a&password=b", 401),
    "no password": ("application/x-www-form-urlencoded", b"grant_type=password&username=a&client_id=h5-client", 400),
    "client nonsense": ("application/x-www-form-urlencoded", "grant_type=password&client_id=密'--".encode(), 400),
}


@pytest.mark.parametrize("path", ["token", "revoke", "introspect"])
@pytest.mark.parametrize(("kind", "body", "status"), BODIES.values(), ids=BODIES.keys())
def test_bodies_that_cannot_be_read_are_refused(
    shared_door: Door, path: str, kind: str, body: bytes, status: int
) -> None:
    response = shared_door.client.post(f"/oauth/{path}", content=body, headers={"content-type": kind})
    assert response.status_code in ({status} if path == "token" else {status, 400, 401})
    assert response.headers["content-type"].startswith("application/json")
    assert "error" in response.json()


def test_tokens_in_the_address_are_ignored(door: Door) -> None:
    tokens = door.log_in()
    assert door.client.get(f"/who?access_token={tokens['access_token']}").status_code == 401
    query = f"grant_type=refresh_token&client_id=h5-client&refresh_token={tokens['refresh_token']}"
    assert door.client.get(f"/oauth/token?{query}").status_code == 405
    assert door.post(f"/oauth/token?{query}", {"a": "b"}).status_code == 400


def test_without_a_database_it_says_to_come_back(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": "postgresql://nobody@/nothing?host=/nowhere"})
    with open_door(away) as door:
        for response in (door.grant(), door.legacy_log_in()):
            assert response.status_code == 503
            assert response.headers["retry-after"] == "2"
