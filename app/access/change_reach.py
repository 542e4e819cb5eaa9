"""Change reach: the function of the database that lists the changes which the caller of a small scope sees.

It runs as the owner of the tables. Under the policies each change of a record that came from elsewhere looks up the
record: for a page behind ten thousand changes, ten thousand times. The function lists what the policies of `change`
show to callers with a small scope, no more and no less:

- changes within the scope, and those of organisations that lie in the scope now;
- changes of the visible records that may have belonged to others, or that are visible beside those of the scope.

Customers who call see their own property as well, which is not listed. They never have a small scope.
"""

from collections.abc import Iterator, Mapping

from app.access.holdings import (
    KNOWN_CUSTOMERS,
    ORGS,
    PATHS,
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
from app.models.base import LARGEST_ID, REGISTER_ID

# ruff: noqa: S608 - the queries are put together from our own names

UNIQUE_FROM = REGISTER_ID.start
"""Ids from here on are unique over all tables. Some lower ones, from the examples of the documents, are not."""

OUTERMOST = f"""array(
  select distinct path from unnest({PATHS}) path
  where not exists (select from unnest({PATHS}) above where above <> path and path ^@ above)
)"""
"""The paths of the scope, without those below another one. Those of one kind have none; an import may have changed the
kind of an organisation."""

MERGED = "select id from customer where merged_into_id is not null"
VISIBLE_CUSTOMERS = " union all ".join(
    (
        customers_of(ORGS),
        f"select id from unnest((select ids from known)) id where id not in ({MERGED})",
        "select id from customer where merged_into_id = any((select ids from known)::bigint[])",
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
    "customer": f"array({VISIBLE_CUSTOMERS})",
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


def belonging_queries() -> Iterator[str]:
    """Yield a query for each table of BELONGING: the name of the table, and the ids of its visible records."""
    for table, (column, other) in BELONGING.items():
        among = f"any((select ids from listed where entity = '{other}')::bigint[])"
        yield f"select '{table}', array(select id from {table} where {column} = {among})"


def changes_of_records(condition: str) -> str:
    """Select the changes of the records, within the span of the wanted ids, for which a condition holds.

    The ids are added to 0, so that only the index of `entity_id` serves: while a partition is new, the planner knows no
    statistics of it, and would compare each of its rows with all records.
    """
    met = f"entity_id = any(record.ids) and change.id + 0 between span.low and span.high and {condition}"
    rows = f"select change.id from change where {met} offset 0"
    return f"select matched.id from record cross join span cross join lateral ({rows}) matched"


CHANGES_IN_SCOPE = f"""
with
known as materialized (select array({KNOWN_CUSTOMERS}) as ids),
listed (entity, ids) as materialized ({" union all ".join(f"select '{each}', {ids}" for each, ids in LISTED.items())}),
record (entity, ids) as materialized (select * from listed union all {" union all ".join(belonging_queries())}),
by_path as materialized ({of_paths("change", "org_path", OUTERMOST)}),
direction as materialized (select case when newest then -1 else 1 end as sign),
span as materialized (
  select
    case when newest then coalesce(last, 0) else 0 end as low,
    case when newest then {LARGEST_ID} else coalesce(last, {LARGEST_ID}) end as high
  from (select (
    select id from by_path order by (select sign from direction) * id offset coalesce(most, {LARGEST_ID}) limit 1
  ) as last) bound
),
shown as (
  select own.id from (select id from by_path union all {of_orgs(ORGS, "change", "org_id")}) own
  cross join span where own.id between span.low and span.high
  union {changes_of_records(f"entity_id >= {UNIQUE_FROM}")}
  union {changes_of_records(f"entity_id < {UNIQUE_FROM} and change.entity = record.entity")}
)
select array(select id from shown order by (select sign from direction) * id limit most)
"""
"""The ids of the first `most` changes, by descending id if `newest`, otherwise by ascending id; all if `most` is null.

Changes within the scope (`by_path`) are selected first. The last of them that can be needed bounds the ids (`span`)
between which all others are looked up.
"""

CHANGE_FUNCTIONS: Mapping[str, str] = {"changes_in_scope(newest boolean, most integer)": CHANGES_IN_SCOPE}
"""Functions that run as the owner of the tables and return ids, by their signatures. They read by indexes alone."""
