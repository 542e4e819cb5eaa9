"""Customer merge: two records of one customer become one (docs/customers.md).

The record that is merged stays, disabled, and names the one that holds everything now (`merged_into_id`). Its keys stay
too, so that systems which send them reach the other record.
"""

from collections.abc import Sequence

from app.access.caller import Caller
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError
from app.services.calls import call
from app.services.customer_inputs import MergeCustomers
from app.services.customer_records import (
    Customers,
    Stored,
    check_customers,
    may_change_wholly,
    merged_errors,
    read_customers,
)
from app.services.targets import REPEATED, Errors, missing, outcomes
from app.services.write import Outcome

SAME = Message("a customer cannot be merged into itself", "客户不能与自身合并")
OTHER_TENANT = Message("the two customers belong to different tenants", "两个客户属于不同租户，不能合并")
MERGE = call("merge_customers", keep="bigint[]", lose="bigint[]")


async def merge_customers(writing: Writing, caller: Caller, merges: Sequence[MergeCustomers]) -> list[Outcome]:
    """Merge customers, and return those that stay.

    Property relations, the housing log, claims and relations to organisations move. Where both hold the same space now,
    one relation remains, with the stronger tenure. The caller needs the capability in all organisations that know one
    of the two. UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    named = [id_ for merge in merges for id_ in (merge.keep_id, merge.lose_id)]
    customers = (await read_customers(writing, named)).visible
    check_customers(caller, customers.values(), may_change_wholly)
    errors = [_errors(merge, customers, named) for merge in merges]
    if not any(errors):
        pairs = {"keep": [merge.keep_id for merge in merges], "lose": [merge.lose_id for merge in merges]}
        await writing.fetch_all([(MERGE, pairs)])
    return outcomes(errors, [merge.keep_id for merge in merges])


def _errors(merge: MergeCustomers, customers: Customers, named: Sequence[int]) -> Errors:
    absent = (*missing(merge.keep_id, customers, "keep_id"), *missing(merge.lose_id, customers, "lose_id"))
    if absent:
        return absent
    keep, lose = customers[merge.keep_id], customers[merge.lose_id]
    if keep.id == lose.id:
        return (InvalidInputError(SAME, path=("lose_id",)),)
    twice = [name for name in ("keep_id", "lose_id") if named.count(getattr(merge, name)) > 1]
    if twice:
        return (InvalidInputError(REPEATED, path=(twice[0],), id=getattr(merge, twice[0])),)
    if keep.top_org_id != lose.top_org_id:
        return (InvalidInputError(OTHER_TENANT, path=("lose_id",)),)
    return (
        *merged_errors(keep, "keep_id"),
        *merged_errors(lose, "lose_id"),
        *_version_errors(keep, merge.keep_expected_version, "keep_expected_version"),
        *_version_errors(lose, merge.lose_expected_version, "lose_expected_version"),
    )


def _version_errors(customer: Stored, expected: int | None, field: str) -> Errors:
    return () if expected in (None, customer.version) else (ConflictError(customer.version, path=(field,)),)
