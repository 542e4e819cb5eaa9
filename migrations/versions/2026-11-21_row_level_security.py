"""Row-level security: requests run as the role cadastre_app, and see what its caller may see."""

from alembic import op

revision = "row_level_security"
down_revision = "login"
branch_labels = None
depends_on = None

MAKE_ROLE = """
do $$
begin
  if not exists (select from pg_roles where rolname = 'cadastre_app') then
    create role cadastre_app nologin noinherit;
  end if;
exception
  when duplicate_object or unique_violation then null; -- another database of the cluster made it at this moment
  when insufficient_privilege then
    raise exception 'the role cadastre_app is missing and % may not create it; as a superuser run: '
      'create role cadastre_app nologin noinherit; grant cadastre_app to %', current_user, quote_ident(current_user)
      using errcode = 'insufficient_privilege';
end $$
"""

CHECK_ROLE = """
do $$
begin
  if exists (
    select from pg_roles where rolname = 'cadastre_app' and (rolcanlogin or rolsuper or rolbypassrls)
  ) then
    raise exception 'the role cadastre_app can log in, is a superuser or bypasses row-level security; '
      'it must not: alter role cadastre_app nologin nosuperuser nobypassrls';
  end if;
end $$
"""

TAKE_ROLE = """
do $$
declare
  newer constant boolean := current_setting('server_version_num')::int >= 160000;
begin
  if not pg_has_role(current_user, 'cadastre_app', case when newer then 'set' else 'member' end) then
    execute 'grant cadastre_app to current_user' || case when newer then ' with inherit false, set true' else '' end;
  end if;
exception
  when unique_violation then null; -- another database of the cluster did it at this moment
  when insufficient_privilege then
    raise exception 'the role cadastre_app belongs to somebody else; as a superuser run: grant cadastre_app to %',
      quote_ident(current_user) using errcode = 'insufficient_privilege';
end $$
"""

OPEN_SCHEMA = """
do $$
begin
  if not has_schema_privilege('cadastre_app', current_schema(), 'usage') then
    execute format('grant usage on schema %I to cadastre_app', current_schema());
  end if;
end $$
"""

# A policy comes before every condition that might tell of the rows it hides, so an index serves only conditions whose
# functions are known to tell nothing. LIKE tells nothing, but PostgreSQL does not say so, and only a superuser may.
TRUST_LIKE = """
do $$
begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    alter function pg_catalog.textlike(text, text) leakproof;
    alter function pg_catalog.texticlike(text, text) leakproof;
  end if;
end $$
"""

BUSINESS = "any((select array_remove(string_to_array(current_setting('app.scopes', true), ','), ''))::text[])"
ADMINISTRATIVE = (
    "any((select array_remove(string_to_array(current_setting('app.admin_scopes', true), ','), ''))::text[])"
)

# The tables' owner runs it, whom the policies do not hold: a policy of "menu" may not look into "menu". It tells no
# more than that policy lets through.
MENUS_IN_SCOPE = f"""
create function menus_in_scope() returns bigint[]
language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(array_agg(distinct step.id::bigint), '{{}}')
  from org
  join org_menu on org_menu.org_id = org.id
  join menu on menu.id = org_menu.menu_id
  cross join lateral string_to_table(rtrim(menu.path, '/'), '/') step (id)
  where org.path ^@ {BUSINESS};
end
"""  # noqa: S608 - our own names


def of_org(column: str) -> str:
    return f"(select true from org where org.id = {column})"  # noqa: S608 - our own names


def of_space(column: str) -> str:
    return f"(select true from space where space.id = {column})"  # noqa: S608 - our own names


def some(table: str, column: str, key: str) -> str:
    return f"(select true from {table} where {table}.{column} = {key} limit 1)"  # noqa: S608 - our own names


CONDITIONS = {
    "org": f"org.path ^@ {BUSINESS} or org.path ^@ {ADMINISTRATIVE}",
    "org_relation": of_org("org_relation.business_org_id"),
    "space": f"space.org_path ^@ {BUSINESS}",
    "space_location": of_space("space_location.space_id"),
    "parking_detail": of_space("parking_detail.space_id"),
    "menu": "menu.id = any((select menus_in_scope())::bigint[])",
    "menu_guidance": "(select true from menu where menu.id = menu_guidance.menu_id)",
    "role": some("org_role", "role_id", "role.id"),
    "org_menu": of_org("org_menu.org_id"),
    "org_role": of_org("org_role.org_id"),
    "org_role_menu": of_org("org_role_menu.org_id"),
    "org_role_admin": of_org("org_role_admin.org_id"),
    "admin": (
        "admin.id = (select nullif(current_setting('app.actor', true), '')::bigint)"
        f" or {of_org('admin.org_id')}"
        f" or {some('org_role_admin', 'admin_id', 'admin.id')}"
    ),
    "admin_group": of_org("admin_group.org_id"),
    "admin_group_member": (
        "(select true from admin_group where admin_group.id = admin_group_member.group_id)"
        " and (select true from admin where admin.id = admin_group_member.admin_id)"
    ),
    "device": "(select true from admin where admin.id = device.admin_id)",
    "customer_org": of_org("customer_org.org_id"),
    "property_relation": of_space("property_relation.space_id"),
    "customer": (
        f"{of_org('customer.top_org_id')}"
        f" or {some('customer_org', 'customer_id', 'customer.id')}"
        f" or {some('property_relation', 'customer_id', 'customer.id')}"
    ),
    "housing_record": of_space("housing_record.space_id"),
    "verification": of_space("verification.space_id"),
    "app_grant": of_org("app_grant.org_id"),
}


def upgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    for statement in (MAKE_ROLE, CHECK_ROLE, TAKE_ROLE, OPEN_SCHEMA, TRUST_LIKE, MENUS_IN_SCOPE):
        op.execute(statement)
    op.execute("revoke all on function menus_in_scope() from public")
    op.execute("grant execute on function menus_in_scope() to cadastre_app")
    op.execute("grant usage on sequence register_id to cadastre_app")
    for table, condition in CONDITIONS.items():
        op.execute(f"alter table {table} enable row level security")
        op.execute(
            f"create policy visible on {table} for select to cadastre_app"
            f" using ((select current_setting('app.super', true) = 'on') or {condition})"
        )
        op.execute(f"grant select on {table} to cadastre_app")


def downgrade() -> None:
    op.execute("set local lock_timeout = '1s'")
    for table in reversed(CONDITIONS):
        op.execute(f"revoke all on {table} from cadastre_app")
        op.execute(f"drop policy visible on {table}")
        op.execute(f"alter table {table} disable row level security")
    op.execute("revoke all on sequence register_id from cadastre_app")
    op.execute("drop function menus_in_scope()")
    # The role stays: other databases of the cluster use it.
