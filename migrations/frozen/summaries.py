"""Summaries: the functions that read the totals of spaces together with those of work orders.

They run with the rights of the request, so that the policies choose the work orders that count. A row of the kind
WORK_ORDER has the number of work orders that are open, or done; one of the kind STEP has how many reached a status, and
in the place of the area the mean hours from the report until then.
"""

from collections.abc import Mapping

from alembic import op

from migrations.frozen.access import let_requests_call
from migrations.frozen.changes import PIN

COLUMNS = "key text, kind text, value text, status text, count bigint, area numeric, fee_area numeric"

STEPS: Mapping[str, str] = {
    "ASSIGNED": "assigned_at",
    "RECEIVED": "received_at",
    "IN_REPAIR": "repair_started_at",
    "DONE": "completed_at",
}
"""The statuses after the report, each with the time of its step."""

HOURS = ", ".join(
    f"count({time}) as {time}, avg(extract(epoch from {time} - created_at)) / 3600 as {time}_hours"
    for time in STEPS.values()
)
REACHED = ", ".join(f"('STEP', '{status}', held.{time}, held.{time}_hours)" for status, time in STEPS.items())

SUMMARY = """
create function {name}(paths text[]) returns table ({columns}) language sql stable rows 100 as $$
  select * from {totals}(paths)
  union all
  select asked.path, total.kind, total.value, null, total.count, round(coalesce(total.hours, 0), 2), 0
  from unnest(paths) asked (path)
  cross join lateral (
    select count(*) filter (where status not in ('DONE', 'CANCELLED')) as open,
      count(*) filter (where status = 'DONE') as done, {hours}
    from work_order
    where work_order.{column} >= asked.path and work_order.{column} < rtrim(asked.path, '/') || '0'
  ) held
  cross join lateral (
    values ('WORK_ORDER', 'OPEN', held.open, null), ('WORK_ORDER', 'DONE', held.done, null), {reached}
  ) total (kind, value, count, hours)
  where total.count > 0
$$
"""

FUNCTIONS = {
    "summary_of_orgs": ("totals_of_orgs", "space_org_path"),
    "summary_of_spaces": ("totals_of_spaces", "space_path"),
}


def let_requests_read_summaries() -> None:
    """Create the functions."""
    for name, (totals, column) in FUNCTIONS.items():
        source = {"name": name, "columns": COLUMNS, "totals": totals, "column": column}
        op.execute(SUMMARY.format(**source, hours=HOURS, reached=REACHED))
        op.execute(PIN.format(f"{name}(text[])"))
        let_requests_call(f"{name}(text[])")


def drop_summaries() -> None:
    """Drop the functions."""
    op.execute(f"drop function {', '.join(f'{name}(text[])' for name in FUNCTIONS)}")
