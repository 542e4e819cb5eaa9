"""Ranges: the function that lists the rows of a short range of times, for the statements that read lists.

It lists all rows, also those that the caller does not see: to find out which ones are visible may take the whole table.
A list starts from these ids, and the policies decide which of the rows it has. Columns that requests may not read are
refused.
"""

from alembic import op

from migrations.frozen.access import let_requests_call
from migrations.frozen.changes import PIN

SIGNATURE = "ids_in_range(text, text, timestamptz, timestamptz)"

# The planner may take the range for a large part of the table, and read all of it to find the first rows.
IDS_IN_RANGE = """
create function ids_in_range(tab text, col text, low timestamptz, high timestamptz) returns bigint[]
language plpgsql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  ids bigint[];
begin
  if not has_column_privilege('cadastre_app', quote_ident(tab), col, 'select') then
    raise exception 'requests may not read %.%', tab, col using errcode = 'insufficient_privilege';
  end if;
  execute format(
    'select array(select id from %1$I where %2$I >= $1 and %2$I <= $2 order by %2$I limit 20001)', tab, col
  ) into ids using low, high;
  return case when cardinality(ids) <= 20000 then ids end;
end $$
"""


def let_requests_list_ranges() -> None:
    """Create the function: the ids of the rows between two times, both included; null if they are over 20,000."""
    op.execute(IDS_IN_RANGE)
    op.execute(PIN.format(SIGNATURE))
    let_requests_call(SIGNATURE)
