"""Running: a plan level by level, over one transaction, within a budget of rows."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from graphql.execution.values import VariableValues

from app.db.rendering import Statement
from app.engine.building import Row
from app.engine.compiling import Plan
from app.engine.plan import BUDGET, Load
from app.errors import LimitExceededError
from app.loaders.edge import KEYS
from app.loaders.personal import PersonalReads

MANY_ROWS = 200
"""So many rows loaded make work that is worth doing while the next statements are on their way."""


class Rows(Protocol):
    """Where statements run: a request's transaction."""

    def fetch_all(self, statements: list[tuple[Statement, dict[str, object]]]) -> Awaitable[list[list[Row]]]:
        """Run statements in as few round trips as possible and give the rows of each."""


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
        groups = alike(loads)
        fetching = rows.fetch_all([bound(group[0], left) for group in groups])
        if budget - left >= MANY_ROWS:
            fetching = asyncio.ensure_future(fetching)
            await asyncio.sleep(0)  # lets the statements be sent
        for work in finish:
            work()
        found = await fetching
        left = spend(left, found, budget)
        delivered = [load.deliver(loaded) for group, loaded in zip(groups, found, strict=True) for load in group]
        loads = [load for each in delivered for load in each.loads]
        finish = [each.finish for each in delivered]
        for shown in (shown for each in delivered for shown in each.shown):
            reads.add(*shown)
    for work in finish:
        work()
    return root.dicts[0], budget - left


def alike(loads: list[Load]) -> list[list[Load]]:
    """Put loads of one level together that run the same statement with the same keys: aliases of one field."""
    groups: list[list[Load]] = []
    for load in loads:
        same = [group for group in groups if group[0].statement == load.statement and group[0].keys == load.keys]
        if same:
            same[0].append(load)
        else:
            groups.append([load])
    return groups


def bound(load: Load, left: int) -> tuple[Statement, dict[str, object]]:
    """Give a load's statement and parameters: never more rows than are left, and one to tell that there are more.

    Ids and paths need no quotes in an array's text, which is written several times faster than an array is dumped.
    """
    return load.statement, {KEYS: f"{{{','.join(map(str, load.keys))}}}", BUDGET: left + 1}


def spend(left: int, found: list[list[Row]], budget: int) -> int:
    """Take the rows of a level off the budget; LimitExceededError when it does not suffice."""
    spent = sum(map(len, found))
    if spent > left:
        code = "NODE_LIMIT_EXCEEDED"
        raise LimitExceededError(code, "rows of the answer", budget - left + spent, budget)
    return left - spent
