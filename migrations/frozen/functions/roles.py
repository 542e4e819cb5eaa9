"""Roles: a role belongs to several organisations, some of which the caller may not see."""

from migrations.frozen.access import SUPER
from migrations.frozen.functions.making import CHANGED, WRITER, Function, holds_somewhere, may, require, sees

# ruff: noqa: S608 - our own names

MAY = require(holds_somewhere("role.grant"))

MAKE = f"""{MAY}
  return query insert into role (name, created_by, updated_by) select input.name, {WRITER}, {WRITER}
  from unnest(names) with ordinality as input (name, place) order by input.place returning id;
"""

MAY_RENAME = f"""not exists (
    select from role join unnest(ids, names) as input (id, name) on input.id = role.id
    where role.name is distinct from input.name and (role.is_system_default or exists (
      select from org_role held join org on org.id = held.org_id
      where held.role_id = role.id and not {may("role.grant", "org.path")}
    ))
  )"""
"""No organisation shows the role in which the caller may not change roles."""

RENAME = f"""{MAY}{require(MAY_RENAME)}
  update role node set name = input.name, {CHANGED} from unnest(ids, names) as input (id, name)
  where node.id = input.id and node.name is distinct from input.name;
"""

RELATIONS = f"""{MAY}
  return query select held.role_id, case when {sees("org.path")} then held.org_id else 0 end,
    case when {sees("org.path")} then org.path else '' end, {sees("org.path")} and held.is_granted_by_super
  from org_role held join org on org.id = held.org_id where held.role_id = any(ids)
  order by held.role_id, org.path for no key update of held;
"""
"""Lock and return the organisations that have some roles; of a hidden one, the id is 0 and the path empty."""

PAIRS = "unnest(roles, orgs) as pair (role_id, org_id)"

MAY_UNRELATE = f"""not exists (
    select from {PAIRS} left join org on org.id = pair.org_id
    left join org_role held on held.role_id = pair.role_id and held.org_id = pair.org_id
    where not {may("role.grant", "org.path")} or held.is_granted_by_super and not {SUPER}
  )"""

UNRELATE = require(MAY_UNRELATE) + "".join(
    f"  delete from {table} held using {PAIRS} where held.role_id = pair.role_id and held.org_id = pair.org_id;\n"
    for table in ("admin_grant", "client_grant", "org_role_menu", "org_role")
)
"""Take roles from organisations, with the menus and grants that depend on them."""

DELETE_FREE = f"""{MAY}
  delete from role where id = any(ids) and not is_system_default
    and not exists (select from org_role where org_role.role_id = role.id);
"""
"""Delete roles that no organisation has."""

BUILT_IN = f"""{require(SUPER)}
  insert into role (name, is_system_default, created_by, updated_by) values (title, true, {WRITER}, {WRITER})
  on conflict (is_system_default) where is_system_default do nothing;
  return (select id from role where is_system_default);
"""
"""Return the id of the built-in role, which is made if it is missing."""

FUNCTIONS = (
    Function("make_roles", "names text[]", "setof bigint", MAKE),
    Function("rename_roles", "ids bigint[], names text[]", "void", RENAME),
    Function(
        "relations_of_roles",
        "ids bigint[]",
        "table (role_id bigint, org_id bigint, path text, is_granted_by_super boolean)",
        RELATIONS,
    ),
    Function("unrelate_roles", "roles bigint[], orgs bigint[]", "void", UNRELATE),
    Function("delete_free_roles", "ids bigint[]", "void", DELETE_FREE),
    Function("built_in_role", "title text", "bigint", BUILT_IN),
)
