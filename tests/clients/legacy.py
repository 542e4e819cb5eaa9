"""A client of the legacy URLs (document 003)."""

from typing import Any

import httpx2 as httpx

from tests.clients.api import Api


class Legacy:
    """A legacy client that has logged in."""

    def __init__(self, api: Api, account: str) -> None:
        self._api, self._headers = api, {"authorization": api.bearer(account)}

    def send(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Send a request; a body of None is an empty one."""
        content: dict[str, Any] = {} if body is None else {"json": body}
        url = path if path.startswith("/") else f"/v1/iot/main/{path}"
        return self._api.client.post(url, headers={**self._headers, **headers}, **content)

    def result(self, path: str, body: object = None) -> Any:
        """Send a request that must succeed, and give its result."""
        answer = self.send(path, body).json()
        assert answer["code"] == "200", answer
        return answer["result"]
