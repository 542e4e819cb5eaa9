"""Running: a plan runs level by level in one transaction, within a budget of rows."""

import asyncio
from collections.abc import Awaitable, Callable
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

    `together` sends the statements of a level in one round trip; otherwise each waits for the previous one.
    """
    root = plan.start(inputs)
    await complete(plan.root.loads(root, inputs), [], rows, disclosures, together=together)
    return root.dicts[0]


async def complete(
    loads: list[Load],
    finish: list[Callable[[], None]],
    rows: CountedRows,
    disclosures: Disclosures,
    *,
    together: bool,
) -> None:
    """Run loads and those that they lead to, level by level; `finish` builds the dicts that the first ones fill."""
    while loads:
        loads = [*loads, *(ahead for load in loads for ahead in load.ahead)]
        for entity, column in (each for load in loads for each in load.compared):
            disclosures.compare(entity, [column])
        fetching: Awaitable[list[list[Row]]] = fetch(rows, loads, together=together)
        if rows.loaded >= MANY_ROWS:
            fetching = asyncio.ensure_future(fetching)
            await asyncio.sleep(0)  # lets the task send its statements
        for work in finish:
            work()
        followups = [load.deliver(answer) for load, answer in zip(loads, await fetching, strict=True)]
        loads = [load for each in followups for load in each.loads]
        finish = [each.finish for each in followups]
        rows.add_values(sum(each.values for each in followups))
        for disclosure in (disclosure for each in followups for disclosure in each.disclosures):
            disclosures.add(*disclosure)
    for work in finish:
        work()


async def fetch(rows: CountedRows, loads: list[Load], *, together: bool) -> list[list[Row]]:
    """Run the statements of a level and return the rows of each load.

    Loads that run the same statement, such as aliases of one field, share it: it runs once, with the keys of all.
    """
    sharing: dict[Statement, list[Load]] = {}
    for load in loads:
        sharing.setdefault(load.statement, []).append(load)
    calls = [(statement, array_of(keys_of(same))) for statement, same in sharing.items()]
    widths = [sum(load.width for load in same) for same in sharing.values()]
    if together:
        answers = await rows.fetch_all(calls, widths, last=not any(load.loads_more for load in loads))
    else:
        each = zip(calls, widths, strict=True)
        answers = [answer for call, width in each for answer in await rows.fetch_all([call], [width], last=False)]
    shared = zip(sharing.values(), answers, strict=True)
    own = {id(load): rows_of(load, same, answer) for same, answer in shared for load in same}
    return [own[id(load)] for load in loads]


def keys_of(loads: list[Load]) -> list[Key]:
    """Return the keys of loads that share a statement, each once."""
    if len(loads) == 1:
        return loads[0].keys
    return list(dict.fromkeys(key for load in loads for key in load.keys))


def rows_of(load: Load, sharing: list[Load], rows: list[Row]) -> list[Row]:
    """Return the rows of one of the loads that share a statement."""
    if len(sharing) == 1 or all(other.keys == load.keys for other in sharing):
        return rows
    keys = set(load.keys)
    return [row for row in rows if row[0] in keys]


def array_of(keys: list[Key]) -> dict[str, object]:
    """Write keys as the text of an SQL array: psycopg encodes a list much slower. Ids and paths need no quotes."""
    return {KEYS: f"{{{','.join(map(str, keys))}}}"}
