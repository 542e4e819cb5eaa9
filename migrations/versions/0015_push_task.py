"""Tasks for the push service, written with every change of a device."""

import sqlalchemy as sa
from alembic import op

from migrations.frozen.columns import bigint, choice, integer, text, timestamp
from migrations.frozen.tables import drop, table

revision = "0015_push_task"
down_revision = "0014_space_total"

# The owner of the table runs it: requests have no privilege on the tasks. A device that no app has registered here, such
# as one of the demo world, is none that the push service should know.
WRITE_PUSH_TASK = """
create function write_push_task() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  subject record;
begin
  if tg_op = 'DELETE' then subject := old; else subject := new; end if;
  if subject.registered_at is not null then
    insert into push_task (action, app_id, device_id, admin_id, provider, device_token, os, environment)
    values (
      case when tg_op = 'DELETE' then 'REMOVE' else 'REGISTER' end, subject.app_id, subject.device_id,
      subject.admin_id, subject.provider, case when tg_op <> 'DELETE' then subject.device_token end, subject.os,
      subject.environment
    );
  end if;
  return null;
end $$
"""
PIN = """
do $$ begin
  execute format('alter function write_push_task() set search_path = %I, pg_temp', current_schema());
end $$
"""
TRIGGER = """
create trigger push_task after insert or delete or update of registered_at on device
for each row execute function write_push_task()
"""


def upgrade() -> None:
    table(
        "push_task",
        "推送任务 Registrations and removals of devices that the push service has not confirmed yet",
        bigint("number", "order of the tasks of a device", sa.Identity(always=True), primary_key=True),
        choice("action", "推送动作 Register or remove the device", "REGISTER REMOVE"),
        text("app_id", "应用编号 Id of the app"),
        text("device_id", "设备id Id that the push service knows the device by"),
        bigint("admin_id", "员工 The member of staff"),
        text("provider", "推送服务商 Push service"),
        text("device_token", "设备token Token of the device; never answered", nullable=True),
        text("os", "设备操作系统 Operating system"),
        choice("environment", "运行模式 Debug or release build", "DEBUG RELEASE"),
        timestamp("created_at", "创建时间 Written at", default="now()"),
        integer("attempts", "how often a process has taken the task to deliver it", default="0"),
        timestamp("due_at", "no process takes the task before this time", default="now()", index=True),
        sa.Index("push_task_app_id_device_id_idx", "app_id", "device_id", "number"),
    )
    op.execute(WRITE_PUSH_TASK)
    op.execute(PIN)
    op.execute("revoke all on function write_push_task() from public")
    op.execute(TRIGGER)


def downgrade() -> None:
    op.execute("drop trigger push_task on device")
    op.execute("drop function write_push_task()")
    drop("push_task")
