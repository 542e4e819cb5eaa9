"""Properties: each property relation, and each claim on one, carries the paths of its space and of the space's owner.

Policies then compare a row itself, and a subtree of spaces is a range of rows. Every write keeps the paths
right, by triggers: the owner of the tables reads the space, because a request may move spaces that it does not see.
"""

from alembic import op

from migrations.frozen.changes import PIN

PLACE = """
create function place_{table}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select coalesce(max(path), ''), max(org_path) into new.space_path, new.space_org_path
  from space where id = new.space_id;
  return new;
end $$
"""
"""Of a space that does not exist the path is empty; the foreign key then refuses the row."""

FOLLOW = """
create function move_{table}s() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update {table} held set space_path = moved.path, space_org_path = moved.org_path
  from (
    select id, path, org_path from new_rows except select id, path, org_path from old_rows
  ) moved
  where held.space_id = moved.id;
  return null;
end $$
"""


def keep_property_paths(table: str) -> None:
    """Create the triggers for a table."""
    for name, source in functions_of(table).items():
        op.execute(source)
        op.execute(PIN.format(name))
        op.execute(f"revoke all on function {name} from public")
    op.execute(
        f"create trigger place before insert or update of space_id, space_path, space_org_path on {table}"
        f" for each row execute function place_{table}()"
    )
    op.execute(
        f"create trigger move_{table}s after update on space"
        " referencing old table as old_rows new table as new_rows"
        f" for each statement execute function move_{table}s()"
    )


def drop_property_paths(table: str) -> None:
    """Drop the triggers of the spaces and the functions; those of the table go with it."""
    op.execute(f"drop trigger move_{table}s on space")
    op.execute(f"drop function {', '.join(functions_of(table))} cascade")


def functions_of(table: str) -> dict[str, str]:
    """Return the functions of the triggers by their names, with their source."""
    return {f"place_{table}()": PLACE.format(table=table), f"move_{table}s()": FOLLOW.format(table=table)}
