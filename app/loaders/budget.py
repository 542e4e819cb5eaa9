"""Budget: the most rows that a request may load, under either executor."""

import asyncio
from collections.abc import Mapping, Sequence

from app.db.exchange import Row
from app.db.rendering import Statement
from app.db.transaction import Transaction
from app.errors import LimitExceededError
from app.loaders.links import BUDGET


class NodeLimitError(LimitExceededError):
    """The answer needs more rows than the budget allows."""

    def __init__(self, found: int, allowed: int) -> None:
        super().__init__("NODE_LIMIT_EXCEEDED", found, allowed)


class ShareExceededError(Exception):
    """One statement exceeded its share, though not the budget: run the plan again, one statement at a time."""


class CountedRows:
    """The transaction of a request, which counts the rows it loads and refuses more than the budget."""

    def __init__(self, transaction: Transaction, budget: int) -> None:
        self._transaction, self._budget = transaction, budget
        self.loaded = 0
        self.exceeded: NodeLimitError | None = None
        self._lock = asyncio.Lock()  # what is left of the budget is known only after the previous statement

    async def fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        """Run a statement and return its rows; NodeLimitError when they exceed the budget."""
        async with self._lock:
            (rows,) = await self.fetch_all([(statement, parameters)], last=False)
            return rows

    async def fetch_all(
        self, statements: Sequence[tuple[Statement, Mapping[str, object]]], *, last: bool
    ) -> list[list[Row]]:
        """Run statements in one round trip and return the rows of each; `last` says that no statement follows.

        Each statement gets an equal share of what is left of the budget. It loads at most one row more than its share,
        which shows that there are more. NodeLimitError when all statements together exceed the budget;
        ShareExceededError when one of them exceeds its share and all together do not exceed the budget.
        """
        if self.exceeded is not None:
            raise self.exceeded
        share = (self._budget - self.loaded) // len(statements)
        bound = [(statement, {**parameters, BUDGET: share + 1}) for statement, parameters in statements]
        answers = await self._transaction.fetch_all(bound, last=last)
        self.loaded += sum(map(len, answers))
        if self.loaded > self._budget:
            self.exceeded = NodeLimitError(self.loaded, self._budget)
            raise self.exceeded
        if any(len(rows) > share for rows in answers):
            raise ShareExceededError
        return answers
