"""A client of the authorization server, and the application that it talks to."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2 as httpx
import psycopg
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import State
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from app.access.callers import CACHE_SECONDS
from app.access.tokens import Tokens
from app.bulk.demo import PASSWORD
from app.main import create_app
from app.processes.worker import ServerConfig
from app.settings import Settings
from tests.clients.api import LOCAL

WHO = "{ me { clientId admin { name } } }"


class Time:
    """The clock of the callers' cache, which tests advance."""

    passed = 0.0
    stopped: float | None = None

    def __call__(self) -> float:
        """Return the time."""
        return (time.monotonic() if self.stopped is None else self.stopped) + self.passed


class LoginClient:
    """A client of one running application: it logs in, refreshes and asks who it is."""

    def __init__(self, client: httpx.Client, url: str, app: Starlette | None = None) -> None:
        self.client, self.url = client, url
        self.state = State() if app is None else app.state

    @property
    def tokens(self) -> Tokens:
        """The issuer of the application's tokens."""
        tokens: Tokens = self.state.tokens
        return tokens

    def post(self, path: str, form: dict[str, str], **options: Any) -> httpx.Response:
        """Send a form."""
        return self.client.post(path, data=form, **options)

    def grant(self, account: str = "yanggc4", password: str = PASSWORD, client_id: str = "h5-client") -> httpx.Response:
        """Request tokens with the password grant."""
        form = {"grant_type": "password", "username": account, "password": password, "client_id": client_id}
        return self.post("/oauth/token", form)

    def log_in(self, account: str = "yanggc4", client_id: str = "h5-client") -> dict[str, Any]:
        """Return the tokens of a log-in that must succeed."""
        response = self.grant(account, client_id=client_id)
        assert response.status_code == 200, response.text
        tokens: dict[str, Any] = response.json()
        return tokens

    def refresh(self, refresh_token: str, client_id: str = "h5-client", **more: str) -> httpx.Response:
        """Exchange a refresh token."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client_id, **more}
        return self.post("/oauth/token", form)

    def legacy_log_in(self, client_id: str = "h5-client", query: str = "", **given: Any) -> httpx.Response:
        """Log in at the legacy URL (document 003, 2.1)."""
        body = {"job_number": "yanggc4", "pwd": PASSWORD, "client_id": client_id, "grant_type": "password", **given}
        return self.client.post(f"/v1/user/authen{query}", json=body)

    def who(self, access_token: str) -> httpx.Response:
        """Ask who calls."""
        headers = {"authorization": f"bearer {access_token}"}
        return self.client.post("/graphql", json={"query": WHO}, headers=headers)

    def pass_time(self, seconds: float) -> None:
        """Advance the clock of the callers' cache."""
        self.state.time.passed += seconds

    def stop_time(self) -> None:
        """Let the clock of the callers' cache advance by `pass_time` alone."""
        self.state.time.stopped = time.monotonic()

    def forget_callers(self) -> None:
        """Advance the clock until every cached caller has expired."""
        self.pass_time(CACHE_SECONDS)

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run a statement as the owner of the database."""
        with psycopg.connect(self.url) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []


def application(settings: Settings) -> Starlette:
    """Make the application with a clock that tests advance."""
    clock = Time()
    app = create_app(settings, clock=clock)
    app.state.time = clock
    return app


@contextmanager
def open_login(settings: Settings) -> Iterator[LoginClient]:
    """Run the application over a database and return a client of it."""
    app = application(settings)
    with TestClient(app, raise_server_exceptions=False, client=LOCAL) as client:
        yield LoginClient(client, settings.database_url or "", app)


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """Run the application on a port and return its address; it trusts the proxies that the program trusts."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    chosen = settings.model_copy(update={"public_url": address})
    with running(application(chosen), listener, forwarded_allow_ips=ServerConfig(chosen).forwarded_allow_ips):
        yield address


@contextmanager
def running(app: ASGIApp, listener: socket.socket, **options: Any) -> Iterator[None]:
    """Run an application in a thread."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on", **options))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
