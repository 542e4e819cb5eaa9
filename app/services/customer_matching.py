"""Customer matching: which stored customer an input is about.

The rules are tried in their order within the tenant, and the first one that finds a customer decides: the key in
another system, the 4g id, the kind and the number of the identity document, the name with the phone number (document
003, 10.1 and 10.4). A customer that was merged into another one stands for that one.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from psycopg.sql import SQL, Composable, Identifier, Literal

from app.db.rendering import Statement, statement_of
from app.db.transaction import Writing
from app.models.customer import Customer, IdentityType
from app.services import rows
from app.services.customer_writes import Plan


class Rule(NamedTuple):
    """A matching rule: the columns that must be equal, their unique constraint, and the field of its errors."""

    columns: tuple[str, ...]
    constraint: str
    field: str


RULES: tuple[Rule, ...] = (
    Rule(("source", "external_id"), "customer_external_key", "external_id"),
    Rule(("fourgrid_id",), "customer_fourgrid_key", "fourgrid_id"),
    Rule(("identity_type", "identity"), "customer_identity_key", "identity"),
    Rule(("name", "phone"), "customer_name_phone_key", "phone"),
)

REGIONAL = (IdentityType.HONG_KONG.value, IdentityType.MACAU.value, IdentityType.TAIWAN.value)
"""The front end has one code for the three (document 003, 10.3 and 10.4), so a number is looked for in all of them."""

COLUMNS = ("top_org_id", *dict.fromkeys(column for rule in RULES for column in rule.columns))


class Match(NamedTuple):
    """The customer that a rule finds."""

    id: int
    rule: Rule


async def find_matches(writing: Writing, plans: Sequence[Plan]) -> Mapping[int, Match]:
    """Return the customer that each plan is about, by the place of the plan, whether the caller sees it or not."""
    (found,) = await writing.fetch_all_as_owner([(_matches(), rows.arrays(plans, COLUMNS))])
    return {place - 1: Match(id_, RULES[rule]) for place, rule, id_ in found}


@cache
def _matches() -> Statement:
    """Return the statement that finds for each input the first customer by the first rule that finds any."""
    found = SQL(" union all ").join(_by(number, rule) for number, rule in enumerate(RULES))
    return statement_of(
        SQL(
            "select distinct on (input.place) input.place, found.rule, coalesce(found.merged_into_id, found.id)"
            " from {rows} cross join lateral ({found}) found"
            " order by input.place, found.rule, found.merged_into_id is not null, found.differs, found.id"
        ).format(rows=rows.input_rows(Customer, COLUMNS), found=found)
    )


def _by(number: int, rule: Rule) -> Composable:
    """Select the customers of the tenant that a rule finds; `differs` says that the kind of document is another one."""
    equal = SQL(" and ").join(_equal(column) for column in rule.columns)
    differs = SQL("stored.identity_type <> input.identity_type" if "identity_type" in rule.columns else "false")
    query = SQL(
        "select {number} as rule, stored.id, stored.merged_into_id, {differs} as differs from customer stored"
        " where stored.top_org_id = input.top_org_id and {equal}"
    )
    return query.format(number=Literal(number), differs=differs, equal=equal)


def _equal(column: str) -> Composable:
    if column != "identity_type":
        return SQL("stored.{0} = input.{0}").format(Identifier(column))
    regional = SQL(", ").join(map(Literal, REGIONAL))
    return SQL(
        "(stored.identity_type = input.identity_type or stored.identity_type in ({0}) and input.identity_type in ({0}))"
    ).format(regional)
