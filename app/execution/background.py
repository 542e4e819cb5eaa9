"""Background: work that may take long runs in threads, so that the event loop answers other requests meanwhile.

Python runs one thread at a time and changes between them every half millisecond (app/processes/worker.py): others wait
no longer than that. The callers take turns, so that many long documents of one caller delay those of the others by one
at most.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from app.db.turns import Shares, Turns

Value = TypeVar("Value")

THREADS = ThreadPoolExecutor(8, "background")
"""The threads of the process; each Background lets fewer run."""


class Background:
    """Runs functions in threads, at most `number` at a time. `timeout` is in seconds: a request waits no longer."""

    def __init__(self, number: int, timeout: float) -> None:
        self._turns = Turns(Shares(number, number, number), timeout)

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Wait for a turn of the caller; the errors are those of Turns."""
        return self._turns.turn()

    async def run(self, function: Callable[[], Value], stop: Callable[[], None] = lambda: None) -> Value:
        """Run a function in a thread, within a turn.

        When the task is cancelled, `stop` asks the function to end, and the task waits until it has.
        """
        running = asyncio.wrap_future(THREADS.submit(function))
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            stop()
            await asyncio.wait([running])
            raise

    async def aside(self, function: Callable[[], Value]) -> Value:
        """Run a function in a thread, in the caller's turn."""
        async with self.turn():
            return await self.run(function)
