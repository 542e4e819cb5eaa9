"""Verification: the rules of claims on properties (document 003, part 12).

An approval makes the customer's property relation, or confirms it. docs/verifications.md has the rules in words.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InUseError, InvalidInputError, RequestError
from app.models import Verification
from app.models.property import HousingStatus
from app.models.verification import VerificationChannel, VerificationStatus
from app.services import property_confirmation, property_writes, rows
from app.services.identity import normalised_identity
from app.services.property_confirmation import valid_relation
from app.services.property_relation import TYPES, new_errors
from app.services.property_writes import Relation
from app.services.targets import Errors, missing, outcomes, target_errors
from app.services.verification_conflicts import Proposal, conflicts, holders, repeated
from app.services.verification_inputs import AddVerification, DeleteVerification, ReviewVerification
from app.services.verification_register import Known, read_for_additions, read_for_reviews
from app.services.verification_writes import Claim, Decided, Person, User, write
from app.services.write import Outcome

PENDING, REJECTED, APPROVED = VerificationStatus.PENDING, VerificationStatus.REJECTED, VerificationStatus.APPROVED

DECISIONS: Mapping[VerificationStatus, frozenset[VerificationStatus]] = {
    PENDING: frozenset({APPROVED, REJECTED}),
    APPROVED: frozenset({REJECTED}),
    REJECTED: frozenset({APPROVED}),
}
"""The statuses that a claim may get, by the one that it has."""

NO_DECISION = Message("a decision is APPROVED or REJECTED", "审核结果只能是 APPROVED（已认证）或 REJECTED（已拒绝）")
DECIDED = Message("the claim is {status} already", "该认证的审核状态已是 {status}")
ONLY_BACK_OFFICE = Message(
    "the claim is {status}; only the back office (channel BACK_OFFICE) changes a decision",
    "该认证已审核（{status}），只有后台审核可修改审核结果",
)
NO_CUSTOMER = Message("the claim names no customer yet: give customerId", "该认证尚未关联客户，请填写 customerId")
OTHER_CUSTOMER = Message("the claim is that of the customer {id}", "该认证属于客户 {id}")
STILL_APPROVED = Message("claim {id} is approved: reject it first", "认证 {id} 已通过，请先拒绝")


async def add_verifications(writing: Writing, caller: Caller, inputs: Sequence[AddVerification]) -> list[Outcome]:
    """Enter claims and approve them at once (document 003, 12.3).

    A pending claim of the same customer, property and tenure is approved instead, and an approved one is confirmed.
    UserErrors: NOT_FOUND, INVALID_INPUT, VERIFIED_BY_OTHER, TENURE_DIFFERS.
    """
    known = await read_for_additions(writing, caller, inputs)
    refused = [new_errors(input_, known.register) for input_ in inputs]
    proposals = [None if wrong else _addition(input_, known) for wrong, input_ in zip(refused, inputs, strict=True)]
    return await _decide(writing, caller, known, refused, proposals)


async def review_verifications(
    writing: Writing, caller: Caller, reviews: Sequence[ReviewVerification]
) -> list[Outcome]:
    """Approve or reject claims (document 003, 12.4). Of two reviewers at once, one gets CONFLICT.

    A rejected approval ends the property relation that it made: it is CANCELLED, unless another claim has it.
    UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT, VERIFIED_BY_OTHER, TENURE_DIFFERS.
    """
    known = await read_for_reviews(writing, caller, reviews)
    stored = {id_: claim for id_, claim in known.claims.items() if id_ in known.versions}
    refused = [
        wrong or tuple(_review_errors(review, known))
        for wrong, review in zip(target_errors(reviews, stored), reviews, strict=True)
    ]
    proposals = [None if wrong else _review(review, known) for wrong, review in zip(refused, reviews, strict=True)]
    return await _decide(writing, caller, known, refused, proposals)


async def delete_verifications(
    writing: Writing, caller: Caller, deletions: Sequence[DeleteVerification]
) -> list[Outcome]:
    """Delete claims that are not approved. UserErrors: NOT_FOUND, CONFLICT, IN_USE for an approved one."""
    reviews = [ReviewVerification(each.id, REJECTED, each.expected_version) for each in deletions]
    known = await read_for_reviews(writing, caller, reviews)
    stored = {id_: claim for id_, claim in known.claims.items() if id_ in known.versions}
    errors = [
        wrong or _deletion_errors(stored[deletion.id])
        for wrong, deletion in zip(target_errors(deletions, stored), deletions, strict=True)
    ]
    ids = [deletion.id for deletion in deletions]
    if not any(errors):
        await writing.fetch_all([(rows.delete(Verification), {"ids": ids})])
    return outcomes(errors, ids)


def _deletion_errors(claim: Claim) -> Errors:
    return (InUseError(STILL_APPROVED, path=("id",), id=claim.id),) if claim.is_approved else ()


def _addition(input_: AddVerification, known: Known) -> Proposal:
    """Return the approval of a new claim, or of a claim that is there already."""
    return Proposal(
        named_by="customer_id",
        identity=_number(input_, known.people[input_.customer_id]),
        stored=_stored_instead(input_, known),
        space_id=input_.space_id,
        customer_id=input_.customer_id,
        type=input_.type,
        tenure=input_.tenure,
        status=APPROVED,
        channel=VerificationChannel.BACK_OFFICE,
        remark=input_.remark,
        move_out_other=input_.move_out_other,
        replace_tenure=input_.replace_tenure,
        claimed=_claimed(input_, known),
    )


def _stored_instead(input_: AddVerification, known: Known) -> Claim | None:
    """Return the pending claim of the same, or the approved one as long as its customer has the property."""
    wanted = (input_.space_id, input_.customer_id, input_.tenure)
    same = [each for each in known.claims.values() if (each.space_id, each.customer_id, each.tenure) == wanted]
    is_held = valid_relation(known.register, input_.space_id, input_.customer_id) is not None
    approved = [each for each in same if each.is_approved and is_held]
    return next(iter([*approved, *(each for each in same if each.status == PENDING)]), None)


def _claimed(input_: AddVerification, known: Known) -> Mapping[str, object]:
    """Return the columns of a new claim; what the input leaves out is the customer's."""
    person, space = known.people[input_.customer_id], known.register.spaces[input_.space_id]
    user = known.users.get(person.id) or User(None, person.name, person.phone, None)
    return {
        "type": TYPES[space.type],
        "space_id": input_.space_id,
        "tenure": input_.tenure,
        "identity_type": input_.identity_type or person.identity_type,
        "identity": _number(input_, person),
        **user._asdict(),
    }


def _number(input_: AddVerification, person: Person) -> str | None:
    """Return the identity number of a new claim as it is stored; that of the customer where the input has none."""
    type_ = input_.identity_type or person.identity_type
    return normalised_identity(input_.identity or "", type_) or person.identity


def _review(review: ReviewVerification, known: Known) -> Proposal:
    claim = known.claims[review.id]
    customer_id = claim.customer_id or review.customer_id
    person = known.people.get(customer_id or 0)
    return Proposal(
        named_by="id",
        identity=claim.identity or (person.identity if person else None),
        stored=claim,
        space_id=claim.space_id,
        customer_id=customer_id,
        type=None,
        tenure=claim.tenure,
        status=review.status,
        channel=review.channel,
        remark=review.remark,
        move_out_other=review.move_out_other,
        replace_tenure=review.replace_tenure,
    )


def _review_errors(review: ReviewVerification, known: Known) -> Iterator[RequestError]:
    claim = known.claims[review.id]
    if claim.version != known.versions[claim.id]:  # another reviewer was first
        yield ConflictError(claim.version, path=("id",))
    elif review.status == PENDING:
        yield InvalidInputError(NO_DECISION, path=("status",))
    elif review.status not in DECISIONS[claim.status]:
        yield ConflictError(detail=DECIDED, path=("status",), status=claim.status)
    elif claim.status != PENDING and review.channel != VerificationChannel.BACK_OFFICE:
        yield ConflictError(detail=ONLY_BACK_OFFICE, path=("channel",), status=claim.status)
    else:
        yield from _customer_errors(review, claim, known)


def _customer_errors(review: ReviewVerification, claim: Claim, known: Known) -> Iterator[RequestError]:
    named, own = review.customer_id, claim.customer_id
    if own is not None and named not in (None, own):
        yield InvalidInputError(OTHER_CUSTOMER, path=("customer_id",), id=own)
    elif own is None and named is not None and named not in known.register.customers:
        yield from missing(named, known.register.customers, "customer_id")
    elif own is None and named is None and review.status == APPROVED:
        yield InvalidInputError(NO_CUSTOMER, path=("customer_id",))
    elif review.status == APPROVED or (own is None and named is not None):
        for error in new_errors(_review(review, known), known.register):
            error.path = ("id",) if own is not None else error.path
            yield error


class Decision(NamedTuple):
    """A proposal that is carried out."""

    proposal: Proposal
    own: Relation | None
    """The valid relation that the customer has with the property before."""

    @property
    def is_settled(self) -> bool:
        """Whether the claim is approved as it is."""
        claim = self.proposal.stored
        is_same = claim is not None and self.own is not None and claim.property_relation_id == self.own.id
        return is_same and claim is not None and claim.is_approved and self.proposal.approves


async def _decide(
    writing: Writing,
    caller: Caller,
    known: Known,
    refused: Sequence[Errors],
    proposals: Sequence[Proposal | None],
) -> list[Outcome]:
    """Carry out the decisions, unless one is refused or has to be confirmed."""
    doubled = repeated([*proposals])
    errors = [
        wrong or again or (tuple(conflicts(known, each)) if each and each.approves else ())
        for wrong, again, each in zip(refused, doubled, proposals, strict=True)
    ]
    if any(errors):
        return outcomes(errors)
    decisions = [
        Decision(each, valid_relation(known.register, each.space_id, each.customer_id)) for each in proposals if each
    ]
    return outcomes(errors, await _carry_out(writing, caller, known, decisions))


async def _carry_out(writing: Writing, caller: Caller, known: Known, decisions: Sequence[Decision]) -> list[int]:
    """End relations and make others, then write the claims; return their ids."""
    approvals = [each.proposal for each in decisions if each.proposal.approves]
    moved = [relation.id for each in approvals for relation in holders(known, each)]
    await property_writes.end(writing, moved, HousingStatus.MOVED_OUT)
    taken_back = [id_ for each in decisions for id_ in each.proposal.ended]
    await property_writes.end(writing, taken_back, HousingStatus.CANCELLED)
    claims = [property_confirmation.Claim(each.space_id, each.customer_id or 0, each.tenure) for each in approvals]
    relations = iter(await property_confirmation.confirm_relations(writing, known.register, claims))
    made = [(each, next(relations) if each.proposal.approves else None) for each in decisions]
    written = iter(
        await write(writing, caller, [_decided(each, relation) for each, relation in made if not each.is_settled])
    )
    return [
        each.proposal.stored.id if each.is_settled and each.proposal.stored else next(written) for each in decisions
    ]


def _decided(decision: Decision, relation_id: int | None) -> Decided:
    proposal = decision.proposal
    return Decided(
        id=proposal.stored.id if proposal.stored else None,
        customer_id=proposal.customer_id,
        status=proposal.status,
        channel=proposal.channel,
        property_relation_id=relation_id,
        remark=proposal.remark,
        claimed=proposal.claimed,
    )
