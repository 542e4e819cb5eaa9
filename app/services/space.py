"""Space: the rules of spaces (document 003, part 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeVar

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models.space import PARENT_TYPES, BusinessType, SpaceType
from app.models.status import Status
from app.services import node_changes, nodes
from app.services.node_changes import Settable
from app.services.nodes import Beside, Kind, Node
from app.services.space_inputs import CreateSpace, MoveSpace, SetCommunityOrg, SetSpaceStatus, UpdateSpace, UpsertSpace
from app.services.space_owners import Owner, owner_errors, paths_of, read_owners, read_tops, tenants_around
from app.services.stamp import CHANGED
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.upserts import Rules, upsert
from app.services.write import UNSET, Outcome

CAPABILITY = "space.write"

SPACE = Kind("space", CAPABILITY, "org_path", "split_part(coalesce(org_path, ''), '/', 1)")
"""A space belongs to the tenant whose organisation owns its community; spaces without owner belong together."""

WRONG_PARENT = Message("a {type} cannot lie below {parent}", "{type} 不能位于 {parent} 之下")
NO_TYPE = Message("a new space needs a type", "新空间必须指定类型")
KEPT_TYPE = Message("the type of a space never changes: it is {type}", "空间类型不可修改：{type}")
NO_ORG = Message("a community needs a business organisation", "小区必须关联业务组织")
ORG_OF_COMMUNITY = Message("only a community has an organisation of its own", "只有小区可以关联业务组织")
OF_COMMUNITY = Message("only a community has a business type", "只有小区有业务类型")
NEGATIVE = Message("an area must not be negative", "面积不能为负数")

AREAS = ("area", "fee_area")
UPDATED = ("name", "business_type", *AREAS, "fourgrid_id", "fourgrid_parent_id", "fourgrid_community_id")
"""The columns that an update may set."""

New = TypeVar("New", CreateSpace, UpsertSpace)


async def create_spaces(writing: Writing, caller: Caller, inputs: Sequence[CreateSpace]) -> list[Outcome]:
    """Create spaces (document 003, 4.1 and 4.14); each gets the next code of its parent.

    A community belongs to its organisation, or else to that of the community above, or else to the top organisation of
    the tenant that the input names. UserErrors: NOT_FOUND for a parent or an organisation, INVALID_INPUT.
    """
    org_ids = [input_.org_id for input_ in inputs]
    parents, ids = await nodes.places(writing, SPACE, inputs, org_ids)
    owners = await read_owners(writing, org_ids)
    completed = [_completed(input_, parents.get(input_.parent_id or 0)) for input_ in inputs]
    tops = await read_tops(writing, [each.top_org_id for each in completed if _lacks_owner(each)])
    paths = [*(node.scope for node in parents.values()), *paths_of(owners), *paths_of(tops)]
    check_capability(caller, CAPABILITY, paths)
    owned = [_owned_by_top(each, tops) for each in completed]
    errors = [
        missing(input_.parent_id, parents, "parent_id")
        or owner_errors(input_.org_id, owners, parents.get(input_.parent_id or 0))
        or missing(each.top_org_id if _lacks_owner(each) else None, tops, "top_org_id")
        or _create_errors(each, parents.get(input_.parent_id or 0))
        for input_, each in zip(completed, owned, strict=True)
    ]
    if any(errors):
        return outcomes(errors)
    nodes.create(writing, SPACE, owned, ("type", "status", "org_id", *UPDATED), ids)
    return outcomes(errors, ids)


async def update_spaces(writing: Writing, caller: Caller, updates: Sequence[UpdateSpace]) -> list[Outcome]:
    """Change spaces (document 003, 4.9). A new name changes the full names of the whole subtree.

    An update that changes nothing leaves the version as it is. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    return await node_changes.update(writing, caller, SPACE, updates, Settable(UPDATED, _update_errors))


async def set_space_statuses(writing: Writing, caller: Caller, changes: Sequence[SetSpaceStatus]) -> list[Outcome]:
    """Declare spaces valid or invalid (document 003, 4.9). UserErrors: NOT_FOUND, CONFLICT."""
    return await node_changes.update(writing, caller, SPACE, changes, Settable(("status",)))


async def move_spaces(writing: Writing, caller: Caller, moves: Sequence[MoveSpace]) -> list[Outcome]:
    """Move spaces with all below them; paths, codes, full names and owners follow (document 003, 4.9).

    A space stays in its tenant. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    return await node_changes.move(writing, caller, SPACE, moves, _move_errors)


async def set_community_orgs(writing: Writing, caller: Caller, changes: Sequence[SetCommunityOrg]) -> list[Outcome]:
    """Relate communities to other business organisations; all their spaces follow (document 003, 4.9).

    Only the super administrator takes a community from its organisation without another one. Other spaces have no
    organisation of their own: to take it from them changes nothing. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    org_ids = [change.org_id for change in changes]
    stored = await nodes.targets(writing, SPACE, changes, Beside(orgs=org_ids), exclusive=True)
    owners = await read_owners(writing, org_ids)
    related = [change for change in changes if change.org_id or _is_community(stored.get(change.id))]
    top = [""] if any(change.org_id is None for change in related) else []
    check_capability(caller, CAPABILITY, [*(node.scope for node in stored.values()), *paths_of(owners), *top])
    tenants = await tenants_around(writing, [node.id for node in stored.values() if not node.tenant])
    refused = target_errors(changes, stored)
    errors = [
        each or _relation_errors(change, stored[change.id], owners, tenants.get(change.id, ()))
        for each, change in zip(refused, changes, strict=True)
    ]
    if not any(errors):
        values = {"ids": [change.id for change in related], "org_ids": [change.org_id for change in related]}
        await writing.fetch_all([(_relate(), values)])
        await nodes.follow(writing, SPACE, [stored[change.id] for change in related])
    return outcomes(errors, [change.id for change in changes])


async def upsert_spaces(writing: Writing, caller: Caller, rows: Sequence[UpsertSpace]) -> list[Outcome]:
    """Create, change and move the spaces of another system, by their keys there.

    UserErrors: NOT_FOUND, INVALID_INPUT.
    """
    owners = await read_owners(writing, [row.org_id for row in rows])
    check_capability(caller, CAPABILITY, paths_of(owners))
    errors = [owner_errors(row.org_id, owners, None) for row in rows]
    rules = replace(
        UPSERTS,
        top_scope=lambda row: owners[row.org_id].path if row.org_id else None,
        create_errors=lambda row, parent: owner_errors(row.org_id, owners, parent) or _create_errors(row, parent),
    )
    return outcomes(errors) if any(errors) else await upsert(writing, caller, rows, rules)


@cache
def _relate() -> Statement:
    return statement_of(
        SQL(
            "update space node set org_id = org.id, org_path = org.path, {changed}"
            " from unnest(%(ids)s::bigint[], %(org_ids)s::bigint[]) as input (id, org_id)"
            " left join org on org.id = input.org_id"
            " where node.id = input.id and node.org_id is distinct from org.id"
        ).format(changed=CHANGED)
    )


def _completed(input_: New, parent: Node | None) -> New:
    """Fill in the owner of the community above, the usual business type, and the usual value of what is left out."""
    is_community = input_.type is SpaceType.COMMUNITY
    above = int(parent.scope.rstrip("/").rsplit("/", 1)[-1]) if parent is not None and parent.scope else None
    org_id = (input_.org_id or above) if is_community else input_.org_id
    usual = BusinessType.RESIDENTIAL if is_community else None
    business_type = usual if input_.business_type in (None, UNSET) else input_.business_type
    status = Status.ENABLED if input_.status is UNSET else input_.status
    if (org_id, business_type, status) == (input_.org_id, input_.business_type, input_.status):
        return input_
    return replace(input_, org_id=org_id, business_type=business_type, status=status)


def _lacks_owner(input_: CreateSpace) -> bool:
    return input_.type is SpaceType.COMMUNITY and input_.org_id is None


def _owned_by_top(input_: CreateSpace, tops: Mapping[int, Owner]) -> CreateSpace:
    """Give a community that has no other owner to the top organisation of its tenant."""
    top = tops.get(input_.top_org_id or 0)
    return replace(input_, org_id=top.id) if top is not None and _lacks_owner(input_) else input_


def _is_community(node: Node | None) -> bool:
    return node is not None and node.type == SpaceType.COMMUNITY


def _relation_errors(
    change: SetCommunityOrg, node: Node, owners: Mapping[int, Owner], tenants: Sequence[str]
) -> Errors:
    """Refuse what is no community, and an organisation of another tenant than that of the communities around."""
    if not _is_community(node):
        return (InvalidInputError(ORG_OF_COMMUNITY, path=("id",)),) if change.org_id else ()
    others = [node._replace(tenant=tenant) for tenant in tenants]
    return next(filter(None, (owner_errors(change.org_id, owners, each) for each in (node, *others))), ())


def _create_errors(input_: CreateSpace | UpsertSpace, parent: Node | None) -> Errors:
    if input_.type is None:
        return (InvalidInputError(NO_TYPE, path=("type",)),)
    return (
        *((InvalidInputError(nodes.NO_NAME, path=("name",)),) if input_.name is UNSET else ()),
        *_place_errors(input_.type, parent, "type"),
        *_org_errors(input_),
        *_value_errors(input_, input_.type),
        *nodes.level_errors(parent),
    )


def _org_errors(input_: CreateSpace | UpsertSpace) -> Errors:
    is_community = input_.type is SpaceType.COMMUNITY
    if is_community == (input_.org_id is not None):
        return ()
    return (InvalidInputError(NO_ORG if is_community else ORG_OF_COMMUNITY, path=("org_id",)),)


def _update_errors(update: UpdateSpace | UpsertSpace, node: Node) -> Errors:
    is_other = update.type not in (None, node.type)
    other_type = (InvalidInputError(KEPT_TYPE, path=("type",), type=node.type),) if is_other else ()
    return (*other_type, *_value_errors(update, SpaceType[node.type]))


def _move_errors(node: Node, parent: Node | None, moving: Sequence[Node]) -> Errors:
    return _place_errors(SpaceType[node.type], parent, "parent_id") or nodes.move_errors(node, parent, moving)


def _place_errors(type_: SpaceType, parent: Node | None, field: str) -> Errors:
    """Refuse a parent whose type does not fit (PARENT_TYPES)."""
    parent_type = SpaceType[parent.type] if parent is not None and parent.type else None
    if parent_type in PARENT_TYPES[type_]:
        return ()
    return (InvalidInputError(WRONG_PARENT, path=(field,), type=type_, parent=parent_type or "the top"),)


def _value_errors(input_: CreateSpace | UpdateSpace | UpsertSpace, type_: SpaceType) -> Errors:
    """Refuse negative areas, and a business type of anything but a community (document 003, 4.1)."""
    wrong = [
        InvalidInputError(NEGATIVE, path=(field,))
        for field in AREAS
        if getattr(input_, field) not in (None, UNSET) and getattr(input_, field) < 0
    ]
    if type_ is not SpaceType.COMMUNITY and input_.business_type not in (None, UNSET):
        wrong.append(InvalidInputError(OF_COMMUNITY, path=("business_type",)))
    return tuple(wrong)


UPSERTS = Rules(
    SPACE,
    _completed,
    _create_errors,
    _update_errors,
    _move_errors,
    created=("source", "external_id", "type", "status", "org_id", *UPDATED),
    updated=("status", *UPDATED),
)
"""How spaces of other systems are synchronised."""
