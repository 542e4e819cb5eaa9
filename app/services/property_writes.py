"""Property writes: property relations in SQL, many at once, with the housing log and who knows the customers.

The housing log and `customer_org` follow from a relation, so functions of the database write them. A service calls
these functions when the rules allow what it writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from psycopg.sql import SQL, Composable, Composed

from app.access.columns import PROPERTY_COLUMNS
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.models import PropertyRelation
from app.models.choice import Choice
from app.models.property import IS_VALID, VALID_STATUSES, HousingStatus, PropertyType, Tenure
from app.services import rows
from app.services.calls import call
from app.services.tree_writes import Step

CHOICES: Mapping[str, type[Choice]] = {"type": PropertyType, "tenure": Tenure, "housing_status": HousingStatus}
CREATED = ("type", "space_id", "customer_id", "source", *PROPERTY_COLUMNS)


class Relation(NamedTuple):
    """A stored property relation."""

    id: int
    version: int
    space_id: int
    customer_id: int
    type: PropertyType
    tenure: Tenure
    is_main: bool
    housing_status: HousingStatus
    source: str
    fourgrid_id: int | None
    fourgrid_customer_id: int | None
    fourgrid_space_id: int | None
    fourgrid_community_id: int | None

    @property
    def is_valid(self) -> bool:
        """Whether the relation has not ended."""
        return self.housing_status in VALID_STATUSES


@dataclass(frozen=True)
class Wanted:
    """A property relation as an input leaves it; `stored` is None for a new one."""

    stored: Relation | None
    space_id: int
    customer_id: int
    type: PropertyType
    tenure: Tenure
    is_main: bool
    housing_status: HousingStatus
    source: str = "own"
    fourgrid_id: int | None = None
    fourgrid_customer_id: int | None = None
    fourgrid_space_id: int | None = None
    fourgrid_community_id: int | None = None

    @property
    def id(self) -> int | None:
        """The id of the stored relation."""
        return self.stored.id if self.stored else None

    @property
    def is_valid(self) -> bool:
        """Whether the relation has not ended."""
        return self.housing_status in VALID_STATUSES

    @property
    def is_logged(self) -> bool:
        """Whether the housing log gets an entry: the relation is new, or its housing status changes."""
        return self.stored is None or self.stored.housing_status != self.housing_status

    @property
    def frees(self) -> bool:
        """Whether another relation may take the place of this one, or the rank of the main owner."""
        stored = self.stored
        return stored is not None and stored.is_valid and (not self.is_valid or (stored.is_main and not self.is_main))


RELATION = SQL("id, version, space_id, customer_id, type, tenure, is_main, housing_status, source, ") + SQL(
    "fourgrid_id, fourgrid_customer_id, fourgrid_space_id, fourgrid_community_id"
)

READ = statement_of(
    SQL("select {} from property_relation where id = any(%(ids)s::bigint[])").format(RELATION)
    + SQL(f" or space_id = any(%(space_ids)s::bigint[]) and {IS_VALID}")
)
"""Read some relations, and all valid ones of some spaces."""


def log_entries(who: Composable, chosen: Composable) -> Composed:
    """Return the SQL that adds an entry to the housing log for the relations that a condition on `relation` chooses.

    An entry has the name that the customer has now.
    """
    return SQL(
        "insert into housing_record (property_relation_id, space_id, customer_id, customer_name, housing_status,"
        " created_by, updated_by)"
        " select relation.id, relation.space_id, relation.customer_id, customer.name, relation.housing_status, {0}, {0}"
        " from property_relation relation join customer on customer.id = relation.customer_id"
        " where {1} order by relation.id"
    ).format(who, chosen)


def make_known(who: Composable, chosen: Composable) -> Composed:
    """Return the SQL that makes the customers of chosen relations known to the organisations of the communities."""
    return SQL(
        "insert into customer_org (customer_id, org_id, created_by, updated_by)"
        " select distinct relation.customer_id, space.org_id, {0}, {0}"
        " from property_relation relation join space on space.id = relation.space_id"
        " where {1} and space.org_id is not null"
        " order by 1, 2 on conflict (customer_id, org_id) do nothing"
    ).format(who, chosen)


LOG = call("log_property_relations", logged="bigint[]", created="bigint[]")
"""Adds to the housing log, and makes customers known to the organisations of the communities."""

DELETE_LOG = call("delete_housing_log", ids="bigint[]")
END = call("end_property_relations", ids="bigint[]", status="text")


def relation_of(row: Sequence[Any]) -> Relation:
    """Make a relation of a row of READ."""
    columns = dict(zip(Relation._fields, row, strict=True))
    choices = {name: choice[columns[name]] for name, choice in CHOICES.items()}
    return Relation(**{**columns, **choices})


async def write(writing: Writing, wanted: Sequence[Wanted]) -> list[int]:
    """Create and change relations, and return their ids in order.

    What becomes free is written before what takes it: another relation may become valid, or the main owner's.
    """
    changed, new = [each for each in wanted if each.stored], [each for each in wanted if not each.stored]
    freeing, taking = [each for each in changed if each.frees], [each for each in changed if not each.frees]
    steps: list[Step] = [
        *((_update(), rows.changes(each, PROPERTY_COLUMNS)) for each in (freeing, taking) if changed),
        *([(_insert(), rows.arrays(new, CREATED))] if new else ()),
    ]
    made = (await writing.fetch_all(steps))[-1] if steps else []
    return await follow(writing, wanted, [row[0] for row in made] if new else [])


async def follow(writing: Writing, wanted: Sequence[Wanted], made: Sequence[int]) -> list[int]:
    """Write what follows from relations that are written, and return their ids; `made` are those of the new ones."""
    new = iter(made)
    written = [each.id or next(new) for each in wanted]
    pairs = [*zip(written, wanted, strict=True)]
    logged, created = [id_ for id_, each in pairs if each.is_logged], [id_ for id_, each in pairs if not each.stored]
    await _follow(writing, logged, created)
    return written


async def end(writing: Writing, ids: Sequence[int], status: HousingStatus) -> None:
    """End valid relations, MOVED_OUT or CANCELLED, by a decision on a claim; the housing log gets an entry for each."""
    if ids:
        (ended,) = await writing.fetch_all([(END, {"ids": [*ids], "status": status.value})])
        await _follow(writing, [row[0] for row in ended], [])


async def _follow(writing: Writing, logged: Sequence[int], created: Sequence[int]) -> None:
    """Write what follows from relations whose housing status is new, and from those that are new themselves."""
    if logged:
        await writing.fetch_all([(LOG, {"logged": [*logged], "created": [*created]})])


async def delete(writing: Writing, ids: Sequence[int]) -> None:
    """Delete relations with their housing logs."""
    values = {"ids": [*ids]}
    await writing.fetch_all([(DELETE_LOG, values), (rows.delete(PropertyRelation), values)])


@cache
def _update() -> Statement:
    return rows.update(PropertyRelation, PROPERTY_COLUMNS)


@cache
def _insert() -> Statement:
    return rows.insert(PropertyRelation, CREATED)
