"""Customer records: stored customers as the rules of customers compare them, and who may change them.

A customer belongs to a top organisation. An organisation knows a customer by a relation (`customer_org`), and while a
property relation with a space of its communities is valid.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.columns import CUSTOMER_COLUMNS
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ForbiddenError, InvalidInputError
from app.models.customer import CustomerType
from app.models.status import Status
from app.services import rows
from app.services.calls import call
from app.services.identity import normalised, normalised_identity
from app.services.nodes import ids_of
from app.services.targets import Errors

CAPABILITY = "customer.write"

MERGED = Message(
    "customer {id} was merged into customer {into}: change that one",
    "客户 {id} 已合并到客户 {into}，请操作合并后的客户",
)
SHARED = Message(
    "organisations in which you may not change customers know this customer too: only what is empty may be filled in",
    "该客户还与您无权管理客户的业务组织关联：只能补充空白信息，不能修改已有信息",
)

EMPTY: tuple[object, ...] = (None, "UNKNOWN")
"""Values that stand for an empty column."""


class Stored(NamedTuple):
    """A stored customer; `paths` are those of the organisations that know the customer, hidden ones included."""

    id: int
    version: int
    top_org_id: int
    merged_into_id: int | None
    paths: list[str]
    values: Mapping[str, Any]
    """The columns of CUSTOMER_COLUMNS by name."""

    @property
    def top_path(self) -> str:
        """The path of the top organisation."""
        return f"{self.top_org_id}/"


Customers = Mapping[int, Stored]


class Known(NamedTuple):
    """The customers that some ids name: those that the caller sees, and the ids of those that only exist."""

    visible: Customers
    hidden: Collection[int]


async def read_customers(writing: Writing, ids: Iterable[int | None]) -> Known:
    """Lock customers and read them. Those that another request deletes meanwhile are in neither part."""
    named = {"ids": ids_of(ids)}
    _, seen, known = await writing.fetch_all([(rows.lock("customer"), named), (_visible(), named), (KNOWERS, named)])
    paths = {row[0]: row[1] for row in known}
    visible = {row[0]: _stored_of(row, paths[row[0]]) for row in seen if row[0] in paths}
    return Known(visible, paths.keys() - {row[0] for row in seen})


def _stored_of(row: Sequence[Any], paths: list[str]) -> Stored:
    id_, version, top_org_id, merged_into_id, *values = row
    return Stored(id_, version, top_org_id, merged_into_id, paths, dict(zip(CUSTOMER_COLUMNS, values, strict=True)))


def may_change(caller: Caller, customer: Stored) -> bool:
    """Return whether a caller holds the capability in an organisation that knows a customer, or at the top."""
    return any(caller.may(CAPABILITY, path) for path in (customer.top_path, *customer.paths))


def may_change_wholly(caller: Caller, customer: Stored) -> bool:
    """Return whether a caller holds the capability in all organisations that know a customer, or at the top."""
    is_held = bool(customer.paths) and all(caller.may(CAPABILITY, path) for path in customer.paths)
    return is_held or caller.may(CAPABILITY, customer.top_path)


def check_customers(
    caller: Caller, customers: Iterable[Stored], may: Callable[[Caller, Stored], bool] = may_change
) -> None:
    """Refuse the whole field when the caller may not change a visible customer: ForbiddenError."""
    if not all(may(caller, customer) for customer in customers):
        raise ForbiddenError(CAPABILITY)


def merged_errors(customer: Stored | None, field: str = "id") -> Errors:
    """Refuse to change a customer that was merged into another one."""
    if customer is None or customer.merged_into_id is None:
        return ()
    return (InvalidInputError(MERGED, path=(field,), id=customer.id, into=customer.merged_into_id),)


def shared_errors(caller: Caller, customer: Stored, values: Mapping[str, Any]) -> Errors:
    """Refuse to replace stored values when organisations outside the caller's capability know the customer too."""
    if may_change_wholly(caller, customer):
        return ()
    filled = (name for name in CUSTOMER_COLUMNS if customer.values[name] not in EMPTY)
    return tuple(InvalidInputError(SHARED, path=(name,)) for name in filled if values[name] != customer.values[name])


def normal_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are stored: choices by name, numbers of documents and of phones without blanks."""
    stored: dict[str, Any] = {name: rows.stored(value) for name, value in values.items()}
    phone, number, type_ = stored.get("phone"), stored.get("identity"), stored.get("identity_type")
    if isinstance(phone, str):
        stored["phone"] = normalised(phone)
    if isinstance(number, str):
        stored["identity"] = normalised_identity(number, type_)
    return stored


DEFAULTS: Mapping[str, object] = {
    **dict.fromkeys(CUSTOMER_COLUMNS),
    "type": CustomerType.PERSON.value,
    "sex": "UNKNOWN",
    "status": Status.ENABLED.value,
}
"""The values of a new customer."""


KNOWERS = call("knowers_of_customers", ids="bigint[]")
"""Read which customers exist, with the paths of the organisations that know each, hidden ones included."""


@cache
def _visible() -> Statement:
    query = SQL("select id, version, top_org_id, merged_into_id, {} from customer where id = any(%(ids)s::bigint[])")
    return statement_of(query.format(rows.identifiers(CUSTOMER_COLUMNS)) + SQL(" order by id"))
