"""Org: the rules of organisations (document 003, part 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.choice import Choice
from app.models.org import SUB_TYPES, AdministrativeOrgSubType, BusinessOrgSubType, OrgType
from app.models.status import Status
from app.services import nodes, tree_writes
from app.services.nodes import Beside, Kind, Node, Nodes
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.uses import Use, Uses, use_errors
from app.services.write import UNSET, Outcome, Unset

CAPABILITY = "org.write"

ORG = Kind("org", "case when type = 'BUSINESS' then path end", "split_part(path, '/', 1)")
"""Administrative organisations serve several tenants, so only the super administrator changes them."""

OTHER_TYPE = Message("the parent is of the other type: it is {type}", "上级组织类型不一致：{type}")
NO_TYPE = Message("a top organisation needs a type", "顶级组织必须指定类型")
OTHER_SUB_TYPE = Message("this sub type is for {type} organisations only", "该子类型仅适用于 {type} 组织")

DEFAULT_SUB_TYPES: Mapping[str, Choice] = {
    "administrative_sub_type": AdministrativeOrgSubType.INTERNAL,
    "business_sub_type": BusinessOrgSubType.PROJECT,
}
"""The sub type of a new organisation that names none (document 003, 3.1: `sub_type` 1)."""


@dataclass(frozen=True)
class CreateOrg:
    """组织新增 A new organisation, at the top or below a parent."""

    name: str
    parent_id: int | None = None
    type: OrgType | None = None
    administrative_sub_type: AdministrativeOrgSubType | None = None
    business_sub_type: BusinessOrgSubType | None = None
    status: Status = Status.ENABLED
    fourgrid_id: int | None = None
    fourgrid_parent_id: int | None = None


@dataclass(frozen=True)
class UpdateOrg:
    """组织修改 A change of one organisation; what is left out stays as it is."""

    id: int
    expected_version: int | None = None
    name: str | Unset = UNSET
    administrative_sub_type: AdministrativeOrgSubType | Unset | None = UNSET
    business_sub_type: BusinessOrgSubType | Unset | None = UNSET
    fourgrid_id: int | Unset | None = UNSET
    fourgrid_parent_id: int | Unset | None = UNSET


@dataclass(frozen=True)
class SetOrgStatus:
    """启用禁用 Enable or disable an organisation; those below keep their own status."""

    id: int
    status: Status
    expected_version: int | None = None


@dataclass(frozen=True)
class MoveOrg:
    """组织移动 Move an organisation to another parent, behind its children."""

    id: int
    parent_id: int
    expected_version: int | None = None


@dataclass(frozen=True)
class DeleteOrg:
    """组织删除 Delete an organisation that nothing needs any more."""

    id: int
    expected_version: int | None = None


UPDATED = (*SUB_TYPES, "name", "fourgrid_id", "fourgrid_parent_id")
"""The columns that an update may set."""

USES: Uses = tuple(
    Use(Message(f"organisation {{id}} has {english}", f"组织 {{id}} 存在{chinese}"), table, column)
    for table, column, chinese, english in (
        ("org", "parent_id", "下级组织", "organisations below it"),
        ("space", "org_id", "小区", "communities"),
        ("admin", "org_id", "员工", "staff"),
        ("admin_grant", "org_id", "角色授权", "staff who hold roles in it"),
        ("client_grant", "org_id", "客户端授权", "programs that hold roles in it"),
        ("admin_group", "org_id", "员工分组", "groups of staff"),
        ("org_role", "org_id", "角色", "roles"),
        ("org_menu", "org_id", "菜单授权", "menus"),
        ("org_relation", "business_org_id", "关联的行政组织", "administrative organisations that serve it"),
        ("org_relation", "administrative_org_id", "关联的业务组织", "business organisations that it serves"),
        ("customer", "top_org_id", "客户", "customers"),
        ("customer_org", "org_id", "客户关联", "customers known to it"),
        ("app_grant", "org_id", "App授权", "apps that may serve it"),
    )
)
"""What keeps an organisation from being deleted."""


async def create_orgs(writing: Writing, caller: Caller, inputs: Sequence[CreateOrg]) -> list[Outcome]:
    """Create organisations (document 003, 3.1); each gets the next code of its parent.

    The type is by default that of the parent. UserErrors: NOT_FOUND for a parent, INVALID_INPUT.
    """
    parents = await nodes.parents(writing, ORG, [input_.parent_id for input_ in inputs])
    check_capability(caller, CAPABILITY, _scopes(inputs, parents))
    completed = [_completed(input_, parents) for input_ in inputs]
    errors = [_create_errors(input_, parents) for input_ in completed]
    if any(errors):
        return outcomes(errors)
    return outcomes(errors, await nodes.insert(writing, ORG, completed, ("type", "status", *UPDATED)))


async def update_orgs(writing: Writing, caller: Caller, updates: Sequence[UpdateOrg]) -> list[Outcome]:
    """Change organisations (document 003, 3.2). A new name changes the full names of the whole subtree.

    An update that changes nothing leaves the version as it is. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    is_renaming = any(update.name is not UNSET for update in updates)
    stored = await nodes.targets(writing, ORG, updates, exclusive=is_renaming)
    check_capability(caller, CAPABILITY, (node.scope for node in stored.values()))
    refused = target_errors(updates, stored)
    errors = [each or _update_errors(update, stored) for each, update in zip(refused, updates, strict=True)]
    if not any(errors):
        await nodes.update(writing, ORG, stored, updates, UPDATED)
    return outcomes(errors, [update.id for update in updates])


async def set_org_statuses(writing: Writing, caller: Caller, changes: Sequence[SetOrgStatus]) -> list[Outcome]:
    """Enable and disable organisations (document 003, 3.2). UserErrors: NOT_FOUND, CONFLICT."""
    stored = await nodes.targets(writing, ORG, changes, exclusive=False)
    check_capability(caller, CAPABILITY, (node.scope for node in stored.values()))
    errors = target_errors(changes, stored)
    if not any(errors):
        await nodes.update(writing, ORG, stored, changes, ("status",))
    return outcomes(errors, [change.id for change in changes])


async def move_orgs(writing: Writing, caller: Caller, moves: Sequence[MoveOrg]) -> list[Outcome]:
    """Move organisations with all below them, and renew the paths of their spaces (document 003, 3.2).

    An organisation stays in its tree and under its top. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    stored = await nodes.targets(writing, ORG, moves, Beside([move.parent_id for move in moves]), exclusive=True)
    check_capability(caller, CAPABILITY, (node.scope for node in stored.values()))
    moving = [stored[move.id] for move in moves if move.id in stored]
    refused = target_errors(moves, stored)
    errors = [each or _move_errors(move, stored, moving) for each, move in zip(refused, moves, strict=True)]
    if not any(errors):
        await nodes.move(writing, ORG, stored, moves)
        await writing.fetch_all_as_owner([(tree_writes.follow_orgs(), {"ids": [move.id for move in moves]})])
    return outcomes(errors, [move.id for move in moves])


async def delete_orgs(writing: Writing, caller: Caller, deletions: Sequence[DeleteOrg]) -> list[Outcome]:
    """Delete organisations that nothing needs (document 003, 3.14). UserErrors: NOT_FOUND, CONFLICT, IN_USE."""
    stored = await nodes.targets(writing, ORG, deletions, exclusive=True)
    check_capability(caller, CAPABILITY, (node.scope for node in stored.values()))
    ids = [deletion.id for deletion in deletions]
    used = await use_errors(writing, "org", USES, ids)
    errors = [each or use for each, use in zip(target_errors(deletions, stored), used, strict=True)]
    if not any(errors):
        await nodes.delete(writing, ORG, ids)
    return outcomes(errors, ids)


def _move_errors(move: MoveOrg, stored: Nodes, moving: Sequence[Node]) -> Errors:
    if move.parent_id not in stored:
        return missing(move.parent_id, stored, "parent_id")
    parent = stored[move.parent_id]
    return _type_errors(OrgType[stored[move.id].type], parent) or nodes.move_errors(stored[move.id], parent, moving)


def _scopes(inputs: Sequence[Any], parents: Nodes) -> list[str]:
    """Return the paths at which the parents of inputs need the capability; the top needs it everywhere."""
    named = [input_.parent_id for input_ in inputs]
    return [parents[id_].scope for id_ in named if id_ in parents] + [""] * (None in named)


def _completed(input_: CreateOrg, parents: Nodes) -> CreateOrg:
    """Fill in the type of the parent, and the usual sub type."""
    parent = parents.get(input_.parent_id or 0)
    type_ = input_.type or (OrgType[parent.type] if parent else None)
    usual = {
        field: DEFAULT_SUB_TYPES[field]
        for field, (of_type, _) in SUB_TYPES.items()
        if of_type is type_ and getattr(input_, field) is None
    }
    return replace(input_, type=type_, **usual)  # type: ignore[arg-type]


def _create_errors(input_: CreateOrg, parents: Nodes) -> Errors:
    parent = parents.get(input_.parent_id or 0)
    return missing(input_.parent_id, parents, "parent_id") or (
        *_type_errors(input_.type, parent),
        *_sub_type_errors(input_, input_.type),
        *nodes.level_errors(parent),
    )


def _update_errors(update: UpdateOrg, stored: Nodes) -> Errors:
    return _sub_type_errors(update, OrgType[stored[update.id].type])


def _type_errors(type_: OrgType | None, parent: Node | None) -> Errors:
    if type_ is None:
        return (InvalidInputError(NO_TYPE, path=("type",)),)
    if parent is not None and parent.type != type_:
        return (InvalidInputError(OTHER_TYPE, path=("type",), type=parent.type),)
    return ()


def _sub_type_errors(input_: CreateOrg | UpdateOrg, type_: OrgType | None) -> Errors:
    """Refuse a sub type of the other type (document 003, 3.3)."""
    wrong = (
        (field, of_type)
        for field, (of_type, _) in SUB_TYPES.items()
        if of_type is not type_ and getattr(input_, field) not in (None, UNSET)
    )
    return tuple(InvalidInputError(OTHER_SUB_TYPE, path=(field,), type=of_type) for field, of_type in wrong)
