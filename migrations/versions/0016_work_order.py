"""Work orders, their steps, and the categories of repairs."""

import sqlalchemy as sa
from alembic import op

from migrations.frozen.access import (
    ACTOR,
    BELOW_BUSINESS,
    CHANGED,
    CREATED,
    PROPERTIES,
    held,
    let_requests_change,
    let_requests_create_and_delete,
    of,
)
from migrations.frozen.changes import PIN
from migrations.frozen.columns import (
    bytewise,
    choice,
    date,
    integer,
    letters,
    reference,
    text,
    timestamp,
    trigrams,
    two_decimals,
)
from migrations.frozen.naming import drop_refusals
from migrations.frozen.order_naming import keep_work_orders_in_tenant
from migrations.frozen.order_numbers import SIGNATURE, let_requests_number_work_orders
from migrations.frozen.properties import drop_property_paths, keep_property_paths
from migrations.frozen.summaries import drop_summaries, let_requests_read_summaries
from migrations.frozen.tables import drop, entity, table

revision = "0016_work_order"
down_revision = "0015_push_task"

CATEGORY, ADMIN = "work_order_category", "admin"
STATUSES = "NEW ASSIGNED RECEIVED IN_REPAIR DONE CANCELLED"
TOPS = (
    "select substring(path from '^[0-9]+')::bigint as id"
    " from unnest(array_remove(string_to_array(current_setting('app.scopes', true), ','), '')) path"
)
OWN_TOPS = (
    f"select split_part(space.org_path, '/', 1)::bigint from space where space.id = {PROPERTIES}"  # noqa: S608
    " and space.org_path is not null"
)
# The categories above follow from the third one. The trigger reads as the writer: of a hidden category they stay null, and
# the row is refused. A row that comes back keeps those it had, and its foreign keys are checked.
NAME_CATEGORIES = """
create function name_categories() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  one bigint;
  two bigint;
begin
  select above.parent_id, above.id into one, two
  from work_order_category three join work_order_category above on above.id = three.parent_id
  where three.id = new.category_three_id;
  new.category_one_id := coalesce(one, new.category_one_id);
  new.category_two_id := coalesce(two, new.category_two_id);
  return new;
end $$
"""
TIMES = {
    "assigned_at": "派单时间 Last assigned at",
    "received_at": "接单时间 Taken at",
    "repair_started_at": "开始维修时间 Repair begun at",
    "completed_at": "完成时间 Completed at",
    "cancelled_at": "取消时间 Cancelled at",
}


def upgrade() -> None:
    categories()
    orders()
    steps()
    table(
        "work_order_day",
        "服务单编号 Number of the last work order of each day",
        date("day", "日期 Day in China", primary_key=True),
        integer("last_number", "the number of the last work order"),
    )
    let_requests_number_work_orders()
    table(
        "person_try",
        "身份尝试 Tries to tell who somebody is by a name and a phone number",
        text("key", "what was tried: a digest of a phone number, or of a client", primary_key=True),
        integer("tries", "how often within an hour"),
        timestamp("since", "when the hour began", default="now()", index=True),
    )
    let_requests_read_summaries()


def categories() -> None:
    entity(
        CATEGORY,
        "报修类型 Categories of repairs, three levels for each top organisation",
        reference("top_org_id", "org", "顶级业务组织 Top business organisation"),
        reference(
            "parent_id", CATEGORY, "上级 The category one level above; null on level 1", nullable=True, index=True
        ),
        integer("level", "层级 1 to 3; work orders name a category of each level"),
        text("name", "名称 Name"),
        choice("status", "状态 Valid or invalid", "ENABLED DISABLED", default="'ENABLED'"),
        text(
            "external_id",
            "外部编号 Key of the record in the system that `source` names, unique in the tenant",
            nullable=True,
        ),
        sa.UniqueConstraint("top_org_id", "parent_id", "name", postgresql_nulls_not_distinct=True),
        sa.Index(
            "work_order_category_external_key",
            "external_id",
            "source",
            "top_org_id",
            unique=True,
            postgresql_where=sa.text("external_id is not null"),
        ),
        sa.CheckConstraint("name <> ''", name="name_given"),
        sa.CheckConstraint("level between 1 and 3", name="level"),
        sa.CheckConstraint("(level = 1) = (parent_id is null)", name="top"),
        owner="org.top_org_id",
        visible=f"{CATEGORY}.top_org_id = any((select array({TOPS} union {OWN_TOPS}))::bigint[])",
    )
    writer = held("work_order.write", f"({CATEGORY}.top_org_id || '/')")
    let_requests_change(CATEGORY, ["name", "status", *CHANGED], writer)
    created = ["top_org_id", "parent_id", "level", "name", "status", "source", "external_id", *CREATED]
    let_requests_create_and_delete(CATEGORY, created, writer)


def orders() -> None:
    entity(
        "work_order",
        "服务单 Repairs of houses",
        text("number", "服务单号 01, the day as yyyymmdd, and a number", unique=True),
        reference("space_id", "space", "报修房间 The house"),
        reference("category_one_id", CATEGORY, "报修一级类型 Category of the first level", index=True),
        reference("category_two_id", CATEGORY, "报修二级类型 Category of the second level", index=True),
        reference("category_three_id", CATEGORY, "报修三级类型 Category of the third level", index=True),
        text("description", "报修问题描述 What is wrong"),
        text("contact_name", "联系人 Who is there when staff come", nullable=True),
        text("contact_phone", "联系电话 Phone of that person", nullable=True, index=True),
        choice("status", "服务单状态 How far it is", STATUSES, default="'NEW'"),
        reference("customer_id", "customer", "报修客户 The customer who reported it", nullable=True, index=True),
        reference("reporter_id", ADMIN, "报修员工 The member of staff who reported it", nullable=True, index=True),
        reference("assignee_id", ADMIN, "处理人 The member of staff who is to do it", nullable=True, index=True),
        reference("receiver_id", ADMIN, "接单人 The member of staff who has taken it", nullable=True, index=True),
        *(timestamp(name, comment, nullable=True) for name, comment in TIMES.items()),
        choice("settlement_party", "结算方 Who pays", "OWNER PROPERTY_COMPANY MAINTENANCE_FUND OTHER", nullable=True),
        two_decimals("settlement_amount", "结算金额 How much", nullable=True),
        bytewise("space_path", "path of the space; derived"),
        bytewise("space_org_path", "path of the business organisation that owns the space; derived", nullable=True),
        text(
            "external_id",
            "外部编号 Key of the record in the system that `source` names, unique in the tenant",
            nullable=True,
        ),
        sa.Index(
            "work_order_external_key",
            "external_id",
            "source",
            unique=True,
            postgresql_where=sa.text("external_id is not null"),
        ),
        sa.CheckConstraint("description <> ''", name="description_given"),
        sa.CheckConstraint("num_nonnulls(reporter_id, customer_id) <= 1", name="one_reporter"),
        sa.CheckConstraint("settlement_amount >= 0", name="amount"),
        *(
            sa.Index(f"work_order_{name}_idx", name, "id")
            for name in ("space_path", "space_org_path", "space_id", "status", "completed_at", "received_at")
        ),
        trigrams("work_order", "description"),
        letters("work_order", "description"),
        owner="space.space_id",
        visible=f"work_order.space_org_path {BELOW_BUSINESS} or work_order.space_id = {PROPERTIES}",
    )
    keep_property_paths("work_order")
    op.execute(NAME_CATEGORIES)
    op.execute(PIN.format("name_categories()"))
    op.execute("revoke all on function name_categories() from public")
    op.execute(
        "create trigger name_categories before insert or update of category_three_id on work_order"
        " for each row execute function name_categories()"
    )
    writer = held("work_order.write", "work_order.space_org_path")
    own = f"work_order.space_id = {PROPERTIES} and work_order.customer_id = {ACTOR}"
    done = ["status", "assignee_id", "receiver_id", *TIMES, "settlement_party", "settlement_amount"]
    let_requests_change("work_order", [*done, *CHANGED], writer)
    reported = [
        "number",
        "space_id",
        "category_three_id",
        "description",
        "contact_name",
        "contact_phone",
        "customer_id",
        "reporter_id",
    ]
    let_requests_create_and_delete("work_order", [*reported, *CREATED], writer, f"({writer} or {own})")
    keep_work_orders_in_tenant()


def steps() -> None:
    entity(
        "work_order_step",
        "服务单记录 Steps of work orders",
        reference("work_order_id", "work_order", "服务单 The work order", index=True),
        reference("space_id", "space", "报修房间 The house", index=True),
        choice("from_status", "原状态 Status before; null for the report", STATUSES, nullable=True),
        choice("to_status", "新状态 Status after", STATUSES),
        reference("admin_id", ADMIN, "员工 The member of staff", nullable=True),
        reference(
            "customer_id", "customer", "客户 The customer, if a customer took the step", nullable=True, index=True
        ),
        reference("assignee_id", ADMIN, "处理人 Who was to do it from then on", nullable=True, index=True),
        text("note", "备注 Note", nullable=True),
        sa.Index("work_order_step_admin_id_idx", "admin_id", "work_order_id"),
        owner="space.space_id",
        visible=of("space", "work_order_step.space_id"),
    )


def downgrade() -> None:
    drop_summaries()
    op.execute(f"drop function {SIGNATURE}")
    drop_property_paths("work_order")
    op.execute("drop function name_categories() cascade")
    drop("person_try", "work_order_day", "work_order_step", "work_order", CATEGORY)
    drop_refusals("work_order", CATEGORY)
