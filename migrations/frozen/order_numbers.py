"""Order numbers: the function that numbers work orders, day by day (document 000).

A day is one of China, where the documents' houses stand. The row of a day is locked until the transaction ends, so two
work orders never have one number. Requests can neither read nor write the table; what they call only raises numbers.
"""

from alembic import op

from migrations.frozen.access import let_requests_call
from migrations.frozen.changes import PIN

SIGNATURE = "take_work_order_numbers(integer)"

TAKE = """
create function take_work_order_numbers(wanted integer) returns setof text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  today date := (now() at time zone 'Asia/Shanghai')::date;
  last integer;
begin
  insert into work_order_day as counted (day, last_number) values (today, wanted)
  on conflict (day) do update set last_number = counted.last_number + excluded.last_number
  returning last_number into last;
  return query select '01' || to_char(today, 'YYYYMMDD') || lpad(number::text, greatest(4, length(number::text)), '0')
    from generate_series(last - wanted + 1, last) number order by number;
end $$
"""


def let_requests_number_work_orders() -> None:
    """Create the function; it returns as many new numbers as are wanted, in order."""
    op.execute(TAKE)
    op.execute(PIN.format(SIGNATURE))
    let_requests_call(SIGNATURE)
