"""Verification writes: claims on properties in SQL, many at once: what decisions need to know, and what they leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from psycopg.sql import SQL

from app.access.app_users import BACK_OFFICE
from app.access.caller import Caller
from app.access.columns import CLAIM_COLUMNS
from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.models import Verification
from app.models.property import PropertyType, Tenure
from app.models.verification import VerificationChannel, VerificationStatus
from app.services import rows
from app.services.stamp import CHANGED, WRITER
from app.services.write import UNSET


class Claim(NamedTuple):
    """A stored claim."""

    id: int
    version: int
    space_id: int
    customer_id: int | None
    type: PropertyType
    tenure: Tenure
    status: VerificationStatus
    identity: str | None
    property_relation_id: int | None
    makes_relation: bool
    """Whether the relation is not older than the approval, and no other approved claim has it."""

    @property
    def is_approved(self) -> bool:
        """Whether the last decision was an approval."""
        return self.status == VerificationStatus.APPROVED


class Person(NamedTuple):
    """A customer, as far as claims show one."""

    id: int
    tenant: str
    name: str
    phone: str | None
    identity_type: str | None
    identity: str | None


class User(NamedTuple):
    """The app user of a customer."""

    app_user_id: int | None
    app_user_name: str | None
    app_user_phone: str | None
    fourgrid_app_user_id: int | None


@dataclass(frozen=True)
class Decided:
    """A claim as a decision leaves it; `id` is None for a new one."""

    id: int | None
    customer_id: int | None
    status: VerificationStatus
    channel: VerificationChannel
    property_relation_id: int | None
    remark: object = UNSET
    claimed: Mapping[str, object] = field(default_factory=dict)
    """The columns of a new claim."""

    def __getattr__(self, name: str) -> object:
        """Return a column of a new claim."""
        if name not in CLAIM_COLUMNS:
            raise AttributeError(name)
        return self.claimed[name]


VERSIONS = statement_of(SQL("select id, version, space_id from verification where id = any(%(ids)s::bigint[])"))

CLAIMS = statement_of(
    SQL(
        "select claim.id, claim.version, claim.space_id, claim.customer_id, claim.type, claim.tenure, claim.status,"
        " claim.identity, claim.property_relation_id, relation.created_at >= coalesce(claim.reviewed_at, '-infinity')"
        " and not exists (select from verification other where other.property_relation_id = relation.id"
        " and other.id <> claim.id and other.status = 'APPROVED')"
        " from verification claim left join property_relation relation on relation.id = claim.property_relation_id"
        " where claim.id = any(%(ids)s::bigint[])"
        " or claim.space_id = any(%(space_ids)s::bigint[]) and claim.status in ('PENDING', 'APPROVED')"
        " order by claim.id"
    )
)
"""Read some claims, and all pending and approved ones of some spaces."""

PEOPLE = statement_of(
    SQL(
        "select id, top_org_id::text, name, phone, identity_type, identity from customer"
        " where id = any(%(ids)s::bigint[])"
    )
)

USERS = statement_of(
    SQL(
        "select distinct on (customer_id) customer_id, app_user_id, app_user_name, app_user_phone, fourgrid_app_user_id"
        " from verification where customer_id = any(%(ids)s::bigint[]) and app_user_id is not null"
        " order by customer_id, id desc"
    )
)
"""The app users of some customers: those of their last claims that name one."""


async def claims(writing: Writing, ids: Sequence[int], space_ids: Sequence[int]) -> dict[int, Claim]:
    """Read some claims, and all pending and approved ones of some spaces, as the caller."""
    (found,) = await writing.fetch_all([(CLAIMS, {"ids": [*ids], "space_ids": [*space_ids]})])
    return {row[0]: _claim(row) for row in found}


def _claim(row: Sequence[Any]) -> Claim:
    id_, version, space_id, customer_id, type_, tenure, status, identity, relation_id, makes = row
    kinds = PropertyType[type_], Tenure[tenure], VerificationStatus[status]
    return Claim(id_, version, space_id, customer_id, *kinds, identity, relation_id, bool(makes))


REVIEWED = ("customer_id", "status", "channel", "property_relation_id", "remark")
REVIEWER = {"reviewer_id": "bigint", "reviewer_account": "text", "reviewer_name": "text"}
"""The columns of who decides, with their SQL types."""


async def write(writing: Writing, caller: Caller, decisions: Sequence[Decided]) -> list[int]:
    """Write decisions, with the reviewer and the time; return the ids of the claims in order."""
    known, new = ([each for each in decisions if (each.id is None) is is_new] for is_new in (False, True))
    reviewer = {
        "reviewer_id": caller.admin_id,
        "reviewer_account": caller.account or None,
        "reviewer_name": caller.name,
    }
    steps = [
        *([(_update(), {**rows.changes(known, REVIEWED), **reviewer})] if known else ()),
        *([(_insert(), {**rows.arrays(new, (*CLAIM_COLUMNS, *REVIEWED)), **reviewer})] if new else ()),
    ]
    made = iter([row[0] for row in (await writing.fetch_all(steps))[-1]]) if steps else iter(())
    return [each.id or next(made) for each in decisions]


@cache
def _update() -> Statement:
    values = {name: SQL(f"case when input.set_{name} then input.{name} else node.{name} end") for name in REVIEWED}
    pairs = SQL(", ").join(SQL(f"{name} = ") + value for name, value in values.items())
    return statement_of(
        SQL("update verification node set {}, {}, reviewed_at = now(), {} from {} where node.id = input.id").format(
            pairs, SQL(", ").join(SQL(f"{name} = %({name})s") for name in REVIEWER), CHANGED,
            rows.input_rows(Verification, ("id", *REVIEWED), flags=REVIEWED),
        )
        + SQL(" returning node.id")
    )  # fmt: skip


@cache
def _insert() -> Statement:
    names = (*CLAIM_COLUMNS, *REVIEWED)
    return statement_of(
        SQL(
            "insert into verification ({names}, {reviewer}, submitted_from, submitted_at, reviewed_at,"
            " created_by, updated_by)"
            " select {values}, {person}, {back_office}, now(), now(), {writer}, {writer} from {rows}"
            " order by input.place returning id"
        ).format(
            names=rows.identifiers(names),
            reviewer=rows.identifiers(REVIEWER),
            values=rows.identifiers(names, "input."),
            person=SQL(", ").join(SQL(f"%({name})s::{type_}") for name, type_ in REVIEWER.items()),
            back_office=SQL(str(BACK_OFFICE)),
            writer=WRITER,
            rows=rows.input_rows(Verification, names),
        )
    )
