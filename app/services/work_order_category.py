"""Work order category: the rules of the categories of repairs, a tree of three levels for each top organisation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError
from app.models import WorkOrderCategory
from app.models.status import Status
from app.models.work_order import LEVELS
from app.services import nodes, rows
from app.services.granting import read_orgs
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.uses import Use, Uses, use_errors
from app.services.work_order_inputs import CreateWorkOrderCategory, DeleteWorkOrderCategory, UpdateWorkOrderCategory
from app.services.work_order_steps import CAPABILITY
from app.services.write import Outcome

PLACE = Message(
    "name the top organisation, or the category above, but not both", "请填写顶级业务组织或上级报修类型（二选一）"
)
NOT_TOP = Message("categories belong to a top business organisation", "报修类型只能属于顶级业务组织")
TOO_DEEP = Message("categories have {allowed} levels", "报修类型只有{allowed}级")

USES: Uses = tuple(
    Use(Message(f"category {{id}} {english}", f"报修类型 {{id}} {chinese}"), table, column)
    for table, column, chinese, english in (
        ("work_order_category", "parent_id", "存在下级类型", "has categories below it"),
        ("work_order", "category_one_id", "已有服务单使用", "is that of work orders"),
        ("work_order", "category_two_id", "已有服务单使用", "is that of work orders"),
        ("work_order", "category_three_id", "已有服务单使用", "is that of work orders"),
    )
)
"""What keeps a category from being deleted."""

COLUMNS = ("top_org_id", "parent_id", "level", "name", "status")
SETTABLE = ("name", "status")

READ = statement_of(
    SQL("select id, version, top_org_id, level from work_order_category where id = any(%(ids)s::bigint[])")
)


class Stored(NamedTuple):
    """A stored category."""

    id: int
    version: int
    top_org_id: int
    level: int


@dataclass(frozen=True)
class New:
    """A category as it is inserted."""

    top_org_id: int
    parent_id: int | None
    level: int
    name: str
    status: Status


async def create_categories(
    writing: Writing, caller: Caller, inputs: Sequence[CreateWorkOrderCategory]
) -> list[Outcome]:
    """Create categories (document 000, 4.2). UserErrors: NOT_FOUND, INVALID_INPUT, CONFLICT for a taken name."""
    above = await _read(writing, caller, (each.parent_id for each in inputs))
    tops = await read_orgs(writing, nodes.ids_of(each.top_org_id for each in inputs))
    check_capability(caller, CAPABILITY, (org.path for org in tops.values()))
    errors = [
        _place_errors(each)
        or missing(each.parent_id, above, "parent_id")
        or missing(each.top_org_id, tops, "top_org_id")
        or _level_errors(each, above, {id_: org.path for id_, org in tops.items()})
        for each in inputs
    ]
    if any(errors):
        return outcomes(errors)
    new = [_new(each, above) for each in inputs]
    (made,) = await writing.fetch_all([(rows.insert(WorkOrderCategory, COLUMNS), rows.arrays(new, COLUMNS))])
    return outcomes(errors, [row[0] for row in made])


async def update_categories(
    writing: Writing, caller: Caller, updates: Sequence[UpdateWorkOrderCategory]
) -> list[Outcome]:
    """Rename categories, or declare them valid or invalid. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT."""
    ids = [update.id for update in updates]
    errors = target_errors(updates, await _read(writing, caller, ids))
    if not any(errors):
        await writing.fetch_all([(rows.update(WorkOrderCategory, SETTABLE), rows.changes(updates, SETTABLE))])
    return outcomes(errors, ids)


async def delete_categories(
    writing: Writing, caller: Caller, deletions: Sequence[DeleteWorkOrderCategory]
) -> list[Outcome]:
    """Delete categories that nothing needs. UserErrors: NOT_FOUND, CONFLICT, IN_USE."""
    ids = [deletion.id for deletion in deletions]
    stored = await _read(writing, caller, ids)
    used = await use_errors(writing, USES, ids)
    errors = [each or use for each, use in zip(target_errors(deletions, stored), used, strict=True)]
    if not any(errors):
        await writing.fetch_all([(rows.delete(WorkOrderCategory), {"ids": ids})])
    return outcomes(errors, ids)


async def _read(writing: Writing, caller: Caller, ids: Iterable[int | None]) -> Mapping[int, Stored]:
    """Lock and read visible categories: ForbiddenError without the capability in the organisation of one."""
    named = {"ids": nodes.ids_of(ids)}
    _, found = await writing.fetch_all([(rows.lock("work_order_category"), named), (READ, named)])
    stored = {row[0]: Stored(*row) for row in found}
    check_capability(caller, CAPABILITY, (f"{each.top_org_id}/" for each in stored.values()))
    return stored


def _place_errors(input_: CreateWorkOrderCategory) -> Errors:
    is_wrong = (input_.parent_id is None) == (input_.top_org_id is None)
    return (InvalidInputError(PLACE, path=("parent_id",)),) if is_wrong else ()


def _level_errors(input_: CreateWorkOrderCategory, above: Mapping[int, Stored], tops: Mapping[int, str]) -> Errors:
    if input_.parent_id is not None:
        is_deepest = above[input_.parent_id].level == LEVELS
        return (InvalidInputError(TOO_DEEP, path=("parent_id",), allowed=LEVELS),) if is_deepest else ()
    is_top = tops[input_.top_org_id or 0] == f"{input_.top_org_id}/"
    return () if is_top else (InvalidInputError(NOT_TOP, path=("top_org_id",)),)


def _new(input_: CreateWorkOrderCategory, above: Mapping[int, Stored]) -> New:
    parent = above.get(input_.parent_id or 0)
    top = parent.top_org_id if parent else input_.top_org_id
    return New(top or 0, input_.parent_id, parent.level + 1 if parent else 1, input_.name, input_.status)
