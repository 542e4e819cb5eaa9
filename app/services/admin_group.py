"""Admin group: the rules of the groups of staff (document 003, section 8). A group belongs to one organisation."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError
from app.models.admin import AdminGroup
from app.models.org import Org, OrgType
from app.services import rows
from app.services.admin_records import CAPABILITY
from app.services.staff_places import Named, missing_place, named_places
from app.services.targets import Errors, check_capability, outcomes, target_errors
from app.services.uses import Use, Uses, use_errors
from app.services.write import UNSET, Outcome, Unset, option, refers

MEMBERS = Use(
    Message("the group has members; remove them first", "该分组绑定了员工,不可删除"), "admin_group_member", "group_id"
)
USES: Uses = (MEMBERS,)
"""What keeps a group from being deleted; the message is that of document 003, 8.4."""

TAKEN = Message("the organisation has another group named {name}", "该业务组织已有同名分组:{name}")
KEPT = Message("a group stays in its organisation, {id}", "分组不能更换所属业务组织 {id}")


@dataclass(frozen=True)
class CreateAdminGroup:
    """员工分组新增 A new group of staff of a business organisation."""

    name: str
    org_id: int | None = None
    org_code: str | None = refers(
        Org.code, "业务组织编码 Code of the organisation: instead of `orgId`, or to be compared with it", None
    )
    reuse: bool = option(
        "已有同名分组 Take the group of the organisation that has the name, if there is one, instead of refusing",
        default=False,
    )


@dataclass(frozen=True)
class UpdateAdminGroup:
    """员工分组修改 Another name of a group."""

    id: int
    expected_version: int | None = None
    name: str | Unset = UNSET
    org_id: int | None = refers(
        AdminGroup.org_id, "业务组织 The organisation of the group; another one is refused", None
    )


@dataclass(frozen=True)
class DeleteAdminGroup:
    """员工分组删除 Delete a group without members."""

    id: int
    expected_version: int | None = None


class Wanted(NamedTuple):
    """A group as it will be; `id` is None for a new one."""

    id: int | None
    org_id: int | None
    name: str


class StoredGroup(NamedTuple):
    """A stored group; `path` is that of its organisation."""

    id: int
    version: int
    org_id: int
    name: str
    path: str


async def create_admin_groups(writing: Writing, caller: Caller, inputs: Sequence[CreateAdminGroup]) -> list[Outcome]:
    """Create groups (document 003, 8.2). UserErrors: NOT_FOUND, INVALID_INPUT, CONFLICT for a name that is taken."""
    named = await named_places(writing, inputs, OrgType.BUSINESS)
    check_capability(caller, CAPABILITY, (each.place.path for each in named if each.place and not each.errors))
    wanted = [Wanted(None, _org(each), input_.name) for input_, each in zip(inputs, named, strict=True)]
    others = await _others(writing, wanted)
    known = [other if input_.reuse else None for input_, other in zip(inputs, others, strict=True)]
    taken = _taken_errors(wanted, [None if each else other for each, other in zip(known, others, strict=True)])
    errors = [missing_place(each) or found for each, found in zip(named, taken, strict=True)]
    if any(errors):
        return outcomes(errors)
    new = [each for each, id_ in zip(wanted, known, strict=True) if id_ is None]
    (made,) = await writing.fetch_all([(rows.insert(AdminGroup, ("org_id", "name")), _columns(new))])
    ids = iter([int(row[0]) for row in made])
    return outcomes(errors, [next(ids) if id_ is None else id_ for id_ in known])


async def update_admin_groups(writing: Writing, caller: Caller, updates: Sequence[UpdateAdminGroup]) -> list[Outcome]:
    """Rename groups (document 003, 8.3). UserErrors: NOT_FOUND, CONFLICT, also for a name, INVALID_INPUT."""
    groups = await read_groups(writing, caller, [update.id for update in updates])
    refused = target_errors(updates, groups)
    known = [(groups[update.id], update) for update in updates if update.id in groups]
    wanted = [Wanted(group.id, group.org_id, _name(group, update)) for group, update in known]
    found = _taken_errors(wanted, await _others(writing, wanted))
    taken = dict(zip((group.id for group, _ in known), found, strict=True))
    errors = [
        each or _org_errors(groups[update.id], update) or taken[update.id]
        for each, update in zip(refused, updates, strict=True)
    ]
    if not any(errors):
        await writing.fetch_all([(rows.update(AdminGroup, ("name",)), rows.changes(updates, ("name",)))])
    return outcomes(errors, [update.id for update in updates])


async def delete_admin_groups(writing: Writing, caller: Caller, deletions: Sequence[DeleteAdminGroup]) -> list[Outcome]:
    """Delete groups without members (document 003, 8.4). UserErrors: NOT_FOUND, CONFLICT, IN_USE."""
    ids = [deletion.id for deletion in deletions]
    groups = await read_groups(writing, caller, ids)
    used = await use_errors(writing, USES, ids)
    errors = [each or use for each, use in zip(target_errors(deletions, groups), used, strict=True)]
    if not any(errors):
        await writing.fetch_all([(rows.delete(AdminGroup), {"ids": ids})])
    return outcomes(errors, ids)


async def read_groups(writing: Writing, caller: Caller, ids: Iterable[int]) -> dict[int, StoredGroup]:
    """Lock and read groups; invisible ones are left out. ForbiddenError where the caller may not group staff."""
    named = {"ids": sorted(set(ids))}
    _, found = await writing.fetch_all([(rows.lock("admin_group"), named), (_groups(), named)])
    groups = {row[0]: StoredGroup(*row) for row in found}
    check_capability(caller, CAPABILITY, (group.path for group in groups.values()))
    return groups


def _org(named: Named) -> int | None:
    return None if named.place is None or named.errors else named.place.id


def _name(group: StoredGroup, update: UpdateAdminGroup) -> str:
    return group.name if update.name is UNSET else update.name


def _org_errors(group: StoredGroup, update: UpdateAdminGroup) -> Errors:
    if update.org_id in (None, group.org_id):
        return ()
    return (InvalidInputError(KEPT, path=("org_id",), id=group.org_id),)


async def _others(writing: Writing, wanted: Sequence[Wanted]) -> list[int | None]:
    """Return for each group the other one of its organisation that has its name, if there is one."""
    (found,) = await writing.fetch_all([(_same_name(), {**_columns(wanted), "ids": [each.id for each in wanted]})])
    return [row[0] for row in found]


def _taken_errors(wanted: Sequence[Wanted], others: Sequence[int | None]) -> list[Errors]:
    """Return the error of each group whose name another one of its organisation has, stored or in the list."""
    times = Counter(each[1:] for each in wanted)
    return [
        (ConflictError(detail=TAKEN, path=("name",), name=each.name),) if other or times[each[1:]] > 1 else ()
        for each, other in zip(wanted, others, strict=True)
    ]


def _columns(wanted: Sequence[Wanted]) -> dict[str, object]:
    return {"org_id": [each.org_id for each in wanted], "name": [each.name for each in wanted]}


@cache
def _groups() -> Statement:
    return statement_of(
        SQL(
            "select held.id, held.version, held.org_id, held.name, org.path from admin_group held"
            " join org on org.id = held.org_id where held.id = any(%(ids)s::bigint[])"
        )
    )


@cache
def _same_name() -> Statement:
    return statement_of(
        SQL(
            "select (select other.id from admin_group other where other.org_id = input.org_id"
            " and other.name = input.name and other.id <> all(array_remove(%(ids)s::bigint[], null)))"
            " from unnest(%(org_id)s::bigint[], %(name)s::text[]) with ordinality as input (org_id, name, place)"
            " order by input.place"
        )
    )
