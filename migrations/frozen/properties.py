"""Properties: each property relation carries the paths of its space and of the organisation that owns the space.

Policies then compare a relation itself, and a subtree of spaces is a range of relations. Triggers keep the paths right,
whoever writes: the owner of the tables reads the space, because a request may move spaces that it does not see.
"""

from alembic import op

from migrations.frozen.changes import PIN

PLACE = """
create function place_property_relation() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  select coalesce(max(path), ''), max(org_path) into new.space_path, new.space_org_path
  from space where id = new.space_id;
  return new;
end $$
"""
"""Of a space that does not exist the path is empty; the foreign key then refuses the row."""

FOLLOW = """
create function move_property_relations() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update property_relation held set space_path = moved.path, space_org_path = moved.org_path
  from (
    select id, path, org_path from new_rows except select id, path, org_path from old_rows
  ) moved
  where held.space_id = moved.id;
  return null;
end $$
"""

FUNCTIONS = {"place_property_relation()": PLACE, "move_property_relations()": FOLLOW}


def keep_property_paths() -> None:
    """Create the triggers."""
    for name, source in FUNCTIONS.items():
        op.execute(source)
        op.execute(PIN.format(name))
        op.execute(f"revoke all on function {name} from public")
    op.execute(
        "create trigger place before insert or update of space_id, space_path, space_org_path on property_relation"
        " for each row execute function place_property_relation()"
    )
    op.execute(
        "create trigger move_property_relations after update on space"
        " referencing old table as old_rows new table as new_rows"
        " for each statement execute function move_property_relations()"
    )


def drop_property_paths() -> None:
    """Drop the triggers of the spaces and the functions; those of the relations go with the table."""
    op.execute("drop trigger move_property_relations on space")
    op.execute(f"drop function {', '.join(FUNCTIONS)} cascade")
