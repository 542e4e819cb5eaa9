"""Admin group members: who belongs to a group of staff (document 003, section 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.staffing import SERVING
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.admin import AdminGroupMember
from app.services import rows
from app.services.admin_group import StoredGroup, read_groups
from app.services.admin_records import CAPABILITY
from app.services.granting import read_staff
from app.services.role_grant import STAFF, staff_errors
from app.services.stamp import WRITER
from app.services.targets import Errors, check_capability, missing, outcomes
from app.services.write import Outcome, refers

# ruff: noqa: S608 - the queries are put together from our own names

NOT_SERVING = Message(
    "member of staff {id} works for no administrative organisation that serves the group's, and holds no role in it",
    "员工 {id} 不属于该分组业务组织关联的行政组织，也未在其中任职",
)
NO_MEMBERS = Message("name at least one member", "请至少选择一条分组成员")

Pairs = set[tuple[int, int]]


@dataclass(frozen=True)
class AddAdminGroupMembers:
    """分组关联员工 Members of staff join a group; those who belong to it stay as they are."""

    group_id: int
    admin_ids: tuple[int, ...] = refers(AdminGroupMember.admin_id, STAFF)


@dataclass(frozen=True)
class RemoveAdminGroupMembers:
    """分组删除员工 Members of staff leave groups, by the ids of their memberships."""

    ids: tuple[int, ...] = refers(AdminGroupMember.id, "分组成员 Memberships, at least one")


async def add_admin_group_members(
    writing: Writing, caller: Caller, inputs: Sequence[AddAdminGroupMembers]
) -> list[Outcome]:
    """Put staff into groups (document 003, 9.4); the answer lists the memberships that hold afterwards.

    They serve the organisation of the group, or hold a role in it. UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    groups = await read_groups(writing, caller, [input_.group_id for input_ in inputs])
    staff = await read_staff(writing, [id_ for input_ in inputs for id_ in input_.admin_ids])
    known = [input_ for input_ in inputs if input_.group_id in groups]
    serving = await _serving(writing, [(groups[each.group_id].org_id, id_) for each in known for id_ in each.admin_ids])
    errors = [
        missing(input_.group_id, groups, "group_id")
        or staff_errors(input_.admin_ids, staff)
        or _serving_errors(groups[input_.group_id], input_, serving)
        for input_ in inputs
    ]
    if any(errors):
        return outcomes(errors)
    pairs = [(input_.group_id, id_) for input_ in inputs for id_ in input_.admin_ids]
    values = {"group_ids": [group for group, _ in pairs], "admin_ids": [admin for _, admin in pairs]}
    _, held = await writing.fetch_all([(_add(), values), (_held(), values)])
    ids = {(row[1], row[2]): row[0] for row in held}
    return [Outcome(None, ids=tuple(ids[input_.group_id, id_] for id_ in input_.admin_ids)) for input_ in inputs]


async def remove_admin_group_members(
    writing: Writing, caller: Caller, inputs: Sequence[RemoveAdminGroupMembers]
) -> list[Outcome]:
    """Take staff out of groups (document 003, 9.2). UserErrors: NOT_FOUND, INVALID_INPUT."""
    named = sorted({id_ for input_ in inputs for id_ in input_.ids})
    (found,) = await writing.fetch_all([(_members(), {"ids": named})])
    check_capability(caller, CAPABILITY, (path for _, path in found))
    known: dict[int, str] = dict(found)
    errors: list[Errors] = [
        tuple(error for id_ in input_.ids for error in missing(id_, known, "ids"))
        or (() if input_.ids else (InvalidInputError(NO_MEMBERS, path=("ids",)),))
        for input_ in inputs
    ]
    if any(errors):
        return outcomes(errors)
    await writing.fetch_all([(rows.delete(AdminGroupMember), {"ids": named})])
    return [Outcome(None, ids=input_.ids) for input_ in inputs]


def _serving_errors(group: StoredGroup, input_: AddAdminGroupMembers, serving: Pairs) -> Errors:
    strangers = (id_ for id_ in input_.admin_ids if (group.org_id, id_) not in serving)
    return tuple(InvalidInputError(NOT_SERVING, path=("admin_ids",), id=id_) for id_ in strangers)


async def _serving(writing: Writing, pairs: Sequence[tuple[int, int]]) -> Pairs:
    """Return those pairs of an organisation and a member of staff that belong together."""
    values = {"org_ids": [org for org, _ in pairs], "admin_ids": [admin for _, admin in pairs]}
    (found,) = await writing.fetch_all([(_belonging(), values)])
    return {(row[0], row[1]) for row in found}


@cache
def _belonging() -> Statement:
    return statement_of(
        SQL(
            "select named.org_id, named.admin_id"
            " from unnest(%(org_ids)s::bigint[], %(admin_ids)s::bigint[]) as named (org_id, admin_id)"
            " where exists (select from admin_grant held where held.org_id = named.org_id"
            f" and held.admin_id = named.admin_id) or exists (select from ({SERVING}) serving"
            " where serving.org_id = named.org_id and serving.admin_id = named.admin_id)"
        )
    )


@cache
def _members() -> Statement:
    return statement_of(
        SQL(
            "select held.id, org.path from admin_group_member held join admin_group on admin_group.id = held.group_id"
            " join org on org.id = admin_group.org_id where held.id = any(%(ids)s::bigint[])"
        )
    )


PAIRS = "unnest(%(group_ids)s::bigint[], %(admin_ids)s::bigint[]) as pair (group_id, admin_id)"


@cache
def _add() -> Statement:
    return statement_of(
        SQL(
            "insert into admin_group_member (group_id, admin_id, created_by, updated_by)"
            f" select pair.group_id, pair.admin_id, {{who}}, {{who}} from {PAIRS}"
            " on conflict (group_id, admin_id) do nothing"
        ).format(who=WRITER)
    )


@cache
def _held() -> Statement:
    return statement_of(
        SQL(
            f"select held.id, held.group_id, held.admin_id from admin_group_member held join {PAIRS}"
            " on held.group_id = pair.group_id and held.admin_id = pair.admin_id"
        )
    )
