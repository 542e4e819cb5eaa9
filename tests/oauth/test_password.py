"""The password grant: counted failures, locked accounts, and one answer for every failure."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import bcrypt
import httpx2 as httpx
import psycopg
import pytest

from app.bulk.demo import PASSWORD
from app.services.account import set_password
from app.settings import Settings
from tests.clients.login import LoginClient, open_login

WRONG = "wrong password"


def failures(login: LoginClient) -> tuple[int, float | None]:
    """Return the failures in a row of an account, and the seconds until its lock ends."""
    ((count, seconds),) = login.sql(
        """select coalesce(sum(failures), 0)::int, extract(epoch from max(s.locked_until) - clock_timestamp())::float
           from admin a join login_source s on s.admin_id = a.id where account = 'yanggc4'"""
    )
    return count, seconds


def unlock(login: LoginClient) -> None:
    """End the lock of the account."""
    login.sql("update login_source set locked_until = now() - interval '1 second'")


def test_a_log_in_is_counted_and_says_that_the_grant_will_end(login: LoginClient) -> None:
    response = login.grant()
    assert response.status_code == 200
    assert set(response.json()) == {"access_token", "token_type", "refresh_token", "scope", "jti", "expires_in"}
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["deprecation"].startswith("@")
    assert response.headers["sunset"] == "Tue, 31 Dec 2030 00:00:00 GMT"
    assert login.sql("select password_uses from client where client_id = 'h5-client'") == [(1,)]
    assert login.sql("select last_login_at is not null from admin where account = 'yanggc4'") == [(True,)]
    assert login.who(response.json()["access_token"]).json()["data"]["me"]["admin"]["name"] == "杨观超"


def test_thirty_one_failures_in_a_row_count_thirty_and_lock_a_minute(login: LoginClient) -> None:
    answers = {login.grant(password=WRONG).text for _ in range(31)}
    assert len(answers) == 1
    count, seconds = failures(login)
    assert count == 30
    assert seconds is not None
    assert 50 < seconds <= 60
    assert login.grant().status_code == 400  # the right password does not open a locked account
    assert failures(login)[0] == 30


def test_the_lock_grows_to_fifteen_minutes_and_a_log_in_ends_it(settings: Settings) -> None:
    with open_login(settings.model_copy(update={"login_failures": 3})) as login:
        for _ in range(2):
            login.grant(password=WRONG)
        assert failures(login) == (2, None)
        minutes = []
        for _ in range(6):
            login.grant(password=WRONG)
            minutes.append(round((failures(login)[1] or 0) / 60))
            unlock(login)
        assert minutes == [1, 2, 4, 8, 15, 15]
        assert login.grant().status_code == 200
        assert failures(login) == (0, None)


def test_parallel_failures_are_counted_one_by_one(settings: Settings, address: str) -> None:
    form = {"grant_type": "password", "username": "yanggc4", "password": WRONG, "client_id": "h5-client"}
    with ThreadPoolExecutor(10) as threads:
        statuses = list(
            threads.map(lambda _: httpx.post(f"{address}/oauth/token", data=form, timeout=60).status_code, range(20))
        )
    assert statuses == [400] * 20
    with open_login(settings) as login:
        assert failures(login)[0] == 20


def test_parallel_failures_lock_at_the_limit(settings: Settings, address: str) -> None:
    form = {"grant_type": "password", "username": "yanggc4", "password": WRONG, "client_id": "h5-client"}
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda _: httpx.post(f"{address}/oauth/token", data=form, timeout=60), range(50)))
    with open_login(settings) as login:
        count, seconds = failures(login)
    assert count == 30
    assert seconds is not None


def headers(response: httpx.Response) -> dict[str, str]:
    """Return the headers that an answer has in common with others of its kind."""
    return {name: value for name, value in response.headers.items() if name != "x-request-id"}


@pytest.mark.parametrize(
    "change",
    [
        "is_enabled = false",
        "status = 'CANCELLED'",
        "password_hash = null",
        "password_hash = '{noop}cadastre-demo'",
        "password_hash = '{bcrypt}$2a$31$" + "a" * 53 + "'",
        "locked_until = now() + interval '1 minute'",
    ],
)
def test_every_refused_account_gets_the_answer_of_a_wrong_password(login: LoginClient, change: str) -> None:
    unknown = login.grant("nobody")
    wrong = login.grant(password=WRONG)
    login.sql(f"update admin set {change} where account = 'yanggc4'")
    refused = login.grant()
    for response in (unknown, wrong, refused):
        assert response.status_code == 400
        assert response.json()["error"] == "invalid_grant"
    assert unknown.content == wrong.content == refused.content
    assert headers(unknown) == headers(wrong) == headers(refused)


@pytest.mark.parametrize("password", ["", "a" * 1025, "密" * 400, "nul\0nul", PASSWORD + " "])
def test_malformed_passwords_are_refused(login: LoginClient, password: str) -> None:
    assert login.grant(password=password).status_code == 400


def test_the_longest_password_that_can_be_set_logs_in(login: LoginClient) -> None:
    password = "a" * 1024
    with psycopg.connect(login.url) as connection:
        rows = connection.execute("select id from admin where account = 'yanggc4'").fetchall()
        set_password(connection, rows[0][0], password)
    assert login.grant(password=password).status_code == 200


def test_a_legacy_hash_is_replaced_once_by_parallel_log_ins(settings: Settings, address: str) -> None:
    password = "密码" * 20  # 120 bytes
    kept = "{bcrypt}" + bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode().replace("$2b$", "$2a$")
    with open_login(settings) as login:
        login.sql("update admin set password_hash = %s where account = 'yanggc4'", kept)
        form = {"grant_type": "password", "username": "yanggc4", "password": password, "client_id": "h5-client"}
        with ThreadPoolExecutor(10) as threads:
            statuses = list(
                threads.map(
                    lambda _: httpx.post(f"{address}/oauth/token", data=form, timeout=60).status_code, range(10)
                )
            )
        assert statuses == [200] * 10
        ((now, version),) = login.sql("select password_hash, token_version from admin where account = 'yanggc4'")
        assert now.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert version == 0  # it is the same password: nobody is logged out
        assert login.grant(password=password).status_code == 200
        assert login.grant(password=password[:24]).status_code == 400  # the whole password counts from now on


@pytest.mark.parametrize(
    "change",
    [
        "password_until = now() - interval '1 second'",
        "password_until = null",
        "grant_types = '{refresh_token}'",
    ],
)
def test_the_grant_is_for_legacy_clients_until_its_end(login: LoginClient, change: str) -> None:
    login.sql(f"update client set {change} where client_id = 'h5-client'")
    response = login.grant()
    assert (response.status_code, response.json()["error"]) == (400, "unauthorized_client")
    assert login.sql("select sum(login_failures) from admin") == [(0,)]


def test_an_unknown_or_disabled_client_is_refused(login: LoginClient) -> None:
    assert login.grant(client_id="nobody").json()["error"] == "invalid_client"
    login.sql("update client set is_enabled = false where client_id = 'h5-client'")
    assert login.grant().json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    "change",
    [
        "is_enabled = false",
        "status = 'CANCELLED'",
        "password_changed_at = now()",
        "token_version = token_version + 1",
    ],
)
def test_a_disabled_or_changed_account_loses_its_tokens(login: LoginClient, change: str) -> None:
    tokens = login.log_in()
    assert login.who(tokens["access_token"]).status_code == 200
    login.sql(f"update admin set {change} where account = 'yanggc4'")
    login.forget_callers()
    assert login.who(tokens["access_token"]).status_code == 401
    assert login.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_account_that_is_enabled_again_needs_a_new_log_in(login: LoginClient) -> None:
    tokens = login.log_in()
    login.sql("update admin set is_enabled = false where account = 'yanggc4'")
    login.sql("update admin set is_enabled = true where account = 'yanggc4'")
    assert login.who(tokens["access_token"]).status_code == 401
    assert login.who(login.log_in()["access_token"]).status_code == 200


def test_tokens_of_legacy_clients_can_be_signed_as_they_know_it(settings: Settings) -> None:
    with open_login(settings.model_copy(update={"legacy_tokens": "HS256"})) as login:
        tokens = login.log_in()
        assert tokens["access_token"].startswith("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiI")
        assert login.who(tokens["access_token"]).status_code == 200


def test_old_log_ins_are_deleted(login: LoginClient) -> None:
    for _ in range(3):
        login.log_in()
    login.sql("update login set expires_at = %s", datetime.now(UTC) - timedelta(hours=4))
    login.log_in()
    assert login.sql("select count(*) from login") == [(1,)]
    assert login.sql("select count(*) from refresh_token") == [(1,)]
