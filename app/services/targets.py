"""Targets: the stored records that inputs name, and the checks that all writes need.

Only for visible records the answer says that the caller may not change them; invisible ones are NOT_FOUND.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple, Protocol

from psycopg.sql import SQL, Identifier

from app.access.caller import Caller
from app.db.arrays import array_of
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, RequestError
from app.services import rows
from app.services.write import Outcome

REPEATED = Message("the record {id} is named twice", "记录 {id} 重复出现")

Errors = tuple[RequestError, ...]


class Versioned(Protocol):
    """A stored record."""

    @property
    def version(self) -> int:
        """Its version."""


class Change(Protocol):
    """An input that names a stored record and the version of it that the caller has read."""

    @property
    def id(self) -> int:
        """The record's id."""

    @property
    def expected_version(self) -> int | None:
        """The version that the caller has read; None when it is not compared."""


class Record(NamedTuple):
    """A stored record that belongs to an organisation; `scope` is the path of the organisation, empty for none."""

    id: int
    version: int
    scope: str


async def records(writing: Writing, table: str, scope: str, ids: Iterable[int]) -> dict[int, Record]:
    """Lock records and read them; invisible ones are left out. `scope` is the SQL of an organisation's path."""
    named = {"ids": array_of(sorted(set(ids)))}
    _, found = await writing.fetch_all([(rows.lock(table), named), (_records(table, scope), named)])
    return {row[0]: Record(*row) for row in found}


@cache
def _records(table: str, scope: str) -> Statement:
    query = "select id, version, coalesce({scope}, '') from {table} where id = any(%(ids)s::bigint[]) order by id"
    return statement_of(SQL(query).format(scope=SQL(scope), table=Identifier(table)))


def check_capability(caller: Caller, capability: str, scopes: Iterable[str]) -> None:
    """Refuse the whole field when the caller may not change something visible: ForbiddenError."""
    if not all(caller.may(capability, scope) for scope in set(scopes)):
        raise ForbiddenError(capability)


def target_errors(changes: Sequence[Change], stored: Mapping[int, Versioned]) -> list[Errors]:
    """Return the errors of each change: NOT_FOUND, CONFLICT, or INVALID_INPUT for a record that is named twice."""
    times = Counter(change.id for change in changes)
    return [_target_errors(change, stored.get(change.id), times[change.id]) for change in changes]


def missing(id_: int | None, stored: Mapping[int, object], field: str) -> Errors:
    """Return the error of an input whose `field` names a record that does not exist, or that the caller cannot see."""
    return (NotFoundError(id_, path=(field,)),) if id_ is not None and id_ not in stored else ()


def outcomes(errors: Sequence[Errors], ids: Sequence[int | None] = ()) -> list[Outcome]:
    """Return the outcome of each input: its errors, or the id of the record."""
    return [Outcome(id_, each) for id_, each in zip(ids or [None] * len(errors), errors, strict=True)]


def _target_errors(change: Change, record: Versioned | None, times: int) -> Errors:
    if record is None:
        return (NotFoundError(change.id, path=("id",)),)
    if times > 1:
        return (InvalidInputError(REPEATED, path=("id",), id=change.id),)
    if change.expected_version not in (None, record.version):
        return (ConflictError(record.version, path=("expected_version",)),)
    return ()
