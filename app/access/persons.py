"""Persons: owners and staff, found by their name and phone number (document 000, section 3).

The pair is weak proof, so it counts at the URLs of work orders only. Nothing is remembered: a person who moves out, or
loses a role, is another caller with the next request.
"""

from enum import StrEnum
from typing import NamedTuple

from app.access.caller import Caller
from app.access.callers import CallerKey, caller_of_row, query_of
from app.access.capabilities import Held
from app.db.pool import Pool
from app.errors import RequestError
from app.models.capability import Capability
from app.models.property import IS_VALID

# ruff: noqa: S608 - the queries are put together from our own names


class Part(StrEnum):
    """What a person is, as the parameter `role` says."""

    OWNER = "OWNER"
    STAFF = "STAFF"


class PersonTokenError(RequestError):
    """The token of an owner or a member of staff is missing, forged, over or of another audience (document 000)."""

    code = "PERSON_TOKEN_INVALID"


class PersonUnknownError(RequestError):
    """No customer has this name and this phone number. The answer does not tell whether the number is known."""

    code = "PERSON_UNKNOWN"


class Person(NamedTuple):
    """A customer or a member of staff; `version` changes with the password of staff."""

    part: Part
    id: int
    version: int


CUSTOMER = f"""
from customer c
where c.status = 'ENABLED' and c.merged_into_id is null and exists (
  select from property_relation relation where relation.customer_id = c.id and relation.{IS_VALID}
)
"""
STAFF = "from admin a where a.is_enabled and a.status = 'ACTIVE'"

FIND = {
    Part.OWNER: f"select id, 0 {CUSTOMER} and phone = %(phone)s and name = %(name)s order by 1 limit 1",
    Part.STAFF: f"select id, token_version {STAFF} and phone = %(phone)s and name = %(name)s order by 1 limit 1",
}
"""A phone number is searched by an index and its name compared: a wrong name costs what an unknown number costs."""

REPORTS: Held = {str(Capability.WORK_ORDER_WRITE.code): ()}
"""Customers write work orders in no organisation: app/services/work_order.py says for which houses they do."""

OWNER = f"""
select c.id, c.name, array(
  select distinct relation.space_id from property_relation relation
  where relation.customer_id = c.id and relation.{IS_VALID}
) {CUSTOMER} and c.id = %(id)s
"""
WORKER = query_of(
    "admin",
    "%(id)s",
    "a.id, a.name, a.account, a.is_super, null::integer, department.id, department.code, department.full_name",
    "from admin a left join org department on department.id = a.org_id"
    " where a.id = %(id)s and a.is_enabled and a.status = 'ACTIVE' and a.token_version = %(version)s",
)


async def find_person(pool: Pool, part: Part, name: str, phone: str) -> Person | None:
    """Find the person with a name and a phone number. If there are several, it is the one with the lowest id."""
    async with pool.reading_as_owner() as reading:
        rows = await reading.run(FIND[part], {"name": name, "phone": phone})
    return Person(part, *rows[0]) if rows else None


async def caller_of_person(pool: Pool, person: Person, client_id: str) -> Caller | None:
    """Return the caller that a person is now; None when the register knows no such person any more."""
    query = OWNER if person.part is Part.OWNER else WORKER
    async with pool.reading_as_owner() as reading:
        rows = await reading.run(query, {"id": person.id, "version": person.version})
    if not rows:
        return None
    if person.part is Part.STAFF:
        return caller_of_row(CallerKey(person.id, client_id, person.version, None), rows[0])
    id_, name, properties = rows[0]
    return Caller(
        id_, client_id, name, is_super=False, scopes=(), admin_scopes=(), capabilities=REPORTS, is_customer=True,
        properties=tuple(properties),
    )  # fmt: skip
