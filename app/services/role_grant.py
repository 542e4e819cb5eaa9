"""Role grants: which staff hold which role where (document 003, 6.7, 6.7A and 6.15).

Ordinary administrators grant ordinary roles. Only the super administrator grants and takes away the built-in role.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models import AdminGrant
from app.services.granting import ROLE_CAPABILITY, OrgRole, OrgRoles, lock_orgs, read_org_roles, read_staff
from app.services.stamp import WRITER
from app.services.targets import Errors, check_capability, missing, outcomes
from app.services.write import Outcome, refers

# ruff: noqa: S608 - the queries are put together from our own names

CAPABILITY = ROLE_CAPABILITY

NO_STAFF = Message("name at least one member of staff", "请至少选择一名员工")
ONLY_ORDINARY = Message(
    "only the super administrator grants the built-in role", "内置管理员角色只能由平台超级管理员授予"
)
ONLY_BUILT_IN = Message("the super administrator grants the built-in role only", "平台超级管理员只能授予内置管理员角色")
STAFF = "员工 Members of staff, at least one"


@dataclass(frozen=True)
class GrantRole:
    """员工授权 Members of staff get a role in an organisation."""

    org_id: int
    role_id: int
    admin_ids: tuple[int, ...] = refers(AdminGrant.admin_id, STAFF)


@dataclass(frozen=True)
class RevokeRole:
    """解除授权 Members of staff lose a role in an organisation; without a role, all that the caller may take away."""

    org_id: int
    admin_ids: tuple[int, ...] = refers(AdminGrant.admin_id, STAFF)
    role_id: int | None = None


async def grant_roles(writing: Writing, caller: Caller, inputs: Sequence[GrantRole]) -> list[Outcome]:
    """Grant roles to staff (document 003, 6.7); the answer lists the grants that hold afterwards.

    UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    return await _grant(writing, caller, inputs, _built_in_errors)


async def grant_roles_of_own_kind(writing: Writing, caller: Caller, inputs: Sequence[GrantRole]) -> list[Outcome]:
    """Grant roles to staff: ordinary ones, or, by the super administrator, only the built-in one (document 003, 6.7A).

    The answer lists the grants that hold afterwards. UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    return await _grant(writing, caller, inputs, _kind_errors)


async def _grant(
    writing: Writing, caller: Caller, inputs: Sequence[GrantRole], refuse: Callable[[Caller, OrgRole | None], Errors]
) -> list[Outcome]:
    orgs = await lock_orgs(writing, [input_.org_id for input_ in inputs])
    check_capability(caller, CAPABILITY, (org.path for org in orgs.values()))
    roles = await read_org_roles(writing, [(input_.org_id, input_.role_id) for input_ in inputs])
    staff = await read_staff(writing, [id_ for input_ in inputs for id_ in input_.admin_ids])
    errors = [
        missing(input_.org_id, orgs, "org_id")
        or _absent(input_, roles)
        or refuse(caller, roles.get((input_.org_id, input_.role_id)))
        or staff_errors(input_.admin_ids, staff)
        for input_ in inputs
    ]
    if any(errors):
        return outcomes(errors)
    return await add_grants(writing, caller, inputs)


async def revoke_roles(writing: Writing, caller: Caller, inputs: Sequence[RevokeRole]) -> list[Outcome]:
    """Take roles from staff (document 003, 6.15). What the super administrator granted stays, for others.

    UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    orgs = await lock_orgs(writing, [input_.org_id for input_ in inputs])
    check_capability(caller, CAPABILITY, (org.path for org in orgs.values()))
    named = [(input_.org_id, input_.role_id) for input_ in inputs if input_.role_id is not None]
    roles = await read_org_roles(writing, named)
    staff = await read_staff(writing, [id_ for input_ in inputs for id_ in input_.admin_ids])
    errors = [
        missing(input_.org_id, orgs, "org_id")
        or _absent(input_, roles)
        or _built_in_errors(caller, roles.get((input_.org_id, input_.role_id or 0)))
        or staff_errors(input_.admin_ids, staff)
        for input_ in inputs
    ]
    if any(errors):
        return outcomes(errors)
    triples = [(each.org_id, each.role_id, admin) for each in inputs for admin in each.admin_ids]
    gone = await take_grants(writing, triples, built_in_only=False, as_super=caller.is_super)
    return [Outcome(None, ids=tuple(id_ for id_, org in gone if org == each.org_id)) for each in inputs]


def _absent(input_: GrantRole | RevokeRole, roles: OrgRoles) -> Errors:
    """Return the error of an input that names a role which the organisation does not have."""
    is_there = input_.role_id is None or (input_.org_id, input_.role_id) in roles
    return () if is_there else missing(input_.role_id, {}, "role_id")


def _kind_errors(caller: Caller, role: OrgRole | None) -> Errors:
    if caller.is_super and role is not None and not role.is_built_in:
        return (InvalidInputError(ONLY_BUILT_IN, path=("role_id",)),)
    return _built_in_errors(caller, role)


def _built_in_errors(caller: Caller, role: OrgRole | None) -> Errors:
    is_refused = role is not None and role.is_built_in and not caller.is_super
    return (InvalidInputError(ONLY_ORDINARY, path=("role_id",)),) if is_refused else ()


def staff_errors(admin_ids: Sequence[int], staff: Mapping[int, object]) -> Errors:
    """Return the errors of a list of staff: it is empty, or somebody is not visible."""
    if not admin_ids:
        return (InvalidInputError(NO_STAFF, path=("admin_ids",)),)
    return tuple(error for id_ in admin_ids for error in missing(id_, staff, "admin_ids"))


async def add_grants(writing: Writing, caller: Caller, inputs: Sequence[GrantRole]) -> list[Outcome]:
    """Add what is missing of some grants, and return them all."""
    triples = [triple for each in inputs for triple in product([each.org_id], [each.role_id], each.admin_ids)]
    values = {**columns(triples), "is_super": caller.is_super}
    _, held = await writing.fetch_all([(_add(), values), (_held(), values)])
    by_triple = {tuple(row[1:]): row[0] for row in held}
    return [
        Outcome(None, ids=tuple(by_triple[each.org_id, each.role_id, admin] for admin in each.admin_ids))
        for each in inputs
    ]


async def take_grants(
    writing: Writing, triples: Sequence[tuple[int | None, int | None, int]], *, built_in_only: bool, as_super: bool
) -> list[tuple[int, int]]:
    """Delete grants, and return their ids and organisations."""
    values = {**columns(triples), "built_in_only": built_in_only, "is_super": as_super}
    (gone,) = await writing.fetch_all([(_revoke(), values)])
    return [(row[0], row[1]) for row in gone]


def columns(triples: Sequence[tuple[int | None, int | None, int]]) -> dict[str, object]:
    """Return the parameters of TRIPLES."""
    names = ("org_ids", "role_ids", "admin_ids")
    return {name: [triple[place] for triple in triples] for place, name in enumerate(names)}


TRIPLES = (
    "unnest(%(org_ids)s::bigint[], %(role_ids)s::bigint[], %(admin_ids)s::bigint[])"
    " as triple (org_id, role_id, admin_id)"
)


@cache
def _add() -> Statement:
    return statement_of(
        SQL(
            "insert into admin_grant (org_id, role_id, admin_id, is_granted_by_super, created_by, updated_by)"
            " select triple.org_id, triple.role_id, triple.admin_id, %(is_super)s::boolean, {who}, {who}"
            f" from {TRIPLES} on conflict (org_id, role_id, admin_id) do nothing"
        ).format(who=WRITER)
    )


@cache
def _held() -> Statement:
    return statement_of(
        SQL(
            f"select held.id, held.org_id, held.role_id, held.admin_id from admin_grant held join {TRIPLES}"
            " on held.org_id = triple.org_id and held.role_id = triple.role_id and held.admin_id = triple.admin_id"
        )
    )


@cache
def _revoke() -> Statement:
    return statement_of(
        SQL(
            f"delete from admin_grant held using {TRIPLES}, role"
            " where held.admin_id = triple.admin_id and coalesce(triple.org_id, held.org_id) = held.org_id"
            " and coalesce(triple.role_id, held.role_id) = held.role_id and role.id = held.role_id"
            " and (%(is_super)s::boolean or not (held.is_granted_by_super or role.is_system_default))"
            " and (role.is_system_default or not %(built_in_only)s::boolean)"
            " returning held.id, held.org_id"
        )
    )
