"""Menu grants: which menus business organisations may use (document 003, 1.2 and 5.1).

What the super administrator granted stays when others grant anew, and so does a menu that a role gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models import OrgMenu
from app.services.granting import Orgs, lock_orgs, read_menus
from app.services.stamp import CHANGED, WRITER
from app.services.targets import Errors, check_capability, missing, outcomes
from app.services.write import Outcome, refers

# ruff: noqa: S608 - the queries are put together from our own names

CAPABILITY = "menu.write"

MOST_PAIRS = 20_000
TOO_MANY = Message("{number} pairs are too many; at most {allowed}", "组合数 {number} 过多，最多 {allowed}")
NO_ORGS = Message("name at least one organisation", "请至少选择一个业务组织")
LACKING = Message(
    "organisation {org} or one above it, in which you may grant menus, lacks the menu {id}",
    "您可授权的业务组织 {org} 及其上级没有菜单 {id}",
)


@dataclass(frozen=True)
class GrantMenus:
    """菜单授权 The menus that organisations may use from now on, instead of those before."""

    org_ids: tuple[int, ...] = refers(OrgMenu.org_id, "业务组织 Business organisations, at least one")
    menu_ids: tuple[int, ...] = refers(OrgMenu.menu_id, "菜单 Menus; none takes away all that may be taken away")


async def grant_menus(writing: Writing, caller: Caller, inputs: Sequence[GrantMenus]) -> list[Outcome]:
    """Grant menus to organisations (document 003, 1.2 and 5.1); the answer lists what holds afterwards.

    An ordinary administrator passes on only menus that the organisation, or one above it in which the administrator may
    grant menus, has. What the super administrator granted, and what a role gives, stays.
    UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    orgs = await lock_orgs(writing, [id_ for input_ in inputs for id_ in input_.org_ids])
    check_capability(caller, CAPABILITY, (org.path for org in orgs.values()))
    menus = await read_menus(writing, [id_ for input_ in inputs for id_ in input_.menu_ids])
    may_pass_on = await _may_pass_on(writing, caller, orgs)
    errors = [_grant_errors(input_, orgs, menus, may_pass_on) for input_ in inputs]
    if any(errors):
        return outcomes(errors)
    return await _grant(writing, caller, inputs)


class OrgMenuPair(NamedTuple):
    """A menu that an organisation may use."""

    path: str
    menu_id: int


async def _may_pass_on(writing: Writing, caller: Caller, orgs: Orgs) -> Sequence[OrgMenuPair] | None:
    """Return the menus of the organisations and of those above them that the caller may grant in; None for all."""
    if caller.is_super:
        return None
    ids = {int(step) for org in orgs.values() for step in org.path.rstrip("/").split("/")}
    (rows,) = await writing.fetch_all([(_menus_by_path(), {"ids": sorted(ids)})])
    return [OrgMenuPair(*row) for row in rows if caller.may(CAPABILITY, row[0])]


def _grant_errors(
    input_: GrantMenus, orgs: Orgs, menus: Mapping[int, object], may_pass_on: Sequence[OrgMenuPair] | None
) -> Errors:
    if not input_.org_ids:
        return (InvalidInputError(NO_ORGS, path=("org_ids",)),)
    number = len(input_.org_ids) * len(input_.menu_ids)
    if number > MOST_PAIRS:
        return (InvalidInputError(TOO_MANY, path=("menu_ids",), number=number, allowed=MOST_PAIRS),)
    absent = [error for id_ in input_.org_ids for error in missing(id_, orgs, "org_ids")]
    absent += [error for id_ in input_.menu_ids for error in missing(id_, menus, "menu_ids")]
    if absent or may_pass_on is None:
        return tuple(absent)
    for org_id in input_.org_ids:
        held = {pair.menu_id for pair in may_pass_on if orgs[org_id].path.startswith(pair.path)}
        lacking = [id_ for id_ in input_.menu_ids if id_ not in held]
        absent += [InvalidInputError(LACKING, path=("menu_ids",), org=org_id, id=id_) for id_ in lacking]
    return tuple(absent)


async def _grant(writing: Writing, caller: Caller, inputs: Sequence[GrantMenus]) -> list[Outcome]:
    pairs = [pair for input_ in inputs for pair in product(input_.org_ids, input_.menu_ids)]
    values = {
        "ids": [id_ for input_ in inputs for id_ in input_.org_ids],
        "org_ids": [org for org, _ in pairs],
        "menu_ids": [menu for _, menu in pairs],
        "is_super": caller.is_super,
    }
    statements = [_take_role_menus(), _take_menus(), _add_menus(), _mark_menus(), _menu_ids()]
    held = (await writing.fetch_all([(statement, values) for statement in statements]))[-1]
    return [Outcome(None, ids=tuple(id_ for id_, org in held if org in input_.org_ids)) for input_ in inputs]


PAIRS = "unnest(%(org_ids)s::bigint[], %(menu_ids)s::bigint[]) as pair (org_id, menu_id)"


@cache
def _take_role_menus() -> Statement:
    """Take menus away from the roles of organisations that lose them, when the super administrator grants anew."""
    return statement_of(
        SQL(
            "delete from org_role_menu held where held.org_id = any(%(ids)s::bigint[]) and %(is_super)s::boolean"
            f" and not exists (select from {PAIRS} where pair.org_id = held.org_id and pair.menu_id = held.menu_id)"
        )
    )


@cache
def _take_menus() -> Statement:
    return statement_of(
        SQL(
            "delete from org_menu held where held.org_id = any(%(ids)s::bigint[])"
            f" and not exists (select from {PAIRS} where pair.org_id = held.org_id and pair.menu_id = held.menu_id)"
            " and (%(is_super)s::boolean or (not held.is_granted_by_super and not exists ("
            "select from org_role_menu used where used.org_id = held.org_id and used.menu_id = held.menu_id)))"
        )
    )


@cache
def _add_menus() -> Statement:
    return statement_of(
        SQL(
            "insert into org_menu (org_id, menu_id, is_granted_by_super, created_by, updated_by)"
            f" select pair.org_id, pair.menu_id, %(is_super)s::boolean, {{who}}, {{who}} from {PAIRS}"
            " on conflict (org_id, menu_id) do nothing"
        ).format(who=WRITER)
    )


@cache
def _mark_menus() -> Statement:
    """Mark what the super administrator grants: others do not take it back."""
    return statement_of(
        SQL(
            f"update org_menu node set is_granted_by_super = true, {{changed}} from {PAIRS}"
            " where %(is_super)s::boolean and not node.is_granted_by_super"
            " and node.org_id = pair.org_id and node.menu_id = pair.menu_id"
        ).format(changed=CHANGED)
    )


@cache
def _menu_ids() -> Statement:
    return statement_of(
        SQL("select id, org_id from org_menu where org_id = any(%(ids)s::bigint[]) order by 2, menu_id")
    )


@cache
def _menus_by_path() -> Statement:
    query = "select org.path, org_menu.menu_id from org join org_menu on org_menu.org_id = org.id"
    return statement_of(SQL(f"{query} where org.id = any(%(ids)s::bigint[])"))
