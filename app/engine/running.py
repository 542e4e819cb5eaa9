"""Running: a plan level by level, over one transaction, within a budget of rows."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from graphql.execution.values import VariableValues

from app.db.rendering import Statement
from app.engine.building import Row
from app.engine.compiling import Plan
from app.engine.plan import Load
from app.errors import LimitExceededError
from app.loaders.edge import BUDGET, KEYS
from app.loaders.personal import PersonalReads

MANY_ROWS = 200
"""So many rows loaded make work that is worth doing while the next statements are on their way."""


class Rows(Protocol):
    """Where statements run: a request's transaction."""

    def fetch_all(
        self, statements: list[tuple[Statement, dict[str, object]]], *, last: bool
    ) -> Awaitable[list[list[Row]]]:
        """Run statements in one round trip and give the rows of each; with the last the transaction ends."""


async def run(
    plan: Plan, variables: VariableValues, rows: Rows, budget: int, reads: PersonalReads
) -> tuple[dict[str, Any], int]:
    """Load all that a plan asks for; give the data and the number of rows, or LimitExceededError above `budget`.

    `reads` takes note of the personal data in the answer.

    While the statements of one level are on their way, the dicts of the level before are made.
    """
    root = plan.start()
    loads, left = plan.root.loads(root, variables), budget
    finish: list[Callable[[], None]] = []
    while loads:
        loads = [*loads, *(ahead for load in loads for ahead in load.ahead)]
        sent, places = distinct(loads)
        last = not any(load.leads_on for load in loads)
        fetching = rows.fetch_all([bound(load, left) for load in sent], last=last)
        if budget - left >= MANY_ROWS:
            fetching = asyncio.ensure_future(fetching)
            await asyncio.sleep(0)  # lets the statements be sent
        for work in finish:
            work()
        found = await fetching
        left = spend(left, found, budget)
        delivered = [load.deliver(found[place]) for load, place in zip(loads, places, strict=True)]
        loads = [load for each in delivered for load in each.loads]
        finish = [each.finish for each in delivered]
        for shown in (shown for each in delivered for shown in each.shown):
            reads.add(*shown)
    for work in finish:
        work()
    return root.dicts[0], budget - left


def distinct(loads: list[Load]) -> tuple[list[Load], list[int]]:
    """Leave out loads that run the same statement with the same keys as another: aliases of one field.

    Give the others, and for each of all loads the place of the one whose rows are also its own.
    """
    sent: list[Load] = []
    places = []
    for load in loads:
        alike = (place for place, one in enumerate(sent) if one.statement == load.statement and one.keys == load.keys)
        place = next(alike, len(sent))
        if place == len(sent):
            sent.append(load)
        places.append(place)
    return sent, places


def bound(load: Load, left: int) -> tuple[Statement, dict[str, object]]:
    """Give a load's statement and parameters: never more rows than are left, and one to tell that there are more.

    Ids and paths need no quotes in an array's text, which is written several times faster than an array is dumped.
    """
    return load.statement, {KEYS: f"{{{','.join(map(str, load.keys))}}}", BUDGET: left + 1 - load.beside}


def spend(left: int, found: list[list[Row]], budget: int) -> int:
    """Take the rows of a level off the budget; LimitExceededError when it does not suffice."""
    spent = sum(map(len, found))
    if spent > left:
        code = "NODE_LIMIT_EXCEEDED"
        raise LimitExceededError(code, "rows of the answer", budget - left + spent, budget)
    return left - spent
