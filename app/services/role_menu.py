"""Role menus: which menus a role gives in a business organisation (document 003, 5.5).

Ordinary administrators choose from the menus of the organisation, the super administrator from all (5.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models import OrgRoleMenu
from app.services.granting import BUILT_IN, ROLE_CAPABILITY, OrgRoles, Orgs, lock_orgs, read_menus, read_org_roles
from app.services.stamp import WRITER
from app.services.targets import Errors, check_capability, missing, outcomes
from app.services.write import Outcome, refers

# ruff: noqa: S608 - the queries are put together from our own names

CAPABILITY = ROLE_CAPABILITY

NOT_OF_ORG = Message("organisation {org} may not use the menu {id}", "业务组织 {org} 没有菜单 {id}")


@dataclass(frozen=True)
class SetMenusOfRole:
    """角色菜单 The menus that a role gives in an organisation from now on, instead of those before."""

    org_id: int
    role_id: int
    menu_ids: tuple[int, ...] = refers(
        OrgRoleMenu.menu_id, "菜单 Menus of the organisation's `menuRange`; none takes away all that may be taken away"
    )


async def set_menus_of_roles(writing: Writing, caller: Caller, inputs: Sequence[SetMenusOfRole]) -> list[Outcome]:
    """Set the menus of roles (document 003, 5.5); the answer lists what holds afterwards.

    What the super administrator granted stays, for others. The organisation gets the menus that the super administrator
    gives its role and that it lacks. UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    pairs = [(input_.org_id, input_.role_id) for input_ in inputs]
    orgs = await lock_orgs(writing, [input_.org_id for input_ in inputs])
    check_capability(caller, CAPABILITY, (org.path for org in orgs.values()))
    roles = await read_org_roles(writing, pairs)
    menus = await read_menus(writing, [id_ for input_ in inputs for id_ in input_.menu_ids])
    of_orgs = None if caller.is_super else await _menus_of(writing, [*orgs])
    errors = [_role_errors(input_, orgs, roles, caller) or _menu_errors(input_, menus, of_orgs) for input_ in inputs]
    if any(errors):
        return outcomes(errors)
    return await _set_role_menus(writing, caller, inputs)


async def _menus_of(writing: Writing, org_ids: Sequence[int]) -> set[tuple[int, int]]:
    (rows,) = await writing.fetch_all([(_pairs_of_orgs(), {"ids": [*org_ids]})])
    return {(row[0], row[1]) for row in rows}


def _role_errors(input_: SetMenusOfRole, orgs: Orgs, roles: OrgRoles, caller: Caller) -> Errors:
    absent = missing(input_.org_id, orgs, "org_id")
    if absent:
        return absent
    role = roles.get((input_.org_id, input_.role_id))
    if role is None:
        return missing(input_.role_id, {}, "role_id")
    if role.is_built_in and not caller.is_super:
        return (InvalidInputError(BUILT_IN, path=("role_id",)),)
    return ()


def _menu_errors(input_: SetMenusOfRole, menus: Mapping[int, object], of_orgs: set[tuple[int, int]] | None) -> Errors:
    """Return the errors of the menus; those of the organisations are None where all menus may be given."""
    if of_orgs is None:
        return tuple(error for id_ in input_.menu_ids for error in missing(id_, menus, "menu_ids"))
    lacking = [id_ for id_ in input_.menu_ids if (input_.org_id, id_) not in of_orgs]
    return tuple(InvalidInputError(NOT_OF_ORG, path=("menu_ids",), org=input_.org_id, id=id_) for id_ in lacking)


async def _set_role_menus(writing: Writing, caller: Caller, inputs: Sequence[SetMenusOfRole]) -> list[Outcome]:
    triples = [(each.org_id, each.role_id, menu) for each in inputs for menu in each.menu_ids]
    values = {
        "orgs": [each.org_id for each in inputs],
        "roles": [each.role_id for each in inputs],
        "org_ids": [triple[0] for triple in triples],
        "role_ids": [triple[1] for triple in triples],
        "menu_ids": [triple[2] for triple in triples],
        "is_super": caller.is_super,
    }
    statements = [_take_menus_of_roles(), _add_menus_of_orgs(), _add_menus_of_roles(), _role_menu_ids()]
    held = (await writing.fetch_all([(statement, values) for statement in statements]))[-1]
    of_pair: dict[tuple[int, int], list[int]] = {}
    for id_, org_id, role_id in held:
        of_pair.setdefault((org_id, role_id), []).append(id_)
    return [Outcome(None, ids=tuple(of_pair.get((each.org_id, each.role_id), ()))) for each in inputs]


TRIPLES = (
    "unnest(%(org_ids)s::bigint[], %(role_ids)s::bigint[], %(menu_ids)s::bigint[]) as triple (org_id, role_id, menu_id)"
)
ROLES = "unnest(%(orgs)s::bigint[], %(roles)s::bigint[]) as named (org_id, role_id)"


@cache
def _pairs_of_orgs() -> Statement:
    return statement_of(SQL("select org_id, menu_id from org_menu where org_id = any(%(ids)s::bigint[])"))


@cache
def _take_menus_of_roles() -> Statement:
    return statement_of(
        SQL(
            f"delete from org_role_menu held using {ROLES}"
            " where held.org_id = named.org_id and held.role_id = named.role_id"
            " and (%(is_super)s::boolean or not held.is_granted_by_super)"
            f" and not exists (select from {TRIPLES} where triple.org_id = held.org_id"
            " and triple.role_id = held.role_id and triple.menu_id = held.menu_id)"
        )
    )


@cache
def _add_menus_of_orgs() -> Statement:
    """Let organisations use what the super administrator gives their roles."""
    return statement_of(
        SQL(
            "insert into org_menu (org_id, menu_id, is_granted_by_super, created_by, updated_by)"
            f" select distinct triple.org_id, triple.menu_id, true, {{who}}, {{who}} from {TRIPLES}"
            " where %(is_super)s::boolean on conflict (org_id, menu_id) do nothing"
        ).format(who=WRITER)
    )


@cache
def _add_menus_of_roles() -> Statement:
    return statement_of(
        SQL(
            "insert into org_role_menu (org_id, role_id, menu_id, created_by, updated_by)"
            f" select triple.org_id, triple.role_id, triple.menu_id, {{who}}, {{who}} from {TRIPLES}"
            " on conflict (org_id, role_id, menu_id) do nothing"
        ).format(who=WRITER)
    )


@cache
def _role_menu_ids() -> Statement:
    return statement_of(
        SQL(
            f"select held.id, held.org_id, held.role_id from org_role_menu held join {ROLES}"
            " on held.org_id = named.org_id and held.role_id = named.role_id"
            " order by held.org_id, held.role_id, held.menu_id"
        )
    )
