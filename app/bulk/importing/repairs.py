"""Repairs: the columns of work orders, the numbers of those without one, and the steps that follow from them."""

from collections.abc import Mapping

from psycopg.sql import SQL, Composable, Composed

from app.bulk.importing.cells import amount, key, moment, name, number, one_of
from app.bulk.importing.column import EXTERNAL_ID, Column, reference
from app.models.work_order import SettlementParty, WorkOrderStatus

STAFF = ("reporter", "assignee", "receiver")

TIMES: Mapping[str, str] = {
    WorkOrderStatus.NEW: "created_at",
    WorkOrderStatus.ASSIGNED: "assigned_at",
    WorkOrderStatus.RECEIVED: "received_at",
    WorkOrderStatus.IN_REPAIR: "repair_started_at",
    WorkOrderStatus.DONE: "completed_at",
    WorkOrderStatus.CANCELLED: "cancelled_at",
}
"""The time at which a work order gets each status."""

WORK_ORDER_COLUMNS = (
    EXTERNAL_ID,
    *reference("space"),
    *reference("category_three"),
    *reference("customer"),
    *(column for each in STAFF for column in reference(each)),
    Column("number", ("request_number",), "text", key),
    Column("description", ("describing",), "text", name, required=True),
    Column("contact_name", ("contact_person",), "text", name),
    Column("contact_phone", (), "text", number),
    Column("status", (), "text", one_of(WorkOrderStatus)),
    *(Column(each, (), "timestamptz", moment) for each in TIMES.values()),
    Column("settlement_party", ("pay_part",), "text", one_of(SettlementParty)),
    Column("settlement_amount", ("pay_amount",), "numeric(14, 2)", amount),
)

GIVE_NUMBERS = """
with blank as (
  select line, row_number() over (order by line) as place from import_record
  where number is null and not known and problem is null
), free as (
  select taken, row_number() over () as place
  from take_work_order_numbers(
    (select count(*)::integer from blank) + (select count(*)::integer from import_record
      where number ^@ ('01' || to_char(now() at time zone 'Asia/Shanghai', 'YYYYMMDD')))
  ) taken
  where not exists (select from import_record where number = taken)
)
update import_record n set number = free.taken from blank join free using (place) where n.line = blank.line
"""
"""Gives new work orders the next numbers of the day, save those that other rows of the file have."""

STEPS = SQL(", ").join(
    SQL(f"({place}, '{status}', work_order.{time})") for place, (status, time) in enumerate(TIMES.items())
)
"""The statuses of a work order, each with its place and its time."""

BEFORE = "lag(step.status) over (partition by work_order.id order by step.place)"
OF_ORDER = "work_order.id, work_order.space_id"


def record_steps(who: Composable, created: str, changed: str) -> Composed:
    """Return the SQL that records the steps that new work orders have taken, and the last one of changed ones.

    Of a new one each status with a time is a step; who took it is not known.
    """
    return SQL(
        "insert into work_order_step (work_order_id, space_id, from_status, to_status, assignee_id, created_at,"
        " created_by, updated_by)"
        " select {order}, {before}, step.status, work_order.assignee_id, step.time, {who}, {who}"
        " from work_order cross join lateral (values {steps}) step (place, status, time)"
        " where work_order.id in ({created}) and step.time is not null"
        " union all select {order}, n.old_status, work_order.status, work_order.assignee_id, now(), {who}, {who}"
        " from work_order join ({changed}) n on n.id = work_order.id"
    ).format(order=SQL(OF_ORDER), before=SQL(BEFORE), who=who, steps=STEPS, created=SQL(created), changed=SQL(changed))
