"""Retries: a mutation runs again when other transactions were in its way.

Each run has a transaction of its own. The failed one has written nothing.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.errors import RetryError
from app.metrics.requests import RETRIES

T = TypeVar("T")

PAUSES = (0.02, 0.1, 0.4)
"""The longest pause before each retry, in seconds. A pause is random, so that two requests do not meet again."""


async def retried(run: Callable[[], Awaitable[T]]) -> T:
    """Run a request, again after each RetryError but the last one; the deadline of the request ends the pauses too."""
    for longest in PAUSES:
        try:
            return await run()
        except RetryError:
            RETRIES.inc()
        await asyncio.sleep(random.uniform(0, longest))  # noqa: S311 - no secret
    return await run()
