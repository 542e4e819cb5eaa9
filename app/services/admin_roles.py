"""Admin roles: the ordinary roles that a member of staff holds in an organisation, as a whole (document 003, 6.9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.errors import InvalidInputError
from app.models import AdminGrant
from app.services.granting import OrgRoles, lock_orgs, read_org_roles, read_staff
from app.services.role_grant import CAPABILITY, ONLY_ORDINARY, TRIPLES, GrantRole, add_grants, columns
from app.services.targets import Errors, check_capability, missing, outcomes
from app.services.write import Outcome, refers


@dataclass(frozen=True)
class SetRolesOfAdmin:
    """修改员工角色 All ordinary roles that a member of staff holds in an organisation from now on."""

    org_id: int
    admin_id: int
    role_ids: tuple[int, ...] = refers(AdminGrant.role_id, "角色 Roles of the organisation; an empty list takes all")


async def set_roles_of_admins(writing: Writing, caller: Caller, inputs: Sequence[SetRolesOfAdmin]) -> list[Outcome]:
    """Replace the ordinary roles of staff in organisations (document 003, 6.9); grants that stay are not written.

    The built-in role stays. What the super administrator has granted stays too, unless that administrator asks.
    UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    orgs = await lock_orgs(writing, [input_.org_id for input_ in inputs])
    check_capability(caller, CAPABILITY, (org.path for org in orgs.values()))
    wanted = [(each.org_id, role, each.admin_id) for each in inputs for role in each.role_ids]
    roles = await read_org_roles(writing, [(org, role) for org, role, _ in wanted])
    staff = await read_staff(writing, [input_.admin_id for input_ in inputs])
    errors = [
        missing(input_.org_id, orgs, "org_id")
        or missing(input_.admin_id, staff, "admin_id")
        or _role_errors(caller, input_, roles)
        for input_ in inputs
    ]
    if any(errors):
        return outcomes(errors)
    await _take_others(writing, caller, inputs, wanted)
    held = await add_grants(writing, caller, [GrantRole(org, role, (admin,)) for org, role, admin in wanted])
    ids = iter([id_ for each in held for id_ in each.ids])
    return [Outcome(None, ids=tuple(next(ids) for _ in input_.role_ids)) for input_ in inputs]


def _role_errors(caller: Caller, input_: SetRolesOfAdmin, roles: OrgRoles) -> Errors:
    """Return the errors of the named roles: one that the organisation does not have, or the built-in one."""
    found = {role_id: roles.get((input_.org_id, role_id)) for role_id in input_.role_ids}
    absent = [error for id_, role in found.items() if role is None for error in missing(id_, {}, "role_ids")]
    reserved = [role for role in found.values() if role is not None and role.is_built_in and not caller.is_super]
    return (*absent, *(InvalidInputError(ONLY_ORDINARY, path=("role_ids",)) for _ in reserved))


async def _take_others(
    writing: Writing, caller: Caller, inputs: Sequence[SetRolesOfAdmin], wanted: Sequence[tuple[int, int, int]]
) -> None:
    values = {
        **columns(wanted),
        "in_orgs": [input_.org_id for input_ in inputs],
        "of_staff": [input_.admin_id for input_ in inputs],
        "is_super": caller.is_super,
    }
    await writing.fetch_all([(_delete_others(), values)])


@cache
def _delete_others() -> Statement:
    return statement_of(
        SQL(
            "delete from admin_grant held"  # noqa: S608 - our own names
            " using unnest(%(in_orgs)s::bigint[], %(of_staff)s::bigint[]) as pair (org_id, admin_id), role"
            " where held.org_id = pair.org_id and held.admin_id = pair.admin_id and role.id = held.role_id"
            " and not role.is_system_default and (%(is_super)s::boolean or not held.is_granted_by_super)"
            f" and not exists (select from {TRIPLES} where triple.org_id = held.org_id"
            " and triple.role_id = held.role_id and triple.admin_id = held.admin_id)"
        )
    )
