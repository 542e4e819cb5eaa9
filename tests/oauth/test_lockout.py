"""Locks hold where the failures come from: nobody locks the owner of an account out by guessing."""

from collections.abc import Iterator
from typing import Any

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from app.bulk.demo import PASSWORD
from app.services.attempt import ACCOUNT_FACTOR, network_of
from app.settings import Settings
from tests.clients.login import LoginClient, open_login, serving

WRONG = "wrong password"
ALLOWED = 3
HOME, AWAY, ATTACKER = "198.51.100.1", "198.51.100.2", "203.0.113.1"


class Accounts:
    """Log-ins of one account from several addresses."""

    def __init__(self, login: LoginClient) -> None:
        self.login = login

    def answer(self, address: str, password: str, client_id: str = "h5-client") -> httpx.Response:
        app: Any = self.login.client
        form = {"grant_type": "password", "username": "yanggc4", "password": password, "client_id": client_id}
        return TestClient(app.app, client=(address, 5)).post("/oauth/token", data=form)

    def logs_in(self, address: str) -> bool:
        return self.answer(address, PASSWORD).status_code == 200

    def guess(self, address: str, times: int = 1) -> None:
        assert {self.answer(address, WRONG).status_code for _ in range(times)} == {400}

    def pass_time(self, interval: str) -> None:
        """Move what is stored into the past."""
        self.login.sql(
            "update login_source set changed_at = changed_at - %s::interval,"
            " locked_until = locked_until - %s::interval",
            interval,
            interval,
        )
        self.login.sql("update admin set locked_until = locked_until - %s::interval", interval)


@pytest.fixture
def accounts(settings: Settings) -> Iterator[Accounts]:
    """Serve log-ins that lock after few failures."""
    with open_login(settings.model_copy(update={"login_failures": ALLOWED})) as login:
        yield Accounts(login)


def test_guesses_from_one_address_lock_no_other_one(accounts: Accounts) -> None:
    accounts.guess(ATTACKER, ALLOWED)
    assert not accounts.logs_in(ATTACKER)
    assert accounts.logs_in(AWAY)
    for _ in range(3):
        accounts.pass_time("20 minutes")
        accounts.guess(ATTACKER)
        assert accounts.logs_in(AWAY)
        assert not accounts.logs_in(ATTACKER)


def test_guesses_from_many_addresses_lock_only_where_the_account_has_not_logged_in(accounts: Accounts) -> None:
    assert accounts.logs_in(HOME)
    for number in range(ACCOUNT_FACTOR * ALLOWED):
        accounts.guess(f"203.0.113.{number}")
    assert not accounts.logs_in(AWAY)
    assert accounts.logs_in(HOME)
    accounts.guess(AWAY)
    assert accounts.login.sql("select count(*) from login_source") == [(1 + ACCOUNT_FACTOR * ALLOWED,)]
    accounts.pass_time("20 hours")
    assert accounts.logs_in(AWAY)


def test_a_refresh_token_is_exchanged_while_its_account_is_locked(accounts: Accounts) -> None:
    token = accounts.answer(ATTACKER, PASSWORD).json()["refresh_token"]
    accounts.guess(ATTACKER, ALLOWED)
    assert not accounts.logs_in(ATTACKER)
    assert accounts.login.refresh(token).status_code == 200


def test_failures_are_halved_every_hour(accounts: Accounts) -> None:
    accounts.guess(ATTACKER, ALLOWED - 1)
    accounts.pass_time("61 minutes")
    accounts.guess(ATTACKER)
    assert accounts.login.sql("select failures, locked_until from login_source") == [(2, None)]


def test_old_failures_are_forgotten_and_known_sources_are_kept(accounts: Accounts) -> None:
    assert accounts.logs_in(HOME)
    accounts.guess(ATTACKER)
    accounts.pass_time("25 hours")
    assert accounts.logs_in(AWAY)
    assert accounts.login.sql("select count(*) from login_source where succeeded_at is null") == [(0,)]
    assert accounts.login.sql("select count(*) from login_source") == [(2,)]


def test_sources_that_are_no_longer_known_are_forgotten(accounts: Accounts) -> None:
    assert accounts.logs_in(HOME)
    assert accounts.logs_in(ATTACKER)
    accounts.pass_time("89 days")
    accounts.login.sql("update login_source set succeeded_at = succeeded_at - interval '89 days'")
    assert accounts.logs_in(AWAY)
    assert accounts.login.sql("select count(*) from login_source") == [(3,)]
    accounts.login.sql("update login_source set succeeded_at = succeeded_at - interval '2 days'")
    assert accounts.logs_in(AWAY)
    assert accounts.login.sql("select count(*) from login_source") == [(1,)]


PROXY = "127.0.0.1"


@pytest.mark.parametrize(("trusted", "believed"), [(PROXY, True), ("127.0.0.0/8", True), ("192.0.2.1", False)])
def test_only_a_trusted_proxy_says_where_a_request_comes_from(
    settings: Settings, trusted: str, *, believed: bool
) -> None:
    """Behind a proxy that is not trusted, all clients are one source, and none can name another's address."""
    chosen = settings.model_copy(update={"login_failures": ALLOWED, "trusted_proxies": trusted})
    form = {"grant_type": "password", "username": "yanggc4", "client_id": "h5-client"}

    def status(url: str, password: str, forwarded: str) -> int:
        headers = {"x-forwarded-for": forwarded}
        return httpx.post(f"{url}/oauth/token", data={**form, "password": password}, headers=headers).status_code

    with serving(chosen) as url:
        assert {status(url, WRONG, ATTACKER) for _ in range(ALLOWED)} == {400}
        assert status(url, PASSWORD, ATTACKER) == 400
        assert status(url, PASSWORD, f"{ATTACKER}, {HOME}") == (200 if believed else 400), "the last one is the proxy's"


@pytest.mark.parametrize(("address", "network"), [
    ("198.51.100.7", "198.51.100.7"),
    ("::ffff:198.51.100.7", "198.51.100.7"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
    ("testclient", "testclient"),
])  # fmt: skip
def test_hosts_of_one_ipv6_network_are_one_source(address: str, network: str) -> None:
    assert network_of(address) == network
