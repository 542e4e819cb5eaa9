"""Running: a plan level by level, over one transaction, within a budget of rows."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

from app.db.exchange import Row
from app.db.rendering import Statement
from app.engine.plan import Inputs, Load, Plan
from app.loaders.disclosures import Disclosures
from app.loaders.links import KEYS, Key

Calls = Sequence[tuple[Statement, Mapping[str, object]]]
MANY_ROWS = 200
"""So many rows loaded make work that is worth doing while the next statements are on their way."""


class Rows(Protocol):
    """Where statements run: a request's transaction, which holds them to the budget. `loaded` counts their rows."""

    loaded: int

    def fetch_all(self, statements: Calls, *, last: bool) -> Awaitable[list[list[Row]]]:
        """Run statements in one round trip and give the rows of each; with the last the transaction ends."""


async def run(plan: Plan, inputs: Inputs, rows: Rows, disclosures: Disclosures, *, together: bool) -> dict[str, Any]:
    """Load all that a plan asks for and give the data; `disclosures` takes note of the personal data in it.

    The statements of a level go out `together`, or each when the one before has answered. Once there is much to do,
    the dicts of a level are made while the next statements are on their way.
    """
    root = plan.start(inputs)
    loads = plan.root.loads(root, inputs)
    finish: list[Callable[[], None]] = []
    while loads:
        loads = [*loads, *(ahead for load in loads for ahead in load.ahead)]
        fetching: Awaitable[list[list[Row]]] = fetch(rows, loads, together=together)
        if rows.loaded >= MANY_ROWS:
            fetching = asyncio.ensure_future(fetching)
            await asyncio.sleep(0)  # lets the statements be sent
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


async def fetch(rows: Rows, loads: list[Load], *, together: bool) -> list[list[Row]]:
    """Run the statements of a level and give the rows of each load."""
    sent, places = distinct(loads)
    calls = [(load.statement, written(load.keys)) for load in sent]
    if together:
        found = await rows.fetch_all(calls, last=not any(load.leads_on for load in loads))
    else:
        found = [each for call in calls for each in await rows.fetch_all([call], last=False)]
    return [found[place] for place in places]


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


def written(keys: list[Key]) -> dict[str, object]:
    """Write keys as the text of an array: ids and paths need no quotes there, and a list is dumped far more slowly."""
    return {KEYS: f"{{{','.join(map(str, keys))}}}"}
