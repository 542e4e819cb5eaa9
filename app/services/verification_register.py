"""Verification register: what decisions on claims need to know, locked and read by a fixed number of statements.

The spaces are locked, so the decisions on one property come one after the other: of two customers who are verified at
the same time, one is another's conflict.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.access.caller import Caller
from app.db.transaction import Writing
from app.services import nodes, rows, verification_writes
from app.services.calls import call
from app.services.nodes import ids_of
from app.services.property_relation import Named, Register, read_register
from app.services.space import SPACE
from app.services.targets import check_capability
from app.services.verification_inputs import AddVerification, ReviewVerification
from app.services.verification_writes import PEOPLE, USERS, VERSIONS, Claim, Person, User

CAPABILITY = "verification.review"

LOCK_SPACES = call("lock_spaces", ids="bigint[]")
CLAIMANTS = call("claimants", ids="bigint[]")
"""Reads customers who have a claim that the caller may decide on, visible or not."""


@dataclass(frozen=True)
class Known:
    """The named claims, all pending and approved ones on their properties, and the customers."""

    register: Register
    claims: Mapping[int, Claim]
    people: Mapping[int, Person]
    users: Mapping[int, User]
    versions: Mapping[int, int]
    """The versions of the named claims before the locks were taken: others may have changed them meanwhile."""


async def read_for_additions(writing: Writing, caller: Caller, inputs: Sequence[AddVerification]) -> Known:
    """Lock and read what new claims name, as the caller: ForbiddenError without the capability for a space."""
    spaces, customers = ids_of(each.space_id for each in inputs), ids_of(each.customer_id for each in inputs)
    return await _read(writing, caller, spaces, customers, {})


async def read_for_reviews(writing: Writing, caller: Caller, reviews: Sequence[ReviewVerification]) -> Known:
    """Lock and read the claims of reviews: ForbiddenError without the capability for the space of one.

    The customer of a claim counts even if the caller does not see that customer yet.
    """
    (found,) = await writing.fetch_all([(VERSIONS, {"ids": ids_of(each.id for each in reviews)})])
    versions = {row[0]: row[1] for row in found}
    customers = ids_of(each.customer_id for each in reviews)
    known = await _read(writing, caller, ids_of(row[2] for row in found), customers, versions)
    claimants = ids_of(each.customer_id for id_, each in known.claims.items() if id_ in versions)
    tenants = {id_: known.people[id_].tenant for id_ in claimants}
    register = known.register
    return replace(known, register=register._replace(customers={**register.customers, **tenants}))


async def _read(
    writing: Writing, caller: Caller, spaces: Sequence[int], customers: Sequence[int], versions: Mapping[int, int]
) -> Known:
    await _lock(writing, caller, spaces, [*versions])
    register = await read_register(writing, caller, Named(spaces=spaces, customers=customers), CAPABILITY)
    claims = await verification_writes.claims(writing, [*versions], [*register.spaces])
    people, users = await _people(writing, [*register.customers, *(each.customer_id for each in claims.values())])
    return Known(register, claims, people, users, versions)


async def _lock(writing: Writing, caller: Caller, spaces: Sequence[int], claims: Sequence[int]) -> None:
    """Lock visible spaces and claims, after the tenants: who moves a space locks in the same order."""
    visible = await nodes.parents(writing, SPACE, spaces)
    check_capability(caller, CAPABILITY, (space.scope for space in visible.values()))
    await writing.fetch_all([(LOCK_SPACES, {"ids": [*visible]}), (rows.lock("verification"), {"ids": [*claims]})])


async def _people(writing: Writing, ids: Iterable[int | None]) -> tuple[Mapping[int, Person], Mapping[int, User]]:
    """Read customers who are visible or have visible claims, and the app users that visible claims name."""
    named = {"ids": ids_of(ids)}
    seen, claiming, users = await writing.fetch_all([(PEOPLE, named), (CLAIMANTS, named), (USERS, named)])
    return {row[0]: Person(*row) for row in (*seen, *claiming)}, {row[0]: User(*row[1:]) for row in users}
