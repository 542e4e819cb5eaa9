"""Admin records: the stored staff that inputs name, and whether the caller may change them."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.change_policies import CHANGES
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ForbiddenError, InvalidInputError
from app.services import rows
from app.services.targets import Errors

CAPABILITY = "admin.write"

OWN = Message(
    "you cannot disable, cancel or delete your own account: ask another administrator",
    "不能禁用、注销或删除本人账号，请由其他管理员操作",
)

OWN_PASSWORD = Message(
    "callers change their own password with changeOwnPassword, which asks for the old one",
    "修改本人密码请使用 changeOwnPassword，并提供旧密码",
)


class StoredAdmin(NamedTuple):
    """A stored member of staff: what the checks compare."""

    id: int
    version: int
    type: str
    status: str
    account: str | None
    staff_number: str | None
    phone: str | None
    identity: str | None
    may_change: bool


Staff = Mapping[int, StoredAdmin]


async def read_admins(writing: Writing, ids: Iterable[int]) -> Staff:
    """Lock staff and read them; invisible ones are left out. ForbiddenError if the caller may not change one."""
    named = {"ids": sorted(set(ids))}
    _, found = await writing.fetch_all([(rows.lock("admin"), named), (_admins(), named)])
    staff = {row[0]: StoredAdmin(*row) for row in found}
    if not all(each.may_change for each in staff.values()):
        raise ForbiddenError(CAPABILITY)
    return staff


def own_errors(caller: Caller, id_: int, *, ends: bool) -> Errors:
    """Return the error of callers who would lock themselves out."""
    return (InvalidInputError(OWN, path=("id",)),) if ends and id_ == caller.admin_id else ()


def own_password_errors(caller: Caller, id_: int) -> Errors:
    """Return the error of callers who would set their own password without the old one."""
    return (InvalidInputError(OWN_PASSWORD, path=("password",)),) if id_ == caller.admin_id else ()


@cache
def _admins() -> Statement:
    query = (
        "select id, version, type, status, account, staff_number, phone, identity, coalesce({}, false) from admin"
        " where id = any(%(ids)s::bigint[])"
    )
    return statement_of(SQL(query).format(SQL(CHANGES["admin"].using)))
