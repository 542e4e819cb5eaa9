"""Menu trees: menus together with those above them, so that they make a tree (document 003, 5.2).

The queries run with the rights of the request.
"""

from app.access.grants import pairs, steps_of
from app.access.policies import IS_SUPER

RANGE = f"""
select org_menu.org_id, step.id::bigint as menu_id
from org_menu
join menu on menu.id = org_menu.menu_id
cross join lateral {steps_of("menu.path")}
union
select org.id, menu.id from org cross join menu where {IS_SUPER}
"""  # noqa: S608 - the queries are put together from our own names, here and below

OF_ROLES = f"""
select org_role.id as org_role_id, step.id::bigint as menu_id
from org_role
join org_role_menu on org_role_menu.org_id = org_role.org_id and org_role_menu.role_id = org_role.role_id
join menu on menu.id = org_role_menu.menu_id
cross join lateral {steps_of("menu.path")}
"""  # noqa: S608

RANGE_OF_ORGS = pairs(RANGE, "org_id", "menu_id")
"""Menus that callers choose from in an organisation: those that it may use; for the super administrator all."""

MENUS_OF_ROLES = pairs(OF_ROLES, "org_role_id", "menu_id")
"""Menus that a role gives in an organisation, by the record that the role exists there."""
