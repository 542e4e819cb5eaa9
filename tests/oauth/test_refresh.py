"""Refresh tokens: each is exchanged once, by its client, until the log-in ends."""

from concurrent.futures import ThreadPoolExecutor

import httpx2 as httpx
import pytest

from app.access.callers import CACHE_SECONDS
from app.settings import Settings
from tests.login import Door, open_door


def test_a_refresh_gives_new_tokens_of_the_same_log_in(door: Door) -> None:
    first = door.log_in()
    second = door.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["jti"] != first["jti"]
    assert second["expires_in"] == 7200
    assert door.tokens.verify(second["access_token"]).session == door.tokens.verify(first["access_token"]).session
    assert door.who(first["access_token"]).status_code == door.who(second["access_token"]).status_code == 200


def test_only_hashes_are_kept(door: Door) -> None:
    tokens = door.log_in()
    ((dump,),) = door.sql("select string_agg(t::text || l::text, ' ') from refresh_token t, login l")
    assert tokens["refresh_token"] not in dump
    assert tokens["access_token"] not in dump
    assert door.sql("select octet_length(token_hash) from refresh_token") == [(32,)]


def test_a_token_that_is_used_twice_ends_the_log_in(door: Door) -> None:
    first = door.log_in()
    second = door.refresh(first["refresh_token"]).json()
    assert door.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert door.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    door.forget_callers()
    assert door.who(second["access_token"]).status_code == 401
    assert door.sql("select end_reason from login") == [("reuse",)]


def test_another_log_in_of_the_account_goes_on(door: Door) -> None:
    mine, other = door.log_in(), door.log_in()
    door.refresh(mine["refresh_token"])
    door.refresh(mine["refresh_token"])
    assert door.refresh(other["refresh_token"]).status_code == 200


def test_ten_at_the_same_moment_have_one_winner(settings: Settings, address: str) -> None:
    with open_door(settings) as door:
        token = door.log_in()["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "h5-client"}
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: httpx.post(f"{address}/oauth/token", data=form, timeout=60), range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 9
    (winner,) = (answer.json() for answer in answers if answer.status_code == 200)
    again = {**form, "refresh_token": winner["refresh_token"]}
    assert httpx.post(f"{address}/oauth/token", data=again).json()["error"] == "invalid_grant"


def test_another_client_gets_nothing_and_breaks_nothing(door: Door) -> None:
    token = door.log_in()["refresh_token"]
    assert door.refresh(token, "app-client").json()["error"] == "invalid_grant"
    assert door.refresh(token).status_code == 200
    assert door.refresh(token, "app-client").json()["error"] == "invalid_grant"  # used, but not by that client
    assert door.sql("select ended_at from login") == [(None,)]


def test_ten_hours_after_the_log_in_it_is_over_however_often_it_was_refreshed(door: Door) -> None:
    assert door.sql("select count(*) from login") == [(0,)]
    first = door.log_in()
    assert door.sql("select expires_at - started_at = interval '10 hours' from login") == [(True,)]
    second = door.refresh(first["refresh_token"]).json()
    assert door.sql("select expires_at - started_at = interval '10 hours' from login") == [(True,)]
    door.sql("update login set expires_at = now()")
    assert door.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("scope", ["admin", "all admin", "all\u3000x"])
def test_a_wider_scope_is_refused_and_does_not_use_the_token_up(door: Door, scope: str) -> None:
    token = door.log_in()["refresh_token"]
    assert door.refresh(token, scope=scope).json()["error"] == "invalid_scope"
    assert door.refresh(token, scope="all").status_code == 200


@pytest.mark.parametrize("token", ["", "abc", "密码", "a" * 5000, "'; drop table login; --"])
def test_what_is_no_token_is_refused(shared_door: Door, token: str) -> None:
    assert shared_door.refresh(token).json()["error"] in {"invalid_grant", "invalid_request"}


def test_an_access_token_is_no_refresh_token_nor_the_other_way_round(door: Door) -> None:
    tokens = door.log_in()
    assert door.refresh(tokens["access_token"]).json()["error"] == "invalid_grant"
    assert door.who(tokens["refresh_token"]).status_code == 401


def test_a_disabled_client_loses_refresh_and_access(door: Door) -> None:
    tokens = door.log_in()
    door.sql("update client set enabled = false where client_id = 'h5-client'")
    assert door.refresh(tokens["refresh_token"]).json()["error"] == "invalid_client"
    assert door.who(tokens["access_token"]).status_code == 401


def test_a_caller_is_remembered_for_half_a_minute_at_most(door: Door) -> None:
    assert CACHE_SECONDS <= 30
    tokens = door.log_in()
    assert door.who(tokens["access_token"]).status_code == 200
    door.sql("update admin set enabled = false where job_number = 'yanggc4'")
    assert door.who(tokens["access_token"]).status_code == 200
    door.pass_time(CACHE_SECONDS)
    assert door.who(tokens["access_token"]).status_code == 401
