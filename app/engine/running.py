"""Running: a plan runs level by level in one transaction, within a budget of rows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from app.db.exchange import Row
from app.db.rendering import Statement
from app.engine.plan import Inputs, Load, Plan
from app.loaders.budget import CountedRows
from app.loaders.disclosures import Disclosures
from app.loaders.links import KEYS, Key

MANY_ROWS = 200
"""From this many rows on, dicts are built while the next statements run."""


async def run(
    plan: Plan, inputs: Inputs, rows: CountedRows, disclosures: Disclosures, *, together: bool
) -> dict[str, Any]:
    """Run a plan and return the data of the answer; the personal data in it are added to `disclosures`.

    `together` sends the statements of a level in one round trip; otherwise each waits for the one before.
    """
    root = plan.start(inputs)
    loads = plan.root.loads(root, inputs)
    finish: list[Callable[[], None]] = []
    while loads:
        loads = [*loads, *(ahead for load in loads for ahead in load.ahead)]
        fetching: Awaitable[list[list[Row]]] = fetch(rows, loads, together=together)
        if rows.loaded >= MANY_ROWS:
            fetching = asyncio.ensure_future(fetching)
            await asyncio.sleep(0)  # so that the statements are sent
        for work in finish:
            work()
        delivered = [load.deliver(found) for load, found in zip(loads, await fetching, strict=True)]
        loads = [load for each in delivered for load in each.loads]
        finish = [each.finish for each in delivered]
        for disclosure in (disclosure for each in delivered for disclosure in each.disclosures):
            disclosures.add(*disclosure)
    for work in finish:
        work()
    return root.dicts[0]


async def fetch(rows: CountedRows, loads: list[Load], *, together: bool) -> list[list[Row]]:
    """Run the statements of a level and return the rows of each load."""
    sent = merged(loads)
    calls = [(each.statement, array_of(each.keys)) for each in sent]
    if together:
        answers = await rows.fetch_all(calls, last=not any(load.leads_on for load in loads))
    else:
        answers = [answer for call in calls for answer in await rows.fetch_all([call], last=False)]
    for each, answer in zip(sent, answers, strict=True):
        each.rows = answer
    return [next(each for each in sent if each.has(load)).rows_of(load) for load in loads]


@dataclass
class Merged:
    """Loads of one level that run the same statement, such as aliases of one field: it runs once, with all keys."""

    statement: Statement
    loads: list[Load]
    rows: list[Row] = field(default_factory=list)

    @property
    def keys(self) -> list[Key]:
        """The keys of all loads, each once."""
        if len(self.loads) == 1:
            return self.loads[0].keys
        return list(dict.fromkeys(key for load in self.loads for key in load.keys))

    def has(self, load: Load) -> bool:
        """Return whether this is the statement of a load."""
        return any(each is load for each in self.loads)

    def rows_of(self, load: Load) -> list[Row]:
        """Return the rows of one of the loads."""
        if len(self.loads) == 1 or all(other.keys == load.keys for other in self.loads):
            return self.rows
        keys = set(load.keys)
        return [row for row in self.rows if row[0] in keys]


def merged(loads: list[Load]) -> list[Merged]:
    """Merge the loads that run the same statement."""
    sent: list[Merged] = []
    for load in loads:
        same = next((each for each in sent if each.statement == load.statement), None)
        if same is None:
            sent.append(Merged(load.statement, [load]))
        else:
            same.loads.append(load)
    return sent


def array_of(keys: list[Key]) -> dict[str, object]:
    """Write keys as the text of an array, which is much faster than a list; ids and paths need no quotes."""
    return {KEYS: f"{{{','.join(map(str, keys))}}}"}
