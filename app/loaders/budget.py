"""Counting: the rows that a request loads, whichever executor runs it, held to the budget."""

import asyncio
from collections.abc import Mapping, Sequence

from app.db.exchange import Row
from app.db.rendering import Statement
from app.db.transaction import Transaction
from app.errors import LimitExceededError
from app.loaders.links import BUDGET


class NodeLimitError(LimitExceededError):
    """The rows of an answer are more than the budget."""

    def __init__(self, found: int, allowed: int) -> None:
        super().__init__("NODE_LIMIT_EXCEEDED", found, allowed)


class CrowdedError(Exception):
    """A statement had more rows than its share of the budget, and others fewer: each must wait for the one before."""


class CountedRows:
    """A request's transaction that counts its rows and gives no more once they exceed the budget."""

    def __init__(self, transaction: Transaction, budget: int) -> None:
        self._transaction, self._budget = transaction, budget
        self.loaded = 0
        self.exceeded: NodeLimitError | None = None
        self._turn = asyncio.Lock()  # what is left is known when the statement before has run

    async def fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        """Run a statement and give its rows, at most one more than are left; NodeLimitError when there is one."""
        async with self._turn:
            (found,) = await self.fetch_all([(statement, parameters)], last=False)
            return found

    async def fetch_all(
        self, statements: Sequence[tuple[Statement, Mapping[str, object]]], *, last: bool
    ) -> list[list[Row]]:
        """Run statements in one round trip and give the rows of each; with the last the transaction ends.

        Each may load its share of what is left, and one row more to tell that there are more. NodeLimitError when
        they exceed the budget together, CrowdedError when one exceeds its share alone.
        """
        if self.exceeded is not None:
            raise self.exceeded
        share = (self._budget - self.loaded) // len(statements)
        bound = [(statement, {**parameters, BUDGET: share + 1}) for statement, parameters in statements]
        found = await self._transaction.fetch_all(bound, last=last)
        self.loaded += sum(map(len, found))
        if self.loaded > self._budget:
            self.exceeded = NodeLimitError(self.loaded, self._budget)
            raise self.exceeded
        if any(len(rows) > share for rows in found):
            raise CrowdedError
        return found
