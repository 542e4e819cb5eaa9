"""Org: the rules of organisations (document 003, part 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError, NotFoundError
from app.models.choice import Choice
from app.models.org import SUB_TYPES, AdministrativeOrgSubType, BusinessOrgSubType, OrgType
from app.models.status import Status
from app.services import node_changes, nodes, tree_writes
from app.services.node_changes import Settable
from app.services.nodes import Kind, Node, Nodes
from app.services.org_inputs import CreateOrg, DeleteOrg, MoveOrg, SetOrgStatus, UpdateOrg, UpsertOrg
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.upserts import Rules, upsert
from app.services.uses import Use, Uses, use_errors
from app.services.write import UNSET, Outcome

CAPABILITY = "org.write"

New = TypeVar("New", CreateOrg, UpsertOrg)

ORG = Kind("org", CAPABILITY, "case when type = 'BUSINESS' then path end", "split_part(path, '/', 1)")
"""Administrative organisations serve several tenants, so only the super administrator changes them."""

KEPT_TYPE = Message("the type of an organisation never changes: it is {type}", "组织类型不可修改：{type}")
OTHER_TYPE = Message("the parent is of the other type: it is {type}", "上级组织类型不一致：{type}")
NO_TYPE = Message("a top organisation needs a type", "顶级组织必须指定类型")
OTHER_SUB_TYPE = Message("this sub type is for {type} organisations only", "该子类型仅适用于 {type} 组织")

DEFAULT_SUB_TYPES: Mapping[str, Choice] = {
    "administrative_sub_type": AdministrativeOrgSubType.INTERNAL,
    "business_sub_type": BusinessOrgSubType.PROJECT,
}
"""The sub type of a new organisation that names none (document 003, 3.1: `sub_type` 1)."""


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
        ("org_role_menu", "org_id", "角色菜单", "menus of roles"),
        ("org_relation", "business_org_id", "关联的行政组织", "administrative organisations that serve it"),
        ("org_relation", "administrative_org_id", "关联的业务组织", "business organisations that it serves"),
        ("customer", "top_org_id", "客户", "customers"),
        ("customer_org", "org_id", "客户关联", "customers known to it"),
        ("work_order_category", "top_org_id", "报修类型", "categories of repairs"),
        ("app_grant", "org_id", "App授权", "apps that may serve it"),
    )
)
"""What keeps an organisation from being deleted."""


async def create_orgs(writing: Writing, caller: Caller, inputs: Sequence[CreateOrg]) -> list[Outcome]:
    """Create organisations (document 003, 3.1); each gets the next code of its parent.

    The type is by default that of the parent. UserErrors: NOT_FOUND for a parent, INVALID_INPUT.
    """
    parents, ids = await nodes.places(writing, ORG, inputs)
    check_capability(caller, CAPABILITY, _scopes(inputs, parents))
    completed = [_completed(input_, parents.get(input_.parent_id or 0)) for input_ in inputs]
    errors = [
        missing(input_.parent_id, parents, "parent_id") or _create_errors(input_, parents.get(input_.parent_id or 0))
        for input_ in completed
    ]
    if any(errors):
        return outcomes(errors)
    nodes.create(writing, ORG, completed, ("type", "status", *UPDATED), ids)
    return outcomes(errors, ids)


async def update_orgs(writing: Writing, caller: Caller, updates: Sequence[UpdateOrg]) -> list[Outcome]:
    """Change organisations (document 003, 3.2). A new name changes the full names of the whole subtree.

    An update that changes nothing leaves the version as it is. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    return await node_changes.update(writing, caller, ORG, updates, Settable(UPDATED, _update_errors))


async def set_org_statuses(writing: Writing, caller: Caller, changes: Sequence[SetOrgStatus]) -> list[Outcome]:
    """Enable and disable organisations (document 003, 3.2). UserErrors: NOT_FOUND, CONFLICT."""
    return await node_changes.update(writing, caller, ORG, changes, Settable(("status",)))


async def move_orgs(writing: Writing, caller: Caller, moves: Sequence[MoveOrg]) -> list[Outcome]:
    """Move organisations with all below them, and renew the paths of their spaces (document 003, 3.2).

    An organisation stays in its tree and under its top. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    moved = await node_changes.move(writing, caller, ORG, moves, _move_errors)
    if not any(outcome.errors for outcome in moved):
        await writing.fetch_all([(tree_writes.FOLLOW_ORGS, {"ids": [move.id for move in moves]})])
    return moved


async def delete_orgs(writing: Writing, caller: Caller, deletions: Sequence[DeleteOrg]) -> list[Outcome]:
    """Delete organisations that nothing needs (document 003, 3.14). UserErrors: NOT_FOUND, CONFLICT, IN_USE."""
    stored = await nodes.targets(writing, ORG, deletions, exclusive=True)
    check_capability(caller, CAPABILITY, (node.scope for node in stored.values()))
    ids = [deletion.id for deletion in deletions]
    used = await use_errors(writing, USES, ids)
    refused = [
        each or _other_type(deletion, stored[deletion.id])
        for each, deletion in zip(target_errors(deletions, stored), deletions, strict=True)
    ]
    errors = [each or use for each, use in zip(refused, used, strict=True)]
    if not any(errors):
        await nodes.delete(writing, ORG, ids)
    return outcomes(errors, ids)


async def upsert_orgs(writing: Writing, caller: Caller, rows: Sequence[UpsertOrg]) -> list[Outcome]:
    """Create, change and move the organisations of another system, by their keys there.

    UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    outcomes_ = await upsert(writing, caller, rows, UPSERTS)
    ids = [outcome.id for outcome in outcomes_ if not outcome.errors]
    if len(ids) == len(outcomes_):
        await writing.fetch_all([(tree_writes.FOLLOW_ORGS, {"ids": ids})])
    return outcomes_


def _scopes(inputs: Sequence[Any], parents: Nodes) -> list[str]:
    """Return the paths at which the parents of inputs need the capability; the top needs it everywhere."""
    named = [input_.parent_id for input_ in inputs]
    return [parents[id_].scope for id_ in named if id_ in parents] + [""] * (None in named)


def _completed(input_: New, parent: Node | None) -> New:
    """Fill in the type of the parent, the usual sub type, and the usual value of what is left out."""
    type_ = input_.type or (OrgType[parent.type] if parent and parent.type else None)
    usual = {
        field: DEFAULT_SUB_TYPES[field] if of_type is type_ else None
        for field, (of_type, _) in SUB_TYPES.items()
        if getattr(input_, field) in (None, UNSET)
    }
    status = Status.ENABLED if input_.status is UNSET else input_.status
    return replace(input_, type=type_, status=status, **usual)  # type: ignore[arg-type]


def _create_errors(input_: CreateOrg | UpsertOrg, parent: Node | None) -> Errors:
    return (
        *((InvalidInputError(nodes.NO_NAME, path=("name",)),) if input_.name is UNSET else ()),
        *_type_errors(input_.type, parent),
        *_sub_type_errors(input_, input_.type),
        *nodes.level_errors(parent),
    )


def _other_type(deletion: DeleteOrg, node: Node) -> Errors:
    """Refuse to delete an organisation of another type as if there were none."""
    return () if deletion.type in (None, node.type) else (NotFoundError(node.id, path=("id",)),)


def _update_errors(update: UpdateOrg | UpsertOrg, node: Node) -> Errors:
    is_other = update.type not in (None, node.type)
    other_type = (InvalidInputError(KEPT_TYPE, path=("type",), type=node.type),) if is_other else ()
    return (*other_type, *_sub_type_errors(update, OrgType[node.type]))


def _move_errors(node: Node, parent: Node | None, moving: Sequence[Node]) -> Errors:
    if parent is None:
        return (InvalidInputError(nodes.OTHER_TENANT, path=("parent_id",)),)
    return _type_errors(OrgType[node.type], parent) or nodes.move_errors(node, parent, moving)


def _type_errors(type_: OrgType | None, parent: Node | None) -> Errors:
    if type_ is None:
        return (InvalidInputError(NO_TYPE, path=("type",)),)
    if parent is not None and parent.type not in ("", type_):
        return (InvalidInputError(OTHER_TYPE, path=("type",), type=parent.type),)
    return ()


def _sub_type_errors(input_: CreateOrg | UpdateOrg | UpsertOrg, type_: OrgType | None) -> Errors:
    """Refuse a sub type of the other type (document 003, 3.3)."""
    wrong = (
        (field, of_type)
        for field, (of_type, _) in SUB_TYPES.items()
        if of_type is not type_ and getattr(input_, field) not in (None, UNSET)
    )
    return tuple(InvalidInputError(OTHER_SUB_TYPE, path=(field,), type=of_type) for field, of_type in wrong)


UPSERTS = Rules(
    ORG,
    _completed,
    _create_errors,
    _update_errors,
    _move_errors,
    created=("source", "external_id", "type", "status", *UPDATED),
    updated=("status", *UPDATED),
)
"""How organisations of other systems are synchronised."""
