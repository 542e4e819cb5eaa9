"""Admin: the rules of staff (document 003, 7.2, 7.3 and 7.5)."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.columns import PERSON_COLUMNS
from app.access.passwords import hash_in_thread
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.errors import ForbiddenError
from app.models.admin import Admin, AdminStatus
from app.models.org import OrgType
from app.services import rows
from app.services.admin_inputs import CreateAdmin, SetAdminEnabled, UpdateAdmin
from app.services.admin_password import password_errors
from app.services.admin_records import CAPABILITY, StoredAdmin, own_errors, read_admins
from app.services.admin_unique import Holder, taken_errors
from app.services.staff_places import Named, missing_place, named_places
from app.services.stamp import WRITER
from app.services.targets import outcomes, target_errors
from app.services.write import UNSET, Outcome

CREATED = (*PERSON_COLUMNS, "source")


async def create_admins(writing: Writing, caller: Caller, inputs: Sequence[CreateAdmin]) -> list[Outcome]:
    """Create members of staff (document 003, 7.2 and 18.4).

    UserErrors: NOT_FOUND for the organisation, INVALID_INPUT, CONFLICT for a value that another one has.
    """
    del caller
    named = await named_places(writing, inputs, OrgType.ADMINISTRATIVE)
    check_places(named)
    taken = await taken_errors(writing, [_new(input_) for input_ in inputs])
    errors = [
        missing_place(place) or (*password_errors(input_.password), *found)
        for input_, place, found in zip(inputs, named, taken, strict=True)
    ]
    if any(errors):
        return outcomes(errors)
    placed = [replace(input_, org_id=_place(each)) for input_, each in zip(inputs, named, strict=True)]
    hashes = [None if input_.password is None else await hash_in_thread(input_.password) for input_ in inputs]
    (made,) = await writing.fetch_all([(_insert(), {**rows.arrays(placed, CREATED), "password_hash": hashes})])
    return outcomes(errors, [row[0] for row in made])


async def update_admins(writing: Writing, caller: Caller, updates: Sequence[UpdateAdmin]) -> list[Outcome]:
    """Change members of staff, and move them to other organisations (document 003, 7.3).

    UserErrors: NOT_FOUND, CONFLICT, also for a value that another one has, INVALID_INPUT.
    """
    staff = await read_admins(writing, [update.id for update in updates])
    named = await named_places(writing, updates, OrgType.ADMINISTRATIVE)
    check_places(named)
    refused = target_errors(updates, staff)
    known = [update for update in updates if update.id in staff]
    found = await taken_errors(writing, [_changed(staff[update.id], update) for update in known])
    taken = dict(zip((update.id for update in known), found, strict=True))
    errors = [
        each or place.errors or own_errors(caller, update.id, ends=_cancels(update)) or taken[update.id]
        for each, place, update in zip(refused, named, updates, strict=True)
    ]
    if not any(errors):
        placed = [_placed(update, place) for update, place in zip(updates, named, strict=True)]
        await writing.fetch_all([(rows.update(Admin, PERSON_COLUMNS), rows.changes(placed, PERSON_COLUMNS))])
    return outcomes(errors, [update.id for update in updates])


async def set_admins_enabled(writing: Writing, caller: Caller, changes: Sequence[SetAdminEnabled]) -> list[Outcome]:
    """Enable or disable accounts (document 003, 7.5); log-ins of disabled ones end. UserErrors: NOT_FOUND, CONFLICT."""
    staff = await read_admins(writing, [change.id for change in changes])
    refused = target_errors(changes, staff)
    errors = [
        each or own_errors(caller, change.id, ends=not change.is_enabled)
        for each, change in zip(refused, changes, strict=True)
    ]
    if not any(errors):
        column = ("is_enabled",)
        await writing.fetch_all([(rows.update(Admin, column), rows.changes(changes, column))])
    return outcomes(errors, [change.id for change in changes])


def check_places(named: Sequence[Named]) -> None:
    """Refuse organisations whose staff the caller may not write: ForbiddenError."""
    if any(each.place is not None and not each.errors and not each.place.may_staff for each in named):
        raise ForbiddenError(CAPABILITY)


def _place(named: Named) -> int | None:
    return None if named.place is None else named.place.id


def _placed(update: UpdateAdmin, named: Named) -> UpdateAdmin:
    return update if named.place is None else replace(update, org_id=named.place.id)


def _cancels(update: UpdateAdmin) -> bool:
    return update.status == AdminStatus.CANCELLED


def _new(input_: CreateAdmin) -> Holder:
    unique = (input_.account, input_.staff_number, input_.phone, input_.identity)
    return Holder(None, input_.type, input_.status, *unique)


def _changed(stored: StoredAdmin, update: UpdateAdmin) -> Holder:
    """Return a member of staff as an update leaves them."""

    def after(field: str) -> Any:
        value = getattr(update, field)
        return getattr(stored, field) if value is UNSET else value

    fields = ("type", "status", "account", "staff_number", "phone", "identity")
    return Holder(stored.id, *map(after, fields))


@cache
def _insert() -> Statement:
    columns = (*CREATED, "password_hash")
    return statement_of(
        SQL(
            "insert into admin ({columns}, password_changed_at, created_by, updated_by)"
            " select {values}, case when password_hash is not null then clock_timestamp() end, {writer}, {writer}"
            " from {rows} order by input.place returning id"
        ).format(
            columns=rows.identifiers(columns),
            values=rows.identifiers(columns, "input."),
            writer=WRITER,
            rows=rows.input_rows(Admin, columns),
        )
    )
