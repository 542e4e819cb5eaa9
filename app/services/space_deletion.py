"""Space deletion: what keeps spaces from being deleted, and what goes with them (document 003, 4.13 and 4.17)."""

from collections.abc import Sequence

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InUseError
from app.services import nodes
from app.services.calls import call
from app.services.space import CAPABILITY, SPACE
from app.services.space_inputs import DeleteSpace, DeleteSpaceTree
from app.services.targets import Errors, check_capability, outcomes, target_errors
from app.services.uses import Use, Uses, use_errors
from app.services.write import Outcome

VALID, OPEN, TO_DO = "valid", "open", "to do"
"""The states in which relations, claims and work orders keep a record."""

CHILDREN = Use(Message("space {id} has spaces below it", "空间 {id} 存在下级空间"), "space", "parent_id")
RELATIONS = Use(
    Message("space {id} has valid property relations", "空间 {id} 存在有效的产权关系"),
    "property_relation",
    "space_id",
    VALID,
)
CLAIMS = Use(
    Message("space {id} has pending or approved claims", "空间 {id} 存在待审核或已认证的信息认证"),
    "verification",
    "space_id",
    OPEN,
)
ORDERS = Use(
    Message("space {id} has open work orders", "空间 {id} 存在未完结的服务单"), "work_order", "space_id", TO_DO
)
USES: Uses = (CHILDREN, RELATIONS, CLAIMS, ORDERS)
"""What keeps a space from being deleted."""

STILL_USED = Message(
    "{relations} valid property relations, {claims} pending or approved claims and {orders} open work orders lie below",
    "下级存在 {relations} 条有效的产权关系、{claims} 条待审核或已认证的信息认证和 {orders} 条未完结的服务单",
)

GO_ALONG = (
    "work_order_step",
    "work_order",
    "verification",
    "housing_record",
    "property_relation",
    "parking_detail",
    "space_location",
)
"""The tables of what is deleted with a space; what is restored is inserted in the reverse order."""

SUBTREES = call("subtrees_of_spaces", ids="bigint[]")
"""Reads subtrees: ids from the top, what is still in use below, the paths of the owners."""

DELETE = call("delete_spaces", ids="bigint[]")


async def delete_spaces(writing: Writing, caller: Caller, deletions: Sequence[DeleteSpace]) -> list[Outcome]:
    """Delete spaces that nothing needs (document 003, 4.17). UserErrors: NOT_FOUND, CONFLICT, IN_USE."""
    stored = await nodes.targets(writing, SPACE, deletions, exclusive=True)
    check_capability(caller, CAPABILITY, (node.scope for node in stored.values()))
    ids = [deletion.id for deletion in deletions]
    used = await use_errors(writing, USES, ids)
    errors = [each or use for each, use in zip(target_errors(deletions, stored), used, strict=True)]
    if not any(errors):
        await _delete(writing, ids)
    return outcomes(errors, ids)


async def delete_space_trees(writing: Writing, caller: Caller, deletions: Sequence[DeleteSpaceTree]) -> list[Outcome]:
    """Delete spaces with everything below them (document 003, 4.13), unless property below is still held or claimed.

    The caller needs the capability for every community below. UserErrors: NOT_FOUND, CONFLICT, IN_USE.
    """
    stored = await nodes.targets(writing, SPACE, deletions, exclusive=True)
    (rows,) = await writing.fetch_all([(SUBTREES, {"ids": [*stored]})])
    check_capability(caller, CAPABILITY, (path for *_, paths in rows for path in paths))
    used = {row[0]: _tree_errors(*row[2:5]) for row in rows}
    errors = [
        each or used[deletion.id] for each, deletion in zip(target_errors(deletions, stored), deletions, strict=True)
    ]
    if any(errors):
        return outcomes(errors)
    gone = {row[0]: tuple(row[1]) for row in rows}
    await _delete(writing, sorted({id_ for ids in gone.values() for id_ in ids}))
    return [Outcome(deletion.id, ids=gone[deletion.id]) for deletion in deletions]


def _tree_errors(relations: int, claims: int, orders: int) -> Errors:
    if relations or claims or orders:
        return (InUseError(STILL_USED, path=("id",), relations=relations, claims=claims, orders=orders),)
    return ()


async def _delete(writing: Writing, ids: Sequence[int]) -> None:
    """Delete spaces and what belongs to them, of which the caller may not see all."""
    await writing.fetch_all([(DELETE, {"ids": [*ids]})])
