"""Who sees what of the demo world, worked out a second time: in Python, from all rows as the owner reads them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import psycopg
from psycopg.rows import dict_row

from app.access.policies import POLICIES
from app.db.scope import Scope

Row = Mapping[str, Any]
World = Mapping[str, Mapping[int, Row]]
Seen = dict[str, set[int]]

CALLERS = ("supperadm", "yanggc4", "zhangx", "lisi", "wangwu", None)
"""The super administrator, those of two tenants, two ordinary members of staff (one without a role), and nobody."""


def world_of(url: str) -> World:
    """Read every row of every table with a policy: table -> id -> row."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return {table: {row["id"]: row for row in connection.execute(f"select * from {table}")} for table in POLICIES}


def scope_of(world: World, account: str | None) -> Scope:
    """Work out the scope of a member of staff from the roles that they hold."""
    admin = next((row for row in world["admin"].values() if row["job_number"] == account), None)
    if account is None or admin is None:
        return Scope(None, is_super=False, scopes=(), admin_scopes=())
    held = {row["org_id"] for row in world["org_role_admin"].values() if row["admin_id"] == admin["id"]}
    scopes = paths(world, held)
    business = below(world["org"], "path", scopes)
    related = {
        row["administrative_org_id"] for row in world["org_relation"].values() if row["business_org_id"] in business
    }
    return Scope(admin["id"], is_super=admin["is_super"], scopes=scopes, admin_scopes=paths(world, related))


def seen_by(world: World, scope: Scope) -> Seen:
    """Work out the ids that a scope sees, by table."""
    if scope.is_super:
        return {table: set(rows) for table, rows in world.items()}
    org = below(world["org"], "path", (*scope.scopes, *scope.admin_scopes))
    space = below(world["space"], "org_path", scope.scopes)
    seen: Seen = {"org": org, "space": space}
    for table, column in OF_ORG.items():
        seen[table] = {key for key, row in world[table].items() if row[column] in org}
    for table in OF_SPACE:
        seen[table] = {key for key, row in world[table].items() if row["space_id"] in space}
    seen["menu"] = with_ancestors(world["menu"], named(world, seen, "org_menu", "menu_id"))
    seen["menu_guidance"] = where(world["menu_guidance"], lambda row: row["menu_id"] in seen["menu"])
    seen["role"] = named(world, seen, "org_role", "role_id")
    staff = where(world["admin"], lambda row: row["org_id"] in org or row["id"] == scope.actor)
    seen["admin"] = staff | named(world, seen, "org_role_admin", "admin_id")
    seen["device"] = where(world["device"], lambda row: row["admin_id"] in seen["admin"])
    seen["admin_group_member"] = where(
        world["admin_group_member"],
        lambda row: row["group_id"] in seen["admin_group"] and row["admin_id"] in seen["admin"],
    )
    known = named(world, seen, "customer_org", "customer_id") | named(world, seen, "property_relation", "customer_id")
    seen["customer"] = known | where(world["customer"], lambda row: row["top_org_id"] in org)
    return seen


OF_ORG = {
    "org_relation": "business_org_id",
    "org_menu": "org_id",
    "org_role": "org_id",
    "org_role_menu": "org_id",
    "org_role_admin": "org_id",
    "admin_group": "org_id",
    "customer_org": "org_id",
    "app_grant": "org_id",
}
OF_SPACE = ("space_location", "parking_detail", "property_relation", "housing_record", "verification")


def where(rows: Mapping[int, Row], holds: Callable[[Row], bool]) -> set[int]:
    return {key for key, row in rows.items() if holds(row)}


def below(rows: Mapping[int, Row], column: str, tops: tuple[str, ...]) -> set[int]:
    return where(rows, lambda row: row[column] is not None and row[column].startswith(tops))


def paths(world: World, orgs: Iterable[int]) -> tuple[str, ...]:
    return tuple(sorted(world["org"][org]["path"] for org in orgs))


def named(world: World, seen: Seen, table: str, column: str) -> set[int]:
    return {world[table][key][column] for key in seen[table]}


def with_ancestors(rows: Mapping[int, Row], nodes: set[int]) -> set[int]:
    return {int(step) for node in nodes for step in rows[node]["path"].rstrip("/").split("/")}
