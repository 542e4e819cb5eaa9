"""Counting: the rows that a request loads, whichever executor runs it, held to the budget."""

import asyncio
from collections.abc import Mapping

from app.db.exchange import Row
from app.db.pool import Reading
from app.db.rendering import Statement
from app.errors import LimitExceededError
from app.loaders.edge import BUDGET


class CountedRows:
    """A request's transaction that counts its rows and gives no more once they exceed the budget."""

    def __init__(self, reading: Reading, budget: int) -> None:
        self._reading, self._budget = reading, budget
        self.loaded = 0
        self.exceeded: LimitExceededError | None = None
        self._turn = asyncio.Lock()  # what is left is known when the statement before has run

    async def fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        """Run a statement and give its rows, at most one more than are left; LimitExceededError when there is one."""
        async with self._turn:
            left = self._budget - self.loaded
            (found,) = await self.fetch_all([(statement, {BUDGET: left + 1, **parameters})], last=False)
            return found

    async def fetch_all(self, statements: list[tuple[Statement, dict[str, object]]], *, last: bool) -> list[list[Row]]:
        """Run statements in one round trip and give the rows of each; LimitExceededError."""
        if self.exceeded is None:
            found = await self._reading.fetch_all(statements, last=last)
            self.loaded += sum(map(len, found))
            if self.loaded <= self._budget:
                return found
            self.exceeded = LimitExceededError("NODE_LIMIT_EXCEEDED", "rows of the answer", self.loaded, self._budget)
        raise self.exceeded
