"""PropertyRelation: the rules of who owns or rents what (document 003, 11.3).

A property has at most one main owner, and a customer at most one valid relation with it. A relation keeps its property
and its customer: the housing log belongs to both.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from psycopg.sql import SQL

from app.access.caller import Caller
from app.db.rendering import statement_of
from app.db.transaction import Writing
from app.error_codes import Message
from app.errors import ConflictError, InvalidInputError
from app.models.property import PropertyType, Tenure
from app.models.space import SpaceType
from app.services import nodes, property_writes, rows
from app.services.integrity import MESSAGES
from app.services.nodes import Nodes
from app.services.property_inputs import (
    CreatePropertyRelation,
    DeletePropertyRelation,
    SetHousingStatus,
    UpdatePropertyRelation,
)
from app.services.property_writes import READ, Relation, Wanted, relation_of
from app.services.space import SPACE
from app.services.targets import Errors, check_capability, missing, outcomes, target_errors
from app.services.uses import Use, Uses, use_errors
from app.services.write import UNSET, Outcome

CAPABILITY = "property.write"

TYPES: Mapping[str, PropertyType] = {SpaceType.HOUSE: PropertyType.HOUSE, SpaceType.PARK_SPACE: PropertyType.PARKING}
"""The spaces that somebody may own or rent, and what they are as a property."""

NO_PROPERTY = Message(
    "only a HOUSE or a PARK_SPACE is owned or rented; the space is a {type}",
    "只有 HOUSE 或 PARK_SPACE 可建立产权关系，该空间是 {type}",
)
OTHER_TYPE = Message("the type of this property is {type}", "该空间的产权类型是 {type}")
NO_ORG = Message("the space belongs to no organisation", "该空间未关联业务组织")
OTHER_TENANT = Message("the customer belongs to another tenant than the space", "客户与空间不属于同一租户")
ONLY_OWNER = Message("only an OWNER is a main owner", "只有 OWNER（业主）可以是主业主")
KEPT = Message(
    "a relation keeps its space and its customer: end it, and create another one",
    "产权关系的空间和客户不可修改，请将其结束后新建",
)
HELD = Message(
    "the customer has the valid property relation {id} with the space", "该客户与该空间已存在有效的产权关系 {id}"
)
HELD_IN_LIST = Message(
    "another record of the list makes a valid property relation of the customer with the space",
    "列表中已有该客户与该空间的有效产权关系",
)
MAIN = Message("the property relation {id} is that of the main owner", "该空间已有主业主，产权关系 {id}")

USES: Uses = (
    Use(
        Message("the property relation {id} comes from a verification", "产权关系 {id} 来自信息认证"),
        "verification",
        "property_relation_id",
    ),
)
"""What keeps a relation from being deleted."""

SPACES_OF = statement_of(SQL("select id, space_id from property_relation where id = any(%(ids)s::bigint[])"))
CUSTOMERS = statement_of(
    SQL(
        "select id, top_org_id::text from customer"
        " where id = any(%(customer_ids)s::bigint[]) and merged_into_id is null"
    )
)
"""Records that were merged into another one are left out."""


class Named(NamedTuple):
    """The ids of the records that inputs name; None names nothing."""

    relations: Iterable[int | None] = ()
    spaces: Iterable[int | None] = ()
    customers: Iterable[int | None] = ()


class Register(NamedTuple):
    """What the inputs name, and what else counts: the named relations and all valid ones of the spaces."""

    spaces: Nodes
    relations: Mapping[int, Relation]
    customers: Mapping[int, str]
    """The tenants of the customers."""


async def create_property_relations(
    writing: Writing, caller: Caller, inputs: Sequence[CreatePropertyRelation]
) -> list[Outcome]:
    """Let customers own or rent houses and parking places (document 003, 11.3).

    The housing log gets an entry, and the organisation of the community knows the customer from now on. UserErrors:
    NOT_FOUND, INVALID_INPUT, CONFLICT for a second main owner, and for a second valid relation of the customer.
    """
    named = Named(spaces=[each.space_id for each in inputs], customers=[each.customer_id for each in inputs])
    register = await read_register(writing, caller, named)
    refused = [new_errors(input_, register) for input_ in inputs]
    wanted = [None if wrong else new_relation(input_, register) for wrong, input_ in zip(refused, inputs, strict=True)]
    return await write_wanted(writing, register, refused, wanted)


async def update_property_relations(
    writing: Writing, caller: Caller, changes: Sequence[UpdatePropertyRelation]
) -> list[Outcome]:
    """Change property relations (document 003, 11.3). A new housing status is entered into the housing log.

    An update that changes nothing leaves the version as it is. UserErrors: NOT_FOUND, INVALID_INPUT, CONFLICT.
    """
    register = await read_register(writing, caller, Named([change.id for change in changes]))
    refused = [
        each or kept_errors(change, register.relations[change.id])
        for each, change in zip(target_errors(changes, register.relations), changes, strict=True)
    ]
    wanted = [
        None if wrong else changed_relation(change, register.relations[change.id])
        for wrong, change in zip(refused, changes, strict=True)
    ]
    return await write_wanted(writing, register, refused, wanted)


async def set_housing_statuses(writing: Writing, caller: Caller, changes: Sequence[SetHousingStatus]) -> list[Outcome]:
    """Say whether customers live there (document 003, 11.3). UserErrors: NOT_FOUND, CONFLICT, INVALID_INPUT."""
    updates = [
        UpdatePropertyRelation(each.id, each.expected_version, housing_status=each.housing_status) for each in changes
    ]
    return await update_property_relations(writing, caller, updates)


async def delete_property_relations(
    writing: Writing, caller: Caller, deletions: Sequence[DeletePropertyRelation]
) -> list[Outcome]:
    """Delete property relations with their housing logs. UserErrors: NOT_FOUND, CONFLICT, IN_USE for a verification."""
    ids = [deletion.id for deletion in deletions]
    register = await read_register(writing, caller, Named(ids))
    used = await use_errors(writing, USES, ids)
    refused = target_errors(deletions, register.relations)
    errors = [each or use for each, use in zip(refused, used, strict=True)]
    if not any(errors):
        await property_writes.delete(writing, ids)
    return outcomes(errors, ids)


async def read_register(writing: Writing, caller: Caller, named: Named, capability: str = CAPABILITY) -> Register:
    """Lock and read what is named, as the caller: ForbiddenError without the capability for one of the spaces.

    The tenants are locked before the relations, in the order of those who delete spaces.
    """
    ids = nodes.ids_of(named.relations)
    (places,) = await writing.fetch_all([(SPACES_OF, {"ids": ids})]) if ids else ([],)
    spaces = await nodes.parents(writing, SPACE, [*named.spaces, *(row[1] for row in places)])
    check_capability(caller, capability, (space.scope for space in spaces.values()))
    values = {"ids": ids, "space_ids": [*spaces], "customer_ids": nodes.ids_of(named.customers)}
    lock = rows.lock("property_relation")
    _, relations, customers = await writing.fetch_all([(lock, values), (READ, values), (CUSTOMERS, values)])
    stored = [relation_of(row) for row in relations]
    return Register(spaces, {each.id: each for each in stored}, {row[0]: row[1] for row in customers})


def new_errors(input_: Any, register: Register) -> Errors:
    """Return the errors of a new relation, which names its space and its customer."""
    absent = (
        *missing(input_.space_id, register.spaces, "space_id"),
        *missing(input_.customer_id, register.customers, "customer_id"),
    )
    if absent:
        return absent
    space = register.spaces[input_.space_id]
    type_ = TYPES.get(space.type)
    if type_ is None:
        return (InvalidInputError(NO_PROPERTY, path=("space_id",), type=space.type),)
    if not space.tenant:
        return (InvalidInputError(NO_ORG, path=("space_id",)),)
    if register.customers[input_.customer_id] != space.tenant:
        return (InvalidInputError(OTHER_TENANT, path=("customer_id",)),)
    return _type_errors(input_.type, type_)


def new_relation(input_: Any, register: Register) -> Wanted:
    """Return the relation that a correct input creates."""
    type_ = TYPES[register.spaces[input_.space_id].type]
    return Wanted(
        None, input_.space_id, input_.customer_id, type_, input_.tenure, input_.is_main, input_.housing_status
    )


def kept_errors(change: Any, stored: Relation) -> Errors:
    """Return the errors of a change that names another space, customer or type than the stored relation has."""
    kept = tuple(
        InvalidInputError(KEPT, path=(name,))
        for name in ("space_id", "customer_id")
        if getattr(change, name) not in (None, getattr(stored, name))
    )
    return (*kept, *_type_errors(change.type, stored.type))


def _type_errors(type_: PropertyType | None, expected: PropertyType) -> Errors:
    return () if type_ in (None, expected) else (InvalidInputError(OTHER_TYPE, path=("type",), type=expected),)


def changed_relation(change: Any, stored: Relation) -> Wanted:
    """Return a stored relation as a change leaves it."""
    values = {**stored._asdict(), "stored": stored}
    values |= {name: value for name in SETTABLE if (value := getattr(change, name)) is not UNSET}
    return Wanted(**{name: value for name, value in values.items() if name not in {"id", "version"}})


SETTABLE = ("tenure", "is_main", "housing_status")


async def write_wanted(
    writing: Writing, register: Register, refused: Sequence[Errors], wanted: Sequence[Wanted | None]
) -> list[Outcome]:
    """Write relations unless an input is refused, or a rule of their properties is broken by all of them together."""
    occupancy = Occupancy.beside(register.relations, wanted)
    errors = [
        wrong or ((*_owner_errors(each), *occupancy.errors_of(each)) if each else ())
        for wrong, each in zip(refused, wanted, strict=True)
    ]
    if any(errors):
        return outcomes(errors)
    return outcomes(errors, await property_writes.write(writing, [each for each in wanted if each]))


def _owner_errors(wanted: Wanted) -> Errors:
    is_wrong = wanted.is_main and wanted.tenure != Tenure.OWNER
    return (InvalidInputError(ONLY_OWNER, path=("is_main",)),) if is_wrong else ()


@dataclass
class Occupancy:
    """The valid relations of properties: by space and customer, and those of the main owners by space.

    The values are the ids of stored relations, None for another one of the list.
    """

    holders: dict[tuple[int, int], int | None]
    mains: dict[int, int | None]

    @classmethod
    def beside(cls, relations: Mapping[int, Relation], wanted: Iterable[Wanted | None]) -> "Occupancy":
        """Take the valid relations that no input changes."""
        changed = {each.id for each in wanted if each}
        kept = [each for each in relations.values() if each.is_valid and each.id not in changed]
        return cls(
            {(each.space_id, each.customer_id): each.id for each in kept},
            {each.space_id: each.id for each in kept if each.is_main},
        )

    def errors_of(self, wanted: Wanted) -> Errors:
        """Return the errors of a relation beside those before it, and add it to them."""
        if not wanted.is_valid:
            return ()
        pair, errors = (wanted.space_id, wanted.customer_id), []
        if pair in self.holders:
            errors.append(self._conflict(HELD, HELD_IN_LIST, self.holders[pair], "customer_id"))
        if wanted.is_main and wanted.space_id in self.mains:
            taken = MESSAGES["property_relation_main_key"]
            errors.append(self._conflict(MAIN, taken, self.mains[wanted.space_id], "is_main"))
        self.holders.setdefault(pair, wanted.id)
        if wanted.is_main:
            self.mains.setdefault(wanted.space_id, wanted.id)
        return tuple(errors)

    @staticmethod
    def _conflict(of_stored: Message, in_list: Message, id_: int | None, field: str) -> ConflictError:
        if id_ is None:
            return ConflictError(detail=in_list, path=(field,))
        return ConflictError(detail=of_stored, path=(field,), id=id_)
