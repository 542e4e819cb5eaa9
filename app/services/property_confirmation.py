"""Property confirmation: a verification that is approved makes a property relation, or confirms the one that is there.

The caller may review verifications, and need not hold `property.write`: the relation follows from the approval. The
service of verifications reads the spaces, the customers and the relations by `read_register` with its own capability,
and refuses what `new_errors` refuses. `move_out` of app/services/property_writes.py moves another person out.
"""

from collections.abc import Sequence
from typing import NamedTuple

import psycopg

from app.db.transaction import Writing
from app.errors import RetryError
from app.models.property import HousingStatus, PropertyType, Tenure
from app.services import property_writes
from app.services.property_relation import Register, new_relation
from app.services.property_writes import Relation


class Claim(NamedTuple):
    """What a customer claims to be to a property."""

    space_id: int
    customer_id: int
    tenure: Tenure
    type: PropertyType | None = None
    is_main: bool = False
    housing_status: HousingStatus = HousingStatus.LIVING_IN


def valid_relation(register: Register, space_id: int, customer_id: int | None) -> Relation | None:
    """Return the valid relation of a customer with a space, if there is one."""
    pair = (space_id, customer_id)
    found = (
        each for each in register.relations.values() if each.is_valid and (each.space_id, each.customer_id) == pair
    )
    return next(found, None)


async def confirm_relations(writing: Writing, register: Register, claims: Sequence[Claim]) -> list[int]:
    """Return the ids of the valid relations of the claims; those that are missing are created, and logged.

    A valid relation stays as it is, whatever its tenure. RetryError when another request creates the same one.
    """
    stored = [valid_relation(register, claim.space_id, claim.customer_id) for claim in claims]
    new = {(claim.space_id, claim.customer_id): claim for claim, there in zip(claims, stored, strict=True) if not there}
    try:
        made = await property_writes.write(
            writing, [new_relation(claim, register) for claim in new.values()], as_owner=True
        )
    except psycopg.errors.UniqueViolation as error:
        raise RetryError from error
    ids = dict(zip(new, made, strict=True))
    return [
        there.id if there else ids[claim.space_id, claim.customer_id]
        for claim, there in zip(claims, stored, strict=True)
    ]
