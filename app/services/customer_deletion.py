"""Customer deletion: what keeps a customer from being deleted, and what is deleted with it (document 003, part 10)."""

from collections.abc import Sequence

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.services.calls import call
from app.services.customer_inputs import DeleteCustomer
from app.services.customer_records import check_customers, may_change_wholly, read_customers
from app.services.space_deletion import OPEN, VALID
from app.services.targets import outcomes, target_errors
from app.services.uses import Use, Uses, use_errors
from app.services.write import Outcome

USES: Uses = (
    Use(
        Message("customer {id} has valid property relations", "客户 {id} 存在有效的产权关系"),
        "property_relation",
        "customer_id",
        VALID,
    ),
    Use(
        Message("customer {id} has pending or approved claims", "客户 {id} 存在待审核或已认证的信息认证"),
        "verification",
        "customer_id",
        OPEN,
    ),
    Use(Message("customer {id} has reported work orders", "客户 {id} 报修过服务单"), "work_order", "customer_id"),
    Use(
        Message("customers were merged into {id}; delete these first", "已有客户合并到 {id}，请先删除被合并的客户"),
        "customer",
        "merged_into_id",
    ),
)
"""What keeps a customer from being deleted."""

GO_ALONG = ("verification", "housing_record", "property_relation", "customer_org")
"""The tables of what is deleted with a customer, and come back with it."""

DELETE = call("delete_customers", ids="bigint[]")


async def delete_customers(writing: Writing, caller: Caller, deletions: Sequence[DeleteCustomer]) -> list[Outcome]:
    """Delete customers that nothing needs, with ended relations, rejected claims and the housing log.

    The caller needs the capability in every organisation that knows the customer. UserErrors: NOT_FOUND, CONFLICT,
    IN_USE.
    """
    ids = [deletion.id for deletion in deletions]
    customers = (await read_customers(writing, ids)).visible
    check_customers(caller, customers.values(), may_change_wholly)
    used = await use_errors(writing, USES, ids)
    errors = [each or use for each, use in zip(target_errors(deletions, customers), used, strict=True)]
    if not any(errors):
        await writing.fetch_all([(DELETE, {"ids": ids})])
    return outcomes(errors, ids)
