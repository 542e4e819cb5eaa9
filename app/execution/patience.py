"""Patience: subscriptions wait while the database cannot be used, and miss nothing meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from app.db.pool import end_if_cancelled
from app.db.turns import TooManyRequestsError
from app.errors import RequestError, UnavailableError

Value = TypeVar("Value")

OUTAGES: tuple[type[RequestError], ...] = (UnavailableError, TooManyRequestsError)
"""What is waited out: the database cannot be used, or not by this caller."""

AGAIN_SECONDS = 1
"""How long a subscription waits before it asks a database again that could not be used."""


async def patiently(ask: Callable[[], Awaitable[Value]], outages: tuple[type[RequestError], ...] = OUTAGES) -> Value:
    """Ask until the database can be used.

    A cancelled task ends, also when what it asks for came at that moment: Python 3.11's `wait_for` then returns it.
    """
    while True:
        with suppress(*outages):
            value = await ask()
            end_if_cancelled()
            return value
        end_if_cancelled()
        await asyncio.sleep(AGAIN_SECONDS)
