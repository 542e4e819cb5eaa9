"""Verification: the rules of claims on properties and of the decisions on them (document 003, 12.3 and 12.4).

An approval makes the property relation of the customer, or confirms the valid one that is there, in the same
transaction. A rejection leaves the relation as it is: whether the customer still lives there is said by its housing
status.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError, RetryError
from app.models import Verification
from app.models.customer import IdentityType
from app.models.property import PropertyType, Tenure
from app.models.verification import VerificationStatus
from app.services import property_writes, rows
from app.services.property_confirmation import Claim, confirm_relations
from app.services.property_relation import TYPES, Named, Register, new_errors, read_register
from app.services.stamp import CHANGED, WRITER
from app.services.targets import Errors, missing, outcomes, target_errors
from app.services.verification_inputs import AddVerification, ReviewVerification
from app.services.verification_rivals import Approval, Rivals, find_rivals
from app.services.write import Outcome

CAPABILITY = "verification.review"

EDGES: Mapping[VerificationStatus, frozenset[VerificationStatus]] = {
    VerificationStatus.PENDING: frozenset({VerificationStatus.APPROVED, VerificationStatus.REJECTED}),
    VerificationStatus.APPROVED: frozenset({VerificationStatus.REJECTED}),
    VerificationStatus.REJECTED: frozenset({VerificationStatus.APPROVED}),
}
"""The decisions that may follow on each status: the back office may change its mind."""

NO_DECISION = Message("a decision is APPROVED or REJECTED", "审核结果只能是 APPROVED（已认证）或 REJECTED（已拒绝）")
DECIDED = Message("the claim is {status} already", "该认证已是 {status} 状态")
DECIDED_MEANWHILE = Message(
    "another reviewer has just decided: {status}; read the claim again", "其他审核人刚刚完成审核：{status}，请重新读取"
)
NO_CUSTOMER = Message("the claim names no customer: say who the app user is", "该认证未关联客户，请指定 customerId")
OTHER_CUSTOMER = Message("the claim is that of the customer {id}", "该认证属于客户 {id}")

PLACES = statement_of(SQL("select id, space_id, customer_id from verification where id = any(%(ids)s::bigint[])"))
READ = statement_of(
    SQL(
        "select id, version, space_id, customer_id, type, tenure, status, identity,"
        " reviewed_at >= now() and reviewer_id is distinct from %(reviewer_id)s::bigint"
        " from verification where id = any(%(ids)s::bigint[])"
    )
)
"""`now()` is the beginning of the transaction: a later decision was made while this one waited for it."""

ADDED = ("type", "space_id", "customer_id", "property_relation_id", "tenure", "identity_type", "identity", "remark")
REVIEWER = SQL("%(reviewer_id)s::bigint, %(reviewer_account)s::text, %(reviewer_name)s::text")

INSERT = statement_of(
    SQL(
        "insert into verification ({columns}, status, channel, submitted_from, submitted_at, reviewed_at,"
        " app_user_id, app_user_name, app_user_phone, reviewer_id, reviewer_account, reviewer_name,"
        " created_by, updated_by)"
        " select {values}, 'APPROVED', 'BACK_OFFICE', 2, clock_timestamp(), clock_timestamp(),"
        " app.app_user_id, app.app_user_name, app.app_user_phone, {reviewer}, {writer}, {writer} from {rows}"
        " left join lateral (select earlier.app_user_id, earlier.app_user_name, earlier.app_user_phone"
        " from verification earlier where earlier.customer_id = input.customer_id and earlier.app_user_id is not null"
        " order by earlier.id desc limit 1) app on true"
        " order by input.place returning id"
    ).format(
        columns=rows.identifiers(ADDED),
        values=rows.identifiers(ADDED, "input."),
        reviewer=REVIEWER,
        writer=WRITER,
        rows=rows.input_rows(Verification, ADDED),
    )
)
"""The app user of a customer is the one of the customer's last claim."""

DECIDED_COLUMNS = ("id", "customer_id", "property_relation_id", "status", "remark")
UPDATE = statement_of(
    SQL(
        "update verification node set status = input.status, channel = 'BACK_OFFICE', reviewed_at = clock_timestamp(),"
        " (reviewer_id, reviewer_account, reviewer_name) = ({reviewer}), customer_id = input.customer_id,"
        " property_relation_id = input.property_relation_id, remark = coalesce(input.remark, node.remark), {changed}"
        " from {rows} where node.id = input.id"
    ).format(reviewer=REVIEWER, changed=CHANGED, rows=rows.input_rows(Verification, DECIDED_COLUMNS))
)


class Stored(NamedTuple):
    """A stored claim."""

    id: int
    version: int
    space_id: int
    customer_id: int | None
    type: str
    tenure: str
    status: str
    identity: str | None
    was_decided_meanwhile: bool | None


@dataclass(frozen=True)
class Written:
    """A claim as an input leaves it."""

    id: int | None
    space_id: int
    customer_id: int | None
    property_relation_id: int | None
    status: VerificationStatus
    remark: str | None
    type: PropertyType | None = None
    tenure: Tenure | None = None
    identity_type: IdentityType | None = None
    identity: str | None = None


async def add_verifications(writing: Writing, caller: Caller, inputs: Sequence[AddVerification]) -> list[Outcome]:
    """Verify properties for customers (document 003, 12.3): the claims are made and approved at once.

    UserErrors: NOT_FOUND, INVALID_INPUT, CONFIRMATION_NEEDED while the property is verified for another customer.
    """
    customers = [input_.customer_id for input_ in inputs]
    named = Named(spaces=[input_.space_id for input_ in inputs], customers=customers)
    register = await read_register(writing, caller, named, CAPABILITY)
    rivals = await find_rivals(writing, register.spaces, register.customers)
    approvals = [
        Approval(Claim(input_.space_id, input_.customer_id, input_.tenure), input_.identity, input_.move_out_others)
        for input_ in inputs
    ]
    errors = [
        new_errors(input_, register) or rivals.errors_of(approval)
        for input_, approval in zip(inputs, approvals, strict=True)
    ]
    if any(errors):
        return outcomes(errors)
    relations = await _establish(writing, register, rivals)
    made = [_added(input_, relation_id, register) for input_, relation_id in zip(inputs, relations, strict=True)]
    (ids,) = await writing.fetch_all([(INSERT, {**rows.arrays(made, ADDED), **_reviewer(caller)})])
    return outcomes(errors, [row[0] for row in ids])


async def review_verifications(
    writing: Writing, caller: Caller, decisions: Sequence[ReviewVerification]
) -> list[Outcome]:
    """Approve or reject claims (document 003, 12.4).

    UserErrors: NOT_FOUND, INVALID_INPUT, CONFLICT where another reviewer has decided at the same time, or the same;
    CONFIRMATION_NEEDED while the property is verified for another customer.
    """
    ids = [decision.id for decision in decisions]
    (places,) = await writing.fetch_all([(PLACES, {"ids": ids})])
    customers = [*(row[2] for row in places), *(decision.customer_id for decision in decisions)]
    named = Named(spaces=[row[1] for row in places], customers=customers)
    register = await read_register(writing, caller, named, CAPABILITY)
    rivals = await find_rivals(writing, register.spaces, register.customers)
    stored = await _read(writing, ids, caller)
    if any(stored[row[0]].customer_id != row[2] for row in places if row[0] in stored):
        raise RetryError
    refused = target_errors(decisions, stored)
    errors = [
        each or _review_errors(decision, stored[decision.id], register, rivals)
        for each, decision in zip(refused, decisions, strict=True)
    ]
    if any(errors):
        return outcomes(errors)
    relations = iter(await _establish(writing, register, rivals))
    decided = [_decided(decision, stored[decision.id], relations) for decision in decisions]
    await writing.fetch_all([(UPDATE, {**rows.arrays(decided, DECIDED_COLUMNS), **_reviewer(caller)})])
    return outcomes(errors, ids)


async def _establish(writing: Writing, register: Register, rivals: Rivals) -> list[int]:
    """Move the rivals of what is approved out, and return the ids of the relations of the approved claims in order."""
    ended = rivals.relations_to_end()
    if ended:
        await property_writes.move_out(writing, ended)
    claims = [approval.claim for approval in rivals.approved]
    return await confirm_relations(writing, register, claims) if claims else []


async def _read(writing: Writing, ids: Sequence[int], caller: Caller) -> dict[int, Stored]:
    """Lock claims and read them."""
    named = {"ids": sorted(set(ids)), "reviewer_id": caller.admin_id}
    _, found = await writing.fetch_all([(rows.lock("verification"), named), (READ, named)])
    return {row[0]: Stored(*row) for row in found}


def _review_errors(decision: ReviewVerification, stored: Stored, register: Register, rivals: Rivals) -> Errors:
    wrong = (*_edge_errors(decision, stored), *_customer_errors(decision, stored, register))
    if wrong or decision.status != VerificationStatus.APPROVED:
        return wrong
    customer_id = stored.customer_id or decision.customer_id
    if customer_id is None:
        return (InvalidInputError(NO_CUSTOMER, path=("customer_id",)),)
    claim = Claim(stored.space_id, customer_id, Tenure[stored.tenure], PropertyType[stored.type])
    approval = Approval(claim, stored.identity, decision.move_out_others)
    return new_errors(claim, register) or rivals.errors_of(approval)


def _edge_errors(decision: ReviewVerification, stored: Stored) -> Errors:
    if decision.status == VerificationStatus.PENDING:
        return (InvalidInputError(NO_DECISION, path=("status",)),)
    if stored.was_decided_meanwhile:
        return (ConflictError(detail=DECIDED_MEANWHILE, path=("status",), status=stored.status),)
    if decision.status not in EDGES[VerificationStatus[stored.status]]:
        return (ConflictError(detail=DECIDED, path=("status",), status=stored.status),)
    return ()


def _customer_errors(decision: ReviewVerification, stored: Stored, register: Register) -> Errors:
    if decision.customer_id is not None and stored.customer_id not in (None, decision.customer_id):
        return (InvalidInputError(OTHER_CUSTOMER, path=("customer_id",), id=stored.customer_id),)
    return missing(decision.customer_id, register.customers, "customer_id")


def _decided(decision: ReviewVerification, stored: Stored, relations: Iterator[int]) -> Written:
    """Return a claim as a decision leaves it; an approved one takes the next of the relations."""
    is_approved = decision.status == VerificationStatus.APPROVED
    return Written(
        id=stored.id,
        space_id=stored.space_id,
        customer_id=stored.customer_id or decision.customer_id,
        property_relation_id=next(relations) if is_approved else None,
        status=decision.status,
        remark=decision.remark,
    )


def _added(input_: AddVerification, relation_id: int, register: Register) -> Written:
    return Written(
        id=None,
        space_id=input_.space_id,
        customer_id=input_.customer_id,
        property_relation_id=relation_id,
        status=VerificationStatus.APPROVED,
        remark=input_.remark,
        type=TYPES[register.spaces[input_.space_id].type],
        tenure=input_.tenure,
        identity_type=input_.identity_type,
        identity=input_.identity,
    )


def _reviewer(caller: Caller) -> dict[str, object]:
    return {
        "reviewer_id": caller.admin_id,
        "reviewer_account": caller.account or None,
        "reviewer_name": caller.name,
    }
