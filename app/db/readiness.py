"""Readiness: wakes the task that waits for what the server sends on a connection.

psycopg adds the socket to the event loop for each wait and removes it afterwards, because libpq may close the socket
at any time and the loop must not keep its number. That takes longer than sending a statement. Here the loop gets a
duplicate of the descriptor, which nothing else closes, so it stays there from one wait to the next.
"""

import asyncio
import os


class Readiness:
    """Whether there is something to read on the socket of one connection."""

    def __init__(self) -> None:
        self._duplicate: int | None = None
        self._waiter: asyncio.Future[None] | None = None

    async def wait(self, descriptor: int) -> None:
        """Wait until there is something to read on a socket, or it is closed here. One task waits at a time.

        OSError when the process has no descriptor left for the duplicate, or the event loop cannot watch it.
        """
        loop = asyncio.get_running_loop()
        if self._duplicate is None:
            self._duplicate = self._watched(descriptor, loop)
        self._waiter = loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def close(self) -> None:
        """Take the duplicate out of the event loop, until the next wait, and end the present one."""
        if self._duplicate is not None:
            asyncio.get_running_loop().remove_reader(self._duplicate)
            os.close(self._duplicate)
            self._duplicate = None
        self._end_wait()

    def _watched(self, descriptor: int, loop: asyncio.AbstractEventLoop) -> int:
        """Return a duplicate of a descriptor that the event loop watches."""
        duplicate = os.dup(descriptor)
        try:
            loop.add_reader(duplicate, self._wake)
        except BaseException:
            os.close(duplicate)
            raise
        return duplicate

    def _wake(self) -> None:
        if self._waiter is None:  # data that no task reads would make the loop call this again and again
            self.close()
        self._end_wait()

    def _end_wait(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
