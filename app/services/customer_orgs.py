"""Customer orgs: which business organisations know a customer (document 003, 10.4 and 10.7)."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InUseError, InvalidInputError
from app.models.space import SpaceType
from app.services.calls import call
from app.services.customer_inputs import RelateCustomerOrgs
from app.services.customer_records import (
    CAPABILITY,
    check_customers,
    merged_errors,
    read_customers,
)
from app.services.granting import NamedOrg, Orgs, read_orgs
from app.services.nodes import ids_of
from app.services.stamp import WRITER
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.write import Outcome

OTHER_TENANT = Message("organisation {id} belongs to another tenant", "组织 {id} 属于其他租户")
BOTH = Message("organisation {id} is named as related and as unrelated", "组织 {id} 同时出现在关联与取消关联中")
HAS_PROPERTY = Message(
    "the customer holds property in communities of organisation {id}, which therefore knows the customer",
    "客户在组织 {id} 的小区存在有效的产权关系，不能取消关联",
)

Pair = tuple[int, int]
"""A customer and an organisation."""

HOLDING = call("customers_with_property", customers="bigint[]", orgs="bigint[]")
"""Read in which pairs the customer holds property, also in communities that the caller does not see."""


async def relate_customer_orgs(writing: Writing, caller: Caller, inputs: Sequence[RelateCustomerOrgs]) -> list[Outcome]:
    """Relate customers to organisations, or no longer (document 003, 10.4).

    The caller may change the customer and holds the capability in each organisation. UserErrors: NOT_FOUND, CONFLICT,
    INVALID_INPUT, IN_USE for an organisation in which the customer holds property.
    """
    named = [id_ for input_ in inputs for id_ in (*input_.org_ids, *input_.unrelated_org_ids)]
    orgs = await read_orgs(writing, named)
    customers = (await read_customers(writing, [input_.id for input_ in inputs])).visible
    check_customers(caller, customers.values())
    check_capability(caller, CAPABILITY, (org.path for org in orgs.values()))
    used = await property_errors(writing, [(each.id, org) for each in inputs for org in each.unrelated_org_ids])
    errors = [
        each
        or merged_errors(customers[input_.id])
        or org_errors(input_.org_ids, input_.unrelated_org_ids, orgs, customers[input_.id].top_org_id)
        or tuple(error for org in input_.unrelated_org_ids for error in used.get((input_.id, org), ()))
        for each, input_ in zip(target_errors(inputs, customers), inputs, strict=True)
    ]
    if not any(errors):
        await relate(
            writing,
            [(input_.id, org) for input_ in inputs for org in input_.org_ids],
            [(input_.id, org) for input_ in inputs for org in input_.unrelated_org_ids],
        )
    return outcomes(errors, [input_.id for input_ in inputs])


async def read_communities(writing: Writing, ids: Iterable[int | None]) -> Mapping[int, NamedOrg]:
    """Read the organisations that own communities, by the ids of these; invisible communities are left out."""
    named = ids_of(ids)
    (found,) = await writing.fetch_all([(_communities(), {"ids": named})]) if named else ([],)
    return {row[0]: NamedOrg(*row[1:]) for row in found}


def org_errors(related: Iterable[int], unrelated: Sequence[int], orgs: Orgs, top_org_id: int) -> Errors:
    """Return what is wrong with the organisations that an input names for a customer of a top organisation."""
    fields = {"org_ids": related, "unrelated_org_ids": unrelated}
    absent = tuple(error for name, ids in fields.items() for id_ in ids for error in missing(id_, orgs, name))
    if absent:
        return absent
    other = tuple(
        InvalidInputError(OTHER_TENANT, path=(name,), id=id_)
        for name, ids in fields.items()
        for id_ in ids
        if orgs[id_].top_org_id != top_org_id
    )
    both = (id_ for id_ in unrelated if id_ in set(related))
    return other or tuple(InvalidInputError(BOTH, path=("unrelated_org_ids",), id=id_) for id_ in both)


async def property_errors(writing: Writing, pairs: Sequence[Pair]) -> Mapping[Pair, Errors]:
    """Return the error of each pair in which the customer holds property of the organisation's communities."""
    if not pairs:
        return {}
    (found,) = await writing.fetch_all([(HOLDING, _arrays(pairs))])
    return {
        (customer, org): (InUseError(HAS_PROPERTY, path=("unrelated_org_ids",), id=org),) for customer, org in found
    }


async def relate(writing: Writing, pairs: Sequence[Pair], gone: Sequence[Pair]) -> None:
    """Insert the relations that are missing, and delete some; the caller's policies decide on each."""
    statements = [(_insert(), _arrays(pairs)), (_delete(), _arrays(gone))]
    wanted = [each for each, given in zip(statements, (pairs, gone), strict=True) if given]
    if wanted:
        await writing.fetch_all(wanted)


def _arrays(pairs: Sequence[Pair]) -> dict[str, object]:
    return {"customers": [customer for customer, _ in pairs], "orgs": [org for _, org in pairs]}


NAMED = "unnest(%(customers)s::bigint[], %(orgs)s::bigint[]) as named (customer_id, org_id)"


@cache
def _communities() -> Statement:
    return statement_of(
        SQL(
            "select id, org_id, org_path from space where id = any(%(ids)s::bigint[]) and type = {}"
            " and org_id is not null"
        ).format(SpaceType.COMMUNITY.value)
    )


@cache
def _insert() -> Statement:
    return statement_of(
        SQL(
            "insert into customer_org (customer_id, org_id, created_by, updated_by)"
            " select distinct named.customer_id, named.org_id, {who}, {who} from {named}"
            " where not exists (select from customer_org known where known.customer_id = named.customer_id"
            " and known.org_id = named.org_id) on conflict (customer_id, org_id) do nothing"
        ).format(named=SQL(NAMED), who=WRITER)
    )


@cache
def _delete() -> Statement:
    return statement_of(
        SQL(
            "delete from customer_org known using {named}"
            " where known.customer_id = named.customer_id and known.org_id = named.org_id"
        ).format(named=SQL(NAMED))
    )
