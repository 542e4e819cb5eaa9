"""Uses: what keeps a record from being deleted, in a table of reasons for each kind of record."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from psycopg.sql import SQL, Identifier, Literal

from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InUseError
from app.services.targets import Errors


class Use(NamedTuple):
    """A reason not to delete a record: other records whose `column` names it, with a condition on them if need be."""

    message: Message
    table: str
    column: str
    condition: str = "true"


Uses = tuple[Use, ...]


async def use_errors(writing: Writing, table: str, uses: Uses, ids: Sequence[int]) -> list[Errors]:
    """Return the first reason not to delete each record.

    The owner of the tables looks for them, because a use counts whether the caller sees it or not.
    """
    (rows,) = await writing.fetch_all_as_owner([(_first_use(table, uses), {"ids": [*ids]})])
    reasons = {row[0]: row[1] for row in rows if row[1] is not None}
    return [(InUseError(uses[reasons[id_]].message, path=("id",), id=id_),) if id_ in reasons else () for id_ in ids]


@cache
def _first_use(table: str, uses: Uses) -> Statement:
    cases = SQL(" ").join(
        SQL("when exists (select from {} use where use.{} = node.id and {}) then {}").format(
            Identifier(use.table), Identifier(use.column), SQL(use.condition), Literal(number)
        )
        for number, use in enumerate(uses)
    )
    query = SQL("select id, case {cases} end from {table} node where id = any(%(ids)s::bigint[])")
    return statement_of(query.format(cases=cases, table=Identifier(table)))
