"""What every table needs: the role of the requests, the ids of the records, and the search within names."""

from alembic import op

from migrations.frozen.columns import bigint, text
from migrations.frozen.rights import create_announcements, drop_announcements
from migrations.frozen.tables import drop, table

revision = "0001_register"
down_revision = None

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

# PostgreSQL checks a policy before any condition that could reveal hidden rows. So an index is used only for conditions
# whose functions are marked leakproof. These functions reveal nothing; only a superuser may mark them.
MARK_LEAKPROOF = """
do $$
begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    alter function pg_catalog.textlike(text, text) leakproof;
    alter function pg_catalog.texticlike(text, text) leakproof;
    alter function pg_catalog.lower(text) leakproof;
    alter function pg_catalog.string_to_array(text, text) leakproof;
    alter function pg_catalog.arraycontains(anyarray, anyarray) leakproof;
  end if;
end $$
"""


def upgrade() -> None:
    for statement in (MAKE_ROLE, CHECK_ROLE, TAKE_ROLE, OPEN_SCHEMA, MARK_LEAKPROOF):
        op.execute(statement)
    op.execute("create extension if not exists pg_trgm")
    op.execute("create sequence register_id start 100000")
    op.execute("grant usage on sequence register_id to cadastre_app")
    create_announcements()
    table(
        "root_numbering",
        "根节点编号 Number of the last root, by tree",
        text("tree", "table of the tree: org, space or menu", primary_key=True),
        bigint("last_number", "number of the last code segment given to a root"),
    )


def downgrade() -> None:
    drop("root_numbering")
    op.execute("drop sequence register_id")
    drop_announcements()
    # The role and the extension stay: other databases of the cluster use the role.
