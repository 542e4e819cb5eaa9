"""Administrators: staff with the built-in role, appointed by the super administrator (document 003, 1.3, 1.4, 13.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.capabilities import EVERYWHERE, SUPER
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models import AdminGrant
from app.services.calls import call
from app.services.granting import Orgs, lock_orgs, read_staff
from app.services.role_grant import STAFF, GrantRole, add_grants, staff_errors, take_grants
from app.services.stamp import WRITER
from app.services.targets import check_capability, missing, outcomes
from app.services.write import Outcome, refers

CAPABILITY = SUPER

BUILT_IN_NAME = "管理员"
BUILT_IN = call("built_in_role", name="text")

NO_MENUS = Message("first grant menus to the top organisation", "先授予顶级业务组织菜单范围")
UPPER = Message(
    "member of staff {id} is an administrator of an organisation above", "员工 {id} 是上级组织的管理员，不可在此删除"
)


@dataclass(frozen=True)
class AppointAdministrators:
    """新增管理员 Members of staff get the built-in administrator role in an organisation."""

    org_id: int
    admin_ids: tuple[int, ...] = refers(AdminGrant.admin_id, STAFF)


@dataclass(frozen=True)
class DismissAdministrators:
    """删除管理员 Members of staff lose the built-in administrator role, in one organisation or in all."""

    admin_ids: tuple[int, ...] = refers(AdminGrant.admin_id, STAFF)
    org_id: int | None = refers(AdminGrant.org_id, "业务组织 By default all organisations", None)


async def appoint_administrators(
    writing: Writing, caller: Caller, inputs: Sequence[AppointAdministrators]
) -> list[Outcome]:
    """Give staff the built-in role in organisations, with all menus of the top one (document 003, 1.3, 18.3 and 19).

    The role, its relation to the organisation and its menus are made where they are missing.
    UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    orgs = await lock_orgs(writing, [input_.org_id for input_ in inputs])
    staff = await read_staff(writing, [id_ for input_ in inputs for id_ in input_.admin_ids])
    has_menus = await _with_menus(writing, orgs)
    errors = [
        missing(input_.org_id, orgs, "org_id")
        or (() if input_.org_id in has_menus else (InvalidInputError(NO_MENUS, path=("org_id",)),))
        or staff_errors(input_.admin_ids, staff)
        for input_ in inputs
    ]
    if any(errors):
        return outcomes(errors)
    (role_id,) = await _built_in_role(writing, [*orgs])
    return await add_grants(writing, caller, [GrantRole(each.org_id, role_id, each.admin_ids) for each in inputs])


async def dismiss_administrators(
    writing: Writing, caller: Caller, inputs: Sequence[DismissAdministrators]
) -> list[Outcome]:
    """Take the built-in role from staff, everywhere or in one organisation (document 003, 1.4 and 13.2).

    An administrator of an organisation above is not dismissed below. UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    check_capability(caller, CAPABILITY, (EVERYWHERE,))
    orgs = await lock_orgs(writing, [input_.org_id for input_ in inputs])
    staff = await read_staff(writing, [id_ for input_ in inputs for id_ in input_.admin_ids])
    upper = await _administrators_above(writing, orgs)
    errors = [
        missing(input_.org_id, orgs, "org_id")
        or staff_errors(input_.admin_ids, staff)
        or tuple(
            InvalidInputError(UPPER, path=("admin_ids",), id=id_)
            for id_ in input_.admin_ids
            if (input_.org_id, id_) in upper
        )
        for input_ in inputs
    ]
    if any(errors):
        return outcomes(errors)
    triples = [(each.org_id, None, admin) for each in inputs for admin in each.admin_ids]
    gone = await take_grants(writing, triples, built_in_only=True, as_super=True)
    ids = [tuple(id_ for id_, org in gone if each.org_id in (None, org)) for each in inputs]
    return [Outcome(None, ids=each) for each in ids]


async def _with_menus(writing: Writing, orgs: Orgs) -> set[int]:
    """Return the organisations whose top organisation may use menus."""
    (rows,) = await writing.fetch_all([(_tops_with_menus(), {"ids": [*orgs]})])
    return {row[0] for row in rows}


async def _built_in_role(writing: Writing, org_ids: Sequence[int]) -> tuple[int]:
    """Make what the built-in role needs in organisations, and return its id."""
    ((row,),) = await writing.fetch_all([(BUILT_IN, {"name": BUILT_IN_NAME})])
    values = {"ids": [*org_ids], "role_id": row[0]}
    await writing.fetch_all([(each, values) for each in (_relate_built_in(), _menus_below_top(), _all_menus())])
    return (int(row[0]),)


async def _administrators_above(writing: Writing, orgs: Orgs) -> set[tuple[int | None, int]]:
    (rows,) = await writing.fetch_all([(_above(), {"ids": [*orgs]})])
    return {(row[0], row[1]) for row in rows}


@cache
def _tops_with_menus() -> Statement:
    return statement_of(
        SQL(
            "select org.id from org where org.id = any(%(ids)s::bigint[]) and exists (select from org_menu"
            " where org_menu.org_id = split_part(org.path, '/', 1)::bigint)"
        )
    )


@cache
def _relate_built_in() -> Statement:
    return statement_of(
        SQL(
            "insert into org_role (org_id, role_id, is_granted_by_super, created_by, updated_by)"
            " select id, %(role_id)s::bigint, true, {who}, {who} from unnest(%(ids)s::bigint[]) id"
            " on conflict (org_id, role_id) do nothing"
        ).format(who=WRITER)
    )


@cache
def _menus_below_top() -> Statement:
    """Let an organisation use what its top organisation may use."""
    return statement_of(
        SQL(
            "insert into org_menu (org_id, menu_id, is_granted_by_super, created_by, updated_by)"
            " select org.id, of_top.menu_id, true, {who}, {who} from org"
            " join org_menu of_top on of_top.org_id = split_part(org.path, '/', 1)::bigint"
            " where org.id = any(%(ids)s::bigint[]) on conflict (org_id, menu_id) do nothing"
        ).format(who=WRITER)
    )


@cache
def _all_menus() -> Statement:
    return statement_of(
        SQL(
            "insert into org_role_menu (org_id, role_id, menu_id, is_granted_by_super, created_by, updated_by)"
            " select org_id, %(role_id)s::bigint, menu_id, true, {who}, {who} from org_menu"
            " where org_id = any(%(ids)s::bigint[]) on conflict (org_id, role_id, menu_id) do nothing"
        ).format(who=WRITER)
    )


@cache
def _above() -> Statement:
    return statement_of(
        SQL(
            "select org.id, held.admin_id from org join org above on org.path ^@ above.path and above.id <> org.id"
            " join admin_grant held on held.org_id = above.id join role on role.id = held.role_id"
            " where org.id = any(%(ids)s::bigint[]) and role.is_system_default"
        )
    )
