"""Holdings: the ids of the rows in a caller's scope, found from the caller's organisations by indexes alone.

A policy filters rows but gives the planner no index to start from: for a caller who sees few rows of a big table it
would test the whole table to fill a page. Lists of such callers start from the other end: from the organisations of the
scope to their spaces, and to the rows that belong to those. Each step is a lateral join with `offset 0`, which keeps
the planner from reordering it: the planner knows neither the scope nor how few rows it has, and would scan tables.
"""

from typing import NamedTuple

LARGEST_SMALL = 20_000
"""The most spaces, and the most customers, of a small scope: sorting them all is cheaper than searching for a page."""

ACTOR = "(select nullif(current_setting('app.actor', true), '')::bigint)"
"""The id of the member of staff or of the client that calls. Ids are unique over all tables."""


def paths_in(setting: str) -> str:
    """Write the paths in a setting of the transaction; an empty one, which every path begins with, is left out."""
    return f"array_remove(string_to_array(current_setting('{setting}', true), ','), '')"


def patterns_in(setting: str) -> str:
    """Write the patterns of `like` for what begins with a path in a setting; that of an empty path is left out."""
    listed = f"replace(current_setting('{setting}', true), ',', '%,') || '%'"
    return f"array_remove(string_to_array({listed}, ','), '%')"


BUSINESS_SETTING, ADMINISTRATIVE_SETTING = "app.scopes", "app.admin_scopes"
"""The settings with the paths of the organisations that the caller sees."""

BUSINESS_PATHS = paths_in(BUSINESS_SETTING)
"""Paths of the business organisations that the caller holds roles in."""

ADMINISTRATIVE_PATHS = paths_in(ADMINISTRATIVE_SETTING)
"""Paths of the administrative organisations related to those."""

PATHS = f"{BUSINESS_PATHS} || {ADMINISTRATIVE_PATHS}"
"""Paths of both kinds."""


class Reach(NamedTuple):
    """A column, and the query of ids of which every visible row has one in this column.

    `listing` names a function `(newest boolean, most integer) returns bigint[]` of the database that lists the ids of
    exactly the visible rows (app/access/change_reach.py); it is empty where there is none.
    """

    column: str
    ids: str
    listing: str = ""


def of_paths(table: str, column: str, paths: str, found: str = "id") -> str:
    """Select from a table what has one of some paths, or a path below one, in a column."""
    return step(
        f"select path as id from unnest({paths}) path",  # noqa: S608 - our own names, here and below
        table,
        f"{table}.{column} >= above.id and {table}.{column} < rtrim(above.id, '/') || '0'",
        found,
    )


def orgs_below(paths: str) -> str:
    """Select the organisations below some paths, those of the paths included."""
    return of_paths("org", "path", paths)


def of_orgs(orgs: str, table: str, column: str, found: str = "id") -> str:
    """Select from a table what belongs to the organisations that a query gives.

    The condition is a range of one id. For `=` and an unknown id PostgreSQL expects the rows of an average
    organisation: if one of a few has nearly all rows, it reads the whole table for each of the others. Of a range it
    expects few rows.
    """
    return step(orgs, table, f"{table}.{column} between above.id and above.id", found)


def step(ids: str, table: str, condition: str, found: str = "id") -> str:
    """Select from a table what belongs to each of the ids that a query gives."""
    rows = f"select {table}.{found} as id from {table} where {condition} offset 0"  # noqa: S608
    return f"select found.id from ({ids}) above cross join lateral ({rows}) found"  # noqa: S608


def spaces_of(orgs: str) -> str:
    """Select the spaces of some organisations."""
    return of_orgs(orgs, "space", "org_id")


def customers_of(orgs: str) -> str:
    """Select the customers of some top organisations."""
    return of_orgs(orgs, "customer", "top_org_id")


PROPERTIES = "any((select string_to_array(current_setting('app.properties', true), ','))::bigint[])"
"""The houses and parking places of a customer who calls. For all other callers there are none."""

BUSINESS_ORGS = orgs_below(BUSINESS_PATHS)
TOPS = f"select substring(path from '^[0-9]+')::bigint as id from unnest({BUSINESS_PATHS}) path"  # noqa: S608
"""The top organisations of the tenants that the caller holds roles in, visible or not."""

TOPS_IN_SCOPE = (
    f"select rtrim(path, '/')::bigint as id from unnest({PATHS}) path"  # noqa: S608
    " where path !~ '/.'"
)
"""The visible organisations without a parent: the path of one is its id."""

FIRST_TOP = (
    "(select case when path !~ '/.' then rtrim(path, '/')::bigint end"  # noqa: S608
    f" from (select ({BUSINESS_PATHS})[1] as path) first)"
)
"""The first of BUSINESS_PATHS, if it is that of an organisation without a parent; null if it is not."""

ORGS = orgs_below(PATHS)
SPACES = spaces_of(BUSINESS_ORGS)
RELATIONS = of_paths("property_relation", "space_org_path", BUSINESS_PATHS)
WORK_ORDERS = of_paths("work_order", "space_org_path", BUSINESS_PATHS)
GROUPS = of_orgs(ORGS, "admin_group", "org_id")
ROLES = of_orgs(ORGS, "org_role", "org_id", "role_id")
STAFF = " union all ".join(
    (
        f"select {ACTOR} as id",
        of_orgs(ORGS, "admin", "org_id"),
        of_orgs(ORGS, "admin_grant", "org_id", "admin_id"),
    )
)
KNOWN_CUSTOMERS = " union all ".join(
    (
        of_orgs(ORGS, "customer_org", "org_id", "customer_id"),
        of_paths("property_relation", "space_org_path", BUSINESS_PATHS, "customer_id"),
    )
)
"""Customers known to a visible organisation, and those with property in scope; merged ones included."""

CUSTOMERS = " union all ".join(
    (customers_of(ORGS), KNOWN_CUSTOMERS, "select id from customer where merged_into_id is not null")
)
"""The few customers that were merged into others are compared by the policy alone."""

MENUS = "select unnest((select menus_in_scope())) as id"
"""In a subselect the function runs once. Directly inside `unnest` the planner calls it too, to estimate the rows."""

CHANGES = "select unnest((select changes_in_scope(newest => false, most => null))) as id"
"""The changes that the caller sees (app/access/change_reach.py)."""


def is_small_sql(paths: str) -> str:
    """Write the condition that the business organisations at some paths hold few rows; it runs as the owner."""
    held = orgs_below(paths)
    return f"{_at_most(LARGEST_SMALL, spaces_of(held))} and {_at_most(LARGEST_SMALL, customers_of(held))}"


def _at_most(number: int, ids: str) -> str:
    """Write the condition that a query has at most so many rows; it stops counting at the next one."""
    return f"(select count(*) from ({ids} limit {number + 1}) counted) <= {number}"  # noqa: S608
