"""The API as a client sees it, and what it asks of the database."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import httpx2 as httpx
import psycopg
from starlette.testclient import TestClient

from app.bulk.demo import PASSWORD
from app.main import create_app
from app.settings import Settings
from tests.clients.waiting import SOON, within
from tests.databases import with_request_url

TRANSACTION = ("begin", "commit", "rollback", "select set_config(", "set local plan_cache_mode = ")

LOCAL = ("127.0.0.1", 50_000)
"""The address of clients: metrics are for this machine."""


class Api:
    """A client of one running application, and a recorder of the statements that its requests run."""

    def __init__(self, client: TestClient, statements: list[str], url: str) -> None:
        self.client = client
        self._statements = statements
        self._url = url
        self._connecting = Lock()
        self._connection: psycopg.Connection | None = None
        self.logged_in: dict[str, str] = {}
        """Headers of log-ins that no test has used yet, by account."""

    def post(
        self, query: str, variables: dict[str, Any] | None = None, authorization: str | None = None, **members: Any
    ) -> httpx.Response:
        """Send a GraphQL request."""
        self.forget()
        headers = {} if authorization is None else {"authorization": authorization}
        body = {"query": query, "variables": variables, **members}
        return self.client.post("/graphql", json=body, headers=headers)

    def data(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        """Give the data of a request that must succeed."""
        answer = self.post(query, variables).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def answers(self, query: str, data: Any) -> bool:
        """Return whether a query is answered soon: a short deadline may be too short for it once on a busy machine."""
        return within(SOON, lambda: self.post(query).json().get("data") == data)

    def error(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """Give the one error of a request that must fail, with the HTTP status added."""
        response = self.post(query, variables)
        (error,) = response.json()["errors"]
        return {**error, "status": response.status_code}

    def bearer(self, account: str) -> str:
        """Log a member of staff of the demo world in, and give what goes into the header Authorization."""
        if account in self.logged_in:
            return self.logged_in.pop(account)
        form = {"grant_type": "password", "username": account, "password": PASSWORD, "client_id": "h5-client"}
        return f"Bearer {self.client.post('/oauth/token', data=form).json()['access_token']}"

    def client_bearer(self, client_id: str, secret: str) -> str:
        """Let a client ask for a token of its own, and give what goes into the header Authorization."""
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        return f"Bearer {self.client.post('/oauth/token', data=form).json()['access_token']}"

    def forget(self) -> None:
        """Forget the statements of earlier requests."""
        self._statements.clear()

    def forget_callers(self) -> None:
        """Let the application forget callers and cookies, because a test has changed them in the database."""
        app: Any = self.client.app
        app.state.pool.hear("")
        self.client.cookies.clear()

    def sql(self, statement: str, *values: object) -> list[Any]:
        """Run SQL as the owner of the tables, on one connection, which knows the catalogue after the first time."""
        with self._connecting:
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(self._url, autocommit=True)
        cursor = self._connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []

    def close(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()

    @property
    def statements(self) -> list[str]:
        """Give the statements of the last request, those of the transaction itself left out."""
        return [sql for sql in self._statements if not sql.startswith(TRANSACTION)]


@contextmanager
def open_api(url: str, **settings: Any) -> Iterator[Api]:
    """Run the application over a database."""
    statements: list[str] = []
    with TemporaryDirectory() as folder:
        usual = {"database_url": url, "data_dir": Path(folder), "require_login": False, **with_request_url(url)}
        chosen = Settings(**{**usual, **settings})
        app = create_app(chosen, statements.append)
        with (
            TestClient(app, raise_server_exceptions=False, client=LOCAL) as client,
            closing(Api(client, statements, url)) as api,
        ):
            yield api
