"""Sender: sends a signed event to a receiver, and says what became of it.

A connection serves one event only. Connections are told apart by address, and two receivers may share one: an open
connection would be used for a name that its certificate was not checked for.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from app.build import VERSION
from app.event_settings import Network
from app.events.webhooks.addresses import PORTS, Resolve, checked, resolve
from app.events.webhooks.failures import SendingError
from app.events.webhooks.signing import signed

TIMEOUT_SECONDS = 15
"""How long one attempt may take, from resolving the name to the head of the answer."""

MESSAGE = "msg_"
"""Stands before the number of a delivery in the id of its message."""

LONGEST_WAIT = 86_400
"""The most seconds that a receiver may ask to wait for."""

NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout)

FIXED = {"content-type": "application/json; charset=utf-8", "user-agent": f"cadastre/{VERSION}"}


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt. `wait` is how many seconds the receiver asks to wait for (Retry-After)."""

    text: str
    is_delivered: bool = False
    is_gone: bool = False
    wait: float = 0


class Sender:
    """Sends events to addresses that are public, or in one of `networks`."""

    def __init__(
        self, networks: Sequence[Network], *, resolve: Resolve = resolve, context: ssl.SSLContext | None = None
    ) -> None:
        self._networks, self._resolve = networks, resolve
        self._context = context or httpx.create_ssl_context()

    async def send(self, url: str, message_id: str, body: bytes, secrets: Sequence[str]) -> Outcome:
        """Send a body in one attempt; what fails is an outcome as well."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return outcome_of(await self._answer(httpx.URL(url), message_id, body, secrets))
        except TimeoutError:
            return Outcome(f"no answer within {TIMEOUT_SECONDS} seconds")
        except (SendingError, httpx.InvalidURL) as error:
            return Outcome(str(error))
        except NOT_CONNECTED as error:
            return Outcome(
                "no connection" if ssl_error_of(error) is None else "no connection: the certificate is refused"
            )
        except httpx.HTTPError as error:
            return Outcome(f"no answer: {type(error).__name__}")  # the message may quote the address

    async def _answer(self, url: httpx.URL, message_id: str, body: bytes, secrets: Sequence[str]) -> httpx.Response:
        """Try the addresses of the receiver one by one until one can be connected to."""
        host, is_secure = url.raw_host.decode(), url.scheme == "https"
        port = url.port or PORTS[url.scheme]
        failure: Exception = SendingError("the name of the receiver is not known")
        addresses = await checked(host, port, self._networks, is_secure=is_secure, resolve=self._resolve)
        limits = httpx.Timeout(TIMEOUT_SECONDS, connect=TIMEOUT_SECONDS / max(len(addresses), 1))
        for address in addresses:
            headers = {**FIXED, "host": url.netloc.decode(), **signed(message_id, int(time.time()), body, secrets)}
            try:
                return await self._post(url.copy_with(host=address), host, headers, body, limits)
            except NOT_CONNECTED as error:
                failure = error
        raise failure

    async def _post(
        self, url: httpx.URL, host: str, headers: Mapping[str, str], body: bytes, limits: httpx.Timeout
    ) -> httpx.Response:
        """Post to an address, whose certificate must be that of the host, and read the head of the answer only."""
        async with (
            httpx.AsyncClient(verify=self._context, trust_env=False, timeout=limits) as client,
            client.stream("POST", url, content=body, headers=headers, extensions={"sni_hostname": host}) as response,
        ):
            return response


def outcome_of(response: httpx.Response) -> Outcome:
    """Return what the status of an answer means."""
    status = response.status_code
    if response.is_success:
        return Outcome(f"HTTP {status}", is_delivered=True)
    text = f"HTTP {status}, and redirects are not followed" if response.is_redirect else f"HTTP {status}"
    return Outcome(text, is_gone=status == HTTPStatus.GONE, wait=seconds_of(response.headers.get("retry-after", "")))


def seconds_of(retry_after: str) -> float:
    """Read the header Retry-After: seconds or a date (RFC 9110, 10.2.3); 0 when it is neither."""
    if retry_after.isascii() and retry_after.isdecimal():
        return min(float(retry_after), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):  # the latter for a time zone that no number holds
        return 0
    seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0), LONGEST_WAIT)


def ssl_error_of(error: BaseException) -> ssl.SSLError | None:
    """Return the error of TLS that caused another one, if any."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    return cause
