"""Restore: a record comes back to its state before a change, as far as the rules allow.

A changed record is changed back by the services of its noun, which check their rules. A deleted record is inserted
again with its id and its code, together with what the same transaction deleted below it and along with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from psycopg.sql import SQL, Identifier
from sqlalchemy import Date, Enum, Numeric
from sqlalchemy.dialects.postgresql import TIMESTAMP

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.models import Org
from app.models.change import Operation
from app.models.tree import FIRST_SEGMENT
from app.services import nodes, rows, tree_writes
from app.services.nodes import Beside, Kind
from app.services.restorable import Deleted, Restorable, deleted_with, insert_into
from app.services.targets import Errors, check_capability, outcomes, records
from app.services.tree import derive
from app.services.write import Outcome

CHANGE_ID = ("change_id",)

SUPER = "system.super"

NEW = Message("the record did not exist before this change; delete it instead", "该记录在此变更之前不存在，请改为删除")
FOLLOWS = Message(
    "this change follows from a change of a record above; restore that one",
    "此变更由上级记录的变更引起，请恢复上级记录",
)
EXISTS = Message("the record exists; it was restored before", "记录已存在，无需恢复")
NO_PARENT = Message(
    "the record above, {id}, no longer exists or is not visible; restore it first", "上级记录 {id} 不存在，请先恢复上级"
)


class Past(NamedTuple):
    """The change as it is recorded."""

    operation: str
    entity_id: int
    time: datetime
    transaction_id: int
    before: Mapping[str, Any] | None


async def restore(restorable: Restorable, writing: Writing, caller: Caller, inputs: Sequence[Any]) -> list[Outcome]:
    """Put records back, one after the other; a mutation takes one.

    ForbiddenError without the capability for all that comes back. UserErrors: NOT_FOUND for the change, CONFLICT,
    INVALID_INPUT, and those of the services that change a record back.
    """
    return [await _restore(restorable, writing, caller, input_) for input_ in inputs]


async def _restore(restorable: Restorable, writing: Writing, caller: Caller, input_: Any) -> Outcome:
    asked = {"id": input_.change_id, "entity": restorable.table}
    (found,) = await writing.fetch_all([(CHANGE, asked)])
    if not found:
        return _refused(NotFoundError(input_.change_id, path=CHANGE_ID))
    past = Past(*found[0])
    if past.operation in REFUSALS:
        return _refused(InvalidInputError(REFUSALS[past.operation], path=CHANGE_ID))
    stored = (await records(writing, restorable.table, "null::text", [past.entity_id])).get(past.entity_id)
    if past.operation == Operation.DELETE:
        return (
            _refused(ConflictError(detail=EXISTS, path=CHANGE_ID))
            if stored
            else await _insert(restorable, writing, caller, past)
        )
    if stored is None:
        return _refused(NotFoundError(past.entity_id, path=CHANGE_ID))
    if input_.expected_version not in {None, stored.version}:
        return _refused(ConflictError(stored.version, path=("expected_version",)))
    return await _change_back(restorable, writing, caller, past)


REFUSALS: Mapping[str, Message] = {Operation.INSERT: NEW, Operation.PLACE: FOLLOWS}
"""The operations that are not undone."""


async def _change_back(restorable: Restorable, writing: Writing, caller: Caller, past: Past) -> Outcome:
    """Run the services whose fields differ from the state before the change."""
    before = past.before or {}
    columns = sorted({name for each in restorable.changes for name in _columns_of(restorable, each.shape)})
    (found,) = await writing.fetch_all([(_read(restorable.table, tuple(columns)), {"id": past.entity_id})])
    current = dict(zip(columns, found[0], strict=True))
    for service, shape, of_type in restorable.changes:
        wanted = {name: _value(restorable, name, before.get(name)) for name in _columns_of(restorable, shape)}
        differs = any(rows.stored(value) != current[name] for name, value in wanted.items())
        if differs and of_type in {None, before.get("type")}:
            (outcome,) = await service(writing, caller, [shape(**wanted)])
            if outcome.errors:
                return _refused(*outcome.errors)
    return outcomes([()], [past.entity_id])[0]


async def _insert(restorable: Restorable, writing: Writing, caller: Caller, past: Past) -> Outcome:
    """Insert a deleted record again, with what was deleted below it and along with it."""
    before, kind = past.before or {}, restorable.kind
    errors: Errors = ()
    parent = None
    if kind is not None:
        beside = Beside([before["parent_id"]], [before.get("org_id")])
        parent = (await nodes.targets(writing, kind, [], beside, exclusive=True)).get(before["parent_id"])
        if parent is None and before["parent_id"] is not None:
            return _refused(InvalidInputError(NO_PARENT, path=CHANGE_ID, id=before["parent_id"]))
    group = {
        "id": past.entity_id,
        "time": past.time,
        "transaction": past.transaction_id,
        "path": before.get("path"),
        "along": [*restorable.along],
    }
    (found,) = await writing.fetch_all_as_owner([(deleted_with(restorable), group)])
    deleted = {row[0]: Deleted(*row) for row in found}
    own = deleted[restorable.table]
    check_capability(caller, restorable.capability, _scopes(restorable, deleted.values(), parent))
    if own.is_reserved and not caller.is_super:
        raise ForbiddenError(SUPER)
    if kind is not None:
        errors = nodes.level_errors(parent, own.height)
    if errors:
        return _refused(*errors)
    order = [table for table in (restorable.table, *reversed(restorable.along)) if table in deleted]
    statements = [insert_into(restorable, table, tuple(deleted[table].columns)) for table in order]
    await writing.fetch_all_as_owner([(statement, group) for statement in statements])
    if kind is not None:
        await _follow(writing, kind, past, parent)
    return Outcome(past.entity_id)


def _scopes(restorable: Restorable, deleted: Iterable[Deleted], parent: nodes.Node | None) -> set[str]:
    """Return the paths at which the capability is needed: of the owners, and for an organisation that of its parent."""
    if restorable.model is Org:
        return {"" if parent is None else parent.scope}
    return {scope for each in deleted for scope in each.scopes}


async def _follow(writing: Writing, kind: Kind, past: Past, parent: nodes.Node | None) -> None:
    """Renew the codes and what is derived, where a record above was moved or renamed in the meantime."""
    code = (past.before or {})["code"]
    width = len(str(FIRST_SEGMENT[kind.table]))
    steps: list[tree_writes.Step] = []
    if parent is not None and not code.startswith(parent.code):
        steps.append((tree_writes.follow(kind.table), {"ids": [parent.id], "codes": [code[:-width]]}))
    steps.append((_derive(kind.table), {"id": past.entity_id}))
    await writing.fetch_all_as_owner(steps)


def _refused(*errors: Any) -> Outcome:
    """Return the outcome of an input that is refused; errors of other inputs name the change."""
    for error in errors:
        if error.path not in {CHANGE_ID, ("expected_version",)}:
            error.path = CHANGE_ID
    return outcomes([tuple(errors)])[0]


def _columns_of(restorable: Restorable, shape: type) -> list[str]:
    """Return the columns that an input of a service sets, and those that name the record."""
    columns = restorable.model.__table__.columns.keys()
    return [field.name for field in fields(shape) if field.name in columns]


def _value(restorable: Restorable, name: str, value: Any) -> Any:
    """Read a value of an image as the services take it."""
    type_ = restorable.model.__table__.c[name].type
    if value is None:
        return None
    if isinstance(type_, Enum):
        return type_.enum_class(value) if type_.enum_class else value
    reader = READERS.get(type(type_))
    return value if reader is None else reader(value)


READERS: Mapping[type, Any] = {
    Numeric: lambda value: Decimal(str(value)),
    Date: date.fromisoformat,
    TIMESTAMP: datetime.fromisoformat,
}
"""How values that JSON has no type for are read."""

CHANGE = statement_of(
    SQL(
        "select operation, entity_id, time, transaction_id, before from change"
        " where id = %(id)s::bigint and entity = %(entity)s::text"
    )
)


@cache
def _read(table: str, columns: tuple[str, ...]) -> Statement:
    query = "select {} from {} where id = %(id)s::bigint"
    return statement_of(SQL(query).format(rows.identifiers(columns), Identifier(table)))


@cache
def _derive(tree: str) -> Statement:
    return statement_of(derive(tree, SQL("child.id = %(id)s::bigint")))
