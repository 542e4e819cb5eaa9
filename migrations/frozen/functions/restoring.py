"""Restoring: deleted records come back from the record of changes, with what was deleted along in the transaction."""

from migrations.frozen.functions.making import WRITER, Function, require, sees

# ruff: noqa: S608 - our own names

SEEN = f"{sees('past.org_path')} or {sees('(select org.path from org where org.id = past.org_id)')}"
"""The record belonged to an organisation of the caller; a record of none is for the super administrator."""

SAME = "deleted.time = past.time and deleted.transaction_id = past.transaction_id and deleted.operation = 'DELETE'"

DELETED = f"""
  select * into past from change where change.id = change_id and change.operation = 'DELETE';
{require(SEEN)}
  own := array(
    select deleted.entity_id from change deleted where {SAME} and deleted.entity = past.entity
    and (deleted.entity_id = past.entity_id or deleted.before ->> 'path' ^@ (past.before ->> 'path'))
  );
  return query select deleted.id, deleted.entity, deleted.entity_id, deleted.org_id, deleted.before, coalesce(
    (select role.is_system_default from role where role.id = (deleted.before ->> 'role_id')::bigint), false
  ) from change deleted where {SAME} and (
    deleted.entity = past.entity and deleted.entity_id = any(own)
    or deleted.entity = any(along) and (deleted.before ->> along_by)::bigint = any(own)
  );
"""
"""Return what the transaction of a deletion deleted of the record, below it and along with it."""

REINSERT = f"""
  foreach name in array tables loop
    select array_agg(deleted.before order by deleted.number) into images
    from deleted_rows(change_id, tables[2:], along_by) deleted where deleted.entity = name;
    continue when images is null;
    columns := array(select jsonb_object_keys(images[1]));
    execute format(
      'insert into %1$I (%2$s) select %3$s from unnest($1) with ordinality as deleted (image, place)'
      ' cross join lateral (select max((past.before ->> ''version'')::int) as version from change past'
      ' where past.entity = %4$L and past.entity_id = (deleted.image ->> ''id'')::bigint'
      ' and past.operation = ''DELETE'') last'
      ' cross join lateral jsonb_populate_record(null::%1$I, deleted.image || jsonb_build_object('
      '''version'', last.version + 1, ''updated_at'', now(), ''updated_by'', $2)) restored order by deleted.place',
      name,
      (select string_agg(format('%I', each), ', ') from unnest(columns) each),
      (select string_agg(format('restored.%I', each), ', ') from unnest(columns) each),
      name
    ) using images, {WRITER};
  end loop;
"""
"""Insert deleted rows again, table by table, with the version after that of their last deletion. Values come from the
record of changes only."""

FUNCTIONS = (
    Function(
        "deleted_rows",
        "change_id bigint, along text[], along_by text",
        "table (number bigint, entity text, entity_id bigint, org_id bigint, before jsonb, is_of_built_in boolean)",
        DELETED,
        declares="  past record;\n  own bigint[];",
    ),
    Function(
        "reinsert_rows",
        "change_id bigint, tables text[], along_by text",
        "void",
        REINSERT,
        declares="  name text;\n  images jsonb[];\n  columns text[];",
    ),
)
