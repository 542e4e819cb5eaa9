"""Grants: what members of staff and clients have by the roles that they hold. This is the only statement of the rule.

A grant is a role that a member of staff, or a client that calls for itself, holds in a business organisation. It gives

- the organisation and those below it, with their spaces;
- menus: the built-in role gives all menus of the organisation (org_menu), another role those that org_role_menu names
  for the organisation and the role, which are menus of the organisation by a foreign key; the menus above come with
  them, so that they make a tree;
- capabilities, in the organisation and below: see app/access/capabilities.py.

The super administrator has everything. A caller who works in one organisation (header cadastre-org) has what their
grants at, above and below it give there.

The queries run with the rights of the current role. The owner of the tables finds a caller with them
(app/access/callers.py). In a request they show, for other staff, what visible grants give.
"""

from collections.abc import Mapping
from typing import Literal

from sqlalchemy import BigInteger, Subquery, column, text

from app.access.holdings import ACTOR, BUSINESS_PATHS

# ruff: noqa: S608 - the queries are put together from our own names

Holder = Literal["admin", "client"]
"""Who holds a role: a member of staff (table admin_grant), or a client (client_grant)."""


def grants(holder: Holder) -> str:
    """Write every grant, with the path of its organisation."""
    table = f"{holder}_grant"
    return f"""
select {table}.{holder}_id, {table}.org_id, {table}.role_id, org.path, role.is_system_default
from {table}
join org on org.id = {table}.org_id and org.type = 'BUSINESS'
join role on role.id = {table}.role_id
"""


def menu_grants(holder: Holder) -> str:
    """Write every menu that a grant gives, those above it left out."""
    return f"""
select held.{holder}_id, held.path, menu.id as menu_id, menu.path as menu_path, menu.capability
from ({grants(holder)}) held
join org_menu on org_menu.org_id = held.org_id
join menu on menu.id = org_menu.menu_id
where held.is_system_default or exists (
  select from org_role_menu
  where org_role_menu.org_id = held.org_id and org_role_menu.role_id = held.role_id
    and org_role_menu.menu_id = org_menu.menu_id
)
"""


def steps_of(path: str) -> str:
    """Write the ids on a path as rows `step`: those of the ancestors, and the node's own."""
    return f"string_to_table(rtrim({path}, '/'), '/') step (id)"


MENUS_IN_SCOPE = f"""
select coalesce(array_agg(distinct step.id::bigint), '{{}}')
from org
join org_menu on org_menu.org_id = org.id
join menu on menu.id = org_menu.menu_id
cross join lateral {steps_of("menu.path")}
where org.path ^@ any((select {BUSINESS_PATHS})::text[])
"""
"""Menus that the organisations of the scope may use, and those above them: the menus that a caller sees."""

MENUS_OF_CALLER = f"""
select coalesce(array_agg(distinct step.id::bigint), '{{}}')
from ({menu_grants("admin")}) held
cross join lateral {steps_of("held.menu_path")}
where held.admin_id = {ACTOR}
  and (held.path ^@ any((select {BUSINESS_PATHS})::text[])
    or exists (select from unnest({BUSINESS_PATHS}) scope where scope ^@ held.path))
"""
"""Menus of the caller's grants in the scope, or above it."""

FUNCTIONS: Mapping[str, str] = {"menus_in_scope": MENUS_IN_SCOPE, "menus_of_caller": MENUS_OF_CALLER}
"""Functions of the database that run as the owner of the tables, each with its query.

The policy of `menu` may not look into `menu`; a grant above the organisation that a caller works in is hidden. Neither
function returns more than ids of menus that are the caller's.
"""

# For the caller the scope of the request counts: a grant above the organisation that they work in is hidden.
HELD = f"""
select admin_id, org_id, path from ({grants("admin")}) granted
union all
select {ACTOR}, org.id, org.path from org where org.path = any((select {BUSINESS_PATHS})::text[])
"""


def is_below(path: str) -> str:
    """Return whether a path is that of a held organisation, or below it: a range of an index."""
    return f"""{path} >= held.path and {path} < rtrim(held.path, '/') || '0'"""


HELD_ORGS = f"""
select admin_id as caller_id, org_id from ({HELD}) held
union all
select client_id, org_id from ({grants("client")}) granted
"""

ORGS = f"""
select held.admin_id, org.id as org_id from ({HELD}) held join org on {is_below("org.path")}
union
select admin.id, org.id from admin join org on org.type = 'BUSINESS' where admin.is_super
"""

COMMUNITIES = f"""
select held.admin_id, space.id as space_id
from ({HELD}) held join space on {is_below("space.org_path")} and space.type = 'COMMUNITY'
union
select admin.id, space.id from admin join space on space.type = 'COMMUNITY' where admin.is_super
"""

MENUS = f"""
select held.admin_id, step.id::bigint as menu_id
from ({menu_grants("admin")}) held cross join lateral {steps_of("held.menu_path")}
union
select {ACTOR}, menu_id from unnest(menus_of_caller()) menu_id
union
select admin.id, menu.id from admin cross join menu where admin.is_super
"""


def pairs(query: str, key: str, target: str) -> Subquery:
    """Return a query to edges as a table of pairs of ids, such as: who holds roles, and what they have."""
    return text(query).columns(column(key, BigInteger()), column(target, BigInteger())).subquery()


ORGS_HELD_IN = pairs(HELD_ORGS, "caller_id", "org_id")
"""Business organisations that the caller holds a role in, and the one that they work in."""

ORGS_OF_STAFF = pairs(ORGS, "admin_id", "org_id")
"""Those organisations and the ones below them; all business organisations for the super administrator."""

COMMUNITIES_OF_STAFF = pairs(COMMUNITIES, "admin_id", "space_id")
"""Communities of those organisations; all for the super administrator (document 003, 4.22)."""

MENUS_OF_STAFF = pairs(MENUS, "admin_id", "menu_id")
"""Menus, those above them included; all for the super administrator (document 003, 5.2B)."""
