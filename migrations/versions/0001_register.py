"""What every table needs: the role of the requests, the ids of the records, and the search within names."""

import sqlalchemy as sa
from alembic import op

from migrations.frozen.access import let_requests_read
from migrations.frozen.changes import drop_functions, make_functions
from migrations.frozen.columns import bigint, bytewise, choice, json, record_id, text, texts, timestamp
from migrations.frozen.numbering import SIGNATURE, let_requests_take_numbers
from migrations.frozen.pinyin import SIGNATURE as PINYIN
from migrations.frozen.pinyin import make_pinyin_key
from migrations.frozen.ranges import SIGNATURE as IDS_IN_RANGE
from migrations.frozen.ranges import let_requests_list_ranges
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


OF_FEW = "entity not in ('space', 'customer', 'customer_org', 'property_relation', 'housing_record')"
"""Most changes are of these tables: they are found in the order of the ids soon enough."""

NOT_IN_BULK = "client not in ('cadastre import', 'cadastre generate')"
"""These programs write many changes at a time, which are found in the order of the ids soon enough."""


def upgrade() -> None:
    for statement in (MAKE_ROLE, CHECK_ROLE, TAKE_ROLE, OPEN_SCHEMA, MARK_LEAKPROOF):
        op.execute(statement)
    op.execute("create extension if not exists pg_trgm")
    op.execute("create sequence register_id start 100000")
    op.execute("grant usage on sequence register_id to cadastre_app")
    make_pinyin_key()
    create_announcements()
    table(
        "numbering",
        "编号 Number of the last child, by parent",
        bigint("parent_id", "id of the parent; 0 for the top of a tree", primary_key=True),
        text("tree", "table of the tree: org, space or menu", primary_key=True),
        bigint("last_number", "number of the last code segment given to a child"),
    )
    let_requests_take_numbers()
    _make_change()
    let_requests_list_ranges()


def _make_change() -> None:
    """Create the record of all changes; its policies for the changes of other tables come with these."""
    made = table(
        "change",
        "变更记录 Every change of a record",
        *record_id("change"),
        timestamp("time", "时间 When the transaction of the change began", default="now()", primary_key=True),
        bigint(
            "transaction_id",
            "事务 Transaction of the database",
            default="pg_current_xact_id()::text::bigint",
        ),
        bigint(
            "actor_id",
            "操作人 Member of staff; null when a client called for itself, or a program wrote",
            nullable=True,
        ),
        text("actor_account", "操作账号 Account of the member of staff at that time", nullable=True),
        text(
            "client",
            "客户端 Client that the request came from, or the name of the program that wrote",
            nullable=True,
        ),
        text("request_id", "请求编号 `X-Request-ID` of the request", nullable=True),
        bytewise(
            "traceparent",
            "链路 W3C `traceparent` of the request; those of one trace begin with `00-<trace id>-`",
            nullable=True,
        ),
        text("reason", "变更原因 `X-Change-Reason` of the request", nullable=True),
        choice("operation", "操作 What happened", "INSERT UPDATE DELETE PLACE"),
        text("entity", "记录类型 Kind of record, such as org or admin_grant"),
        bigint("entity_id", "记录编号 Id of the record"),
        bigint(
            "org_id",
            "组织 Organisation that the record belonged to; null for menus, roles and records without one",
            nullable=True,
        ),
        bytewise("org_path", "path of that organisation at that time", nullable=True),
        json(
            "before",
            "columns before the change: all of them, or of PLACE those that differ; null for INSERT",
            nullable=True,
        ),
        json(
            "after",
            "columns after the change: all of them, or of PLACE those that differ; null for DELETE",
            nullable=True,
        ),
        texts(
            "changed_fields",
            "columns that differ, without version and time; null for INSERT and DELETE",
            nullable=True,
        ),
        sa.Index("change_entity_id_idx", "entity_id", "id"),
        sa.Index("change_org_id_idx", "org_id", "id"),
        sa.Index("change_org_path_idx", "org_path", "id"),
        sa.Index("change_operation_idx", "operation", "id", postgresql_where=sa.text("operation <> 'INSERT'")),
        sa.Index("change_entity_idx", "entity", "id", postgresql_where=sa.text(OF_FEW)),
        sa.Index("change_time_idx", "time", "id"),
        sa.Index(
            "change_transaction_id_idx",
            "transaction_id",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 32},
        ),
        sa.Index("change_actor_id_idx", "actor_id", "id", postgresql_where=sa.text("actor_id is not null")),
        sa.Index(
            "change_actor_account_idx", "actor_account", "id", postgresql_where=sa.text("actor_account is not null")
        ),
        sa.Index("change_client_idx", "client", "id", postgresql_where=sa.text(NOT_IN_BULK)),
        sa.Index("change_request_id_idx", "request_id", "id", postgresql_where=sa.text("request_id is not null")),
        sa.Index("change_traceparent_idx", "traceparent", "id", postgresql_where=sa.text("traceparent is not null")),
        sa.Index("change_reason_idx", "reason", "id", postgresql_where=sa.text("reason is not null")),
        partitioned="RANGE (time)",
    )
    op.execute("create table change_default partition of change default")
    let_requests_read("change", made.columns.keys())
    make_functions()


def downgrade() -> None:
    op.execute(f"drop function {IDS_IN_RANGE}")
    drop("change")
    drop_functions()
    op.execute(f"drop function {SIGNATURE}")
    drop("numbering")
    op.execute(f"drop function {PINYIN}")
    op.execute("drop sequence register_id")
    drop_announcements()
    # The role and the extension stay: other databases of the cluster use the role.
