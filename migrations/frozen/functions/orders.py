"""Orders: the record of the steps of work orders, which only grows, and who the customer is who reports."""

from migrations.frozen.access import PROPERTIES
from migrations.frozen.functions.making import CALLER, WRITER, Function, may, require, require_all

# ruff: noqa: S608 - our own names

MAY_WRITE = may("work_order.write", "node.space_org_path")
IS_OWN = f"coalesce(node.customer_id = {CALLER} and node.space_id = {PROPERTIES}, false)"

LOG = f"""
  insert into work_order_step (work_order_id, space_id, from_status, to_status, admin_id, customer_id, assignee_id,
    note, created_by, updated_by)
  select input.id, work_order.space_id, input.from_status, input.to_status, staff, customer, input.assignee_id,
    input.note, {WRITER}, {WRITER}
  from unnest(ids, froms, tos, assignees, notes) with ordinality
    as input (id, from_status, to_status, assignee_id, note, place)
  join work_order on work_order.id = input.id order by input.place;
"""

CONTACT = f"""
  return query select customer.name, customer.phone from customer where customer.id = {CALLER};
"""

FUNCTIONS = (
    Function(
        "log_work_order_steps",
        "ids bigint[], froms text[], tos text[], assignees bigint[], notes text[], staff bigint, customer bigint",
        "void",
        require_all("work_order", f"({MAY_WRITE} or {IS_OWN})")
        + require(f"coalesce(staff, {CALLER}) = {CALLER} and coalesce(customer, {CALLER}) = {CALLER}")
        + LOG,
    ),
    Function(
        "delete_work_order_steps",
        "ids bigint[]",
        "void",
        require_all("work_order", MAY_WRITE) + "  delete from work_order_step where work_order_id = any(ids);",
    ),
    Function("own_contact", "", "table (name text, phone text)", CONTACT),
)
