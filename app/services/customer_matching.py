"""Customer matching: which stored customer an input is about.

The rules are tried in their order within the tenant, and the first one that finds a customer decides: the key in
another system, the 4g id, the kind and the number of the identity document, the name with the phone number (document
003, 10.1 and 10.4). A customer that was merged into another one stands for that one.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.db.transaction import Writing
from app.models.customer import IdentityType
from app.services import rows
from app.services.calls import call
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

MATCH = call(
    "match_customers",
    top_org_id="bigint[]",
    source="text[]",
    external_id="text[]",
    fourgrid_id="bigint[]",
    identity_type="text[]",
    identity="text[]",
    name="text[]",
    phone="text[]",
)
"""Finds for each input the first customer by the first rule that finds any."""


class Match(NamedTuple):
    """The customer that a rule finds."""

    id: int
    rule: Rule


async def find_matches(writing: Writing, plans: Sequence[Plan]) -> Mapping[int, Match]:
    """Return the customer that each plan is about, by the place of the plan, whether the caller sees it or not."""
    (found,) = await writing.fetch_all([(MATCH, rows.arrays(plans, MATCH.names))])
    return {place - 1: Match(id_, RULES[rule]) for place, rule, id_ in found}
