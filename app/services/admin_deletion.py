"""Admin deletion: what keeps staff from being deleted, and what is deleted with them (document 003, 7.4)."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.models.admin import Admin
from app.services import rows
from app.services.admin_inputs import DeleteAdmin, DeleteAdmins
from app.services.admin_records import own_errors, read_admins
from app.services.targets import Errors, outcomes, target_errors
from app.services.uses import Use, Uses, use_errors
from app.services.write import Outcome

ROLES = Use(
    Message("member of staff {id} holds roles; take these away first", "员工 {id} 仍有角色授权，请先解除授权"),
    "admin_grant",
    "admin_id",
)
REVIEWS = Use(
    Message(
        "member of staff {id} has decided on claims, which name their reviewer: cancel or disable the account instead",
        "员工 {id} 审核过信息认证，不可删除：请改为注销或禁用",
    ),
    "verification",
    "reviewer_id",
)
ORDERS = tuple(
    Use(
        Message(
            "member of staff {id} has a part in work orders: cancel or disable the account instead",
            "员工 {id} 参与过服务单，不可删除：请改为注销或禁用",
        ),
        table,
        column,
    )
    for table, column in (
        ("work_order", "reporter_id"),
        ("work_order", "assignee_id"),
        ("work_order", "receiver_id"),
        ("work_order_step", "admin_id"),
        ("work_order_step", "assignee_id"),
    )
)
USES: Uses = (ROLES, REVIEWS, *ORDERS)
"""What keeps a member of staff from being deleted."""

NO_STAFF = Message("name staff by ids or by fourgridIds", "请填写员工编号（ids 或 fourgridIds）")
SEVERAL = Message(
    "several members of staff have the id {id} in the former user table: name them by ids",
    "多名员工的原用户编号为 {id}，请用 ids 指定",
)

GO_ALONG = ("admin_group_member", "device")
"""The tables of what is deleted with a member of staff by a trigger, as log-ins are, and comes back with them."""


async def delete_admins(writing: Writing, caller: Caller, deletions: Sequence[DeleteAdmin]) -> list[Outcome]:
    """Delete staff who are not in use. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT, IN_USE."""
    ids = [deletion.id for deletion in deletions]
    staff = await read_admins(writing, ids)
    used = await use_errors(writing, USES, ids)
    errors = [
        each or own_errors(caller, id_, ends=True) or use
        for each, id_, use in zip(target_errors(deletions, staff), ids, used, strict=True)
    ]
    if not any(errors):
        await writing.fetch_all([(rows.delete(Admin), {"ids": ids})])
    return outcomes(errors, ids)


async def delete_several_admins(writing: Writing, caller: Caller, inputs: Sequence[DeleteAdmins]) -> list[Outcome]:
    """Delete the staff that each input names, all or none (document 003, 7.4). UserErrors: as for `delete_admins`."""
    return [await _delete_named(writing, caller, input_) for input_ in inputs]


async def _delete_named(writing: Writing, caller: Caller, input_: DeleteAdmins) -> Outcome:
    if not input_.ids and not input_.fourgrid_ids:
        return Outcome(None, (InvalidInputError(NO_STAFF, path=("ids",)),))
    field = "ids" if input_.ids else "fourgrid_ids"
    ids, errors = (input_.ids, ()) if input_.ids else await _by_fourgrid(writing, input_.fourgrid_ids)
    deleted = [] if errors else await delete_admins(writing, caller, [DeleteAdmin(id_) for id_ in ids])
    refused = tuple(error for each in deleted for error in each.errors)
    for error in refused:
        error.path = (field,)
    return Outcome(None, (*errors, *refused), ids=ids)


async def _by_fourgrid(writing: Writing, fourgrid_ids: Sequence[int]) -> tuple[tuple[int, ...], Errors]:
    """Find staff by their ids in the former user table, each of which must be that of one visible person."""
    (found,) = await writing.fetch_all([(_fourgrid(), {"ids": [*fourgrid_ids]})])
    times, path = Counter(row[1] for row in found), ("fourgrid_ids",)
    absent = tuple(NotFoundError(id_, path=path) for id_ in fourgrid_ids if id_ not in times)
    several = tuple(ConflictError(detail=SEVERAL, path=path, id=id_) for id_, count in times.items() if count > 1)
    return tuple(row[0] for row in found), (*absent, *several)


@cache
def _fourgrid() -> Statement:
    return statement_of(
        SQL("select id, fourgrid_id from admin where fourgrid_id = any(%(ids)s::bigint[]) order by fourgrid_id, id")
    )
