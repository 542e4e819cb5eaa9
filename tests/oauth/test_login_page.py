"""The login page: one code for the right password, to the right client, with PKCE."""

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2 as httpx
import psycopg
import pytest

from app.bulk.demo import PASSWORD
from app.services import client
from tests.clients.login import LoginClient

VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
REDIRECT = "https://app.example/back?x=1"


def with_client(login: LoginClient) -> LoginClient:
    """Register a public client with the code grant."""
    with psycopg.connect(login.url) as connection:
        client.add(
            connection, "new-app", "新应用 <b>new</b>",
            grant_types=["authorization_code", "refresh_token"], redirect_uris=[REDIRECT], public=True,
        )  # fmt: skip
    return login


@pytest.fixture
def app(login: LoginClient) -> LoginClient:
    """Return a login client of the test itself, whose register knows the client."""
    return with_client(login)


@pytest.fixture(scope="module")
def shared_app(shared_login: LoginClient) -> LoginClient:
    """Return the shared login client, whose register knows the client."""
    return with_client(shared_login)


def url(**other: str | None) -> str:
    """Return the URL of an authorization request, with the parameters that a test replaces."""
    good = {
        "response_type": "code", "client_id": "new-app", "redirect_uri": REDIRECT, "state": "s&t",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    }  # fmt: skip
    return "/oauth/authorize?" + urlencode({k: v for k, v in {**good, **other}.items() if v is not None})


def csrf_of(page: httpx.Response) -> str:
    """Read the random number in the form."""
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def submit(app: LoginClient, address: str, password: str = PASSWORD, **headers: str) -> httpx.Response:
    """Open the page and send its form."""
    csrf = csrf_of(app.client.get(address))
    form = {"account": "yanggc4", "password": password, "csrf": csrf}
    return app.post(address, form, headers=headers, follow_redirects=False)


def code_of(response: httpx.Response) -> str:
    """Read the code in the redirect."""
    assert response.status_code == 303, response.text
    return parse_qs(urlsplit(response.headers["location"]).query)["code"][0]


def exchange(app: LoginClient, code: str, **other: str) -> httpx.Response:
    """Exchange a code."""
    form = {
        "grant_type": "authorization_code", "code": code, "client_id": "new-app",
        "redirect_uri": REDIRECT, "code_verifier": VERIFIER,
    }  # fmt: skip
    return app.post("/oauth/token", {**form, **other})


def test_the_page_is_one_form_that_cannot_be_framed(shared_app: LoginClient) -> None:
    page = shared_app.client.get(url())
    assert page.status_code == 200
    assert "新应用 &lt;b&gt;new&lt;/b&gt;" in page.text
    assert "<script" not in page.text
    assert "src=" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-store"
    cookie = page.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_the_right_password_gives_a_code_for_tokens(shared_app: LoginClient) -> None:
    response = submit(shared_app, url())
    back = urlsplit(response.headers["location"])
    said = parse_qs(back.query)
    assert (back.scheme, back.netloc, back.path) == ("https", "app.example", "/back")
    assert (said["x"], said["state"], said["iss"]) == (["1"], ["s&t"], [shared_app.tokens.issuer])
    tokens = exchange(shared_app, said["code"][0])
    assert tokens.status_code == 200
    assert "deprecation" not in tokens.headers
    assert shared_app.who(tokens.json()["access_token"]).json()["data"]["me"]["clientId"] == "new-app"
    assert shared_app.refresh(tokens.json()["refresh_token"], "new-app").status_code == 200


def test_a_code_is_valid_once_and_a_second_use_ends_the_log_in(shared_app: LoginClient) -> None:
    code = code_of(submit(shared_app, url()))
    tokens = exchange(shared_app, code).json()
    assert exchange(shared_app, code).json()["error"] == "invalid_grant"
    assert shared_app.refresh(tokens["refresh_token"], "new-app").json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "other",
    [
        {"code_verifier": "w" * 50},
        {"code_verifier": ""},
        {"code_verifier": CHALLENGE},
        {"code_verifier": "密" * 50},
        {"redirect_uri": "https://app.example/back"},
        {"redirect_uri": ""},
        {"client_id": "h5-client"},
        {"code": "abc"},
        {"code": "a" * 5000},
    ],
)
def test_a_code_is_bound_to_verifier_redirect_and_client(shared_app: LoginClient, other: dict[str, str]) -> None:
    response = exchange(shared_app, **{"code": code_of(submit(shared_app, url())), **other})
    assert response.status_code == 400
    assert "access_token" not in response.text


def test_a_code_is_valid_for_a_minute(app: LoginClient) -> None:
    code = code_of(submit(app, url()))
    app.sql("update authorization_code set expires_at = now()")
    assert exchange(app, code).json()["error"] == "invalid_grant"


def test_the_code_of_a_disabled_account_is_refused(app: LoginClient) -> None:
    code = code_of(submit(app, url()))
    app.sql("update admin set is_enabled = false where account = 'yanggc4'")
    assert exchange(app, code).json()["error"] == "invalid_grant"


def test_a_wrong_password_shows_the_form_again_and_is_counted(app: LoginClient) -> None:
    response = submit(app, url(), "wrong")
    assert response.status_code == 400
    assert "账号或密码错误" in response.text
    assert csrf_of(response)
    assert app.sql("select login_failures from admin where account = 'yanggc4'") == [(1,)]


def test_a_form_of_another_page_is_refused(app: LoginClient) -> None:
    good = {"account": "yanggc4", "password": PASSWORD}
    assert app.post(url(), good, follow_redirects=False).status_code == 403
    csrf = csrf_of(app.client.get(url()))
    assert app.post(url(), {**good, "csrf": csrf[:-1]}, follow_redirects=False).status_code == 403
    assert app.post(url(), {**good, "csrf": "密"}, follow_redirects=False).status_code == 403
    assert submit(app, url(), **{"sec-fetch-site": "cross-site"}).status_code == 403
    app.client.cookies.clear()
    assert app.post(url(), {**good, "csrf": csrf}, follow_redirects=False).status_code == 403
    assert app.sql("select count(*) from authorization_code") == [(0,)]


@pytest.mark.parametrize(
    "other",
    [
        {"client_id": None},
        {"client_id": "nobody"},
        {"client_id": '"><script>'},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "https://app.example/back"},
        {"redirect_uri": 'https://evil.example/"密\\'},
        {"redirect_uri": "javascript:alert(1)"},
        {"response_type": None},
        {"response_type": '"密'},
    ],
)
def test_an_unsound_request_is_never_redirected(shared_app: LoginClient, other: dict[str, str | None]) -> None:
    for response in (
        shared_app.client.get(url(**other), follow_redirects=False),
        shared_app.post(url(**other), {"csrf": ""}),
    ):
        assert response.status_code == 400
        assert "location" not in response.headers
        assert "script>" not in response.text
        assert "evil" not in response.text


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
    ],
)
def test_a_known_client_gets_the_error(shared_app: LoginClient, other: dict[str, str | None], error: str) -> None:
    response = shared_app.client.get(url(**other), follow_redirects=False)
    assert response.status_code == 303
    said = parse_qs(urlsplit(response.headers["location"]).query)
    assert (said["error"], said["state"], said["iss"]) == ([error], ["s&t"], [shared_app.tokens.issuer])


def test_a_legacy_client_gets_no_codes(app: LoginClient) -> None:
    app.sql("update client set redirect_uris = %s where client_id = 'h5-client'", [REDIRECT])
    response = app.client.get(url(client_id="h5-client"), follow_redirects=False)
    assert parse_qs(urlsplit(response.headers["location"]).query)["error"] == ["unauthorized_client"]


def test_parameters_given_twice_are_refused(shared_app: LoginClient) -> None:
    assert shared_app.client.get(url() + "&client_id=h5-client", follow_redirects=False).status_code == 400
