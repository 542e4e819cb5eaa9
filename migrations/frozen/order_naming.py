"""Order naming: the triggers that refuse what a request may not name in a work order, or in a category of repairs."""

from migrations.frozen.access import ACTOR
from migrations.frozen.naming import REQUEST, refuse

MISPLACED_CATEGORY = """
select from new_rows made
left join lateral (select level, top_org_id from work_order_category where id = made.parent_id offset 0) above on true
where made.parent_id is not null and (above.level, above.top_org_id) is distinct from (made.level - 1, made.top_org_id)
or not exists (select from org where id = made.top_org_id and parent_id is null and type = 'BUSINESS')
"""
"""Select categories of another tenant or level than their parent says, or of what is no top business organisation."""

MISREPORTED = f"""
select from new_rows made
left join lateral (select type, org_path from space where id = made.space_id offset 0) space on true
left join lateral (
  select top_org_id from work_order_category where id = made.category_three_id and level = 3 offset 0
) category on true
where space.type is distinct from 'HOUSE'
or split_part(space.org_path, '/', 1) is distinct from category.top_org_id::text
or coalesce(made.customer_id, made.reporter_id) <> {ACTOR}
"""  # noqa: S608
"""Select work orders for what is no visible house, with a category of another level or tenant, or of another
reporter than the caller."""

MISASSIGNED = f"""
select from new_rows made join old_rows was on was.id = made.id
where made.receiver_id is distinct from was.receiver_id and made.receiver_id is distinct from {ACTOR}
or made.assignee_id is distinct from was.assignee_id
and not exists (select from admin where admin.id = made.assignee_id)
"""  # noqa: S608
"""Select work orders that a change gives to hidden staff, or to another receiver than the caller."""


def keep_work_orders_in_tenant() -> None:
    """Refuse work orders for hidden houses or staff, and categories that are not one path of the house's tenant."""
    refuse("work_order_category", "insert", [MISPLACED_CATEGORY], REQUEST)
    refuse("work_order", "insert", [MISREPORTED], REQUEST)
    refuse("work_order", "update", [MISASSIGNED], REQUEST)
