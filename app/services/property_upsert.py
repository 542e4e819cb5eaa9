"""Property upsert: property relations that another system keeps, by their ids here or in the 4g system (11.4).

Two tenants may have a 4g system each, with the same ids. A space, a customer and a relation that are named by their ids
there belong to one tenant: that of the space that the row names, or else the one in which the caller sees the id.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import psycopg
from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import InvalidInputError, NotFoundError, RetryError
from app.models.property import HousingStatus, Tenure
from app.services.nodes import ids_of
from app.services.property_inputs import UpsertPropertyRelation
from app.services.property_relation import (
    Named,
    Register,
    changed_relation,
    kept_errors,
    new_errors,
    new_relation,
    read_register,
    write_wanted,
)
from app.services.property_writes import Wanted
from app.services.targets import Errors, missing
from app.services.write import UNSET, Outcome

FOURGRID = "4g"

NO_KEY = Message("name the relation by id or by fourgridId", "缺少 id 或 fourgridId")
NO_SPACE = Message("a new relation needs spaceId or fourgridSpaceId", "新产权关系必须填写 spaceId 或 fourgridSpaceId")
NO_CUSTOMER = Message(
    "a new relation needs customerId or fourgridCustomerId", "新产权关系必须填写 customerId 或 fourgridCustomerId"
)
SEVERAL = Message(
    "several records have the 4g id {id}: name it by its own id, or send the header cadastre-org",
    "四格编号 {id} 对应多条记录：请填写本系统编号，或使用请求头 cadastre-org",
)
IN_LIST = Message("the relation is already in record {index} of the list", "该产权关系已在第 {index} 条记录中出现")

LINKS = ("fourgrid_id", "fourgrid_customer_id", "fourgrid_space_id", "fourgrid_community_id")
DEFAULTS = {"tenure": Tenure.OWNER, "is_main": False, "housing_status": HousingStatus.LIVING_IN}

SPACES = statement_of(
    SQL(
        "select fourgrid_id, id, fourgrid_community_id, split_part(coalesce(org_path, ''), '/', 1) from space"
        " where fourgrid_id = any(%(ids)s::bigint[]) and type in ('HOUSE', 'PARK_SPACE')"
    )
)
TENANTS = statement_of(
    SQL("select id, split_part(coalesce(org_path, ''), '/', 1) from space where id = any(%(ids)s::bigint[])")
)
CUSTOMERS = statement_of(
    SQL(
        "select fourgrid_id, id, top_org_id::text from customer where fourgrid_id = any(%(ids)s::bigint[])"
        " and merged_into_id is null"
    )
)
RELATIONS = statement_of(
    SQL(
        "select relation.fourgrid_id, relation.id, split_part(coalesce(space.org_path, ''), '/', 1)"
        " from property_relation relation join space on space.id = relation.space_id"
        " where relation.fourgrid_id = any(%(ids)s::bigint[])"
    )
)


class Linked(NamedTuple):
    """A record that the 4g system knows."""

    id: int
    tenant: str
    community: int | None = None


@dataclass(frozen=True)
class FourGrid:
    """The visible records that the rows name by their ids in the 4g system, by these ids."""

    spaces: Mapping[int, Sequence[Linked]]
    customers: Mapping[int, Sequence[Linked]]
    relations: Mapping[int, Sequence[Linked]]
    tenants: Mapping[int, str]
    """The tenants of the spaces that rows name by their ids in the register."""


async def upsert_property_relations(
    writing: Writing, caller: Caller, inputs: Sequence[UpsertPropertyRelation]
) -> list[Outcome]:
    """Create or change property relations by their ids here or in the 4g system (document 003, 11.4).

    What a row leaves out stays as it is. A valid relation of the same customer and space that the 4g system does not
    know yet becomes the one of the row. UserErrors: NOT_FOUND, INVALID_INPUT, CONFLICT.
    """
    linked = await _read_links(writing, inputs)
    named = [_resolved(input_, linked) for input_ in inputs]
    resolved = [each.input for each in named]
    relations, spaces, customers = zip(*((each.id, each.space_id, each.customer_id) for each in resolved), strict=True)
    register = await read_register(writing, caller, Named(relations, spaces, customers))
    rows = [_adopting(each, register) for each in resolved]
    first = {row.id: place for place, row in reversed([*enumerate(rows)]) if row.id is not None}
    refused = [
        each.errors or _repeated(row, first, place) or _row_errors(row, register)
        for place, (each, row) in enumerate(zip(named, rows, strict=True))
    ]
    wanted = [None if wrong else _wanted(row, register) for wrong, row in zip(refused, rows, strict=True)]
    try:
        return await write_wanted(writing, register, refused, wanted)
    except psycopg.errors.UniqueViolation as error:  # another request has synchronised the same relation meanwhile
        raise RetryError from error


async def _read_links(writing: Writing, inputs: Sequence[UpsertPropertyRelation]) -> FourGrid:
    spaces = ids_of(each.fourgrid_space_id for each in inputs if each.space_id is None)
    customers = ids_of(each.fourgrid_customer_id for each in inputs if each.customer_id is None)
    relations = ids_of(each.fourgrid_id for each in inputs if each.id is None)
    own = ids_of(each.space_id for each in inputs)
    found = await writing.fetch_all(
        [
            (SPACES, {"ids": spaces}),
            (CUSTOMERS, {"ids": customers}),
            (RELATIONS, {"ids": relations}),
            (TENANTS, {"ids": own}),
        ]
    )
    return FourGrid(
        _by_link((row[0], Linked(row[1], row[3], row[2])) for row in found[0]),
        _by_link((row[0], Linked(row[1], row[2])) for row in found[1]),
        _by_link((row[0], Linked(row[1], row[2])) for row in found[2]),
        dict(found[3]),
    )


def _by_link(pairs: Iterable[tuple[int, Linked]]) -> Mapping[int, Sequence[Linked]]:
    links: dict[int, list[Linked]] = {}
    for id_, linked in pairs:
        links.setdefault(id_, []).append(linked)
    return links


class Resolved(NamedTuple):
    """A row with the ids that it names in the register, and why it names none."""

    input: UpsertPropertyRelation
    errors: Errors


def _resolved(input_: UpsertPropertyRelation, linked: FourGrid) -> Resolved:
    """Find the space, the customer and the relation of a row in the tenant that they share."""
    errors: list[Any] = [] if input_.id or input_.fourgrid_id else [InvalidInputError(NO_KEY, path=("id",))]
    if input_.space_id is None and input_.fourgrid_space_id is not None:
        spaces = _in_community(linked.spaces.get(input_.fourgrid_space_id, ()), input_.fourgrid_community_id)
        space = _the_one(spaces, "fourgrid_space_id", input_, errors)
        input_, tenant = replace(input_, space_id=space and space.id), space and space.tenant
    else:
        tenant = linked.tenants.get(input_.space_id or 0)
    if input_.id is None and input_.fourgrid_id is not None:
        relations = _in_tenant(linked.relations.get(input_.fourgrid_id, ()), tenant)
        relation = _the_one(relations, "fourgrid_id", input_, errors) if relations else None
        input_, tenant = replace(input_, id=relation and relation.id), tenant or (relation and relation.tenant)
    if input_.customer_id is None and input_.fourgrid_customer_id is not None:
        customers = _in_tenant(linked.customers.get(input_.fourgrid_customer_id, ()), tenant)
        customer = _the_one(customers, "fourgrid_customer_id", input_, errors)
        input_ = replace(input_, customer_id=customer and customer.id)
    return Resolved(input_, tuple(errors))


def _in_community(spaces: Sequence[Linked], community: int | None) -> Sequence[Linked]:
    return [each for each in spaces if community is None or each.community in (None, community)]


def _in_tenant(records: Sequence[Linked], tenant: str | None) -> Sequence[Linked]:
    return [each for each in records if tenant is None or each.tenant == tenant]


def _the_one(found: Sequence[Linked], field: str, input_: UpsertPropertyRelation, errors: list[Any]) -> Linked | None:
    """Return the only record; without one, or with several, add the error of the field."""
    if len(found) == 1:
        return found[0]
    id_ = getattr(input_, field)
    errors.append(InvalidInputError(SEVERAL, path=(field,), id=id_) if found else NotFoundError(id_, path=(field,)))
    return None


def _adopting(row: UpsertPropertyRelation, register: Register) -> UpsertPropertyRelation:
    """Let a row without a stored relation take the valid one of its customer and space that has no other 4g id."""
    if row.id is not None:
        return row
    pair = (row.space_id, row.customer_id)
    same = (
        each.id
        for each in register.relations.values()
        if each.is_valid
        and (each.space_id, each.customer_id) == pair
        and each.fourgrid_id in (None, row.fourgrid_id)  # another request may have made it just now
    )
    return replace(row, id=next(same, None))


def _repeated(row: UpsertPropertyRelation, first: Mapping[int, int], place: int) -> Errors:
    if row.id is None or first[row.id] == place:
        return ()
    return (InvalidInputError(IN_LIST, path=("id",), index=first[row.id]),)


def _row_errors(row: UpsertPropertyRelation, register: Register) -> Errors:
    if row.id is not None:
        absent = missing(row.id, register.relations, "id")
        return absent or kept_errors(row, register.relations[row.id])
    needed = {"space_id": NO_SPACE, "customer_id": NO_CUSTOMER}
    lacking = [InvalidInputError(text, path=(name,)) for name, text in needed.items() if getattr(row, name) is None]
    return tuple(lacking) or new_errors(row, register)


def _wanted(row: UpsertPropertyRelation, register: Register) -> Wanted:
    links: dict[str, Any] = {name: value for name in LINKS if (value := getattr(row, name)) is not None}
    if row.id is not None:
        return replace(changed_relation(row, register.relations[row.id]), **links)
    values: dict[str, Any] = {name: default for name, default in DEFAULTS.items() if getattr(row, name) is UNSET}
    links |= {} if row.fourgrid_id is None else {"source": FOURGRID}
    return replace(new_relation(replace(row, **values), register), **links)
