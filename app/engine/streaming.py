"""Streaming: the rows of an operation's list, read in parts from a cursor of the database, in one transaction.

A cursor runs its statement once for all parts. Pages by keyset would run it again for each part, and would read the
whole list again where no index has its order and its filter.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from app.db.exchange import Row
from app.db.rendering import Statement, render
from app.db.transaction import Snapshot
from app.engine.listing import Listing, StandIn, page_step, path_to
from app.engine.pages import PageStep
from app.engine.plan import Dicts, Inputs, Level, Plan, Selection
from app.engine.running import array_of, complete, run
from app.errors import LimitExceededError, NotFoundError
from app.loaders.arguments import Arguments
from app.loaders.budget import BUDGET_ERRORS, Budget, CountedRows
from app.loaders.compared import Compared
from app.loaders.disclosures import Disclosures
from app.loaders.links import Key
from app.loaders.page import Slice
from app.loaders.window import Window

MOST_OF_A_PART = 1_000
"""Rows of a part."""

PLANNED_WHOLE = Statement("set local cursor_tuple_fraction = 1", (), {}, may_prepare=False)
"""All rows will be read, so the plan need not be quick for the first ones."""


class Part(NamedTuple):
    """Some rows of a list, and the personal data in them."""

    rows: Dicts
    disclosures: Disclosures
    loaded: int
    """The number of rows that were loaded for them, those of edges included."""


@dataclass(frozen=True)
class Listed:
    """A list to be read: the plan of its operation, and the values of a request.

    `most` is the largest number of rows that the list may have, `budget` what one part may load.
    """

    listing: Listing
    plan: Plan
    inputs: Inputs
    sees_personal: bool
    most: int
    budget: Budget

    @property
    def step(self) -> PageStep:
        """The step that loads the rows."""
        return page_step(self.plan)

    @property
    def selection(self) -> Selection:
        """What is selected on the rows."""
        return self.step.connection.selections[0]

    @property
    def compared(self) -> list[Compared]:
        """The recorded personal data that the filter of the list compares."""
        return self.step.compared(self.step.arguments(self.inputs.variables))

    @property
    def size_of_part(self) -> int:
        """The number of rows of a part, for which all edges below are within the budget."""
        return max(1, min(MOST_OF_A_PART, self.budget.rows // (1 + edges_of(self.selection))))


def edges_of(selection: Selection) -> int:
    """Count the edges on all levels below a selection."""
    return sum(1 + sum(map(edges_of, step.selections.values())) for step in selection.steps)


async def parts_of(listed: Listed, transaction: Snapshot) -> AsyncIterator[Part]:
    """Read a list part by part; there is at least one part, which is empty when the list is.

    NotFoundError when a record of the path to the list is not visible, LimitExceededError before the first part when
    the list is too long.
    """
    keys = await parent_key(listed, transaction)
    arguments = listed.step.arguments(listed.inputs.variables)
    window = window_of(listed, arguments)
    await declare(listed, window, keys, transaction)
    size = listed.size_of_part
    rows = await next_rows(transaction, size)
    if is_open(arguments) and len(rows) >= min(size, listed.most + 1):
        await check_length(listed, window, keys, transaction)
    if window.reverse:  # `last`, which is never more than a page
        rows = [*rows, *(await next_rows(transaction, listed.most))][::-1]
    yield await completed(listed, rows, transaction)
    while len(rows) == size and not window.reverse:
        rows = await next_rows(transaction, size)
        if rows:
            yield await completed(listed, rows, transaction)


async def parent_key(listed: Listed, transaction: Snapshot) -> list[Key]:
    """Return the key of the record that has the list: 0 at the root."""
    path = listed.listing.path
    if len(path) == 1:
        return [0]
    stand_in, rows = StandIn(listed.step), CountedRows(transaction, listed.budget)
    data: Any = await run(path_to(listed.plan, stand_in), listed.inputs, rows, Disclosures(), together=True)
    for key in path[:-1]:
        data = data[key]
        if data is None:
            raise NotFoundError(key)
    return stand_in.keys_seen


def is_open(arguments: Arguments) -> bool:
    """Return whether a connection is asked for all its rows: without `first` and `last`."""
    return arguments.get("first") is None and arguments.get("last") is None


def window_of(listed: Listed, arguments: Arguments) -> Window:
    """Return which rows are wanted, and in what order."""
    read = listed.step.read
    part: Slice = read.slice(arguments)
    limit = listed.most + 1 if is_open(arguments) else part.size
    whole = read.matching(arguments, sees_personal=listed.sees_personal)
    return replace(part.window(whole), limit=limit)


async def declare(listed: Listed, window: Window, keys: list[Key], transaction: Snapshot) -> None:
    """Declare the cursor."""
    columns = tuple(listed.step.connection.columns.names)
    select = render(listed.step.read.edge.rows(columns, window))
    sql = f"declare listing no scroll cursor for {select.sql}"
    cursor = replace(select, sql=sql, may_prepare=False, is_planned_once=False)  # a cursor keeps no plan
    await transaction.fetch_all([(PLANNED_WHOLE, {}), (cursor, array_of(keys))])


async def check_length(listed: Listed, window: Window, keys: list[Key], transaction: Snapshot) -> None:
    """Refuse a list that is too long: LimitExceededError."""
    statement = render(listed.step.read.edge.counts(replace(window, limit=None, offset=0), exactly=True))
    (counts,) = await transaction.fetch_all([(statement, array_of(keys))])
    found = sum(count for _, count in counts) - window.offset
    if found > listed.most:
        code = "EXPORT_TOO_LARGE"
        raise LimitExceededError(code, found, listed.most)


async def next_rows(transaction: Snapshot, number: int) -> list[Row]:
    """Fetch the next rows of the cursor."""
    (rows,) = await transaction.fetch_all([(Statement(f"fetch forward {number} from listing", (), {}), {})])
    return rows


async def completed(listed: Listed, rows: list[Row], transaction: Snapshot) -> Part:
    """Load the records below some rows, and build the dicts of all.

    Where lists below the rows exceed the budget, the two halves of the rows are completed one after the other.
    """
    try:
        return await completed_at_once(listed, rows, transaction)
    except BUDGET_ERRORS:
        if len(rows) == 1:
            raise
    half = len(rows) // 2
    first = await completed(listed, rows[:half], transaction)
    second = await completed(listed, rows[half:], transaction)
    first.disclosures.update(second.disclosures)
    return Part([*first.rows, *second.rows], first.disclosures, first.loaded + second.loaded)


async def completed_at_once(listed: Listed, rows: list[Row], transaction: Snapshot) -> Part:
    """Load the records below some rows; one of BUDGET_ERRORS when they exceed the budget."""
    counted = CountedRows(transaction, listed.budget)
    level, disclosures, selection = Level(rows), Disclosures(), listed.selection
    loads = selection.loads(level, listed.inputs) if rows else []
    finish = partial(selection.finish, level, listed.inputs)
    await complete(loads, [finish], counted, disclosures, together=False)
    for disclosure in [*selection.disclosures(level), *listed.step.found(listed.compared, rows)]:
        disclosures.add(*disclosure)
    return Part(level.dicts, disclosures, len(rows) + counted.loaded)
