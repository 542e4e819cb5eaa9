"""Waiting for what another process, or the database, does on its own."""

import time
from collections.abc import Callable

SOON = 5
"""Seconds after which a test gives up; the product needs milliseconds."""


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Return whether a condition holds soon."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
