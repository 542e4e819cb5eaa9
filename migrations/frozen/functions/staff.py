"""Staff: values that only one of them may have, what is deleted with them, where they work, and their devices."""

from migrations.frozen.access import BUSINESS, SUPER
from migrations.frozen.functions.making import CALLER, Function, holds_somewhere, require

# ruff: noqa: S608 - our own names

TAKEN = """
  return query select
    exists (select from admin other where other.account = input.account and {others}),
    exists (select from admin other where other.staff_number = input.staff_number and {others}),
    exists (select from admin other where other.type = input.type and other.phone = input.phone and {others}),
    input.status = 'ACTIVE' and exists (
      select from admin other where other.type = input.type and other.identity = input.identity
      and other.status = 'ACTIVE' and {others}
    )
  from unnest(ids, types, statuses, accounts, numbers, phones, identities) with ordinality
    as input (id, type, status, account, staff_number, phone, identity, place) order by input.place;
""".format(others="(case when among then other.id <> all(named) else other.id is distinct from input.id end)")
"""Return for each input which of its values another member of staff has. With `among`, all named ones change."""

DELETED = ("authorization_code", "login", "login_source", "admin_group_member", "device")

DELETE = "".join(f"  delete from {table} where admin_id = old.id;\n" for table in DELETED) + "  return old;"

OVERLAPS = f"""(org.path ^@ {BUSINESS} or exists (
        select from unnest(string_to_array(current_setting('app.scopes', true), ',')) scope
        where scope <> '' and scope ^@ org.path
      ))"""
"""The condition that an organisation lies in the caller's scope, or above it."""

PATHS = f"""
  return query select admin.id, case when admin.is_super then array[''] else array(
    select org.path from admin_grant join org on org.id = admin_grant.org_id
    where admin_grant.admin_id = admin.id and ({SUPER} or {OVERLAPS})
  ) end from admin where admin.id = any(ids) and admin.is_enabled and admin.status = 'ACTIVE';
"""
"""Return in which organisations of the caller, and above them, active staff hold roles."""

MAY_REGISTER = f"""not exists (
    select from unnest(staff) named left join admin on admin.id = named
    where not coalesce({SUPER} or admin.id = {CALLER}
      or not admin.is_super and may_staff(admin.org_id) and holds_within(admin.id), false)
  )"""

TAKE_DEVICES = f"""{require(MAY_REGISTER)}
  perform from device join unnest(apps, devices) as input (app_id, device_id)
    on input.app_id = device.app_id and input.device_id = device.device_id order by device.id for update of device;
  delete from device using unnest(apps, devices, staff) as input (app_id, device_id, admin_id)
  where input.app_id = device.app_id and input.device_id = device.device_id and input.admin_id <> device.admin_id;
  return query select input.place, device.id,
    (device.os, device.provider, device.environment, device.device_token)
      is distinct from (input.os, input.provider, input.environment, input.device_token)
  from device join unnest(places, apps, devices, oses, providers, environments, tokens)
    as input (place, app_id, device_id, os, provider, environment, device_token)
    on input.app_id = device.app_id and input.device_id = device.device_id;
"""
"""Take devices from others, and return those that the staff have: the place, the id, and whether the input differs."""

FUNCTIONS = (
    Function(
        "staff_values_taken",
        "ids bigint[], types text[], statuses text[], accounts text[], numbers text[], phones text[],"
        " identities text[], among boolean",
        "table (has_account boolean, has_number boolean, has_phone boolean, has_identity boolean)",
        require(holds_somewhere("admin.write")) + TAKEN,
        declares="  named constant bigint[] := array_remove(ids, null);",
    ),
    Function("delete_with_staff", "", "trigger", DELETE, is_inner=True),
    Function("paths_of_staff", "ids bigint[]", "table (id bigint, paths text[])", PATHS),
    Function(
        "take_devices",
        "places int[], apps text[], devices text[], staff bigint[], oses text[], providers text[],"
        " environments text[], tokens text[]",
        "table (place int, id bigint, differs boolean)",
        TAKE_DEVICES,
    ),
)

ALONG = "create trigger delete_along before delete on admin for each row execute function delete_with_staff()"
"""What a member of staff has is deleted along, whoever deletes the record: policies decide on that."""
