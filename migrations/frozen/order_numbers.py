"""Order numbers: the function that numbers work orders, day by day (document 000).

A day is one of China, where the documents' houses stand. The row of a day is locked until the transaction ends, so two
work orders never have one number. Numbers that came with an import are passed over. Requests can neither read nor write
the table; what they call only raises numbers.
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
  prefix text := '01' || to_char(today, 'YYYYMMDD');
  taken text[];
begin
  wanted := greatest(wanted, 0);
  insert into work_order_day as counted (day, last_number) values (today, wanted)
  on conflict (day) do update set last_number = counted.last_number + excluded.last_number;
  loop
    select array_agg(prefix || lpad(place::text, greatest(4, length(place::text)), '0') order by place) into taken
    from work_order_day counted cross join generate_series(last_number - wanted + 1, last_number) place
    where day = today;
    exit when not exists (select from work_order where number = any(taken));
    update work_order_day set last_number = wanted + (
      select max(substr(number, 11)::integer) from work_order where number ~ ('^' || prefix || '[0-9]{4,9}$')
    ) where day = today;
  end loop;
  return query select unnest(taken);
end $$
"""


def let_requests_number_work_orders() -> None:
    """Create the function; it returns as many new numbers as are wanted, in order."""
    op.execute(TAKE)
    op.execute(PIN.format(SIGNATURE))
    let_requests_call(SIGNATURE)
