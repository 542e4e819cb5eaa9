"""An unmodified OAuth client, authlib's for httpx, against the running server."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from app.access.keys import KeyRing
from app.bulk.demo import PASSWORD
from app.services import client
from app.settings import Settings
from tests.clients.login import WHO

REDIRECT = "https://app.example/back"


@pytest.fixture
def metadata(address: str) -> dict[str, str]:
    """Read the metadata of the server."""
    found: dict[str, str] = httpx.get(f"{address}/.well-known/oauth-authorization-server").json()
    return found


@pytest.fixture
def session(metadata: dict[str, str]) -> Iterator[OAuth2Client]:
    """Log in with the password grant."""
    with OAuth2Client("h5-client", token_endpoint_auth_method="none", **endpoints(metadata)) as session:  # noqa: S106 - a method
        session.fetch_token(username="yanggc4", password=PASSWORD, grant_type="password")
        yield session


def endpoints(metadata: dict[str, str]) -> dict[str, str]:
    """Return the endpoints that the client does not discover itself."""
    return {name: metadata[name] for name in ("token_endpoint", "revocation_endpoint", "introspection_endpoint")}


def who(session: OAuth2Client, metadata: dict[str, str]) -> int:
    """Ask who calls with the token of the session, and return the status."""
    status: int = session.post(f"{metadata['issuer']}/graphql", json={"query": WHO}).status_code
    return status


def refused(session: OAuth2Client, refresh_token: str) -> str:
    """Return the error of a refresh that must fail."""
    with pytest.raises(OAuthError) as caught:
        session.refresh_token(session.metadata["token_endpoint"], refresh_token=refresh_token)
    error: str = caught.value.error
    return error


def test_log_in_rotation_and_reuse(session: OAuth2Client, metadata: dict[str, str]) -> None:
    assert who(session, metadata) == 200
    first = session.token["refresh_token"]
    session.refresh_token(metadata["token_endpoint"])
    second = session.token["refresh_token"]
    assert second != first
    assert who(session, metadata) == 200
    assert refused(session, first) == "invalid_grant"
    assert refused(session, second) == "invalid_grant"


def test_an_expired_token_is_refreshed_by_the_client(session: OAuth2Client, metadata: dict[str, str]) -> None:
    before = session.token["access_token"]
    session.token["expires_at"] = 1
    assert who(session, metadata) == 200
    assert session.token["access_token"] != before


def test_a_wrong_password_is_an_invalid_grant(session: OAuth2Client) -> None:
    with pytest.raises(OAuthError, match="invalid_grant"):
        session.fetch_token(username="yanggc4", password="wrong", grant_type="password")  # noqa: S106 - wrong


def test_revocation(session: OAuth2Client, metadata: dict[str, str]) -> None:
    refresh_token = session.token["refresh_token"]
    assert session.revoke_token(metadata["revocation_endpoint"], token=refresh_token).status_code == 200
    assert refused(session, refresh_token) == "invalid_grant"
    assert who(session, metadata) == 401


def test_log_out(session: OAuth2Client, metadata: dict[str, str]) -> None:
    assert session.post(f"{metadata['issuer']}/v1/iot/main/user/logout/1120").json()["code"] == "200"
    assert refused(session, session.token["refresh_token"]) == "invalid_grant"
    assert who(session, metadata) == 401


def test_tokens_outlive_the_rotation_of_the_keys(
    session: OAuth2Client, metadata: dict[str, str], settings: Settings
) -> None:
    before = httpx.get(metadata["jwks_uri"]).json()["keys"]
    KeyRing(settings.keys_folder).rotate()
    assert who(session, metadata) == 200
    session.refresh_token(metadata["token_endpoint"])
    assert who(session, metadata) == 200
    assert len(before) == 1


def test_client_credentials(settings: Settings, metadata: dict[str, str]) -> None:
    with psycopg.connect(settings.database_url or "") as connection:
        secret = client.add(connection, "backend", "a backend", grant_types=["client_credentials"])
    for method in ("client_secret_basic", "client_secret_post"):
        with OAuth2Client("backend", secret, token_endpoint_auth_method=method, **endpoints(metadata)) as session:
            session.fetch_token(grant_type="client_credentials")
            assert who(session, metadata) == 200
            token = session.token["access_token"]
            answer = session.introspect_token(metadata["introspection_endpoint"], token=token)
            assert answer.json()["active"] is True


def test_a_code_with_pkce(settings: Settings, metadata: dict[str, str]) -> None:
    with psycopg.connect(settings.database_url or "") as connection:
        client.add(
            connection, "new-app", "a new app",
            grant_types=["authorization_code", "refresh_token"], redirect_uris=[REDIRECT], public=True,
        )  # fmt: skip
    with (
        OAuth2Client(
            "new-app",
            redirect_uri=REDIRECT,
            code_challenge_method="S256",
            token_endpoint_auth_method="none",  # noqa: S106 - a method
            **endpoints(metadata),
        ) as session,
        httpx.Client() as browser,
    ):
        address, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier="v" * 64)
        csrf = re.findall(r'name="csrf" value="([^"]+)"', browser.get(address).text)[0]
        form = {"account": "yanggc4", "password": PASSWORD, "csrf": csrf}
        back = browser.post(address, data=form).headers["location"]
        assert parse_qs(urlsplit(back).query)["iss"] == [metadata["issuer"]]
        session.fetch_token(authorization_response=back, state=state, code_verifier="v" * 64)
        assert who(session, metadata) == 200
        session.refresh_token(metadata["token_endpoint"])
        assert who(session, metadata) == 200
