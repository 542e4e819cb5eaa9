"""Customer writes: the checks of new values, and the statements that insert and change customers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import psycopg
from psycopg.sql import SQL

from app.access.caller import Caller
from app.access.columns import CUSTOMER_COLUMNS
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError, RequestError, RetryError
from app.models.customer import Customer
from app.services import rows, tree_writes
from app.services.calls import call
from app.services.customer_orgs import relate
from app.services.customer_records import DEFAULTS, Stored, normal_values, shared_errors
from app.services.identity import check_identity
from app.services.integrity import MESSAGES
from app.services.stamp import WRITER
from app.services.targets import Errors
from app.services.write import UNSET

NO_TYPE = Message(
    "identityType is missing: numbers are compared within one kind of document",
    "缺少 identityType：证件号码须与证件类型一起填写",
)
NO_NAME = Message("a new customer needs a name", "新增客户必须填写名称")

KEYS: Mapping[str, tuple[str, ...]] = {
    "customer_identity_key": ("identity_type", "identity"),
    "customer_name_phone_key": ("name", "phone"),
    "customer_fourgrid_key": ("fourgrid_id",),
}
"""The unique constraints within a tenant and their columns; the last column is the field of the error."""

TAKEN = call(
    "customer_values_taken",
    id="bigint[]",
    top_org_id="bigint[]",
    identity_type="text[]",
    identity="text[]",
    name="text[]",
    phone="text[]",
    fourgrid_id="bigint[]",
)
"""Says for each input, in the order of KEYS, whether another customer of the tenant has the values."""

OWN_KEYS = frozenset({*KEYS, "customer_external_key"})

CREATED = ("id", "top_org_id", "source", "external_id", *CUSTOMER_COLUMNS)


@dataclass
class Plan:
    """What becomes of one input: the customer, new if `stored` is None, with all its values and relations."""

    top_org_id: int
    values: dict[str, Any]
    stored: Stored | None = None
    id: int = 0
    source: str | None = None
    external_id: str | None = None
    related: Sequence[int] = field(default_factory=tuple)
    unrelated: Sequence[int] = field(default_factory=tuple)

    def __getattr__(self, name: str) -> Any:
        """Return a value as a column of the customer."""
        if name not in CUSTOMER_COLUMNS:
            raise AttributeError(name)
        return self.values[name]


def planned(input_: object, top_org_id: int, stored: Stored | None) -> Plan:
    """Plan a new customer, or the change of a stored one: what the input leaves out stays as it is."""
    given = {name: getattr(input_, name, UNSET) for name in CUSTOMER_COLUMNS}
    given = {name: rows.stored(value) for name, value in given.items() if value is not UNSET}
    before = DEFAULTS if stored is None else stored.values
    type_ = {"identity_type": {**before, **given}["identity_type"]}
    values = {**before, **normal_values({**type_, **given})}
    return Plan(top_org_id, values, stored, 0 if stored is None else stored.id)


def value_errors(caller: Caller, plan: Plan) -> Errors:
    """Return what is wrong with the values of a plan. A number that is stored already is not checked again."""
    stored, values = plan.stored, plan.values
    if values["name"] is None:
        return (InvalidInputError(NO_NAME, path=("name",)),)
    if stored is not None and (shared := shared_errors(caller, stored, values)):
        return shared
    document = (values["identity_type"], values["identity"])
    if document[1] is None or (stored and document == (stored.values["identity_type"], stored.values["identity"])):
        return ()
    return _document_errors(*document)


def _document_errors(type_: str | None, number: str) -> Errors:
    if type_ is None:
        return (InvalidInputError(NO_TYPE, path=("identity_type",)),)
    try:
        check_identity(number, type_, datetime.now(UTC).date())
    except InvalidInputError as error:
        return (error,)
    return ()


async def taken_errors(writing: Writing, plans: Sequence[Plan]) -> list[Errors]:
    """Return the CONFLICT of each plan that gives a customer what is another one's, whether visible or not."""
    (found,) = await writing.fetch_all([(TAKEN, rows.arrays(plans, TAKEN.names))])
    times = Counter(key for plan in plans for key in keys_of(plan))
    return [tuple(_taken_errors(plan, row, times)) for plan, row in zip(plans, found, strict=True)]


def _taken_errors(plan: Plan, found: Sequence[bool], times: Mapping[tuple[Any, ...], int]) -> Iterator[RequestError]:
    repeated = {constraint for constraint, *rest in keys_of(plan) if times[constraint, *rest] > 1}
    for (constraint, columns), is_taken in zip(KEYS.items(), found, strict=True):
        if is_taken or constraint in repeated:
            yield ConflictError(detail=MESSAGES[constraint], path=(columns[-1],))


def keys_of(plan: Plan) -> list[tuple[Any, ...]]:
    """Return the values by which a customer is found, each with its constraint and the tenant."""
    keys = {name: tuple(plan.values[column] for column in columns) for name, columns in KEYS.items()}
    external = (plan.source, plan.external_id)
    return [
        (name, plan.top_org_id, *values)
        for name, values in ({**keys, "customer_external_key": external}).items()
        if None not in values
    ]


async def write(writing: Writing, plans: Sequence[Plan]) -> list[int]:
    """Insert and change customers, and relate them to organisations; return the ids in the order of the plans.

    RetryError when another request has created one of the customers meanwhile.
    """
    new, known = [plan for plan in plans if plan.stored is None], [plan for plan in plans if plan.stored is not None]
    if new:
        (taken,) = await writing.fetch_all([tree_writes.take_ids(len(new))])
        for plan, (id_,) in zip(new, taken, strict=True):
            plan.id = id_
        await _insert(writing, new)
    if known:
        statement = rows.update(Customer, CUSTOMER_COLUMNS)
        await writing.fetch_all([(statement, rows.changes(known, CUSTOMER_COLUMNS))])
    pairs = [(plan.id, org) for plan in plans for org in plan.related]
    gone = [(plan.id, org) for plan in plans for org in plan.unrelated]
    await relate(writing, pairs, gone)
    return [plan.id for plan in plans]


async def _insert(writing: Writing, new: Sequence[Plan]) -> None:
    try:
        await writing.fetch_all([(_create(), rows.arrays(new, CREATED))])
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name in OWN_KEYS:
            raise RetryError from error
        raise


@cache
def _create() -> Statement:
    """Return the statement that inserts customers. It returns nothing: the caller may see them only when related."""
    return statement_of(
        SQL(
            "insert into customer ({names}, created_by, updated_by) select {values}, {writer}, {writer} from {rows}"
            " order by input.place"
        ).format(
            names=rows.identifiers(CREATED),
            values=SQL(", ").join(
                SQL("coalesce(input.source, 'own')") if name == "source" else rows.identifiers((name,), "input.")
                for name in CREATED
            ),
            writer=WRITER,
            rows=rows.input_rows(Customer, CREATED),
        )
    )
