"""Changes: the table `change`, and the triggers that record there every change of a record (decision 11).

A trigger fires once for each statement and reads the rows of the statement before and after it from transition tables,
so that imports, COPY and SQL of an operator are recorded as well. Its arguments:

0. the table that leads to the organisation of a record: `org`, or `space`, whose organisation counts; '' for none;
1. the column of the record that refers to that table;
2. the secret columns, which are left out;
3. the counters: an update of these alone is not recorded;
4. the columns that are derived from the nodes above: an update of these alone is a PLACE.
"""

import re
from collections.abc import Collection

from alembic import op

from migrations.frozen.access import BELOW_ADMINISTRATIVE, BELOW_BUSINESS, SUPER, of

DERIVED = ("code", "path", "sort_key", "depth", "full_name", "community_id", "org_id", "org_path")
"""Columns of trees that are derived from the nodes above."""

COUNTERS = ("login_failures", "locked_until", "last_login_at", "registered_at", "space_path", "space_org_path")
"""Columns that count log-ins and registrations, or repeat those of another record; they alone are not recorded."""

# A SET clause cannot name the current schema, in which the register may be. So the statement is put together there.
PIN = "do $$ begin execute format('alter function {} set search_path = %I, pg_temp', current_schema()); end $$"

# An owner that the same transaction has deleted is found among the changes.
OWNING_ORG = """
create function owning_org(owner text, owner_id bigint) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(
    case owner
      when 'space' then (select org_id from space where id = owner_id)
      when 'admin' then (select org_id from admin where id = owner_id)
      when 'admin_group' then (select org_id from admin_group where id = owner_id)
    end,
    (select org_id from change where entity = owner and entity_id = owner_id order by id desc limit 1)
  );
end $$
"""

PATH_OF_ORG = """
create function path_of_org(owner_id bigint) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(
    (select path from org where id = owner_id),
    (select org_path from change where entity = 'org' and entity_id = owner_id order by id desc limit 1)
  );
end $$
"""

# The lock tells readers how early the changes of this transaction may begin (settled_change). It is taken once: the
# setting names the transaction, so that no other value of it can keep a transaction from saying so. A rollback to a
# savepoint takes back both.
FIRST_KEY = 1 << 62

LAST_NUMBER = "select last_value - (not is_called)::int from register_id"

MARK_BEGIN = f"""
  if current_setting('app.recording', true) is distinct from xact::text then
    perform pg_advisory_xact_lock_shared({FIRST_KEY} + ({LAST_NUMBER})),
      set_config('app.recording', xact::text, true);
  end if;"""

# A transaction marks the last number of the sequence before it takes its own numbers. The sequence is read before the
# marks: a transaction that marks later takes later numbers.
SETTLED_CHANGE = f"""
create function settled_change() returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  last constant bigint := ({LAST_NUMBER});
  first constant bigint := (
    select min(((classid::bigint << 32) | objid::bigint) - {FIRST_KEY}) from pg_locks
    where locktype = 'advisory' and objsubid = 1 and classid::bigint >= {FIRST_KEY >> 32}
      and classid::bigint < {(FIRST_KEY >> 32) * 2}
      and database = (select oid from pg_database where datname = current_database())
  );
begin
  return least(last, first);
end $$
"""  # noqa: S608 - our own numbers

WHO = """transaction_id, actor_id, actor_account, client, request_id, traceparent, reason, entity,
    operation, entity_id, org_id, org_path"""
SAID = "xact, actor, account, program, request, parent, why, tg_table_name"

# To call a function takes ten times longer than to read the same table here. So the functions are called only for what
# the tables no longer have.
ORG_ID = """case owner when '' then null when 'org' then ({image} ->> owner_column)::bigint
      when 'space' then coalesce((select org_id from space where id = ({image} ->> owner_column)::bigint),
        owning_org(owner, ({image} ->> owner_column)::bigint))
      else owning_org(owner, ({image} ->> owner_column)::bigint) end"""

ORG_PATH = """case when owned.org_id is null then null else coalesce({image} ->> 'org_path',
      case when tg_table_name = 'org' then {image} ->> 'path' end,
      (select path from org where id = owned.org_id), path_of_org(owned.org_id)) end"""


def _whole(operation: str, column: str, rows: str) -> str:
    """Write the statement that records inserted or deleted rows; `{{image}}` is left open."""
    return f"""
    insert into change ({WHO}, {column})
    select {SAID}, '{operation}', owned.id, owned.org_id, {ORG_PATH.format(image="owned.image")}, owned.image
    from (
      select id, image, {ORG_ID.format(image="image")} as org_id
      from (select id, {{image}} as image from {rows} made offset 0) whole offset 0
    ) owned;"""  # noqa: S608 - our own names, here and below


# The full join finds an update of ids. Without nested loops, it is a hash join for any number of rows: the plan is made
# for the first statement of a session and kept for all others.
CHANGED = f"""
    insert into change ({WHO}, before, after, changed_fields)
    select {SAID}, case when place then 'PLACE' else owned.operation end, owned.id, owned.org_id,
      {ORG_PATH.format(image="coalesce(owned.after, owned.before)")},
      case when place then (select jsonb_object_agg(name, owned.before -> name) from unnest(fields) name)
        else owned.before end,
      case when place then (select jsonb_object_agg(name, owned.after -> name) from unnest(fields) name)
        else owned.after end,
      fields
    from (
      select compared.*, {ORG_ID.format(image="coalesce(after, before)")} as org_id,
        operation = 'UPDATE' and fields <> '{{}}' and fields <@ derived
          and before -> 'version' = after -> 'version' as place
      from (
        select both_images.*, case when operation = 'UPDATE' then array(
          select name from unnest(differing) name where name not in ('version', 'updated_at', 'updated_by')
        ) end as fields
        from (
          select images.*, case when operation = 'UPDATE' then array(
            select name from jsonb_each(after) as each_column (name, value)
            where value is distinct from before -> name and name <> all(counters)
          ) end as differing
          from (
            select coalesce(n.id, o.id) as id,
              case when secrets = '{{}}' then to_jsonb(o) else to_jsonb(o) - secrets end as before,
              case when secrets = '{{}}' then to_jsonb(n) else to_jsonb(n) - secrets end as after,
              case when o.id is null then 'INSERT' when n.id is null then 'DELETE' else 'UPDATE' end as operation
            from old_rows o full join new_rows n on n.id = o.id offset 0
          ) images offset 0
        ) both_images where differing is distinct from '{{}}' offset 0
      ) compared offset 0
    ) owned;"""  # noqa: S608

VALUES = (
    "xact",
    "actor",
    "account",
    "program",
    "request",
    "parent",
    "why",
    "tg_table_name",
    "owner_column",
    "owner",
    "secrets",
)


def _truncated() -> str:
    """Write the statement that records the rows of a table before it is truncated, with numbers for the variables."""
    numbers = {name: f"${place}" for place, name in enumerate(VALUES, 1)}
    written = _whole("DELETE", "before", "%I").format(image="to_jsonb(made) - secrets")
    return re.sub(rf"(?<!\.)\b({'|'.join(VALUES)})\b", lambda found: numbers[found[0]], written).replace("'", "''")


TRUNCATED = _truncated()

# Requests say less. An index takes no text of more than 2,704 bytes, and to be longer must not fail the write.
MOST_CHARACTERS = 500


def _said(setting: str) -> str:
    """Write what a setting says, cut to what the indexes take; null if it is empty or not set."""
    return f"left(nullif(current_setting('{setting}', true), ''), {MOST_CHARACTERS})"


RECORD_CHANGE = f"""
create function record_change() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp set timezone = 'UTC' set enable_nestloop = off as $$
declare
  owner constant text := tg_argv[0];
  owner_column constant text := tg_argv[1];
  secrets constant text[] := tg_argv[2];
  counters constant text[] := tg_argv[3];
  derived constant text[] := tg_argv[4];
  account constant text := {_said("app.account")};
  actor constant bigint := case when account is not null
    and current_setting('app.actor', true) ~ '^[1-9][0-9]{{0,17}}$' then current_setting('app.actor', true)::bigint end;
  program constant text := coalesce({_said("app.client")}, {_said("application_name")});
  request constant text := {_said("app.request")};
  parent constant text := {_said("app.traceparent")};
  why constant text := {_said("app.reason")};
  xact constant bigint := pg_current_xact_id()::text::bigint;
begin{MARK_BEGIN}
  if tg_op = 'INSERT' and secrets = '{{}}' then{_whole("INSERT", "after", "new_rows").format(image="to_jsonb(made)")}
  elsif tg_op = 'INSERT' then{_whole("INSERT", "after", "new_rows").format(image="to_jsonb(made) - secrets")}
  elsif tg_op = 'DELETE' then{_whole("DELETE", "before", "old_rows").format(image="to_jsonb(made) - secrets")}
  elsif tg_op = 'UPDATE' then{CHANGED}
  else
    execute format('{TRUNCATED}', tg_table_name)
      using {", ".join(VALUES)};
  end if;
  return null;
end $$
"""

FUNCTIONS = {
    "owning_org(text, bigint)": OWNING_ORG,
    "path_of_org(bigint)": PATH_OF_ORG,
    "record_change()": RECORD_CHANGE,
    "settled_change()": SETTLED_CHANGE,
}

EVENTS = {
    "insert": "after insert on {table} referencing new table as new_rows",
    "update": "after update on {table} referencing old table as old_rows new table as new_rows",
    "delete": "after delete on {table} referencing old table as old_rows",
    "truncate": "before truncate on {table}",
}
"""When a trigger fires, by the part of its name."""


def make_functions() -> None:
    """Create the functions. No role may call those of the triggers, which run without that privilege."""
    for name, source in FUNCTIONS.items():
        op.execute(source)
        op.execute(PIN.format(name))
        op.execute(f"revoke all on function {name} from public")
    op.execute("grant execute on function settled_change() to cadastre_app")


def drop_functions() -> None:
    """Drop the functions of the triggers."""
    op.execute(f"drop function {', '.join(FUNCTIONS)}")


def show_changes() -> None:
    """Let requests read the changes of records that belonged to a visible organisation, or to one in their scope."""
    in_scope = f"change.org_path {BELOW_BUSINESS} or change.org_path {BELOW_ADMINISTRATIVE}"
    op.execute(
        f"create policy visible on change for select to cadastre_app"
        f" using ({SUPER} or {in_scope} or {of('org', 'change.org_id')})"
    )


def record_changes(table: str, columns: Collection[str], owner: str, secret: Collection[str] = ()) -> None:
    """Record every change of a table, and let requests that see a record read its changes.

    `owner` is the column that leads to the organisation of a record, behind the table that it refers to, such as
    `space.space_id`; it is empty where there is none.
    """
    referred, _, column = owner.partition(".")
    counters = [name for name in COUNTERS if name in columns]
    derived = [name for name in DERIVED if name in columns and "sort_key" in columns]
    _attach(table, [referred, column, *map(_array, (secret, counters, derived))])
    op.execute(
        f"create policy of_{table} on change for select to cadastre_app"
        f" using (change.entity = '{table}' and {of(table, 'change.entity_id')})"
    )


def omit_from_changes(table: str, columns: Collection[str]) -> None:
    """Leave columns that are added later out of the record, if changes of the table are recorded."""
    remade = " ".join(
        f"drop trigger record_{event} on {table}; execute format('create trigger record_{event}"
        f" {when.format(table=table)} for each statement execute function record_change(%L, %L, %L, %L, %L)',"
        " given[1], given[2], secrets, given[4], given[5]);"
        for event, when in EVENTS.items()
    )
    op.execute(
        f"""do $$
        declare
          given constant text[] := (select string_to_array(encode(tgargs, 'escape'), '\\000') from pg_trigger
            where tgrelid = '{table}'::regclass and tgname = 'record_insert');
          secrets constant text := (given[3]::text[] || '{_array(columns)}'::text[])::text;
        begin
          if given is not null then {remade} end if;
        end $$"""  # noqa: S608
    )


def _attach(table: str, arguments: Collection[str]) -> None:
    given = ", ".join(f"'{argument}'" for argument in arguments)
    for event, when in EVENTS.items():
        op.execute(
            f"create trigger record_{event} {when.format(table=table)}"
            f" for each statement execute function record_change({given})"
        )


def _array(names: Collection[str]) -> str:
    return f"{{{','.join(names)}}}"
