"""Numbering: the function that takes numbers for new children. The table has the number of the last child of each node.

Requests can neither read nor write the table. What they call only raises numbers. A number is never given twice, also
when the node or its children are deleted: the row stays, and a node that comes back goes on from it.
"""

from alembic import op

from migrations.frozen.access import let_requests_call
from migrations.frozen.changes import PIN

SIGNATURE = "take_numbers(text, bigint, bigint[])"

# Rows are locked in the order of the ids, so that two transactions never wait for each other.
TAKE_NUMBERS = """
create function take_numbers(of_tree text, first bigint, parent_ids bigint[])
returns table (parent_id bigint, last_number bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query insert into numbering (tree, parent_id, last_number)
    select of_tree, coalesce(parent, 0), first - 1 + count(*) from unnest(parent_ids) parent group by 2 order by 2
    on conflict on constraint numbering_pkey do update
    set last_number = greatest(numbering.last_number, first - 1) + excluded.last_number - (first - 1)
    returning numbering.parent_id, numbering.last_number;
end $$
"""


def let_requests_take_numbers() -> None:
    """Create the function that takes numbers; it returns the last number below each parent."""
    op.execute(TAKE_NUMBERS)
    op.execute(PIN.format(SIGNATURE))
    let_requests_call(SIGNATURE)
