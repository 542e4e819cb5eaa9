"""Change reach: the function that lists the changes which the caller of a small scope sees.

The policies of `change` look up the record of each change that came from elsewhere. The function lists what they show,
no more and no less: changes within the scope, those of organisations that lie in the scope now, and those of visible
records.
"""

from collections.abc import Mapping

from alembic import op

from migrations.frozen.access import ACTOR, let_requests_call

# ruff: noqa: S608 - a revision's own names

SIGNATURE = "changes_in_scope(boolean, integer)"

BUSINESS_PATHS = "array_remove(string_to_array(current_setting('app.scopes', true), ','), '')"
ADMINISTRATIVE_PATHS = "array_remove(string_to_array(current_setting('app.admin_scopes', true), ','), '')"
PATHS = f"{BUSINESS_PATHS} || {ADMINISTRATIVE_PATHS}"
OUTERMOST = f"""array(
  select distinct path from unnest({PATHS}) path
  where not exists (select from unnest({PATHS}) above where above <> path and path ^@ above)
)"""
TOPS = f"select substring(path from '^[0-9]+')::bigint as id from unnest({BUSINESS_PATHS}) path"


def _step(ids: str, table: str, condition: str, found: str) -> str:
    rows = f"select {table}.{found} as id from {table} where {condition} offset 0"
    return f"select found.id from ({ids}) above cross join lateral ({rows}) found"


def _of_paths(table: str, column: str, paths: str, found: str = "id") -> str:
    inside = f"{table}.{column} >= above.id and {table}.{column} < rtrim(above.id, '/') || '0'"
    return _step(f"select path as id from unnest({paths}) path", table, inside, found)


def _of_orgs(orgs: str, table: str, column: str, found: str = "id") -> str:
    return _step(orgs, table, f"{table}.{column} between above.id and above.id", found)


ORGS = _of_paths("org", "path", PATHS)
STAFF = " union all ".join(
    (
        f"select {ACTOR} as id",
        _of_orgs(ORGS, "admin", "org_id"),
        _of_orgs(ORGS, "admin_grant", "org_id", "admin_id"),
    )
)
KNOWN_CUSTOMERS = " union all ".join(
    (
        _of_orgs(ORGS, "customer_org", "org_id", "customer_id"),
        _of_paths("property_relation", "space_org_path", BUSINESS_PATHS, "customer_id"),
    )
)
MERGED = "select id from customer where merged_into_id is not null"
CUSTOMERS = " union all ".join(
    (
        _of_orgs(ORGS, "customer", "top_org_id"),
        f"select id from unnest((select ids from known)) id where id not in ({MERGED})",
        "select id from customer where merged_into_id = any((select ids from known)::bigint[])",
    )
)
LISTED: Mapping[str, str] = {
    "space": f"array({_of_orgs(_of_paths('org', 'path', BUSINESS_PATHS), 'space', 'org_id')})",
    "admin": f"array({STAFF})",
    "menu": "menus_in_scope()",
    "property_relation": f"array({_of_paths('property_relation', 'space_org_path', BUSINESS_PATHS)})",
    "work_order": f"array({_of_paths('work_order', 'space_org_path', BUSINESS_PATHS)})",
    "role": f"array({_of_orgs(ORGS, 'org_role', 'org_id', 'role_id')})",
    "customer": f"array({CUSTOMERS})",
    "work_order_category": f"array({_of_orgs(TOPS, 'work_order_category', 'top_org_id')})",
    "app_grant": f"array({_of_orgs(TOPS, 'app_grant', 'org_id')})",
}
"""The ids of the visible records, by table."""

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


def _belonging(table: str, column: str, other: str) -> str:
    among = f"any((select ids from listed where entity = '{other}')::bigint[])"
    return f"select '{table}', array(select id from {table} where {column} = {among})"


# The ids are added to 0, so that only the index of `entity_id` serves: while a partition is new, the planner knows no
# statistics of it, and would compare each of its rows with all records.
def _changes_of_records(condition: str) -> str:
    met = f"entity_id = any(record.ids) and change.id + 0 between span.low and span.high and {condition}"
    rows = f"select change.id from change where {met} offset 0"
    return f"select matched.id from record cross join span cross join lateral ({rows}) matched"


# Ids below 100,000 come from the documents, and may be those of several tables.
CHANGES_IN_SCOPE = f"""
create function changes_in_scope(newest boolean, most integer) returns bigint[]
language sql stable parallel safe security definer
set enable_seqscan = off set search_path = pg_catalog, pg_temp
begin atomic
with
known as materialized (select array({KNOWN_CUSTOMERS}) as ids),
listed (entity, ids) as materialized ({" union all ".join(f"select '{each}', {ids}" for each, ids in LISTED.items())}),
record (entity, ids) as materialized (
  select * from listed union all {" union all ".join(_belonging(table, *each) for table, each in BELONGING.items())}
),
by_path as materialized ({_of_paths("change", "org_path", OUTERMOST)}),
direction as materialized (select case when newest then -1 else 1 end as sign),
span as materialized (
  select
    case when newest then coalesce(last, 0) else 0 end as low,
    case when newest then 9223372036854775807 else coalesce(last, 9223372036854775807) end as high
  from (select (
    select id from by_path order by (select sign from direction) * id
    offset coalesce(most, 9223372036854775807) limit 1
  ) as last) bound
),
shown as (
  select own.id from (select id from by_path union all {_of_orgs(ORGS, "change", "org_id")}) own
  cross join span where own.id between span.low and span.high
  union {_changes_of_records("entity_id >= 100000")}
  union {_changes_of_records("entity_id < 100000 and change.entity = record.entity")}
)
select array(select id from shown order by (select sign from direction) * id limit most);
end
"""


def let_requests_list_changes() -> None:
    """Create the function: the ids of the first `most` changes, or of all; from the newest, or from the oldest."""
    op.execute(CHANGES_IN_SCOPE)
    let_requests_call(SIGNATURE)
