"""Repeating: work that a program does again and again, in a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def repeated(work: Callable[[], object], seconds: float, name: str, longest_end: float | None = None) -> Iterator[None]:
    """Do work next to the block, after each pause; the end of the block waits for work that has begun.

    It waits for `longest_end` seconds at most, if that is given. `name` is that of the thread. The work handles its own
    errors.
    """
    ended = threading.Event()

    def repeat() -> None:
        while not ended.wait(seconds):
            work()

    thread = threading.Thread(target=repeat, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(longest_end)
