"""Property confirmation: a verification that is approved makes a property relation, or confirms the one that is there.

The caller may review verifications, and need not hold `property.write`: the relation follows from the approval. The
service of verifications reads the spaces, the customers and the relations by `read_register` with its own capability,
and refuses what `new_errors` refuses. `end` of app/services/property_writes.py moves another person out.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import psycopg

from app.db.transaction import Writing
from app.errors import RetryError
from app.models.property import HousingStatus, PropertyType, Tenure
from app.services import property_writes, rows
from app.services.calls import call
from app.services.property_relation import Register, new_relation
from app.services.property_writes import Relation, Wanted
from app.services.tree_writes import Step

CREATE = call("claim_property_relations", space_id="bigint[]", customer_id="bigint[]", type="text[]", tenure="text[]")
CONFIRM = call("confirm_property_relations", id="bigint[]", tenure="text[]")


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

    Each claim has another customer or another space. A valid relation takes the tenure of the claim; a member or a
    tenant is no main owner. RetryError when another request creates the same one.
    """
    wanted = [_confirmed(register, claim) for claim in claims]
    try:
        written = await _write(writing, [each for each in wanted if _differs(each)])
    except psycopg.errors.UniqueViolation as error:
        raise RetryError from error
    ids = iter(written)
    return [next(ids) if _differs(each) else each.id or 0 for each in wanted]


async def _write(writing: Writing, wanted: Sequence[Wanted]) -> list[int]:
    changed, new = [each for each in wanted if each.stored], [each for each in wanted if not each.stored]
    steps: list[Step] = [
        *([(CONFIRM, rows.arrays(changed, CONFIRM.names))] if changed else ()),
        *([(CREATE, rows.arrays(new, CREATE.names))] if new else ()),
    ]
    made = (await writing.fetch_all(steps))[-1] if steps else []
    return await property_writes.follow(writing, wanted, [row[0] for row in made] if new else [])


def _confirmed(register: Register, claim: Claim) -> Wanted:
    stored = valid_relation(register, claim.space_id, claim.customer_id)
    if stored is None:
        return new_relation(claim, register)
    values = {name: value for name, value in stored._asdict().items() if name not in {"id", "version"}}
    kept = Wanted(**values, stored=stored)
    return replace(kept, tenure=claim.tenure, is_main=stored.is_main and claim.tenure == Tenure.OWNER)


def _differs(wanted: Wanted) -> bool:
    return wanted.stored is None or wanted.stored.tenure != wanted.tenure
