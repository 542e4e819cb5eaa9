"""Budget: the most rows that a request may load and the most values of its answer, under either executor."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.db.exchange import Row
from app.db.rendering import Statement
from app.db.transaction import Transaction
from app.errors import LimitExceededError
from app.loaders.links import BUDGET


class NodeLimitError(LimitExceededError):
    """The answer needs more rows than the budget allows."""

    def __init__(self, found: int, allowed: int) -> None:
        super().__init__("NODE_LIMIT_EXCEEDED", found, allowed)


class AnswerValuesError(LimitExceededError):
    """The answer has more values than the budget allows."""

    def __init__(self, found: int, allowed: int) -> None:
        super().__init__("ANSWER_VALUES_EXCEEDED", found, allowed)


BUDGET_ERRORS = (NodeLimitError, AnswerValuesError)
"""What ends a request under either executor, instead of a field of it."""


class ShareExceededError(Exception):
    """One statement exceeded its share, though not the budget: run the plan again, one statement at a time."""


@dataclass
class Budget:
    """How many rows a request may load, and how many values its answer may have: a field of a record is one.

    A row that is shown several times, or under several aliases, is loaded once; its values count each time.
    """

    rows: int
    values: int


class Fetching(Protocol):
    """What runs the statements of a request within its budget."""

    async def fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        """Run a statement and return its rows; NodeLimitError when they exceed the budget."""


class CountedRows:
    """The transaction of a request, which counts rows and values and refuses more than the budget."""

    def __init__(self, transaction: Transaction, budget: Budget) -> None:
        self._transaction, self._budget = transaction, budget
        self.loaded = 0
        self.values = 0
        self.exceeded: NodeLimitError | AnswerValuesError | None = None
        self._lock = asyncio.Lock()  # what is left of the budget is known only after the previous statement

    async def fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        """Run a statement and return its rows; NodeLimitError when they exceed the budget."""
        async with self._lock:
            (rows,) = await self.fetch_all([(statement, parameters)], last=False)
            return rows

    async def fetch_all(
        self,
        statements: Sequence[tuple[Statement, Mapping[str, object]]],
        widths: Sequence[int] | None = None,
        *,
        last: bool,
    ) -> list[list[Row]]:
        """Run statements in one round trip and return the rows of each; `last` says that no statement follows.

        `widths` are the numbers of values that a row of each statement adds to the answer, if it is shown once.
        Each statement gets an equal share of what is left of the budget. It loads at most one row more than its share,
        which shows that there are more. NodeLimitError or AnswerValuesError when all statements together exceed the
        budget; ShareExceededError when one of them exceeds its share and all together do not exceed the budget.
        """
        if self.exceeded is not None:
            raise self.exceeded
        shares = self._shares(widths or [0] * len(statements))
        bound = [
            (statement, {**parameters, BUDGET: share + 1})
            for (statement, parameters), share in zip(statements, shares, strict=True)
        ]
        answers = await self._transaction.fetch_all(bound, last=last)
        self.loaded += sum(map(len, answers))
        if self.loaded > self._budget.rows:
            self._exceed(NodeLimitError(self.loaded, self._budget.rows))
        if any(len(rows) > share for rows, share in zip(answers, shares, strict=True)):
            self._check_values(sum(len(rows) * width for rows, width in zip(answers, widths or [], strict=False)))
            raise ShareExceededError
        return answers

    def _shares(self, widths: Sequence[int]) -> list[int]:
        """Return the most rows of each statement, for its width."""
        rows = (self._budget.rows - self.loaded) // len(widths)
        values = (self._budget.values - self.values) // len(widths)
        return [min(rows, values // width) if width else rows for width in widths]

    def add_values(self, number: int) -> None:
        """Count values of the answer; AnswerValuesError when they exceed the budget."""
        self._check_values(number)
        self.values += number

    def _check_values(self, more: int) -> None:
        if self.values + more > self._budget.values:
            self._exceed(AnswerValuesError(self.values + more, self._budget.values))

    def _exceed(self, error: NodeLimitError | AnswerValuesError) -> None:
        self.exceeded = error
        raise error

    def mark(self) -> tuple[int, int]:
        """Return what was counted so far."""
        return self.loaded, self.values

    def return_to(self, mark: tuple[int, int]) -> None:
        """Count again from a mark: a second run loads the same rows, which count once."""
        self.loaded, self.values = mark
