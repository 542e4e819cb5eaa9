"""Narrow: the function that tells a short range of times from a long one, for the statements that read lists.

It counts all rows, also those that the caller does not see: to count the visible ones may take the whole table. Its
answer decides how a list is read and is shown to nobody. Of columns that requests may not read it tells nothing.
"""

from alembic import op

from migrations.frozen.access import let_requests_call
from migrations.frozen.changes import PIN

SIGNATURE = "is_narrow(text, text, timestamptz, timestamptz)"

# The planner may take the range for a large part of the table, and read all of it to find the first rows.
IS_NARROW = """
create function is_narrow(tab text, col text, low timestamptz, high timestamptz) returns boolean
language plpgsql stable parallel restricted security definer
set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_bitmapscan = off as $$
declare
  narrow boolean;
begin
  if not has_column_privilege('cadastre_app', quote_ident(tab), col, 'select') then
    raise exception 'requests may not read %.%', tab, col using errcode = 'insufficient_privilege';
  end if;
  execute format(
    'select count(*) <= 20000 from ('
    'select from %1$I where %2$I >= $1 and %2$I <= $2 order by %2$I limit 20001) counted', tab, col
  ) into narrow using low, high;
  return narrow;
end $$
"""


def let_requests_ask_what_is_narrow() -> None:
    """Create the function: whether a table has at most 20,000 rows between two times, both included."""
    op.execute(IS_NARROW)
    op.execute(PIN.format(SIGNATURE))
    let_requests_call(SIGNATURE)
