"""Clients: what may be registered together, and what is kept of a secret."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from app.errors import InvalidInputError
from app.services import client

END = datetime(2027, 6, 30, tzinfo=UTC)
BACKEND: dict[str, Any] = {"grant_types": ["client_credentials"]}

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("", BACKEND, "name"),
    ("no name", BACKEND, "name"),
    ("a" * 65, BACKEND, "name"),
    ("a", {"grant_types": []}, "needs a grant"),
    ("a", {"grant_types": ["implicit"]}, "implicit"),
    ("a", {"grant_types": ["password"]}, "end date"),
    ("a", {**BACKEND, "password_until": END}, "end date"),
    ("a", {**BACKEND, "public": True}, "secret"),
    ("a", {"grant_types": ["authorization_code"]}, "redirect"),
    *(("a", {**BACKEND, "max_nodes": most}, "most rows") for most in (0, -1, 2**31)),
    *(
        ("a", {"grant_types": ["authorization_code"], "redirect_uris": [uri]}, "not a valid redirect")
        for uri in (
            "",
            "http://app.example/",
            "https://app.example/#part",
            "https://user@app.example/",
            "https:///path",
            "javascript:alert(1)",
            "data:text/html,x",
            "app:/back",
            "https://app.example/ x",
            "https://app.example:65536/",
            "https://app.example:0/",
            "https://app.example:x/",
        )
    ),
]


@pytest.fixture
def connection(empty_url: str) -> Any:
    """Give a connection."""
    with psycopg.connect(empty_url) as connection:
        yield connection


def test_what_does_not_fit_together_is_refused(connection: psycopg.Connection) -> None:
    for name, given, word in WRONG:
        with pytest.raises(InvalidInputError, match=word):
            client.add(connection, name, "wrong", **given)
    assert [each.client_id for each in client.all_clients(connection)] == ["explorer"]


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/back?x=1",
        "https://app.example",
        "http://127.0.0.1:8080/back",
        "http://[::1]/",
        "com.example.app:/back",
    ],
)
def test_what_codes_may_be_sent_to(uri: str) -> None:
    assert client.REDIRECT_URI.fullmatch(uri)


def test_a_name_is_given_once_and_a_secret_shown_once(connection: psycopg.Connection) -> None:
    secret = client.add(connection, "backend", "a backend", **BACKEND)
    assert secret is not None
    with pytest.raises(InvalidInputError, match="already"):
        client.add(connection, "backend", "another", **BACKEND)
    found = client.find_client(connection, "backend")
    assert found is not None
    assert found.has_secret(secret)
    assert not found.has_secret(secret[:-1])
    assert not found.has_secret("")
    assert secret not in str(connection.execute("select c::text from client c").fetchall())


def test_a_disabled_client_is_not_found(connection: psycopg.Connection) -> None:
    client.add(connection, "backend", "a backend", **BACKEND)
    client.disable(connection, "backend")
    assert client.find_client(connection, "backend") is None
    with pytest.raises(InvalidInputError, match="no client"):
        client.disable(connection, "nobody")


@pytest.mark.parametrize("name", ["", "nul\0", "密", "a" * 1000, "' or ''='"])
def test_no_client_has_a_name_that_none_can_have(connection: psycopg.Connection, name: str) -> None:
    assert client.find_client(connection, name) is None
