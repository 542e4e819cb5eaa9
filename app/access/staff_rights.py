"""Staff rights: whose staff a caller may write, as functions of the database.

Staff belong to administrative organisations. These serve business organisations, in which capabilities are held. A
caller may write the staff of an administrative organisation if the caller holds `admin.write` in every business
organisation that it serves, itself or by one above it.

A stored member of staff may hold roles in other organisations too, or have more rights than the caller. A caller who
could set their password would get these rights. So the caller needs two things in each organisation in which the member
of staff holds a role: `admin.write`, and each capability that the role gives there.
"""

from collections.abc import Mapping

from app.access.capabilities import SUPER_ONLY
from app.access.grants import grants, menu_grants, steps_of
from app.access.holdings import paths_in
from app.db.scope import capability_setting
from app.models.capability import Capability

MAY_STAFF, HOLDS_WITHIN = "may_staff({org})", "holds_within(admin.id)"
"""The conditions that the caller may write the staff of an organisation, and may change a member of staff there."""

WITHIN = f"{{path}} ^@ any((select {paths_in(capability_setting('admin.write'))})::text[])"
"""The condition that the caller holds `admin.write` in the business organisation with a path, or above it."""

ORDINARY = ", ".join(f"'{each.name}'" for each in Capability if str(each.code) not in SUPER_ONLY)
"""The capabilities that roles give, as a list of SQL."""

GIVEN = f"""
select held.path, gives.capability
from ({grants("admin")}) held
cross join unnest(array[{ORDINARY}]) gives (capability)
where held.admin_id = staff and held.is_system_default
union all
select held.path, held.capability
from ({menu_grants("admin")}) held
where held.admin_id = staff and held.capability in ({ORDINARY})
"""  # noqa: S608 - our own names, here and below
"""The capabilities that the roles of a member of staff give, with the paths of the organisations."""

HOLDS_GIVEN = (
    "given.path ^@ any(array_remove(string_to_array("
    "current_setting('app.may_' || lower(given.capability), true), ','), '')::text[])"
)
"""The condition that the caller holds a capability that is given, where it is given, or above."""

STAFF_FUNCTIONS: Mapping[str, str] = {
    "may_staff(serving bigint)": f"""
select coalesce(bool_and({WITHIN.format(path="business.path")}), false)
from org
cross join lateral {steps_of("org.path")}
join org_relation on org_relation.administrative_org_id = step.id::bigint
join org business on business.id = org_relation.business_org_id
where org.id = serving and org.type = 'ADMINISTRATIVE'
""",  # noqa: S608 - our own names, here and below
    "holds_within(staff bigint)": f"""
select not exists (
  select from admin_grant held join org on org.id = held.org_id
  where held.admin_id = staff and ({WITHIN.format(path="org.path")}) is not true
) and not exists (
  select from ({GIVEN}) given where ({HOLDS_GIVEN}) is not true
)
""",  # noqa: S608
}
"""Functions that run as the owner of the tables, by their signatures: relations and roles of others are hidden.

Both return true or false, and nothing that a caller could read.
"""
