"""Customer: the rules of customers (document 003, part 10).

docs/access.md says who may change a customer; docs/customers.md has the matching rules and those of identity numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError, NotFoundError
from app.services.customer_inputs import CreateCustomer, SetCustomerStatus, UpdateCustomer
from app.services.customer_orgs import org_errors
from app.services.customer_records import (
    CAPABILITY,
    Customers,
    check_customers,
    merged_errors,
    read_customers,
)
from app.services.customer_writes import Plan, planned, taken_errors, value_errors, write
from app.services.granting import NamedOrg, Orgs, read_orgs
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.write import Outcome

NO_TENANT = Message(
    "name a business organisation of the tenant that the customer belongs to",
    "请填写 orgId：客户所属租户的任一业务组织",
)
NO_CUSTOMER = Message("id is missing, and so is fourgridId", "id 与 fourgridId 必须填写一个")
SEVERAL_TENANTS = Message(
    "customers of several tenants have the 4g id {fourgrid_id}: give the id, or send the header cadastre-org",
    "多个租户存在四格客户 {fourgrid_id}：请填写 id，或使用请求头 cadastre-org",
)


async def create_customers(writing: Writing, caller: Caller, inputs: Sequence[CreateCustomer]) -> list[Outcome]:
    """Create customers (document 003, 10.4).

    An input that names no organisations relates the customer to `org_id`, if that is not the top one. UserErrors:
    NOT_FOUND, INVALID_INPUT, CONFLICT for what another customer of the tenant has.
    """
    orgs = await read_orgs(writing, [id_ for each in inputs for id_ in (each.org_id, *each.org_ids)])
    tops = [top_of(caller, _named(input_, orgs)) for input_ in inputs]
    plans = [planned(input_, top or 0, None) for input_, top in zip(inputs, tops, strict=True)]
    for input_, plan in zip(inputs, plans, strict=True):
        plan.related = related_to_new(input_.org_ids, input_.org_id, orgs)
    check_capability(caller, CAPABILITY, (path for plan in plans for path in paths_of_new(plan, orgs)))
    refused = [
        missing(input_.org_id, orgs, "org_id")
        or tenant_errors(top)
        or org_errors(input_.org_ids, (), orgs, top or 0)
        or value_errors(caller, plan)
        for input_, plan, top in zip(inputs, plans, tops, strict=True)
    ]
    return await written(writing, plans, refused)


async def update_customers(writing: Writing, caller: Caller, updates: Sequence[UpdateCustomer]) -> list[Outcome]:
    """Change customers (document 003, 10.4). UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT."""
    customers = (await read_customers(writing, [update.id for update in updates])).visible
    return await _change(writing, caller, updates, customers)


async def set_customer_statuses(
    writing: Writing, caller: Caller, changes: Sequence[SetCustomerStatus]
) -> list[Outcome]:
    """Declare customers valid or invalid (document 003, 10.2); their property relations stay as they are.

    UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT.
    """
    numbers = [each.fourgrid_id for each in changes if each.id is None and each.fourgrid_id is not None]
    by_number = await _by_fourgrid(writing, numbers)
    refused = [_naming_errors(change, by_number) for change in changes]
    if any(refused):
        return outcomes(refused)
    named = [replace(each, id=each.id or by_number[each.fourgrid_id or 0][0]) for each in changes]
    customers = (await read_customers(writing, [each.id for each in named])).visible
    return await _change(writing, caller, [StatusOf(each) for each in named], customers)


@dataclass(frozen=True)
class StatusOf:
    """A status as a change of a customer: the one column that it sets, and what names the customer."""

    input: SetCustomerStatus

    def __getattr__(self, name: str) -> Any:
        """Return a field of the input that is no column, or the status."""
        if name not in {"id", "expected_version", "status"}:
            raise AttributeError(name)
        return getattr(self.input, name)


async def _change(writing: Writing, caller: Caller, updates: Sequence[Any], customers: Customers) -> list[Outcome]:
    check_customers(caller, customers.values())
    refused = [
        each or merged_errors(customers.get(update.id))
        for each, update in zip(target_errors(updates, customers), updates, strict=True)
    ]
    if any(refused):
        return outcomes(refused)
    stored = [customers[update.id] for update in updates]
    plans = [planned(update, each.top_org_id, each) for update, each in zip(updates, stored, strict=True)]
    return await written(writing, plans, [value_errors(caller, plan) for plan in plans])


async def written(writing: Writing, plans: Sequence[Plan], refused: Sequence[Errors]) -> list[Outcome]:
    """Write plans, unless one is refused or gives a customer what is another one's."""
    taken = [()] * len(plans) if any(refused) else await taken_errors(writing, plans)
    errors = [each or conflict for each, conflict in zip(refused, taken, strict=True)]
    ids = [] if any(errors) else await write(writing, plans)
    return outcomes(errors, ids)


def top_of(caller: Caller, named: Sequence[NamedOrg]) -> int | None:
    """Return the top organisation of the first named organisation, or else of the caller's only tenant."""
    tops = [org.top_org_id for org in named] or sorted({int(path.split("/", 1)[0]) for path in caller.scopes})
    return tops[0] if named or len(tops) == 1 else None


def tenant_errors(top_org_id: int | None) -> Errors:
    """Refuse an input that does not say which tenant it is about."""
    return () if top_org_id is not None else (InvalidInputError(NO_TENANT, path=("org_id",)),)


def related_to_new(org_ids: Sequence[int], org_id: int | None, orgs: Orgs) -> tuple[int, ...]:
    """Return the organisations that know a new customer."""
    named = orgs.get(org_id or 0)
    if org_ids or named is None or named.id == named.top_org_id:
        return tuple(org_ids)
    return (named.id,)


def paths_of_new(plan: Plan, orgs: Orgs) -> Iterable[str]:
    """Return the paths at which a new customer needs the capability: of its organisations, or else at the top."""
    if plan.related or not plan.top_org_id:
        return [orgs[id_].path for id_ in plan.related if id_ in orgs]
    return [f"{plan.top_org_id}/"]


def _named(input_: CreateCustomer, orgs: Orgs) -> list[NamedOrg]:
    return [orgs[id_] for id_ in (input_.org_id or 0, *input_.org_ids) if id_ in orgs]


def _naming_errors(change: SetCustomerStatus, by_number: Mapping[int, Sequence[int]]) -> Errors:
    if change.id is not None:
        return ()
    if change.fourgrid_id is None:
        return (InvalidInputError(NO_CUSTOMER, path=("id",)),)
    found = by_number.get(change.fourgrid_id, ())
    if not found:
        return (NotFoundError(change.fourgrid_id, path=("fourgrid_id",)),)
    if len(found) > 1:
        return (InvalidInputError(SEVERAL_TENANTS, path=("fourgrid_id",), fourgrid_id=change.fourgrid_id),)
    return ()


async def _by_fourgrid(writing: Writing, numbers: Sequence[int]) -> Mapping[int, Sequence[int]]:
    """Return the visible customers with each 4g id; a merged one stands for the one that it was merged into."""
    (found,) = await writing.fetch_all([(_of_fourgrid(), {"numbers": numbers})]) if numbers else ([],)
    return {row[0]: row[1] for row in found}


@cache
def _of_fourgrid() -> Statement:
    return statement_of(
        SQL(
            "select fourgrid_id, array_agg(distinct coalesce(merged_into_id, id)) from customer"
            " where fourgrid_id = any(%(numbers)s::bigint[]) group by fourgrid_id"
        )
    )
