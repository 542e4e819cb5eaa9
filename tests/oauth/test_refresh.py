"""Refresh tokens: each is exchanged once, by its own client, until the log-in ends."""

from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import pytest

from app.settings import Settings
from tests.clients.login import LoginClient, open_login


def test_a_refresh_gives_new_tokens_of_the_same_log_in(login: LoginClient) -> None:
    first = login.log_in()
    second = login.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["jti"] != first["jti"]
    assert second["expires_in"] == 7200
    assert login.tokens.verify(second["access_token"]).session == login.tokens.verify(first["access_token"]).session
    assert login.who(first["access_token"]).status_code == login.who(second["access_token"]).status_code == 200


def test_only_hashes_are_kept(login: LoginClient) -> None:
    tokens = login.log_in()
    ((dump,),) = login.sql("select string_agg(t::text || l::text, ' ') from refresh_token t, login l")
    assert tokens["refresh_token"] not in dump
    assert tokens["access_token"] not in dump
    assert login.sql("select octet_length(token_hash) from refresh_token") == [(32,)]


def test_a_token_that_is_used_twice_ends_the_log_in(login: LoginClient) -> None:
    first = login.log_in()
    second = login.refresh(first["refresh_token"]).json()
    assert login.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert login.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    login.forget_callers()
    assert login.who(second["access_token"]).status_code == 401
    assert login.sql("select end_reason from login") == [("reuse",)]


def test_another_log_in_of_the_account_continues(login: LoginClient) -> None:
    mine, other = login.log_in(), login.log_in()
    login.refresh(mine["refresh_token"])
    login.refresh(mine["refresh_token"])
    assert login.refresh(other["refresh_token"]).status_code == 200


def test_ten_parallel_refreshes_have_one_winner(settings: Settings, address: str) -> None:
    with open_login(settings) as login:
        token = login.log_in()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "h5-client"}
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: httpx.post(f"{address}/oauth/token", data=form, timeout=60), range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 9
    (winner,) = (answer.json() for answer in answers if answer.status_code == 200)
    again = {**form, "refresh_token": winner["refresh_token"]}
    assert httpx.post(f"{address}/oauth/token", data=again).json()["error"] == "invalid_grant"


def test_another_client_cannot_use_the_token_or_end_the_log_in(login: LoginClient) -> None:
    token = login.log_in()["refresh_token"]
    assert login.refresh(token, "app-client").json()["error"] == "invalid_grant"
    assert login.refresh(token).status_code == 200
    assert login.refresh(token, "app-client").json()["error"] == "invalid_grant"  # used, but not by that client
    assert login.sql("select ended_at from login") == [(None,)]


def test_a_log_in_ends_after_ten_hours_however_often_it_is_refreshed(login: LoginClient) -> None:
    assert login.sql("select count(*) from login") == [(0,)]
    first = login.log_in()
    assert login.sql("select expires_at - started_at = interval '10 hours' from login") == [(True,)]
    second = login.refresh(first["refresh_token"]).json()
    assert login.sql("select expires_at - started_at = interval '10 hours' from login") == [(True,)]
    login.sql("update login set expires_at = now()")
    assert login.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("scope", ["admin", "all admin", "all\u3000x"])
def test_a_wider_scope_is_refused_and_does_not_use_the_token_up(login: LoginClient, scope: str) -> None:
    token = login.log_in()["refresh_token"]
    assert login.refresh(token, scope=scope).json()["error"] == "invalid_scope"
    assert login.refresh(token, scope="all").status_code == 200


@pytest.mark.parametrize("token", ["", "abc", "密码", "a" * 5000, "'; drop table login; --"])
def test_malformed_refresh_tokens_are_refused(shared_login: LoginClient, token: str) -> None:
    assert shared_login.refresh(token).json()["error"] in {"invalid_grant", "invalid_request"}


def test_access_and_refresh_tokens_are_not_interchangeable(login: LoginClient) -> None:
    tokens = login.log_in()
    assert login.refresh(tokens["access_token"]).json()["error"] == "invalid_grant"
    assert login.who(tokens["refresh_token"]).status_code == 401


def test_a_disabled_client_loses_refresh_and_access(login: LoginClient) -> None:
    tokens = login.log_in()
    login.sql("update client set is_enabled = false where client_id = 'h5-client'")
    assert login.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert login.who(tokens["access_token"]).status_code == 401
