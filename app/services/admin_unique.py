"""Admin unique: values that only one member of staff may have (document 003, 7.7).

Accounts and staff numbers are unique, phone numbers for each type, and identity numbers for each type among those who
are not cancelled. All tenants count, so an error does not say who has a value, or where.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, RequestError
from app.models.admin import AdminStatus
from app.services import rows
from app.services.admin_inputs import ValidateAdmin
from app.services.admin_records import read_admins
from app.services.calls import call
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

FIND = call(
    "staff_values_taken",
    id="bigint[]",
    type="text[]",
    status="text[]",
    account="text[]",
    staff_number="text[]",
    phone="text[]",
    identity="text[]",
    together="boolean",
)
"""Says of each input which of its values others have: others than the input names, or `together` than any names."""


async def taken_errors(writing: Writing, holders: Sequence[Holder]) -> list[Errors]:
    """Return the values of each that another one has: a stored one, or one of the same list."""
    (found,) = await writing.fetch_all([(FIND, {**rows.arrays(holders, COLUMNS), "together": True})])
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
    (found,) = await writing.fetch_all([(FIND, {**rows.arrays(holders, COLUMNS), "together": False})])
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
