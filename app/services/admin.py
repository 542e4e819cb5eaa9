"""Admin: the rules of staff and their passwords (document 003, 7.2, 7.7 and 7.8)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.capabilities import EVERYWHERE
from app.access.passwords import hash_in_thread
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError, RequestError
from app.models.admin import Admin, AdminType
from app.models.org import OrgType
from app.services import nodes, rows
from app.services.account import check_password
from app.services.integrity import MESSAGES
from app.services.nodes import Nodes
from app.services.org import ORG
from app.services.stamp import CHANGED, WRITER
from app.services.targets import Errors, check_capability, missing, outcomes, records, target_errors
from app.services.write import Outcome, secret

CAPABILITY = "admin.write"
"""Staff belong to administrative organisations, which only the super administrator changes."""

NOT_ADMINISTRATIVE = Message(
    "staff belong to an administrative organisation; organisation {id} is not one", "员工须属于行政组织，组织 {id} 不是"
)

COLUMNS = ("org_id", "type", "name", "account", "staff_number", "phone")
"""The columns that callers set in a new record."""

UNIQUE: Mapping[str, str] = {
    "account": "admin_account_key",
    "staff_number": "admin_staff_number_key",
    "phone": "admin_type_phone_key",
}
"""The fields that are unique over all tenants, a phone number for each type, with their constraints."""

TAKEN = statement_of(
    SQL(
        "select exists (select from admin where admin.account = input.account),"
        " exists (select from admin where admin.staff_number = input.staff_number),"
        " exists (select from admin where admin.type = input.type and admin.phone = input.phone)"
        " from {} order by input.place"
    ).format(rows.input_rows(Admin, ("type", *UNIQUE)))
)
INSERT = statement_of(
    SQL(
        "insert into admin ({columns}, password_hash, password_changed_at, created_by, updated_by)"
        " select {values}, password_hash, case when password_hash is not null then clock_timestamp() end,"
        " {writer}, {writer} from {rows} order by input.place returning id"
    ).format(
        columns=rows.identifiers(COLUMNS),
        values=rows.identifiers(COLUMNS, "input."),
        writer=WRITER,
        rows=rows.input_rows(Admin, (*COLUMNS, "password_hash")),
    )
)
SET_PASSWORDS = statement_of(
    SQL(
        "update admin node set password_hash = input.hash, password_changed_at = clock_timestamp(), login_failures = 0,"
        " locked_until = null, {changed} from unnest(%(ids)s::bigint[], %(hashes)s::text[]) as input (id, hash)"
        " where node.id = input.id"
    ).format(changed=CHANGED)
)


@dataclass(frozen=True)
class CreateAdmin:
    """员工新增 A new member of staff of an administrative organisation, with or without an account."""

    org_id: int
    name: str
    type: AdminType = AdminType.PROPERTY
    account: str | None = None
    staff_number: str | None = None
    phone: str | None = None
    password: str | None = secret("密码 The first password of the account; without one it cannot log in yet", None)


@dataclass(frozen=True)
class SetPassword:
    """修改密码 A new password for the account of a member of staff."""

    id: int
    password: str = secret("密码 The new password; log-ins with the former one end")
    expected_version: int | None = None


async def create_admins(writing: Writing, caller: Caller, inputs: Sequence[CreateAdmin]) -> list[Outcome]:
    """Create members of staff (document 003, 7.2 and 18.4).

    UserErrors: NOT_FOUND for the organisation, INVALID_INPUT, CONFLICT for a value that another one has.
    """
    orgs = await nodes.parents(writing, ORG, [input_.org_id for input_ in inputs])
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    (taken,) = await writing.fetch_all_as_owner([(TAKEN, rows.arrays(inputs, ("type", *UNIQUE)))])
    repeated = _repeated(inputs)
    errors = [
        _org_errors(input_, orgs) or (*_password_errors(input_.password), *_taken_errors(input_, found, repeated))
        for input_, found in zip(inputs, taken, strict=True)
    ]
    if any(errors):
        return outcomes(errors)
    hashes = [None if input_.password is None else await hash_in_thread(input_.password) for input_ in inputs]
    (made,) = await writing.fetch_all([(INSERT, {**rows.arrays(inputs, COLUMNS), "password_hash": hashes})])
    return outcomes(errors, [row[0] for row in made])


async def set_passwords(writing: Writing, caller: Caller, changes: Sequence[SetPassword]) -> list[Outcome]:
    """Set passwords (document 003, 7.8 and 18.5): locks of the accounts and earlier tokens end.

    A password is stored as a hash and is never recorded. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    ids = [change.id for change in changes]
    stored = await records(writing, "admin", "null", ids)
    refused = target_errors(changes, stored)
    errors = [each or _password_errors(change.password) for each, change in zip(refused, changes, strict=True)]
    if not any(errors):
        hashes = [await hash_in_thread(change.password) for change in changes]
        await writing.fetch_all([(SET_PASSWORDS, {"ids": ids, "hashes": hashes})])
    return outcomes(errors, ids)


def _org_errors(input_: CreateAdmin, orgs: Nodes) -> Errors:
    if input_.org_id in orgs and orgs[input_.org_id].type != OrgType.ADMINISTRATIVE:
        return (InvalidInputError(NOT_ADMINISTRATIVE, path=("org_id",), id=input_.org_id),)
    return missing(input_.org_id, orgs, "org_id")


def _password_errors(password: str | None) -> Errors:
    try:
        check_password("x" if password is None else password)
    except InvalidInputError as error:
        return (error,)
    return ()


def _repeated(inputs: Sequence[CreateAdmin]) -> set[tuple[object, ...]]:
    """Return the values that several inputs have and only one may have."""
    times = Counter(_value(input_, field) for input_ in inputs for field in UNIQUE)
    return {value for value, count in times.items() if count > 1 and value[-1] is not None}


def _value(input_: CreateAdmin, field: str) -> tuple[object, ...]:
    """Return what is unique of a field: a phone number together with the type."""
    return (field, input_.type if field == "phone" else None, getattr(input_, field))


def _taken_errors(
    input_: CreateAdmin, found: Sequence[bool], repeated: set[tuple[object, ...]]
) -> Iterator[RequestError]:
    """Say which values another member of staff has, and not which one or where."""
    for (field, constraint), is_taken in zip(UNIQUE.items(), found, strict=True):
        if is_taken or _value(input_, field) in repeated:
            yield ConflictError(detail=MESSAGES[constraint], path=(field,))
