"""Verification rivals: other customers for whom the same properties are verified (document 003, 12.3 and 12.4).

A property has one verified owner and one verified tenant. Members of a household may be several; one of them is the
rival of another customer with the same identity number alone. A customer who has moved out is no rival any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.masking import HIDDEN, masked
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConfirmationNeededError, ConflictError
from app.models.property import Tenure
from app.services.property_confirmation import Claim
from app.services.property_writes import IS_VALID
from app.services.targets import Errors

IN_LIST = Message(
    "another record of the list verifies the property for another customer", "列表中已有其他客户认证该产权"
)

HEADS = frozenset({Tenure.OWNER, Tenure.TENANT})
"""What only one customer may be to a property."""

LOCK = statement_of(SQL("select id from space where id = any(%(space_ids)s::bigint[]) order by id for no key update"))
"""Let those who verify the same property wait for each other. Nothing of the space is changed."""

READ = statement_of(
    SQL(
        "select verification.space_id, verification.tenure, relation.id, customer.id, customer.name, customer.phone,"
        " customer.identity from verification join customer on customer.id = verification.customer_id"
        " join property_relation relation on relation.space_id = verification.space_id"
        " and relation.customer_id = customer.id"
        " where verification.space_id = any(%(space_ids)s::bigint[]) and verification.status = 'APPROVED'"
        " and relation."
    )
    + SQL(IS_VALID)
    + SQL(" order by verification.id")
)
IDENTITIES = statement_of(SQL("select id, identity from customer where id = any(%(customer_ids)s::bigint[])"))


class Rival(NamedTuple):
    """A customer for whom a property is verified, and the valid relation with it."""

    space_id: int
    tenure: str
    relation_id: int
    customer_id: int
    name: str
    phone: str | None
    identity: str | None


class Approval(NamedTuple):
    """A claim that is to be approved."""

    claim: Claim
    identity: str | None
    """The identity number of the claim; None for that of the customer."""
    moves_out: bool


@dataclass
class Rivals:
    """The customers for whom some properties are verified, and what is being approved."""

    stored: Sequence[Rival]
    identities: Mapping[int, str | None]
    approved: list[Approval] = field(default_factory=list)

    def of(self, approval: Approval) -> list[Rival]:
        """Return the rivals of an approval."""
        claim = approval.claim
        same = (each for each in self.stored if (each.space_id, each.tenure) == (claim.space_id, claim.tenure))
        return [each for each in same if self._competes(approval, each.customer_id, each.identity)]

    def errors_of(self, approval: Approval) -> Errors:
        """Return the errors of an approval beside the stored ones and those before it, and add it to them."""
        claim = approval.claim
        before = (
            each for each in self.approved if (each.claim.space_id, each.claim.tenure) == (claim.space_id, claim.tenure)
        )
        if any(self._competes(approval, each.claim.customer_id, self._identity_of(each)) for each in before):
            return (ConflictError(detail=IN_LIST, path=("customer_id",)),)
        self.approved.append(approval)
        rivals = () if approval.moves_out else self.of(approval)
        return tuple(_needed(each) for each in rivals[:1])

    def relations_to_end(self) -> list[int]:
        """Return the ids of the relations of all rivals."""
        return sorted({rival.relation_id for approval in self.approved for rival in self.of(approval)})

    def _competes(self, approval: Approval, customer_id: int, identity: str | None) -> bool:
        if customer_id == approval.claim.customer_id:
            return False
        own = self._identity_of(approval)
        return approval.claim.tenure in HEADS or (own is not None and own == identity)

    def _identity_of(self, approval: Approval) -> str | None:
        return approval.identity or self.identities.get(approval.claim.customer_id)


async def find_rivals(writing: Writing, space_ids: Iterable[int], customer_ids: Iterable[int]) -> Rivals:
    """Read the customers for whom spaces are verified; until the transaction ends no other one verifies there."""
    values = {"space_ids": sorted(set(space_ids)), "customer_ids": sorted(set(customer_ids))}
    await writing.fetch_all_as_owner([(LOCK, values)])
    rivals, identities = await writing.fetch_all([(READ, values), (IDENTITIES, values)])
    return Rivals([Rival(*row) for row in rivals], dict(identities))


def _needed(rival: Rival) -> ConfirmationNeededError:
    """Name a rival as document 003 does, such as 张** and 188****1234."""
    phone = masked("phone", rival.phone) or HIDDEN
    return ConfirmationNeededError(path=("move_out_others",), name=f"{rival.name[:1]}**", phone=phone)
