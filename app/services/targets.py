"""Targets: the stored records that updates and deletes name, and the checks that all of them need."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from psycopg.sql import SQL, Identifier

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, RequestError

REPEATED = Message("the record {id} is named twice", "记录 {id} 重复出现")


class Target(NamedTuple):
    """The columns of a stored node that the checks compare."""

    id: int
    version: int
    path: str
    name: str


class Change(Protocol):
    """An input that names a stored record and the version of it that the caller has read."""

    @property
    def id(self) -> int:
        """The record's id."""

    @property
    def expected_version(self) -> int:
        """The version that the caller has read."""


async def nodes(writing: Writing, tree: str, changes: Sequence[Change]) -> dict[int, Target]:
    """Read the nodes of a tree that some changes name, by id; invisible ones are left out."""
    query = SQL("select id, version, path, name from {} where id = any(%(ids)s)").format(Identifier(tree))
    rows = await writing.run(query, {"ids": [change.id for change in changes]})
    return {row[0]: Target(*row) for row in rows}


def check_targets(
    changes: Sequence[Change], targets: Mapping[int, Target], caller: Caller, capability: str
) -> list[tuple[RequestError, ...]]:
    """Return the errors of each change: NOT_FOUND, CONFLICT, or INVALID_INPUT for a record that is named twice.

    ForbiddenError when the caller lacks the capability in the organisation of a visible record.
    """
    for target in targets.values():
        if not caller.may(capability, target.path):
            raise ForbiddenError(capability)
    times = Counter(change.id for change in changes)
    return [_errors(change, targets.get(change.id), times[change.id]) for change in changes]


def _errors(change: Change, target: Target | None, times: int) -> tuple[RequestError, ...]:
    if target is None:
        return (NotFoundError(change.id, path=("id",)),)
    if times > 1:
        return (InvalidInputError(REPEATED, path=("id",), id=change.id),)
    if change.expected_version != target.version:
        return (ConflictError(target.version, path=("expectedVersion",)),)
    return ()
