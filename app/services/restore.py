"""Restore: a record comes back to its state before a change, as far as the rules allow.

A changed record is changed back by the services of its noun, which check their rules. A deleted record is inserted
again with its id and its code, together with what the same transaction deleted below it and along with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from psycopg.sql import SQL, Identifier
from sqlalchemy import Date, Enum, Numeric
from sqlalchemy.dialects.postgresql import TIMESTAMP

from app.access.caller import Caller
from app.access.capabilities import EVERYWHERE, SUPER
from app.access.change_policies import CHANGES
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, RetryError
from app.models.change import Operation
from app.services import nodes, rows, tree_writes
from app.services.calls import call
from app.services.granting import Orgs, lock_orgs
from app.services.nodes import Beside, Kind
from app.services.restorable import REINSERT, Deleted, Restorable, deleted_with
from app.services.targets import Errors, check_capability, outcomes
from app.services.write import Outcome

CHANGE_ID, VERSION = ("change_id",), ("expected_version",)

NEW = Message("the record did not exist before this change; delete it instead", "该记录在此变更之前不存在，请改为删除")
FOLLOWS = Message(
    "this change follows from a change of a record above; restore that one",
    "此变更由上级记录的变更引起，请恢复上级记录",
)
NO_CHANGE = Message("a change of this kind of record cannot be undone", "此类记录的修改无法恢复")
EXISTS = Message("the record exists; it was restored before", "记录已存在，无需恢复")
REPLACED = Message("another record is there instead; delete it first", "已有其他记录代替，请先将其删除")
NO_PARENT = Message(
    "the record above, {id}, no longer exists or is not visible; restore it first", "上级记录 {id} 不存在，请先恢复上级"
)


class Past(NamedTuple):
    """The change as it is recorded."""

    id: int
    operation: str
    entity_id: int
    before: Mapping[str, Any] | None


async def restore(restorable: Restorable, writing: Writing, caller: Caller, inputs: Sequence[Any]) -> list[Outcome]:
    """Put records back, one after the other; a mutation takes one.

    ForbiddenError without the capability for all that comes back. UserErrors: NOT_FOUND for the change, CONFLICT,
    INVALID_INPUT, and those of the services that change a record back.
    """
    writing.excludes = True  # several services may follow, and the first one may only share its lock
    return [await _restore(restorable, writing, caller, input_) for input_ in inputs]


async def _restore(restorable: Restorable, writing: Writing, caller: Caller, input_: Any) -> Outcome:
    asked = {"id": input_.change_id, "entity": restorable.table}
    (found,) = await writing.fetch_all([(CHANGE, asked)])
    if not found:
        return _refused(NotFoundError(input_.change_id, path=CHANGE_ID))
    past = Past(*found[0])
    if past.operation in REFUSALS:
        return _refused(InvalidInputError(REFUSALS[past.operation], path=CHANGE_ID))
    (stored,) = await writing.fetch_all([(_read(restorable.table, _columns(restorable)), {"id": past.entity_id})])
    if past.operation == Operation.DELETE:
        return (
            _refused(ConflictError(detail=EXISTS, path=CHANGE_ID))
            if stored
            else await _insert(restorable, writing, caller, past)
        )
    if not stored:
        return _refused(NotFoundError(past.entity_id, path=CHANGE_ID))
    current = dict(zip(_columns(restorable), stored[0], strict=True))
    if input_.expected_version not in {None, current["version"]}:
        return _refused(ConflictError(current["version"], path=VERSION))
    return await _change_back(restorable, writing, caller, past, current)


REFUSALS: Mapping[str, Message] = {Operation.INSERT: NEW, Operation.PLACE: FOLLOWS}
"""The operations that are not undone."""


async def _change_back(
    restorable: Restorable, writing: Writing, caller: Caller, past: Past, current: Mapping[str, Any]
) -> Outcome:
    """Run the services whose fields differ from the state before the change.

    They take their locks in the usual order. RetryError when the record has changed before the first one has its lock.
    """
    before, expected = past.before or {}, current["version"]
    if not restorable.changes:
        return _refused(InvalidInputError(NO_CHANGE, path=CHANGE_ID))
    for service, shape, of_type in restorable.changes:
        wanted = {name: _value(restorable, name, before.get(name)) for name in _columns_of(restorable, shape)}
        differs = any(rows.stored(value) != current[name] for name, value in wanted.items())
        if differs and of_type in {None, before.get("type")}:
            (outcome,) = await service(writing, caller, [shape(**wanted, expected_version=expected)])
            if any(error.path == VERSION for error in outcome.errors):
                raise RetryError
            if outcome.errors:
                return _refused(*outcome.errors)
            expected = None
    return outcomes([()], [past.entity_id])[0]


async def _insert(restorable: Restorable, writing: Writing, caller: Caller, past: Past) -> Outcome:
    """Insert a deleted record again, with what was deleted below it and along with it."""
    before, kind = past.before or {}, restorable.kind
    parent_id, parent = await _parent(restorable, writing, before)
    if parent is None and parent_id is not None:
        return _refused(InvalidInputError(NO_PARENT, path=CHANGE_ID, id=parent_id))
    group = {"id": past.id, "along": [*restorable.along], "along_by": restorable.along_by}
    (found,) = await writing.fetch_all([(deleted_with(restorable), group)])
    deleted = {row[0]: Deleted(*row) for row in found}
    own = deleted[restorable.table]
    orgs = await lock_orgs(writing, own.org_ids)
    gone = [id_ for id_ in own.org_ids if id_ is not None and id_ not in orgs]
    if gone:
        return _refused(InvalidInputError(NO_PARENT, path=CHANGE_ID, id=gone[0]))
    if not restorable.by_policy:
        check_capability(caller, restorable.capability, _scopes(parent, own, orgs))
    if own.is_reserved and not caller.is_super:
        raise ForbiddenError(SUPER)
    if own.is_replaced:
        return _refused(ConflictError(detail=REPLACED, path=CHANGE_ID))
    errors = () if kind is None else (*_tenant_errors(parent, orgs), *nodes.level_errors(parent, own.height))
    if errors:
        return _refused(*errors)
    order = [restorable.table, *reversed(restorable.along)]
    await writing.fetch_all([(REINSERT, {"id": past.id, "tables": order, "along_by": restorable.along_by})])
    if kind is not None:
        await _follow(writing, kind, past, parent)
    if restorable.table in CHANGES:
        await _check_policy(restorable, writing, past.entity_id)
    return Outcome(past.entity_id)


async def _check_policy(restorable: Restorable, writing: Writing, id_: int) -> None:
    """Compare a record that came back with the policy for new records: ForbiddenError."""
    (allowed,) = await writing.fetch_all([(_allowed(restorable.table), {"id": id_})])
    if not allowed:
        raise ForbiddenError(restorable.capability)


async def _parent(
    restorable: Restorable, writing: Writing, before: Mapping[str, Any]
) -> tuple[int | None, nodes.Node | None]:
    """Lock the tenants that a deleted record comes back to, and read the record above it as it is now."""
    if restorable.above is None:
        return None, None
    column, kind = restorable.above
    beside = Beside([before[column]], [before.get("org_id")])
    named = await nodes.targets(writing, kind, [], beside, exclusive=True)
    return before[column], named.get(before[column])


def _tenant_errors(parent: nodes.Node | None, orgs: Orgs) -> Errors:
    """Refuse communities of another tenant than that of the space above, which has changed its owner."""
    tenant = "" if parent is None else parent.tenant
    is_other = tenant and any(org.path.split("/", 1)[0] != tenant for org in orgs.values())
    return (InvalidInputError(nodes.OTHER_TENANT, path=CHANGE_ID),) if is_other else ()


def _scopes(parent: nodes.Node | None, own: Deleted, orgs: Orgs) -> list[str]:
    """Return the paths at which the capability is needed: of the record above, and of the organisations as owners.

    What has neither needs it everywhere.
    """
    owners = ["" if id_ is None else orgs[id_].path for id_ in own.org_ids]
    return [*owners, *([] if parent is None else [parent.scope])] or [EVERYWHERE]


async def _follow(writing: Writing, kind: Kind, past: Past, parent: nodes.Node | None) -> None:
    """Renew what is derived from the records above. Below one that was moved in the meantime, the codes are new."""
    before = past.before or {}
    steps: list[tree_writes.Step] = [(call(f"derive_{kind.table}", id="bigint"), {"id": past.entity_id})]
    if parent is not None and before["path"] != f"{parent.path}{past.entity_id}/":
        placed = {"id": [past.entity_id], "parent_id": [parent.id]}
        below = {"ids": [past.entity_id], "codes": [before["code"]]}
        steps += [(tree_writes.move(kind.table), placed), (tree_writes.follow(kind.table), below)]
    await writing.fetch_all(steps)


def _refused(*errors: Any) -> Outcome:
    """Return the outcome of an input that is refused; errors of other inputs name the change."""
    for error in errors:
        if error.path not in {CHANGE_ID, VERSION}:
            error.path = CHANGE_ID
    return outcomes([tuple(errors)])[0]


def _columns(restorable: Restorable) -> tuple[str, ...]:
    """Return the version, and the columns that the services set."""
    return ("version", *sorted({name for each in restorable.changes for name in _columns_of(restorable, each.shape)}))


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
    SQL("select id, operation, entity_id, before from change where id = %(id)s::bigint and entity = %(entity)s::text")
)


@cache
def _read(table: str, columns: tuple[str, ...]) -> Statement:
    query = "select {} from {} where id = %(id)s::bigint"
    return statement_of(SQL(query).format(rows.identifiers(columns), Identifier(table)))


@cache
def _allowed(table: str) -> Statement:
    query = SQL("select id from {table} where id = %(id)s::bigint and ({policy})")
    return statement_of(query.format(table=Identifier(table), policy=SQL(CHANGES[table].using)))
