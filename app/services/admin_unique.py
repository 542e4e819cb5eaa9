"""Admin unique: values that only one member of staff may have (document 003, 7.7).

Accounts and staff numbers are unique, phone numbers for each type, and identity numbers for each type among those who
are not cancelled. All tenants count, so an error does not say who has a value, or where.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, RequestError
from app.models.admin import Admin, AdminStatus
from app.services import rows
from app.services.admin_inputs import ValidateAdmin
from app.services.admin_records import read_admins
from app.services.targets import Errors, missing, outcomes
from app.services.write import Outcome


@dataclass(frozen=True)
class Holder:
    """What has to be unique of a member of staff, and what it is unique for. `id` is None for a new one."""

    id: int | None
    type: str
    status: str
    account: str | None
    staff_number: str | None
    phone: str | None
    identity: str | None

    def value(self, field: str) -> tuple[object, ...] | None:
        """Return what is unique of a field, with what it is unique for; None where nothing is."""
        value = getattr(self, field)
        if value is None or (field == "identity" and self.status != AdminStatus.ACTIVE):
            return None
        return (field, self.type if field in PER_TYPE else None, value)


PER_TYPE = frozenset({"phone", "identity"})

TAKEN: Mapping[str, Message] = {
    "account": Message("another member of staff has the account {value}", "账号不能重复:{value}"),
    "staff_number": Message("another member of staff has the staff number {value}", "工号不能重复:{value}"),
    "phone": Message("another member of staff has the phone number {value}", "手机号码不能重复:{value}"),
    "identity": Message("another member of staff has the identity number {value}", "身份证不能重复:{value}"),
}
"""The fields that are unique, with the message for a value that another one has (document 003, 7.7)."""

COLUMNS = tuple(field.name for field in fields(Holder))

UNCHANGED = "other.id <> all(array_remove(%(id)s::bigint[], null))"
"""The condition that no input changes a member of staff."""

OTHER = "other.id is distinct from input.id"
"""The condition that a member of staff is another one than the input names."""


@cache
def _find(others: str) -> Statement:
    """Return the statement that says of each input which of its values other staff have."""
    return statement_of(
        SQL(
            "select exists (select from admin other where other.account = input.account and {others}),"
            " exists (select from admin other where other.staff_number = input.staff_number and {others}),"
            " exists (select from admin other where other.type = input.type and other.phone = input.phone"
            " and {others}),"
            " input.status = 'ACTIVE' and exists (select from admin other where other.type = input.type"
            " and other.identity = input.identity and other.status = 'ACTIVE' and {others})"
            " from {rows} order by input.place"
        ).format(others=SQL(others), rows=rows.input_rows(Admin, COLUMNS))
    )


async def taken_errors(writing: Writing, holders: Sequence[Holder]) -> list[Errors]:
    """Return the values of each that another one has: a stored one, or one of the same list."""
    (found,) = await writing.fetch_all_as_owner([(_find(UNCHANGED), rows.arrays(holders, COLUMNS))])
    times = Counter(value for holder in holders for field in TAKEN if (value := holder.value(field)))
    return [tuple(_errors(holder, taken, times)) for holder, taken in zip(holders, found, strict=True)]


async def validate_admins(writing: Writing, caller: Caller, inputs: Sequence[ValidateAdmin]) -> list[Outcome]:
    """Say which values another member of staff has (document 003, 7.7); nothing is written.

    UserErrors: NOT_FOUND for a member of staff who is not visible, CONFLICT.
    """
    del caller
    staff = await read_admins(writing, [input_.id for input_ in inputs if input_.id is not None])
    absent = [missing(input_.id, staff, "id") for input_ in inputs]
    holders = [_holder(input_) for input_ in inputs]
    (found,) = await writing.fetch_all_as_owner([(_find(OTHER), rows.arrays(holders, COLUMNS))])
    taken = [tuple(_errors(holder, row, Counter())) for holder, row in zip(holders, found, strict=True)]
    return outcomes([each or errors for each, errors in zip(absent, taken, strict=True)])


def _holder(input_: ValidateAdmin) -> Holder:
    named = (input_.account, input_.staff_number, input_.phone, input_.identity)
    return Holder(input_.id, input_.type, AdminStatus.ACTIVE, *named)


def _errors(holder: Holder, taken: Sequence[bool], times: Mapping[tuple[object, ...], int]) -> Iterator[RequestError]:
    for (field, message), is_taken in zip(TAKEN.items(), taken, strict=True):
        value = holder.value(field)
        if value is not None and (is_taken or times[value] > 1):
            yield ConflictError(detail=message, path=(field,), value=value[-1])
