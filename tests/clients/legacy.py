"""A client of the legacy URLs (document 003)."""

from typing import Any

import httpx2 as httpx

from tests.clients.api import Api


class Legacy:
    """A legacy client that has logged in."""

    def __init__(self, api: Api, account: str) -> None:
        self._api, self._headers = api, {"authorization": api.bearer(account)}

    def send(self, path: str, body: object = None, method: str = "POST", **headers: str) -> httpx.Response:
        """Send a request; a body of None is an empty one, and bytes are sent as they are."""
        content: dict[str, Any] = {} if body is None else {"content" if isinstance(body, bytes) else "json": body}
        url = path if path.startswith("/") else f"/v1/iot/main/{path}"
        return self._api.client.request(method, url, headers={**self._headers, **headers}, **content)

    def result(self, path: str, body: object = None, method: str = "POST") -> Any:
        """Send a request that must succeed, and give its result."""
        answer = self.send(path, body, method).json()
        assert answer["code"] == "200", answer
        return answer["result"]


def refused(client: Legacy, path: str, body: object = None, code: str = "1", method: str = "POST") -> str:
    """Send a request that must fail, and give its message."""
    answer = client.send(path, body, method)
    assert answer.json()["code"] == code, answer.json()
    assert answer.status_code == (200 if code == "1" else int(code))
    assert answer.json()["result"] is None
    return str(answer.json()["message"])


def tops_in(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the top nodes of a list of trees."""
    return [top for tree in result["trees"] for top in tree["tree"]]


def nodes_in(tops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the nodes of trees in their order."""
    return [node for top in tops for node in (top, *nodes_in(top["children"] or []))]
