"""Device: the devices that receive messages for staff (document 003, part 21).

Members of staff register and delete their own. A device belongs to one member of staff for each app: when another one
registers it, it becomes theirs. A trigger of the table writes the tasks for the push service (app/models/push_task.py).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.change_policies import MAY_REGISTER
from app.access.policies import IS_SUPER
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.models.device import Device, DeviceEnvironment
from app.services import rows
from app.services.calls import call
from app.services.nodes import ids_of
from app.services.stamp import WRITER
from app.services.targets import Errors, outcomes
from app.services.write import Outcome, refers

CAPABILITY = "admin.write"

NO_STAFF = Message("a program that calls for itself names the member of staff", "客户端调用时必须填写员工 adminId")
REPEATED = Message("the device is named twice", "设备重复出现")

STAFF = "员工 The member of staff; the caller if left out"
KEY = ("app_id", "device_id")
SENT = ("os", "provider", "environment", "device_token")
NEW = (*KEY, "admin_id", *SENT, "registered_at")


@dataclass(frozen=True)
class RegisterDevice:
    """注册设备 A device that receives messages of an app for a member of staff."""

    app_id: str
    device_id: str
    os: str
    device_token: str | None = field(default=None, repr=False)
    provider: str = "AliyunPush"
    environment: DeviceEnvironment = DeviceEnvironment.DEBUG
    admin_id: int | None = refers(Device.admin_id, STAFF, None)


@dataclass(frozen=True)
class DeleteDevices:
    """删除设备 All devices of a member of staff that an app has registered."""

    app_id: str
    admin_id: int | None = refers(Device.admin_id, STAFF, None)


class Stored(NamedTuple):
    """A device as it is stored; `differs` says whether the input changes more than the time of the registration."""

    place: int
    id: int
    differs: bool


TAKE = call(
    "take_devices",
    place="int[]",
    app_id="text[]",
    device_id="text[]",
    admin_id="bigint[]",
    os="text[]",
    provider="text[]",
    environment="text[]",
    device_token="text[]",  # noqa: S106 - a type
)
"""Locks devices, takes those of others away, and returns those that the staff have."""


async def register_devices(writing: Writing, caller: Caller, inputs: Sequence[RegisterDevice]) -> list[Outcome]:
    """Register devices for staff (document 003, 21.1); a device of somebody else then belongs to them.

    The program tells the push service after the commit. UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    staff = [input_.admin_id or caller.admin_id for input_ in inputs]
    errors = await _staff_errors(writing, staff)
    times = Counter((input_.app_id, input_.device_id) for input_ in inputs)
    repeated = [times[input_.app_id, input_.device_id] > 1 for input_ in inputs]
    errors = [
        each or ((InvalidInputError(REPEATED, path=("device_id",)),) if again else ())
        for each, again in zip(errors, repeated, strict=True)
    ]
    if any(errors):
        return outcomes(errors)
    return outcomes(errors, await _register(writing, inputs, staff))


async def delete_devices(writing: Writing, caller: Caller, inputs: Sequence[DeleteDevices]) -> list[Outcome]:
    """Delete the devices that an app has registered for staff (document 003, 21.2).

    The program tells the push service after the commit. UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    staff = [input_.admin_id or caller.admin_id for input_ in inputs]
    errors = await _staff_errors(writing, staff)
    if any(errors):
        return outcomes(errors)
    values = {"app_ids": [input_.app_id for input_ in inputs], "staff": staff}
    (gone,) = await writing.fetch_all([(_delete(), values)])
    return [
        Outcome(None, ids=tuple(id_ for id_, *key in gone if key == [input_.app_id, admin]))
        for input_, admin in zip(inputs, staff, strict=True)
    ]


async def _staff_errors(writing: Writing, staff: Sequence[int | None]) -> list[Errors]:
    """Return the error of each input that names no visible member of staff; ForbiddenError for one of others."""
    (found,) = await writing.fetch_all([(_may(), {"ids": ids_of(staff)})])
    may = {row[0]: row[1] for row in found}
    if not all(may.values()):
        raise ForbiddenError(CAPABILITY)
    return [_staff_error(id_, may) for id_ in staff]


def _staff_error(id_: int | None, may: Mapping[int, bool]) -> Errors:
    if id_ is None:
        return (InvalidInputError(NO_STAFF, path=("admin_id",)),)
    return () if id_ in may else (NotFoundError(id_, path=("admin_id",)),)


async def _register(writing: Writing, inputs: Sequence[RegisterDevice], staff: Sequence[int | None]) -> list[int]:
    """Lock the devices, take them from others, who may be hidden, and write them."""
    values = _values(inputs, staff)
    _, found = await writing.fetch_all([(_lock(), values), (TAKE, values)])
    own = {row[0]: Stored(*row) for row in found}
    changed = {
        **_picked(values, [*own]),
        "id": [each.id for each in own.values()],
        "differs": [each.differs for each in own.values()],
    }
    new = [place for place in range(len(inputs)) if place not in own]
    _, made = await writing.fetch_all([(_update(), changed), (_insert(), _picked(values, new))])
    ids = {place: each.id for place, each in own.items()} | {row[0]: row[1] for row in made}
    return [ids[place] for place in range(len(inputs))]


def _values(inputs: Sequence[RegisterDevice], staff: Sequence[int | None]) -> dict[str, list[object]]:
    """Return the parameters of INPUT."""
    sent = {name: [rows.stored(getattr(input_, name)) for input_ in inputs] for name in (*KEY, *SENT)}
    return {**sent, "admin_id": [*staff], "place": [*range(len(inputs))]}


def _picked(values: Mapping[str, list[object]], places: Sequence[int]) -> dict[str, list[object]]:
    return {name: [column[place] for place in places] for name, column in values.items()}


INPUT = (
    "unnest(%(place)s::int[], %(app_id)s::text[], %(device_id)s::text[], %(admin_id)s::bigint[], %(os)s::text[],"
    " %(provider)s::text[], %(environment)s::text[], %(device_token)s::text[])"
    " as input (place, app_id, device_id, admin_id, os, provider, environment, device_token)"
)
"""What is registered, with the place of each input."""

VALUES = ", ".join(f"input.{name}" for name in SENT)


@cache
def _may() -> Statement:
    query = f"select admin.id, coalesce({IS_SUPER} or {MAY_REGISTER}, false) from admin"  # noqa: S608 - our own names, here and below
    return statement_of(SQL(f"{query} where admin.id = any(%(ids)s::bigint[])"))


@cache
def _lock() -> Statement:
    """Lock the devices, also those that have no row yet, until the transaction ends."""
    return statement_of(
        SQL(
            "select pg_advisory_xact_lock(hashtextextended(key, 0)) from"
            " (select distinct 'device ' || app_id || ' ' || device_id as key"
            " from unnest(%(app_id)s::text[], %(device_id)s::text[]) as input (app_id, device_id) order by 1) named"
        )
    )


@cache
def _update() -> Statement:
    """Set what was sent. The same registration again is no change: only its time is new."""
    pairs = ", ".join(f"{name} = input.{name}" for name in SENT)
    return statement_of(
        SQL(
            f"update device node set {pairs}, registered_at = clock_timestamp(),"  # noqa: S608
            " version = node.version + known.differs::int,"
            " updated_at = case when known.differs then now() else node.updated_at end,"
            " updated_by = case when known.differs then {writer} else node.updated_by end"
            f" from {INPUT} join unnest(%(place)s::int[], %(id)s::bigint[], %(differs)s::boolean[])"
            " as known (place, id, differs) on known.place = input.place where node.id = known.id"
        ).format(writer=WRITER)
    )


@cache
def _insert() -> Statement:
    return statement_of(
        SQL(
            "with input as (select input.*, nextval('register_id') as id from {input})"
            ", made as (insert into device (id, {columns}, created_by, updated_by)"
            " select id, app_id, device_id, admin_id, os, provider, environment, device_token, clock_timestamp(),"
            " {writer}, {writer} from input)"
            " select place, id from input"
        ).format(input=SQL(INPUT), columns=rows.identifiers(NEW), writer=WRITER)
    )


@cache
def _delete() -> Statement:
    return statement_of(
        SQL(
            "delete from device using unnest(%(app_ids)s::text[], %(staff)s::bigint[]) as named (app_id, admin_id)"
            " where device.app_id = named.app_id and device.admin_id = named.admin_id"
            " returning device.id, device.app_id, device.admin_id"
        )
    )
