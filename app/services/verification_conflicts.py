"""Verification conflicts: what the caller has to confirm before a claim is approved (document 003, 12.3, 12.4, 13.5).

A property has one verified owner, and one verified tenant. Members of a household may be several, but not with one
identity number. The customer may be something else to the property already.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.access.masking import HIDDEN, mask_name, masked
from app.error_codes import Message
from app.errors import InvalidInputError, RequestError
from app.models.property import PropertyType, Tenure
from app.models.verification import VerificationChannel, VerificationStatus
from app.services.property_confirmation import valid_relation
from app.services.property_writes import Relation
from app.services.verification_register import Known
from app.services.verification_writes import Claim

TENURES: Mapping[Tenure, Message] = {
    tenure: Message(
        f"the customer is {tenure} of the property: with replaceTenure that changes",
        f"当前产权的客户类型是{tenure.chinese}",
    )
    for tenure in Tenure
}
"""What a customer is to a property, in words."""

HEADS = frozenset({Tenure.OWNER, Tenure.TENANT})
"""What only one verified customer is to a property."""

IN_LIST = Message(
    "another record of the list decides on the same property, for the same customer or the same tenure",
    "列表中已有该产权下同一客户或同一客户类型的审核记录",
)


class VerifiedByOtherError(RequestError):
    """Another customer is verified as the same. With `move_out_other` that one is moved out; `phone` is masked."""

    code = "VERIFIED_BY_OTHER"

    def __init__(self, name: str, phone: str) -> None:
        super().__init__(path=("move_out_other",), name=name, phone=phone)


class TenureDiffersError(RequestError):
    """The customer has a valid relation of another tenure with the property. With `replace_tenure` it changes."""

    code = "TENURE_DIFFERS"

    def __init__(self, tenure: Tenure) -> None:
        super().__init__(TENURES[tenure], path=("replace_tenure",))


@dataclass(frozen=True)
class Proposal:
    """A decision as an input asks for it; `stored` is None for a new claim."""

    named_by: str
    """The field of the input that names the claim, or its customer."""

    stored: Claim | None
    space_id: int
    customer_id: int | None
    type: PropertyType | None
    tenure: Tenure
    identity: str | None
    """The identity number of the claim, or else of its customer."""

    status: VerificationStatus
    channel: VerificationChannel
    remark: object
    move_out_other: bool
    replace_tenure: bool
    claimed: Mapping[str, object] = field(default_factory=dict)
    """The columns of a new claim."""

    @property
    def approves(self) -> bool:
        """Whether the claim is approved from now on."""
        return self.status == VerificationStatus.APPROVED

    @property
    def takes_back(self) -> bool:
        """Whether an approval is taken back."""
        return self.stored is not None and self.stored.is_approved and not self.approves

    @property
    def ended(self) -> tuple[int, ...]:
        """The relation that ends because the approval that made it is taken back."""
        claim = self.stored
        relation_id = claim.property_relation_id if claim and claim.makes_relation and self.takes_back else None
        return () if relation_id is None else (relation_id,)

    @property
    def keys(self) -> Iterator[tuple[object, ...]]:
        """What no other decision of the same list may be about."""
        if self.approves or self.takes_back:
            yield self.space_id, self.customer_id
        if self.approves and (self.tenure in HEADS or self.identity is not None):
            yield self.space_id, self.tenure, None if self.tenure in HEADS else self.identity


def holders(known: Known, proposal: Proposal) -> list[Relation]:
    """Return the valid relations of other customers who are verified on the property as the same."""
    verified = {
        claim.customer_id
        for claim in known.claims.values()
        if claim.is_approved and (claim.space_id, claim.tenure) == (proposal.space_id, proposal.tenure)
    }
    relations = (valid_relation(known.register, proposal.space_id, id_) for id_ in verified - {proposal.customer_id})
    return sorted(each for each in relations if each is not None and _competes(known, proposal, each))


def _competes(known: Known, proposal: Proposal, other: Relation) -> bool:
    is_same = proposal.identity is not None and known.people[other.customer_id].identity == proposal.identity
    return other.tenure == proposal.tenure and (proposal.tenure in HEADS or is_same)


def conflicts(known: Known, proposal: Proposal) -> Iterator[RequestError]:
    """Return what the input has to confirm: that another customer moves out, or that the tenure changes."""
    others = holders(known, proposal)
    if others and not proposal.move_out_other:
        other = known.people[others[0].customer_id]
        yield VerifiedByOtherError(mask_name(other.name), masked("phone", other.phone) or HIDDEN)
    own = valid_relation(known.register, proposal.space_id, proposal.customer_id)
    if own is not None and own.tenure != proposal.tenure and not proposal.replace_tenure:
        yield TenureDiffersError(own.tenure)


def repeated(proposals: list[Proposal | None]) -> list[tuple[RequestError, ...]]:
    """Return the errors of decisions on what an earlier one of the list decides."""
    seen: set[tuple[object, ...]] = set()
    errors: list[tuple[RequestError, ...]] = []
    for proposal in proposals:
        keys = set() if proposal is None else {*proposal.keys}
        field = "" if proposal is None else proposal.named_by
        errors.append((InvalidInputError(IN_LIST, path=(field,)),) if keys & seen else ())
        seen |= keys
    return errors
