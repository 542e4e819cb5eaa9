"""Log-ins with a password wait in a queue of their own, and nothing else waits behind them."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from threading import Event

import pytest
from starlette.testclient import TestClient

from app.db.turns import CALLER
from app.oauth.login_workers import LONGEST_PASSWORD_QUEUE, LoginWorkers
from app.oauth.server import AuthorizationServer
from app.settings import Settings
from tests.clients.login import LoginClient, open_login

THREADS = 2


@pytest.fixture
def login(own_url: str) -> Iterator[LoginClient]:
    """Serve log-ins with few threads."""
    with open_login(Settings(database_url=own_url, login_threads=THREADS, pool_timeout=30)) as login:
        yield login


@contextmanager
def crowded(login: LoginClient, addresses: int = 8) -> Iterator[None]:
    """Fill the queue of log-ins with a password with work that does not end before the body does."""
    workers: LoginWorkers = login.state.login_workers
    ended = Event()
    assert isinstance(login.client, TestClient)
    assert login.client.portal is not None

    def wait(_: AuthorizationServer) -> None:
        ended.wait()

    async def run(address: str) -> None:
        CALLER.set(address)
        await workers.run(wait, takes_password=True)

    start = partial(login.client.portal.start_task_soon, run)
    number = THREADS + LONGEST_PASSWORD_QUEUE
    waiting: list[Future[None]] = [start(f"10.0.0.{each % addresses}") for each in range(number)]
    try:
        yield
    finally:
        ended.set()
    assert [each.result() for each in waiting] == [None] * len(waiting)


def test_password_guesses_delay_nothing_else_and_more_of_them_are_refused(login: LoginClient) -> None:
    tokens = login.log_in()
    page = "/oauth/authorize?response_type=code&client_id=x&redirect_uri=https://x.example"
    with crowded(login):
        for refused in (login.grant(), login.legacy_log_in()):
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "3"
        assert login.grant().json()["error"] == "temporarily_unavailable"
        assert login.legacy_log_in().json()["code"] == "503"
        refreshed = login.refresh(tokens["refresh_token"])
        assert refreshed.status_code == 200
        assert login.who(refreshed.json()["access_token"]).json()["data"]["me"]["clientId"] == "h5-client"
        assert login.client.get(page).status_code == 400  # answered, not refused
        ended = {"token": refreshed.json()["refresh_token"], "client_id": "h5-client"}
        assert login.post("/oauth/revoke", ended).status_code == 200
    assert login.grant().status_code == 200
