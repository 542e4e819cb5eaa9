"""ClientOrigins: the origins of registered public clients, whose pages may call the program from a browser."""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg

from app.db.pool import Pool
from app.errors import RequestError, describe
from app.services.client import public_redirect_uris

DEFAULT_PORTS = {"http": 80, "https": 443}
LOG = logging.getLogger("cadastre.cors")

CACHE_SECONDS = 30
"""How long known origins count, unless a change of the clients is announced earlier."""

LOOK_AGAIN_SECONDS = 2
"""How soon the register is read again for an origin that is not known, such as that of a client registered just now.
It bounds how often requests with invented origins lead to a statement."""


READ_SECONDS = 0.5
"""How long a request waits for the register. After that the known origins count."""


class ClientOrigins:
    """The origins of the register's enabled public clients, read at most every `LOOK_AGAIN_SECONDS`."""

    def __init__(self, pool: Pool, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool, self._clock = pool, clock
        self._origins: frozenset[str] = frozenset()
        self._read_at = -math.inf
        self._reading = asyncio.Lock()

    def __contains__(self, origin: str) -> bool:
        return origin in self._origins

    def forget(self) -> None:
        """Read the register again at the next request: a client has changed."""
        self._read_at = -math.inf

    async def refresh(self, origin: str) -> None:
        """Read the register if what is known of an origin is too old. Without a database the known origins stay."""
        if self._is_fresh(origin):
            return
        async with self._reading:
            if not self._is_fresh(origin):
                await self._read()

    def _is_fresh(self, origin: str) -> bool:
        return self._clock() - self._read_at < (CACHE_SECONDS if origin in self._origins else LOOK_AGAIN_SECONDS)

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(READ_SECONDS), self._pool.reading_as_owner() as reading:
                uris = await public_redirect_uris(reading)
        except (RequestError, psycopg.Error, TimeoutError) as error:
            LOG.warning("the origins of clients cannot be read: %s", describe(error))
        else:
            self._origins = frozenset(origin for uri in uris if (origin := origin_of(uri)))
        self._read_at = self._clock()


def origin_of(uri: str) -> str | None:
    """Return the origin of a URI as a browser sends it (RFC 6454, 6.2); None for an app's own scheme."""
    parts = urlsplit(uri)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    try:
        host, port = parts.hostname.encode("idna").decode(), parts.port
    except ValueError:
        return None
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + ("" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}")
