"""Work order steps: how work orders go on from the report to the end, and the record of each step (document 000, 5.4).

STEPS says which status leads to which. A step is taken by staff who hold the capability where the house is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from psycopg.sql import SQL, Identifier

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.models import WorkOrder
from app.models.work_order import SettlementParty, WorkOrderStatus
from app.services import nodes, rows
from app.services.calls import call
from app.services.granting import read_staff
from app.services.stamp import CHANGED
from app.services.targets import Errors, check_capability, outcomes, target_errors
from app.services.work_order_inputs import (
    AssignWorkOrder,
    CancelWorkOrder,
    CompleteWorkOrder,
    ReceiveWorkOrder,
    StartRepair,
)
from app.services.write import Outcome

CAPABILITY = "work_order.write"

NEW, ASSIGNED, RECEIVED = WorkOrderStatus.NEW, WorkOrderStatus.ASSIGNED, WorkOrderStatus.RECEIVED
IN_REPAIR, DONE, CANCELLED = WorkOrderStatus.IN_REPAIR, WorkOrderStatus.DONE, WorkOrderStatus.CANCELLED

NOT_NOW = Message(
    "the work order is {status}; {step} follows {allowed} only",
    "服务单状态为 {status}，只有 {allowed} 之后才能变为 {step}",
)
OF_ANOTHER = Message(
    "the work order is assigned to member of staff {id}: assign it to yourself first", "服务单已派给员工 {id}，请先改派"
)
ONLY_STAFF = Message("only a member of staff takes work orders", "只有员工可以接单")
UNNAMED = Message("name the work order by id or by number", "请填写服务单的 id 或 number")
NO_PARTY = Message("an amount needs a settlementParty", "填写结算金额时必须填写结算方")
NEGATIVE = Message("an amount is not negative", "结算金额不能为负数")


NO_ROLE = Message(
    "member of staff {id} holds no role in the organisation of the house, or is disabled",
    "员工 {id} 在该房间所属组织中没有角色，或已停用",
)

Staff = Mapping[int, Sequence[str]]
"""The members of staff whom inputs name and the caller sees, with the paths of the organisations that they work for."""


class Order(NamedTuple):
    """A stored work order; `scope` is the path of the organisation that owns the house."""

    id: int
    version: int
    scope: str
    number: str
    status: WorkOrderStatus
    assignee_id: int | None


class Taken(NamedTuple):
    """A step that was taken."""

    id: int
    from_status: WorkOrderStatus | None
    to_status: WorkOrderStatus
    assignee_id: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class Step:
    """A step of work orders: the statuses that it follows, the one that it leads to, and the column of its time."""

    follows: frozenset[WorkOrderStatus]
    leads_to: WorkOrderStatus
    time: str


STEPS: Mapping[type, Step] = {
    AssignWorkOrder: Step(frozenset({NEW, ASSIGNED}), ASSIGNED, "assigned_at"),
    ReceiveWorkOrder: Step(frozenset({NEW, ASSIGNED}), RECEIVED, "received_at"),
    StartRepair: Step(frozenset({RECEIVED}), IN_REPAIR, "repair_started_at"),
    CompleteWorkOrder: Step(frozenset({IN_REPAIR}), DONE, "completed_at"),
    CancelWorkOrder: Step(frozenset({NEW, ASSIGNED, RECEIVED}), CANCELLED, "cancelled_at"),
}
"""Every step that a work order may take, by the input of its mutation. No other edge leads from status to status."""


@dataclass(frozen=True)
class Change:
    """A work order as a step leaves it; what is None stays as it is."""

    id: int
    assignee_id: int | None = None
    receiver_id: int | None = None
    settlement_party: SettlementParty | None = None
    settlement_amount: Decimal | None = None


SET = ("assignee_id", "receiver_id", "settlement_party", "settlement_amount")

FIND = statement_of(
    SQL(
        "select id from work_order where id = any(%(ids)s::bigint[]) or number = any(%(numbers)s::text[])"
        " order by id for no key update"
    )
)
READ = statement_of(
    SQL(
        "select id, version, coalesce(space_org_path, ''), number, status, assignee_id from work_order"
        " where id = any(%(ids)s::bigint[]) or number = any(%(numbers)s::text[])"
    )
)
ROLE_PATHS = call("paths_of_staff", ids="bigint[]")
DELETE_STEPS = call("delete_work_order_steps", ids="bigint[]")
LOG = call(
    "log_work_order_steps",
    id="bigint[]",
    from_status="text[]",
    to_status="text[]",
    assignee_id="bigint[]",
    note="text[]",
    admin_id="bigint",
    customer_id="bigint",
)


async def take_steps(writing: Writing, caller: Caller, inputs: Sequence[Any]) -> list[Outcome]:
    """Take a step with each work order; the inputs are of one type of STEPS.

    UserErrors: NOT_FOUND, INVALID_INPUT, CONFLICT for a status that the step does not follow, and for a work order that
    is assigned to another member of staff than the receiver.
    """
    found = await read_orders(writing, caller, *_named(inputs))
    stored, by_number = {order.id: order for order in found}, {order.number: order.id for order in found}
    wanted = [each if each.id else replace(each, id=by_number.get(each.number or "")) for each in inputs]
    staff = await _staff(writing, inputs)
    refused = target_errors(wanted, stored)
    errors = [
        _name_errors(input_, by_number) or wrong or _step_errors(caller, each, stored[each.id], staff)
        for input_, each, wrong in zip(inputs, wanted, refused, strict=True)
    ]
    if not any(errors):
        await _write(writing, caller, wanted, stored)
    return outcomes(errors, [each.id for each in wanted])


async def read_orders(writing: Writing, caller: Caller, ids: Iterable[int], numbers: Iterable[str]) -> list[Order]:
    """Lock and read visible work orders: ForbiddenError without the capability for one of them."""
    named = {"ids": [*ids], "numbers": [*numbers]}
    _, found = await writing.fetch_all([(FIND, named), (READ, named)])
    orders = [
        Order(id_, version, scope, number, WorkOrderStatus[status], assignee_id)
        for id_, version, scope, number, status, assignee_id in found
    ]
    check_capability(caller, CAPABILITY, (order.scope for order in orders))
    return orders


async def log_steps(writing: Writing, caller: Caller, steps: Sequence[Taken]) -> None:
    """Record who took each step, when, and with which note."""
    values = rows.arrays(steps, Taken._fields)
    who = {"admin_id": caller.admin_id, "customer_id": caller.customer_id}
    await writing.fetch_all([(LOG, {**values, **who})])


async def delete_steps(writing: Writing, ids: Sequence[int]) -> None:
    """Delete the record of work orders that are deleted."""
    await writing.fetch_all([(DELETE_STEPS, {"ids": [*ids]})])


def _named(inputs: Sequence[Any]) -> tuple[list[int], list[str]]:
    return nodes.ids_of(each.id for each in inputs), [each.number for each in inputs if each.number and not each.id]


async def _staff(writing: Writing, inputs: Sequence[Any]) -> Staff:
    """Read the staff whom inputs name, and in which organisations they hold roles, hidden ones included."""
    named = nodes.ids_of(getattr(each, "assignee_id", None) for each in inputs)
    visible = await read_staff(writing, named) if named else {}
    (found,) = await writing.fetch_all([(ROLE_PATHS, {"ids": [*visible]})]) if visible else ([],)
    return {**dict.fromkeys(visible, ()), **dict(found)}


def _name_errors(input_: Any, numbers: Mapping[str, int]) -> Errors:
    """Return the error of an input that names no work order, or one by a number that there is not."""
    if input_.id is not None or input_.number in numbers:
        return ()
    if not input_.number:
        return (InvalidInputError(UNNAMED, path=("id",)),)
    return (NotFoundError(input_.number, path=("number",)),)


def _step_errors(caller: Caller, input_: Any, order: Order, staff: Staff) -> Errors:
    step = STEPS[type(input_)]
    if order.status not in step.follows:
        allowed = ", ".join(sorted(step.follows))
        return (ConflictError(detail=NOT_NOW, path=("id",), status=order.status, step=step.leads_to, allowed=allowed),)
    check = CHECKS.get(type(input_), _no_errors)
    return check(caller, input_, order, staff)


def _no_errors(_caller: Caller, _input: Any, _order: Order, _staff: Staff) -> Errors:
    return ()


def _assignment_errors(_caller: Caller, input_: AssignWorkOrder, order: Order, staff: Staff) -> Errors:
    if input_.assignee_id not in staff:
        return (NotFoundError(input_.assignee_id, path=("assignee_id",)),)
    is_there = any(order.scope.startswith(path) for path in staff[input_.assignee_id])
    return () if is_there else (InvalidInputError(NO_ROLE, path=("assignee_id",), id=input_.assignee_id),)


def _receipt_errors(caller: Caller, _input: ReceiveWorkOrder, order: Order, _staff: Staff) -> Errors:
    if caller.admin_id is None:
        return (InvalidInputError(ONLY_STAFF, path=("id",)),)
    if order.assignee_id not in (None, caller.admin_id):
        return (ConflictError(detail=OF_ANOTHER, path=("id",), id=order.assignee_id),)
    return ()


def _settlement_errors(_caller: Caller, input_: CompleteWorkOrder, _order: Order, _staff: Staff) -> Errors:
    amount = input_.settlement_amount
    if amount is not None and input_.settlement_party is None:
        return (InvalidInputError(NO_PARTY, path=("settlement_party",)),)
    return (InvalidInputError(NEGATIVE, path=("settlement_amount",)),) if amount is not None and amount < 0 else ()


CHECKS: Mapping[type, Callable[[Caller, Any, Order, Staff], Errors]] = {
    AssignWorkOrder: _assignment_errors,
    ReceiveWorkOrder: _receipt_errors,
    CompleteWorkOrder: _settlement_errors,
}
"""What each step needs besides the status."""


async def _write(writing: Writing, caller: Caller, inputs: Sequence[Any], stored: Mapping[int, Order]) -> None:
    step = STEPS[type(inputs[0])]
    changes = [_change(caller, each) for each in inputs]
    values = {"status": step.leads_to.value, **rows.arrays(changes, ("id", *SET))}
    await writing.fetch_all([(_update(step.time), values)])
    taken = [_taken(change, stored[each.id], step, each.note) for each, change in zip(inputs, changes, strict=True)]
    await log_steps(writing, caller, taken)


def _taken(change: Change, order: Order, step: Step, note: str | None) -> Taken:
    return Taken(order.id, order.status, step.leads_to, change.assignee_id or order.assignee_id, note)


def _change(caller: Caller, input_: Any) -> Change:
    receiver = caller.admin_id if isinstance(input_, ReceiveWorkOrder) else None
    given = {name: getattr(input_, name, None) for name in SET}
    return Change(**{**given, "id": input_.id, "receiver_id": receiver})


@cache
def _update(time: str) -> Statement:
    pairs = SQL(", ").join(SQL("{0} = coalesce(input.{0}, node.{0})").format(Identifier(name)) for name in SET)
    return statement_of(
        SQL(
            "update work_order node set status = %(status)s, {time} = now(), {pairs}, {changed} from {rows}"
            " where node.id = input.id"
        ).format(time=Identifier(time), pairs=pairs, changed=CHANGED, rows=rows.input_rows(WorkOrder, ("id", *SET)))
    )
