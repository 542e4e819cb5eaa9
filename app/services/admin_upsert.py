"""Admin upsert: staff of another system, by their ids in the former user table and their source (document 003, 7.2)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError
from app.services.admin import create_admins, update_admins
from app.services.admin_inputs import CreateAdmin, UpdateAdmin, UpsertAdmin
from app.services.admin_password import password_errors, store_passwords
from app.services.admin_records import own_password_errors
from app.services.targets import Errors, outcomes
from app.services.write import UNSET, Outcome

REPEATED = Message("the staff of the list have the same source and id {id}", "列表中原用户编号 {id} 重复")
SEVERAL = Message(
    "several members of staff of this source have the id {id} in the former user table",
    "该来源有多名员工的原用户编号为 {id}",
)
FIELD = "fourgrid_id"

Key = tuple[int, str]


async def upsert_admins(writing: Writing, caller: Caller, inputs: Sequence[UpsertAdmin]) -> list[Outcome]:
    """Create the staff that the register does not have, and change the others.

    UserErrors: those of both, and CONFLICT where several visible ones have the id.
    """
    known = await _known(writing, inputs)
    errors = [
        _key_errors(input_, inputs, known) or _own_errors(caller, input_, known) or password_errors(input_.password)
        for input_ in inputs
    ]
    if any(errors):
        return outcomes(errors)
    try:
        async with writing.savepoint():
            return await _write(writing, caller, inputs, known)
    except _RefusedError as refused:
        return refused.outcomes


class _RefusedError(Exception):
    """Some of the staff are refused, and what was written of the others is undone."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


async def _write(
    writing: Writing, caller: Caller, inputs: Sequence[UpsertAdmin], known: Mapping[Key, list[int]]
) -> list[Outcome]:
    """Write all inputs by two services; _RefusedError when one of them refuses some."""
    new = [input_ for input_ in inputs if not known.get(_key(input_))]
    old = [input_ for input_ in inputs if known.get(_key(input_))]
    made = await create_admins(writing, caller, [_new(input_) for input_ in new])
    changed = await update_admins(writing, caller, [_changed(input_, known[_key(input_)][0]) for input_ in old])
    written = dict(zip([*map(_key, new), *map(_key, old)], [*made, *changed], strict=True))
    ordered = [written[_key(input_)] for input_ in inputs]
    if any(outcome.errors for outcome in ordered):
        raise _RefusedError(ordered)
    await _store_passwords(writing, old, written)
    return ordered


async def _known(writing: Writing, inputs: Sequence[UpsertAdmin]) -> Mapping[Key, list[int]]:
    """Return the ids of visible staff by their keys, which no other request writes until the transaction ends."""
    values = {"ids": [input_.fourgrid_id for input_ in inputs], "sources": [input_.source for input_ in inputs]}
    _, found = await writing.fetch_all([(_lock(), values), (_by_key(), values)])
    known: dict[Key, list[int]] = {}
    for id_, fourgrid_id, source in found:
        known.setdefault((fourgrid_id, source), []).append(id_)
    return known


async def _store_passwords(writing: Writing, old: Sequence[UpsertAdmin], written: Mapping[Key, Outcome]) -> None:
    """Set the passwords of known staff; new ones have theirs."""
    given = [(written[_key(input_)].id or 0, input_.password) for input_ in old if input_.password is not None]
    if given:
        await store_passwords(writing, [id_ for id_, _ in given], [password for _, password in given])


def _key(input_: UpsertAdmin) -> Key:
    return input_.fourgrid_id, input_.source


def _key_errors(input_: UpsertAdmin, inputs: Sequence[UpsertAdmin], known: Mapping[Key, list[int]]) -> Errors:
    if Counter(map(_key, inputs))[_key(input_)] > 1:
        return (InvalidInputError(REPEATED, path=(FIELD,), id=input_.fourgrid_id),)
    if len(known.get(_key(input_), ())) > 1:
        return (ConflictError(detail=SEVERAL, path=(FIELD,), id=input_.fourgrid_id),)
    return ()


def _own_errors(caller: Caller, input_: UpsertAdmin, known: Mapping[Key, list[int]]) -> Errors:
    ids = () if input_.password is None else known.get(_key(input_), ())
    return tuple(error for id_ in ids for error in own_password_errors(caller, id_))


def _given(input_: UpsertAdmin, shape: type) -> dict[str, object]:
    """Return what is set of an input and a field of a shape as well."""
    names = {field.name for field in fields(shape)} - {"password"}
    values = {field.name: getattr(input_, field.name) for field in fields(input_) if field.name in names}
    return {name: value for name, value in values.items() if value is not UNSET}


def _new(input_: UpsertAdmin) -> CreateAdmin:
    return CreateAdmin(**_given(input_, CreateAdmin), password=input_.password)  # type: ignore[arg-type]


def _changed(input_: UpsertAdmin, id_: int) -> UpdateAdmin:
    return UpdateAdmin(id_, **_given(input_, UpdateAdmin))  # type: ignore[arg-type]


@cache
def _lock() -> Statement:
    """Let no other request write staff with the keys, whether there are rows of them yet or not."""
    return statement_of(
        SQL(
            "select pg_advisory_xact_lock(hashtextextended(key, 0)) from"
            " (select distinct 'staff ' || id || ' ' || source as key"
            " from unnest(%(ids)s::bigint[], %(sources)s::text[]) as input (id, source) order by 1) named"
        )
    )


@cache
def _by_key() -> Statement:
    return statement_of(
        SQL(
            "select distinct admin.id, admin.fourgrid_id, admin.source from admin"
            " join unnest(%(ids)s::bigint[], %(sources)s::text[]) as input (fourgrid_id, source)"
            " on input.fourgrid_id = admin.fourgrid_id and input.source = admin.source order by admin.id"
        )
    )
