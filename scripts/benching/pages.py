"""Pages by number: the first and the hundredth of every list of the schema, and of the documented lists.

Callers are a super administrator, one of the tenant that owns all generated records, and one of an organisation of it
that owns a single community: 14,606 spaces.
"""

import time
from collections.abc import Iterator
from itertools import product
from typing import Any

import psycopg

from app.execution.request import Request
from app.graphql.schema import NOUNS
from app.rest.operations import stored
from benching.data import Data
from benching.documented import requests
from benching.lists import RUNS, Listed, Lists, administrator, plural

SIZE = 100
OFFSETS = (0, 99 * SIZE)
SMALL = "community"
"""The caller who sees one community."""

OWNER = """mutation ($parent: ID!) {
  upsertOrgs(input: {orgs: [{source: "bench", externalId: "community", parentId: $parent, name: "一个小区"}]}) {
    orgs { id path } errors { message } } }"""
GIVE = """mutation ($id: ID!, $org: ID!) {
  setCommunityOrg(input: {id: $id, orgId: $org}) { space { id } errors { message } } }"""

OWNED = """query ($org: ID!) {
  org(id: $org) { code }
  propertyRelations(last: 1, filter: {space: {org: {under: $org}}}) {
    nodes { spaceId customerId community { id code } } } }"""
TOP = '{ orgs(filter: {source: {eq: "generate"}, parentId: {isNull: true}}) { nodes { id } } }'
LAST = "{ spaces(last: 1, filter: {type: {eq: COMMUNITY}}) { nodes { id } } }"

COUNTED = "select count(*) from customer where phone like '%13%'"
"""What pages by phone number count at the least."""


def numbered_pages(lists: Lists) -> list[Listed]:
    """Ask for all pages, the slowest first."""
    top, small = small_caller(lists)
    owned = {"super": top, "tenant": top, SMALL: small}
    listed = [*schema_pages(lists), *legacy_pages(lists, owned)]
    return sorted(listed, key=lambda each: -each.milliseconds)


def small_caller(lists: Lists) -> tuple[str, str]:
    """Add the caller of a single community; return the ids of the top organisation and of the one that owns it."""
    top = lists.ask(TOP, "super")["orgs"]["nodes"][0]["id"]
    small = small_owner(lists, top)
    lists.callers[SMALL] = administrator(lists.data, small["path"])
    return top, small["id"]


def counting_floor(data: Data) -> float:
    """Return the milliseconds that the owner of the tables takes to count the rows of COUNTED: the shortest time."""
    times = list[float]()
    with psycopg.connect(data.url, autocommit=True) as connection:
        for _ in range(RUNS):
            started = time.perf_counter()
            connection.execute(COUNTED).fetchone()
            times.append((time.perf_counter() - started) * 1000)
    return min(times)


def small_owner(lists: Lists, top: str) -> dict[str, Any]:
    """Give the last community to an organisation of its own, unless it has one, and return that.

    The tables are vacuumed then. Otherwise autovacuum does it within a minute, beside the pages (VACUUMED_SHARE in
    migrations/frozen/tables.py).
    """
    org: dict[str, Any] = lists.ask(OWNER, "super", {"parent": top})["upsertOrgs"]["orgs"][0]
    community = lists.ask(LAST, "super")["spaces"]["nodes"][0]["id"]
    lists.ask(GIVE, "super", {"id": community, "org": org["id"]})
    with psycopg.connect(lists.data.url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
    return org


def schema_pages(lists: Lists) -> Iterator[Listed]:
    """Ask for the lists of the schema."""
    for model, caller, offset in product(NOUNS, lists.callers, OFFSETS):
        page = f"page: {plural(model)}(first: {SIZE}, offset: {offset}) {{ totalCount nodes {{ id }} }}"
        yield lists.timed(f"{caller}: {plural(model)} from row {offset}", Request(f"{{ {page} }}"), caller)


def legacy_pages(lists: Lists, owned: dict[str, str]) -> Iterator[Listed]:
    """Ask for the lists of legacy URLs."""
    for caller, org in owned.items():
        for name, operation, variables in requests(owned_by(lists, org)):
            yield lists.timed(f"{caller}: {name}", stored(operation, variables), caller)


def owned_by(lists: Lists, org: str) -> dict[str, str]:
    """Name records of an organisation."""
    found = lists.ask(OWNED, "super", {"org": org})
    (relation,) = found["propertyRelations"]["nodes"]
    return {
        "top": org, "org_code": found["org"]["code"],
        "community": relation["community"]["id"], "code": relation["community"]["code"],
        "house": relation["spaceId"], "customer": relation["customerId"],
    }  # fmt: skip
