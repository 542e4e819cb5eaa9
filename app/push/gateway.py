"""PushGateway: a push service behind HTTP, such as a small program in front of Aliyun's (docs/operating.md)."""

from http import HTTPStatus
from urllib.parse import quote

import httpx

from app.models.push_task import PushAction
from app.push.service import PushFailedError, PushRefusedError, Task

TIMEOUT_SECONDS = 5
"""How long connecting, sending or waiting for the answer may each take."""

REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
"""The answers to a task that is wrong itself: to send it again would not help. Others may be mended by an operator."""

ABSENT = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
"""The answers to the removal of a device that the gateway does not know, which is what a removal wants."""


class PushGateway:
    """Sends tasks to `<url>/apps/<app id>/devices/<device id>`: PUT registers the device, DELETE removes it.

    `token` is sent as a bearer token. The header Idempotency-Key has the number of the task.
    """

    def __init__(self, url: str, token: str | None) -> None:
        self._url = url.rstrip("/")
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        self._client = httpx.AsyncClient(headers=headers, timeout=TIMEOUT_SECONDS)

    async def deliver(self, task: Task) -> None:
        """Send the task."""
        try:
            status = (await self._client.send(self._request(task))).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise PushFailedError(type(error).__name__) from None  # the message may quote the address
        if task.action is PushAction.REMOVE and status in ABSENT:
            return
        if status in REFUSED:
            raise PushRefusedError(f"HTTP status {status}")
        if not HTTPStatus(200) <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise PushFailedError(f"HTTP status {status}")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _request(self, task: Task) -> httpx.Request:
        url = f"{self._url}/apps/{quote(task.app_id, safe='')}/devices/{quote(task.device_id, safe='')}"
        headers = {"idempotency-key": str(task.number)}
        if task.action is PushAction.REMOVE:
            params = {"provider": task.provider, "adminId": str(task.admin_id)}
            return self._client.build_request("DELETE", url, params=params, headers=headers)
        body = {
            "adminId": str(task.admin_id),
            "provider": task.provider,
            "deviceToken": task.device_token,
            "os": task.os,
            "environment": task.environment.value,
        }
        return self._client.build_request("PUT", url, json=body, headers=headers)
