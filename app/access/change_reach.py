"""Change reach: the function of the database that lists the changes which the caller of a small scope sees.

It runs as the owner of the tables. Under the policies each change of a record that came from elsewhere looks up the
record: for a page behind ten thousand changes, ten thousand times. The function lists what the policies of `change`
show, no more and no less:

- changes within the scope, and those of organisations that lie in the scope now;
- changes of the visible records that may have belonged to others, or that are visible beside those of the scope.
"""

from collections.abc import Iterator, Mapping

from app.access.holdings import (
    ADMINISTRATIVE_PATHS,
    BUSINESS_PATHS,
    ORGS,
    RELATIONS,
    ROLES,
    SPACES,
    STAFF,
    TOPS,
    WORK_ORDERS,
    customers_of,
    of_orgs,
    of_paths,
)

# ruff: noqa: S608 - the queries are put together from our own names

UNIQUE_FROM = 100_000
"""Ids from here on are unique over all tables. Lower ones come from the documents, and may repeat."""

FARTHEST = 2**63 - 1
"""Larger than any id; as a number of changes, all of them."""

HOLDERS = " union all ".join(
    (
        of_orgs(ORGS, "customer_org", "org_id", "customer_id"),
        of_paths("property_relation", "space_org_path", BUSINESS_PATHS, "customer_id"),
    )
)
MERGED = "select id from customer where merged_into_id is not null"
CUSTOMERS = " union all ".join(
    (
        customers_of(ORGS),
        f"select id from unnest((select ids from holder)) id where id not in ({MERGED})",
        "select id from customer where merged_into_id = any((select ids from holder)::bigint[])",
    )
)
"""A customer that was merged is visible with the one that it was merged into."""

LISTED: Mapping[str, str] = {
    "space": f"array({SPACES})",
    "admin": f"array({STAFF})",
    "menu": "menus_in_scope()",
    "property_relation": f"array({RELATIONS})",
    "work_order": f"array({WORK_ORDERS})",
    "role": f"array({ROLES})",
    "customer": f"array({CUSTOMERS})",
    "work_order_category": f"array({of_orgs(TOPS, 'work_order_category', 'top_org_id')})",
    "app_grant": f"array({of_orgs(TOPS, 'app_grant', 'org_id')})",
}
"""The ids of the visible records, by table. What belongs to an organisation never belongs to another: its changes are
found by the organisation."""

BELONGING: Mapping[str, tuple[str, str]] = {
    "space_location": ("space_id", "space"),
    "parking_detail": ("space_id", "space"),
    "housing_record": ("space_id", "space"),
    "verification": ("space_id", "space"),
    "work_order_step": ("space_id", "space"),
    "device": ("admin_id", "admin"),
    "menu_guidance": ("menu_id", "menu"),
}
"""The tables whose records are visible with those of another table: the column with its id, and that table."""


def records() -> Iterator[str]:
    """Yield for each table of BELONGING the query of its name and of the ids of its visible records."""
    for table, (column, other) in BELONGING.items():
        among = f"any((select ids from listed where entity = '{other}')::bigint[])"
        yield f"select '{table}', array(select id from {table} where {column} = {among})"


def changes_of_records(condition: str) -> str:
    """Select the changes of the records, within the span of the wanted ids, for which a condition holds."""
    met = f"entity_id = any(record.ids) and change.id between span.low and span.high and {condition}"
    rows = f"select change.id from change where {met} offset 0"
    return f"select found.id from record cross join span cross join lateral ({rows}) found"


CHANGES_IN_SCOPE = f"""
with
holder as materialized (select array({HOLDERS}) as ids),
listed (entity, ids) as materialized ({" union all ".join(f"select '{each}', {ids}" for each, ids in LISTED.items())}),
record (entity, ids) as materialized (select * from listed union all {" union all ".join(records())}),
own as materialized (
  {of_paths("change", "org_path", f"{BUSINESS_PATHS} || {ADMINISTRATIVE_PATHS}")}
  union {of_orgs(ORGS, "change", "org_id")}
),
direction as materialized (select case when newest then -1 else 1 end as sign),
span as materialized (
  select
    case when newest then coalesce(last, 0) else 0 end as low,
    case when newest then {FARTHEST} else coalesce(last, {FARTHEST}) end as high
  from (select (
    select id from own order by (select sign from direction) * id offset coalesce(most, {FARTHEST}) limit 1
  ) as last) bound
),
found as (
  select id from own
  union {changes_of_records(f"entity_id >= {UNIQUE_FROM}")}
  union {changes_of_records(f"entity_id < {UNIQUE_FROM} and change.entity = record.entity")}
)
select array(select id from found order by (select sign from direction) * id limit most)
"""
"""The ids of the first `most` changes, or of all if it is null, from the newest or from the oldest.

Changes within the scope are found first. Those of records are looked for only as far as these reach.
"""

CHANGE_FUNCTIONS: Mapping[str, str] = {"changes_in_scope(newest boolean, most integer)": CHANGES_IN_SCOPE}
"""Functions that run as the owner of the tables and return ids, by their signatures."""
