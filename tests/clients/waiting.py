"""Waiting for what another process, or the database, does on its own."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

WAITING = """
select count(*) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock' and application_name <> 'cadastre webhooks'
"""
"""The connections of requests that wait for a lock: what sends to webhooks looks at clients all the time."""

SOON = 15
"""Seconds after which a test gives up; the product needs milliseconds, and a busy machine may stand still for seconds.

It is less than the 25 seconds of a statement and the 30 of a remembered caller, which would hide a fault.
"""


def pause() -> None:
    """Let others run for a moment."""
    time.sleep(0.01)


def within(seconds: float, holds: Callable[[], bool], pause: Callable[[], None] = pause) -> bool:
    """Return whether a condition holds soon. It is looked at after each pause."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        pause()
    return True


@contextmanager
def waiting(url: str, number: int = 1) -> Iterator[None]:
    """Run the body once so many connections of a database wait for a lock."""
    with psycopg.connect(url, autocommit=True) as connection:
        assert within(30, lambda: connection.execute(WAITING).fetchone() == (number,))
    yield
