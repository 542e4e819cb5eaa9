"""Uses: what keeps a record from being deleted, in a table of reasons for each kind of record."""

from collections.abc import Sequence
from typing import NamedTuple

from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InUseError
from app.services.calls import call
from app.services.targets import Errors


class Use(NamedTuple):
    """A reason not to delete a record: other records whose `column` names it, in a certain state if need be."""

    message: Message
    table: str
    column: str
    state: str = ""
    """Which of these records count: `valid` property relations, `open` claims, work orders `to do`; empty for all."""


Uses = tuple[Use, ...]


USES = call("uses_of", ids="bigint[]", tables="text[]", columns="text[]", states="text[]")


async def use_errors(writing: Writing, uses: Uses, ids: Sequence[int]) -> list[Errors]:
    """Return the first reason not to delete each record. A use counts whether the caller sees it or not."""
    values = {
        "ids": [*ids],
        "tables": [use.table for use in uses],
        "columns": [use.column for use in uses],
        "states": [use.state for use in uses],
    }
    (rows,) = await writing.fetch_all([(USES, values)])
    reasons: dict[int, int] = dict(reversed(rows))  # the rows come in the order of the reasons
    return [(InUseError(uses[reasons[id_]].message, path=("id",), id=id_),) if id_ in reasons else () for id_ in ids]
