"""Customer merge: two records of one customer become one (docs/customers.md).

The record that is merged stays, disabled, and names the one that holds everything now (`merged_into_id`). Its keys stay
too, so that systems which send them reach the other record.
"""

from collections.abc import Sequence
from functools import cache

from psycopg.sql import SQL, Identifier, Literal

from app.access.caller import Caller
from app.access.columns import CUSTOMER_COLUMNS
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError
from app.models.property import IS_VALID, Tenure
from app.models.status import Status
from app.services.customer_inputs import MergeCustomers
from app.services.customer_records import (
    Customers,
    Stored,
    check_customers,
    may_change_wholly,
    merged_errors,
    read_customers,
)
from app.services.stamp import CHANGED
from app.services.targets import REPEATED, Errors, missing, outcomes
from app.services.write import Outcome

SAME = Message("a customer cannot be merged into itself", "客户不能与自身合并")
OTHER_TENANT = Message("the two customers belong to different tenants", "两个客户属于不同租户，不能合并")
FILLED = tuple(name for name in CUSTOMER_COLUMNS if name not in {"type", "name", "status", "identity_type", "sex"})
"""The columns that the customer who stays takes over where it has none."""

MOVED = ("property_relation", "housing_record", "verification", "work_order", "work_order_step")
"""The tables whose rows move."""


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
        await writing.fetch_all_as_owner([(statement, pairs) for statement in _statements()])
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


# ruff: noqa: S608 - the queries are put together from our own names

PAIR = "unnest(%(keep)s::bigint[], %(lose)s::bigint[]) as pair (keep, lose)"

BOTH_HOLD = (
    "select gone.id as gone, kept.id as kept from {pair} join property_relation gone on gone.customer_id = pair.lose"
    " join property_relation kept on kept.customer_id = pair.keep and kept.space_id = gone.space_id"
    f" where gone.{IS_VALID} and kept.{IS_VALID}"
)
"""The valid relations to a space that both customers hold."""

POINT = f"""
update customer node set merged_into_id = pair.keep, status = '{Status.DISABLED}', {{changed}} from {{pair}}
where node.id = pair.lose or node.merged_into_id = pair.lose
"""
"""The merged customer, and those that were merged into it before, name the one that stays."""

FILL = """
update customer node set {filled}, {changed} from {pair} join customer lose on lose.id = pair.lose
where node.id = pair.keep and ({columns}) is distinct from ({values})
"""

REFER = f"""
update {{table}} node set property_relation_id = both_hold.kept, {{changed}} from ({BOTH_HOLD}) both_hold
where node.property_relation_id = both_hold.gone
"""

KEEP_ONCE = f"""
with both_hold as ({BOTH_HOLD}), gone as (
  delete from property_relation relation using both_hold where relation.id = both_hold.gone
  returning both_hold.kept, relation.tenure, relation.is_main, relation.fourgrid_id
)
update property_relation node set
  tenure = case when array_position({{tenures}}, gone.tenure::text) < array_position({{tenures}}, node.tenure::text)
    then gone.tenure else node.tenure end,
  is_main = node.is_main or gone.is_main,
  fourgrid_id = coalesce(node.fourgrid_id, gone.fourgrid_id),
  {{changed}}
from gone where node.id = gone.kept
"""
"""One statement deletes and changes: no space has two main owners in between."""

MOVE = "update {table} node set customer_id = pair.keep, {changed} from {pair} where node.customer_id = pair.lose"

MOVE_ORGS = """
update customer_org node set customer_id = pair.keep, {changed} from {pair} where node.customer_id = pair.lose
and not exists (select from customer_org other where other.customer_id = pair.keep and other.org_id = node.org_id)
"""
DROP_ORGS = "delete from customer_org node using {pair} where node.customer_id = pair.lose"


@cache
def _statements() -> tuple[Statement, ...]:
    """Return the statements of a merge in their order; the parameters are the lists `keep` and `lose`."""
    tables = ("verification", "housing_record")
    return (
        _statement(POINT),
        _fill(),
        *(_statement(REFER, table) for table in tables),
        _statement(KEEP_ONCE),
        *(_statement(MOVE, table) for table in MOVED),
        _statement(MOVE_ORGS),
        _statement(DROP_ORGS),
    )


def _statement(query: str, table: str = "") -> Statement:
    tenures = SQL("array[{}]").format(SQL(", ").join(Literal(tenure.value) for tenure in Tenure))
    return statement_of(
        SQL(query).format(changed=CHANGED, pair=SQL(PAIR), table=Identifier(table or "customer"), tenures=tenures)
    )


def _fill() -> Statement:
    """Fill empty columns; the number of a document comes with its kind."""
    values = {name: SQL(f"coalesce(node.{name}, lose.{name})") for name in FILLED}
    values["identity_type"] = SQL(
        "case when node.identity is null and lose.identity is not null then lose.identity_type"
        " when node.identity = lose.identity then coalesce(node.identity_type, lose.identity_type)"
        " else node.identity_type end"
    )
    values["sex"] = SQL("case when node.sex = 'UNKNOWN' then lose.sex else node.sex end")
    pairs = (SQL("{} = {}").format(Identifier(name), value) for name, value in values.items())
    return statement_of(
        SQL(FILL).format(
            filled=SQL(", ").join(pairs),
            columns=SQL(", ").join(SQL(f"node.{name}") for name in values),
            values=SQL(", ").join(values.values()),
            changed=CHANGED,
            pair=SQL(PAIR),
        )
    )
