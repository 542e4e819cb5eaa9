"""A client of the URLs of work orders (document 000), for an owner or a member of staff."""

from typing import Any

import httpx2 as httpx

from tests.clients.api import Api

ORDERS, NODES = "/api/v1/incident_requests", "/api/v1/structures/cascade_nodes"

OWNER = {"role": "OWNER", "user_name": "小西", "user_phone": "15800703186"}
STAFF = {"role": "STAFF", "user_name": "孔老师", "user_phone": "15284413186"}


CATEGORIES = {
    "category_one": "0088000I5oZvTbnqzM4OHI",
    "category_two": "0088000I5oZvTbnqzTH9km",
    "category_three": "0088000I5oZvTbnqzanJBY",
}
REPORT = {"property_number": "A11-a-a-02-01", **CATEGORIES, "describing": "小西在报修哦"}
"""The report that the document prints."""


class OrderClient:
    """A program with an access token of its own, which acts for one person at a time."""

    def __init__(self, api: Api, access_token: str | None) -> None:
        self._api, self.token = api, ""
        self._headers = {} if access_token is None else {"authorization": f"Bearer {access_token}"}

    def send(self, method: str, path: str, *, key: str = "", **content: Any) -> httpx.Response:
        """Send a request with the token of the person, and with a key that it may be sent again with."""
        own = {"token": self.token, "idempotency-key": key}
        headers = {**self._headers, **{name: value for name, value in own.items() if value}}
        return self._api.client.request(method, path, headers=headers, **content)

    def listed(self, who: dict[str, str], status: str | None = None) -> list[dict[str, Any]]:
        """List work orders as a person, and keep the person's token."""
        answer = self.send("GET", ORDERS, params={**who, **({} if status is None else {"status": status})})
        body = answer.json()
        assert (answer.status_code, body["status_code"]) == (200, "200"), body
        self.token = body["token"]
        found: list[dict[str, Any]] = body["result"]["incident_requests"]
        return found

    def result(self, path: str, **params: str) -> Any:
        """Ask and give the result."""
        body = self.send("GET", path, params=params).json()
        assert body["status_code"] == 200, body
        return body["result"]

    def status(self, method: str, path: str, **content: Any) -> int:
        """Send a request, check that both statuses agree, and give them."""
        answer = self.send(method, path, **content)
        status: int = answer.json()["status_code"]
        assert answer.status_code == status
        return status
