"""Staffing: which staff hold roles in an organisation, and which may get them (document 003, 6.12, 6.13, 13.3, 13.4).

The queries run with the rights of the current role, so they show visible staff and visible grants only.
"""

from app.access.grants import steps_of
from app.access.holdings import ACTOR
from app.access.id_table import id_table
from app.access.policies import IS_SUPER

# ruff: noqa: S608 - the queries are put together from our own names

HELD = f"""
select held.org_id, held.admin_id, held.role_id
from admin_grant held
join role on role.id = held.role_id
where role.is_system_default or not {IS_SUPER}
"""

SERVING = """
select relation.business_org_id as org_id, admin.id as admin_id
from org_relation relation
join org top on top.id = relation.administrative_org_id
join org on org.path >= top.path and org.path < rtrim(top.path, '/') || '0'
join admin on admin.org_id = org.id
"""

OF_ORG = """
select org.id as org_id, admin.id as admin_id
from org
join org below on below.path >= org.path and below.path < rtrim(org.path, '/') || '0'
join admin on admin.org_id = below.id
where org.type = 'ADMINISTRATIVE'
union
select org.id, admin.id
from org
join org below on below.path >= org.path and below.path < rtrim(org.path, '/') || '0'
join org_relation relation on relation.business_org_id = below.id
join org top on top.id = relation.administrative_org_id
join org serving on serving.path >= top.path and serving.path < rtrim(top.path, '/') || '0'
join admin on admin.org_id = serving.id
where org.type = 'BUSINESS'
"""

OF_GROUP = f"""
select admin_group.id as group_id, serving.admin_id
from admin_group
join ({SERVING}) serving on serving.org_id = admin_group.org_id
"""

GROUPS_BELOW = """
select org.id as org_id, admin_group.id as group_id
from org
join org below on below.path >= org.path and below.path < rtrim(org.path, '/') || '0'
join admin_group on admin_group.org_id = below.id
"""

ADMINISTERED = f"""
select org.id as org_id, held.id as grant_id, held.admin_id, held.org_id as held_in
from org
cross join lateral {steps_of("org.path")}
join admin_grant held on held.org_id = step.id::bigint
join role on role.id = held.role_id and role.is_system_default
"""

IN_SPACE = """
select space.id as space_id, held.role_id, held.admin_id
from space
join admin_grant held on held.org_id = space.org_id
"""

MANAGEABLE = f"""
select {ACTOR} as caller_id, role.id as role_id from role where not role.is_system_default or {IS_SUPER}
"""

MANAGEABLE_IN_ORGS = f"""
select held.caller_id, org_role.id as org_role_id
from ({MANAGEABLE}) held
join org_role on org_role.role_id = held.role_id
"""


GRANTEES = id_table(HELD, "org_id", "admin_id", "role_id")
"""Staff who hold a role in an organisation; of the super administrator's, those who hold the built-in role."""

SERVING_STAFF = id_table(SERVING, "org_id", "admin_id")
"""Staff of the administrative organisations that serve a business organisation, and of those below them."""

STAFF_OF_ORGS = id_table(OF_ORG, "org_id", "admin_id")
"""Staff of an administrative organisation and of those below it. Of a business one, staff of the administrative ones
that serve it or one below it, and of those below these (document 003, 7.1)."""

STAFF_OF_GROUPS = id_table(OF_GROUP, "group_id", "admin_id")
"""Staff of the administrative organisations that serve the organisation of a group, and of those below them."""

GROUPS_OF_ORGS = id_table(GROUPS_BELOW, "org_id", "group_id")
"""Groups of an organisation and of those below it."""

ADMINISTRATORS = id_table(ADMINISTERED, "org_id", "grant_id", "admin_id")
"""Staff who hold the built-in role in an organisation or above it."""

UPPER_GRANTS = id_table(
    f"select * from ({ADMINISTERED}) held where held_in <> org_id", "org_id", "grant_id", "admin_id"
)
"""Grants of the built-in role above an organisation."""

ROLES_IN_SPACE = id_table(IN_SPACE, "space_id", "role_id", "admin_id")
"""Roles that staff hold in the organisation of a space."""

ROLES_OF_MANAGER = id_table(MANAGEABLE, "caller_id", "role_id")
"""Roles that the caller manages: the super administrator all, others the ordinary ones."""

ORG_ROLES_OF_MANAGER = id_table(MANAGEABLE_IN_ORGS, "caller_id", "org_role_id")
"""These roles by the records that they exist in organisations."""
