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

CLIENTS = {"sync-client": 49403, "backend": 2000020, "kiosk": 2000021}
"""The ids of clients that call for themselves: of the demo world, and of tests/worlds/two_tenants.py."""

CALLERS = ("supperadm", "yanggc4", "zhangx", "lisi", "wangwu", "sync-client", None)
"""The super administrator, those of two tenants, two members of staff (one without a role), a client, no caller."""


def world_of(url: str) -> World:
    """Read every row of every table with a policy: table -> id -> row."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return {table: {row["id"]: row for row in connection.execute(f"select * from {table}")} for table in POLICIES}


def scope_of(world: World, account: str | None) -> Scope:
    """Work out the scope of a member of staff, or of a client, from the roles that they hold."""
    admin = next((row for row in world["admin"].values() if row["account"] == account), None)
    if account in CLIENTS:
        return scope_by(world, CLIENTS[account], grants_of(world, CLIENTS[account], "client"), is_super=False)
    if account is None or admin is None:
        return Scope(None, is_super=False, scopes=(), admin_scopes=())
    return scope_by(world, admin["id"], grants_of(world, admin["id"]), is_super=admin["is_super"])


def scope_by(world: World, actor: int, grants: Iterable[Row], *, is_super: bool) -> Scope:
    """Work out the scope that some grants give."""
    scopes = paths(world, {grant["org_id"] for grant in grants})
    business = below(world["org"], "path", scopes)
    related = {
        row["administrative_org_id"] for row in world["org_relation"].values() if row["business_org_id"] in business
    }
    return Scope(actor, is_super=is_super, scopes=scopes, admin_scopes=paths(world, related))


BELONGS = {
    "those of a visible organisation": ("org", "org_id"),
    "those of a visible business organisation": ("org", "business_org_id"),
    "those of a visible space": ("space", "space_id"),
    "those of a visible menu": ("menu", "menu_id"),
    "those of visible staff": ("admin", "admin_id"),
}
"""What the words of a policy mean: the rows whose column refers to a visible row of a table."""

OWN_RULES = frozenset(
    {
        "org",
        "space",
        "menu",
        "role",
        "admin",
        "admin_group_member",
        "customer",
        "app_grant",
        "change",
        "work_order_category",
    }
)
"""The tables whose policies have words of their own; `seen_by` says what they mean."""


def seen_by(world: World, scope: Scope) -> Seen:
    """Work out the ids that a scope sees, by table."""
    if scope.is_super:
        return {table: set(rows) for table, rows in world.items()}
    org = below(world["org"], "path", (*scope.scopes, *scope.admin_scopes))
    seen: Seen = {"org": org, "space": below(world["space"], "org_path", scope.scopes)}
    seen |= belonging_to("org", world, seen) | belonging_to("space", world, seen)
    seen["menu"] = with_ancestors(world["menu"], named(world, seen, "org_menu", "menu_id"))
    seen |= belonging_to("menu", world, seen)
    seen["role"] = named(world, seen, "org_role", "role_id")
    staff = where(world["admin"], lambda row: row["org_id"] in org or row["id"] == scope.actor)
    seen["admin"] = staff | named(world, seen, "admin_grant", "admin_id")
    seen |= belonging_to("admin", world, seen)
    seen["admin_group_member"] = where(
        world["admin_group_member"],
        lambda row: row["group_id"] in seen["admin_group"] and row["admin_id"] in seen["admin"],
    )
    known = named(world, seen, "customer_org", "customer_id") | named(world, seen, "property_relation", "customer_id")
    of_top = where(world["customer"], lambda row: row["top_org_id"] in org)
    seen["customer"] = of_top | where(world["customer"], lambda row: (row["merged_into_id"] or row["id"]) in known)
    tops = {int(path.split("/", 1)[0]) for path in scope.scopes}
    seen["work_order_category"] = where(world["work_order_category"], lambda row: row["top_org_id"] in tops)
    seen["app_grant"] = where(world["app_grant"], lambda row: row["org_id"] in org | tops)
    seen["change"] = where(world["change"], lambda row: is_change_seen(row, seen, scope))
    return seen


def is_change_seen(row: Row, seen: Seen, scope: Scope) -> bool:
    """Tell whether a change is seen: with the record, or for the organisation that the record belonged to."""
    path = row["org_path"] or "nowhere"
    is_held = row["org_id"] in seen["org"] or path.startswith((*scope.scopes, *scope.admin_scopes))
    return is_held or row["entity_id"] in seen[row["entity"]]


def belonging_to(owner: str, world: World, seen: Seen) -> Seen:
    """Work out the ids of what belongs to the visible rows of a table, by table."""
    meant = {table: BELONGS[policy.words] for table, policy in POLICIES.items() if policy.words in BELONGS}
    return {
        table: {key for key, row in world[table].items() if row[column] in seen[owner]}
        for table, (named_owner, column) in meant.items()
        if named_owner == owner
    }


def grants_of(world: World, id_: int, holder: str = "admin") -> list[Row]:
    """Give the roles that a member of staff, or a client, holds in business organisations."""
    rows = (row for row in world[f"{holder}_grant"].values() if row[f"{holder}_id"] == id_)
    return [row for row in rows if world["org"][row["org_id"]]["type"] == "BUSINESS"]


def menus_of(world: World, grants: Iterable[Row]) -> set[int]:
    """Work out the menus that grants give, with those above."""
    given = {(row["org_id"], row["role_id"], row["menu_id"]) for row in world["org_role_menu"].values()}
    menus = {
        row["menu_id"]
        for grant in grants
        for row in world["org_menu"].values()
        if row["org_id"] == grant["org_id"]
        and (
            world["role"][grant["role_id"]]["is_system_default"]
            or (grant["org_id"], grant["role_id"], row["menu_id"]) in given
        )
    }
    return with_ancestors(world["menu"], menus)


def had_by(world: World, scope: Scope, admin: int) -> dict[str, set[int]]:
    """Work out what a request reads of a member of staff: for others, by the grants that it may see."""
    seen, grants, is_caller = seen_by(world, scope), grants_of(world, admin), admin == scope.actor
    visible = [grant for grant in grants if grant["id"] in seen["admin_grant"]]
    tops = [*paths(world, {grant["org_id"] for grant in visible}), *(scope.scopes if is_caller else ())]
    counted = [grant for grant in grants if is_caller and touches(world["org"][grant["org_id"]]["path"], scope.scopes)]
    had = {
        "businessOrgs": below(world["org"], "path", tuple(tops)),
        "communities": below(world["space"], "org_path", tuple(tops)),
        "menus": menus_of(world, [*visible, *counted]),
    }
    if world["admin"][admin]["is_super"]:
        had = {name: set(world[table]) for name, table in HAD.items()}
    had["businessOrgs"] &= where(world["org"], lambda row: row["type"] == "BUSINESS")
    had["communities"] &= where(world["space"], lambda row: row["type"] == "COMMUNITY")
    return {name: ids & seen[HAD[name]] for name, ids in had.items()}


HAD = {"businessOrgs": "org", "communities": "space", "menus": "menu"}


def touches(path: str, scopes: tuple[str, ...]) -> bool:
    """Tell whether a path lies below a scope or above one."""
    return any(path.startswith(scope) or scope.startswith(path) for scope in scopes)


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
