"""Role: the rules of roles (document 003, 6.2, 6.4 and 6.6). No role exists without a business organisation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models import OrgRole
from app.services import rows
from app.services.calls import call
from app.services.granting import BUILT_IN, ROLE_CAPABILITY, Orgs, lock_orgs
from app.services.menu_grant import NO_ORGS
from app.services.stamp import WRITER
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.write import UNSET, Outcome, Unset, option, refers

# ruff: noqa: S608 - the queries are put together from our own names

CAPABILITY = ROLE_CAPABILITY

KEPT = Message(
    "the super administrator related the role to organisation {org} and alone takes it away",
    "角色与业务组织 {org} 的关联由平台超级管理员授予，只能由其解除",
)
FREE = Message(
    "the role would belong to no organisation any more: set deleteRole to delete it",
    "解除后角色不再属于任何业务组织：如需删除请设置 deleteRole",
)

SHARED = Message(
    "organisations in which you may not change roles have the role too: create a role of your own instead",
    "该角色还属于您无权管理角色的业务组织，不可改名：请新建角色",
)


@dataclass(frozen=True)
class CreateRole:
    """角色新增 A new role of some business organisations."""

    name: str
    org_ids: tuple[int, ...] = refers(OrgRole.org_id, "业务组织 Organisations that have the role, at least one")


@dataclass(frozen=True)
class UpdateRole:
    """角色修改 Another name, and other organisations; what is left out stays."""

    id: int
    expected_version: int | None = None
    name: str | Unset = UNSET
    org_ids: tuple[int, ...] | Unset = refers(
        OrgRole.org_id, "业务组织 Organisations that have the role from now on, among those of `under`", UNSET
    )
    under: int | None = refers(
        OrgRole.org_id, "所属业务组织 Only this organisation and those below are replaced; by default all", None
    )


@dataclass(frozen=True)
class RemoveRole:
    """角色删除 Take a role from an organisation and those below it, with the menus and grants that it has there."""

    id: int
    org_id: int | None = refers(OrgRole.org_id, "业务组织 By default all organisations of the caller", None)
    delete_role: bool = option("删除角色 Delete the role itself when no organisation has it any more", default=False)
    expected_version: int | None = None


MAKE = call("make_roles", name="text[]")
RENAME = call("rename_roles", id="bigint[]", name="text[]")
RELATIONS = call("relations_of_roles", ids="bigint[]")
UNRELATE = call("unrelate_roles", role_ids="bigint[]", org_ids="bigint[]")
DELETE_FREE = call("delete_free_roles", ids="bigint[]")
"""Deletes roles that no organisation has any more."""


class StoredRole(NamedTuple):
    """A stored role."""

    id: int
    version: int
    name: str
    is_built_in: bool


class Relation(NamedTuple):
    """An organisation that has a role; `org_id` is 0 and `path` empty for one that the caller does not see."""

    role_id: int
    org_id: int
    path: str
    is_granted_by_super: bool


class Known(NamedTuple):
    """What the checks compare: the named roles, all their relations, and the named organisations."""

    roles: dict[int, StoredRole]
    relations: Sequence[Relation]
    orgs: Orgs


async def create_roles(writing: Writing, caller: Caller, inputs: Sequence[CreateRole]) -> list[Outcome]:
    """Create roles and relate each to business organisations (document 003, 6.6).

    UserErrors: NOT_FOUND for an organisation, INVALID_INPUT.
    """
    orgs = await lock_orgs(writing, [id_ for input_ in inputs for id_ in input_.org_ids])
    check_capability(caller, CAPABILITY, (org.path for org in orgs.values()))
    errors = [_org_errors(input_.org_ids, orgs, needs_one=True) for input_ in inputs]
    if any(errors):
        return outcomes(errors)
    (made,) = await writing.fetch_all([(MAKE, rows.arrays(inputs, MAKE.names))])
    ids = [int(row[0]) for row in made]
    pairs = [(id_, org) for id_, input_ in zip(ids, inputs, strict=True) for org in input_.org_ids]
    await _relate(writing, caller, pairs)
    return outcomes(errors, ids)


async def update_roles(writing: Writing, caller: Caller, updates: Sequence[UpdateRole]) -> list[Outcome]:
    """Rename roles and relate them to other organisations of the caller (document 003, 6.4).

    A role that loses its last organisation is deleted. One that organisations have in which the caller may not change
    roles keeps its name. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    org_ids = [id_ for each in updates if each.org_ids is not UNSET for id_ in each.org_ids]
    tops = [update.under for update in updates]
    known = await _known(writing, caller, [update.id for update in updates], [*org_ids, *tops])
    refused = target_errors(updates, known.roles)
    errors = [each or _update_errors(caller, update, known) for each, update in zip(refused, updates, strict=True)]
    if any(errors):
        return outcomes(errors)
    if renamed := [update for update in updates if update.name is not UNSET]:
        await writing.fetch_all([(RENAME, rows.arrays(renamed, RENAME.names))])
    gained = [(each.id, org) for each in updates if each.org_ids is not UNSET for org in each.org_ids]
    await _relate(writing, caller, gained)  # first: a role without a visible organisation would be hidden
    lost = [each for update in updates for each in _lost(caller, update, known)]
    await _unrelate(writing, [(each.role_id, each.org_id) for each in lost])
    await writing.fetch_all([(DELETE_FREE, {"ids": [update.id for update in updates]})])
    return outcomes(errors, [update.id for update in updates])


async def remove_roles(writing: Writing, caller: Caller, removals: Sequence[RemoveRole]) -> list[Outcome]:
    """Take roles from organisations (document 003, 6.2); relations with organisations above stay.

    UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    org_ids = [removal.org_id for removal in removals]
    known = await _known(writing, caller, [removal.id for removal in removals], org_ids)
    refused = target_errors(removals, known.roles)
    errors = [each or _removal_errors(caller, removal, known) for each, removal in zip(refused, removals, strict=True)]
    if any(errors):
        return outcomes(errors)
    gone = [each for removal in removals for each in _within(caller, removal.id, removal.org_id, known)]
    await _unrelate(writing, [(each.role_id, each.org_id) for each in gone])
    await writing.fetch_all([(DELETE_FREE, {"ids": [removal.id for removal in removals]})])
    return outcomes(errors, [removal.id for removal in removals])


async def _known(writing: Writing, caller: Caller, ids: Sequence[int], org_ids: Sequence[int | None]) -> Known:
    """Read roles and organisations; ForbiddenError where the caller may not change roles."""
    orgs = await lock_orgs(writing, org_ids)
    stored, relations = await _read(writing, ids)
    check_capability(caller, CAPABILITY, (org.path for org in orgs.values()))
    _check_reach(caller, relations, [id_ for id_ in ids if id_ in stored])
    return Known(stored, relations, orgs)


async def _read(writing: Writing, ids: Sequence[int]) -> tuple[dict[int, StoredRole], list[Relation]]:
    """Read roles, and lock and read which organisations have them, hidden ones included."""
    values = {"ids": sorted(set(ids))}
    found, related = await writing.fetch_all([(_roles(), values), (RELATIONS, values)])
    return {row[0]: StoredRole(*row) for row in found}, [Relation(*row) for row in related]


def _check_reach(caller: Caller, relations: Sequence[Relation], ids: Iterable[int]) -> None:
    """Refuse a role of which no organisation is one that the caller may change roles in: ForbiddenError."""
    for id_ in ids:
        paths = [each.path for each in relations if each.role_id == id_]
        if not any(caller.may(CAPABILITY, path) for path in paths):
            check_capability(caller, CAPABILITY, paths or [""])


def _org_errors(org_ids: Sequence[int], orgs: Orgs, *, needs_one: bool) -> Errors:
    if needs_one and not org_ids:
        return (InvalidInputError(NO_ORGS, path=("org_ids",)),)
    return tuple(error for id_ in org_ids for error in missing(id_, orgs, "org_ids"))


def _update_errors(caller: Caller, update: UpdateRole, known: Known) -> Errors:
    if known.roles[update.id].is_built_in:
        return (InvalidInputError(BUILT_IN, path=("id",)),)
    if _renames_for_others(caller, update, known):
        return (InvalidInputError(SHARED, path=("name",)),)
    absent = () if update.org_ids is UNSET else _org_errors(update.org_ids, known.orgs, needs_one=False)
    absent += missing(update.under, known.orgs, "under")
    return absent or _kept_errors(caller, _lost(caller, update, known), "org_ids")


def _renames_for_others(caller: Caller, update: UpdateRole, known: Known) -> bool:
    """Return whether a role gets another name that organisations show in which the caller may not change roles."""
    paths = (each.path for each in known.relations if each.role_id == update.id)
    renames = update.name not in (UNSET, known.roles[update.id].name)
    return renames and not all(caller.may(CAPABILITY, path) for path in paths)


def _removal_errors(caller: Caller, removal: RemoveRole, known: Known) -> Errors:
    if known.roles[removal.id].is_built_in:
        return (InvalidInputError(BUILT_IN, path=("id",)),)
    absent = missing(removal.org_id, known.orgs, "org_id")
    if absent:
        return absent
    removed = _within(caller, removal.id, removal.org_id, known)
    is_free = len(removed) == sum(each.role_id == removal.id for each in known.relations)
    free = (InvalidInputError(FREE, path=("delete_role",)),) if is_free and not removal.delete_role else ()
    return free or _kept_errors(caller, removed, "id")


def _kept_errors(caller: Caller, taken: Sequence[Relation], field: str) -> Errors:
    kept = [] if caller.is_super else [each for each in taken if each.is_granted_by_super]
    return tuple(InvalidInputError(KEPT, path=(field,), org=each.org_id) for each in kept)


def _lost(caller: Caller, update: UpdateRole, known: Known) -> list[Relation]:
    """Return the relations that an update takes away: those below an organisation that it does not name."""
    if update.org_ids is UNSET:
        return []
    mine = _within(caller, update.id, update.under, known)
    return [each for each in mine if each.org_id not in update.org_ids]


def _within(caller: Caller, role_id: int, org_id: int | None, known: Known) -> list[Relation]:
    """Return the relations of a role that the caller may change, below an organisation if one is named."""
    top = known.orgs[org_id].path if org_id is not None else ""
    mine = [each for each in known.relations if each.role_id == role_id and caller.may(CAPABILITY, each.path)]
    return [each for each in mine if each.path.startswith(top)]


async def _relate(writing: Writing, caller: Caller, pairs: Sequence[tuple[int, int]]) -> None:
    values = {
        "role_ids": [role for role, _ in pairs],
        "org_ids": [org for _, org in pairs],
        "is_super": caller.is_super,
    }
    await writing.fetch_all([(_add_relations(), values)])


async def _unrelate(writing: Writing, pairs: Sequence[tuple[int, int]]) -> None:
    """Delete relations with the menus and grants that depend on them, of which a few may be hidden."""
    if pairs:
        values = {"role_ids": [role for role, _ in pairs], "org_ids": [org for _, org in pairs]}
        await writing.fetch_all([(UNRELATE, values)])


PAIRS = "unnest(%(role_ids)s::bigint[], %(org_ids)s::bigint[]) as pair (role_id, org_id)"


@cache
def _roles() -> Statement:
    query = "select id, version, name, is_system_default from role where id = any(%(ids)s::bigint[])"
    return statement_of(SQL(query))


@cache
def _add_relations() -> Statement:
    return statement_of(
        SQL(
            "insert into org_role (org_id, role_id, is_granted_by_super, created_by, updated_by)"
            f" select pair.org_id, pair.role_id, %(is_super)s::boolean, {{who}}, {{who}} from {PAIRS}"
            " on conflict (org_id, role_id) do nothing"
        ).format(who=WRITER)
    )
