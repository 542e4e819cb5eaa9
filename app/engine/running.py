"""Running: a plan runs level by level in one transaction, within a budget of rows."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from app.db.exchange import Row
from app.db.rendering import Statement
from app.engine.plan import Inputs, Load, Plan
from app.loaders.budget import CountedRows
from app.loaders.disclosures import Disclosures
from app.loaders.links import KEYS, Key

Calls = Sequence[tuple[Statement, Mapping[str, object]]]
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
    sent, positions = distinct(loads)
    calls = [(load.statement, array_of(load.keys)) for load in sent]
    if together:
        found = await rows.fetch_all(calls, last=not any(load.leads_on for load in loads))
    else:
        found = [each for call in calls for each in await rows.fetch_all([call], last=False)]
    return [found[position] for position in positions]


def distinct(loads: list[Load]) -> tuple[list[Load], list[int]]:
    """Keep one of the loads that run the same statement with the same keys: aliases of one field.

    Returns the loads that are kept, and for each of all loads the position of the kept one that has its rows.
    """
    sent: list[Load] = []
    positions = []
    for load in loads:
        alike = (at for at, one in enumerate(sent) if one.statement == load.statement and one.keys == load.keys)
        position = next(alike, len(sent))
        if position == len(sent):
            sent.append(load)
        positions.append(position)
    return sent, positions


def array_of(keys: list[Key]) -> dict[str, object]:
    """Write keys as the text of an array, which is much faster than a list; ids and paths need no quotes."""
    return {KEYS: f"{{{','.join(map(str, keys))}}}"}
