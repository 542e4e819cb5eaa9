"""Uses: whether records are in use, also by records that the caller does not see."""

from migrations.frozen.functions.making import VALID, Function

# ruff: noqa: S608 - our own names

USES = f"""
  for place in 1..cardinality(tables) loop
    if not has_column_privilege('cadastre_app', tables[place], columns[place], 'select') then
      raise exception 'requests may not ask for this column' using errcode = 'insufficient_privilege';
    end if;
    return query execute format(
      'select named, %s from unnest($1) named where exists (select from %I used where used.%I = named and %s)',
      place - 1, tables[place], columns[place],
      case states[place]
        when 'valid' then 'used.{VALID.replace("'", "''")}'
        when 'open' then 'used.status in (''PENDING'', ''APPROVED'')'
        when 'to do' then 'used.status not in (''DONE'', ''CANCELLED'')'
        else 'true'
      end
    ) using ids;
  end loop;
"""
"""Return the ids that other records name, with the place of each table and column. Only columns that requests read
are compared, and no value is returned."""

FUNCTIONS = (
    Function(
        "uses_of", "ids bigint[], tables text[], columns text[], states text[]", "table (id bigint, place int)", USES
    ),
)
