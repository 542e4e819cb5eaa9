"""Staff, the roles that they hold, their groups and their devices."""

import sqlalchemy as sa
from alembic import op

from migrations.frozen.access import (
    ACTOR,
    BUSINESS,
    CHANGED,
    CREATED,
    KEYS,
    held,
    let_requests_call,
    let_requests_change,
    let_requests_create_and_delete,
    let_requests_grant,
    of,
    show,
    some,
)
from migrations.frozen.columns import (
    bigint,
    boolean,
    choice,
    date,
    granted,
    imported,
    integer,
    letters,
    name_search,
    reference,
    text,
    timestamp,
    trigrams,
)
from migrations.frozen.naming import drop_refusals, keep_hidden_staff
from migrations.frozen.rights import announce_rights
from migrations.frozen.tables import drop, entity

revision = "0005_admin"
down_revision = "0004_role"

# It does not ask whether the member of staff is visible: the policy of "admin" reads "admin_grant", and PostgreSQL
# refuses policies that lead back to their table.
GRANTS_AN_ORDINARY_ROLE = "(select not role.is_system_default from role where role.id = admin_grant.role_id)"

COUNT_ON = """
create function count_token_version() returns trigger language plpgsql as $$
begin
    new.token_version := greatest(old.token_version + 1, new.token_version);
    return new;
end $$
"""

WHEN_RIGHTS_ARE_LOST = """
create trigger admin_token_version before update on admin for each row
when (
    (old.is_enabled and not new.is_enabled)
    or (old.status = 'ACTIVE' and new.status <> 'ACTIVE')
    or old.password_changed_at is distinct from new.password_changed_at
)
execute function count_token_version()
"""

GRANTS = """
select admin_grant.admin_id, admin_grant.org_id, admin_grant.role_id, org.path, role.is_system_default
from admin_grant
join org on org.id = admin_grant.org_id and org.type = 'BUSINESS'
join role on role.id = admin_grant.role_id
"""
MENU_GRANTS = f"""
select held.admin_id, held.path, menu.id as menu_id, menu.path as menu_path, menu.capability
from ({GRANTS}) held
join org_menu on org_menu.org_id = held.org_id
join menu on menu.id = org_menu.menu_id
where held.is_system_default or exists (
  select from org_role_menu
  where org_role_menu.org_id = held.org_id and org_role_menu.role_id = held.role_id
    and org_role_menu.menu_id = org_menu.menu_id
)
"""  # noqa: S608 - our own names, here and below

# The tables' owner runs it, because a role that is held above the organisation that the caller works in is hidden from
# the request. It returns ids of menus that the caller has by their own roles, and nothing else.
MENUS_OF_CALLER = f"""
create function menus_of_caller() returns bigint[]
language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(array_agg(distinct step.id::bigint), '{{}}')
  from ({MENU_GRANTS}) held
  cross join lateral string_to_table(rtrim(held.menu_path, '/'), '/') step (id)
  where held.admin_id = {ACTOR}
    and (held.path ^@ {BUSINESS}
      or exists (
        select from unnest(array_remove(string_to_array(current_setting('app.scopes', true), ','), '')) scope
        where scope ^@ held.path
      ));
end
"""  # noqa: S608

# The tables' owner runs both: relations and roles of other tenants count, and are hidden from the request.
MAY_STAFF = f"""
create function may_staff(serving bigint) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(bool_and({held("admin.write", "business.path")}), false)
  from org
  cross join lateral string_to_table(rtrim(org.path, '/'), '/') step (id)
  join org_relation on org_relation.administrative_org_id = step.id::bigint
  join org business on business.id = org_relation.business_org_id
  where org.id = serving and org.type = 'ADMINISTRATIVE';
end
"""  # noqa: S608
ORDINARY = (
    "'ORG_WRITE', 'SPACE_WRITE', 'MENU_WRITE', 'ROLE_GRANT', 'ADMIN_WRITE', 'CUSTOMER_WRITE', 'PROPERTY_WRITE',"
    " 'VERIFICATION_REVIEW', 'WORK_ORDER_WRITE', 'APP_GRANT', 'EVENT_PUBLISH', 'PII_READ'"
)
GIVEN = f"""
select held.path, gives.capability
from ({GRANTS}) held
cross join unnest(array[{ORDINARY}]) gives (capability)
where held.admin_id = staff and held.is_system_default
union all
select held.path, held.capability
from ({MENU_GRANTS}) held
where held.admin_id = staff and held.capability in ({ORDINARY})
"""  # noqa: S608
HOLDS_GIVEN = (
    "given.path ^@ any(array_remove(string_to_array("
    "current_setting('app.may_' || lower(given.capability), true), ','), '')::text[])"
)
HOLDS_WITHIN = f"""
create function holds_within(staff bigint) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog, pg_temp
begin atomic
  select not exists (
    select from admin_grant held join org on org.id = held.org_id
    where held.admin_id = staff and ({held("admin.write", "org.path")}) is not true
  ) and not exists (
    select from ({GIVEN}) given where ({HOLDS_GIVEN}) is not true
  );
end
"""  # noqa: S608
STAFF_OF_PLACE = "not admin.is_super and may_staff(admin.org_id) and holds_within(admin.id)"
MAY_REGISTER = (
    "(select true from admin where admin.id = device.admin_id"  # noqa: S608
    f" and (admin.id = {ACTOR} or {STAFF_OF_PLACE}))"
)

GROUP_PATH = "(select org.path from org where org.id = admin_group.org_id and org.type = 'BUSINESS')"
MEMBER_PATH = (
    "(select org.path from org join admin_group on admin_group.org_id = org.id"
    " where admin_group.id = admin_group_member.group_id and org.type = 'BUSINESS'"
    " and (select true from admin where admin.id = admin_group_member.admin_id))"
)


def upgrade() -> None:
    entity(
        "admin",
        "员工 Staff",
        reference("org_id", "org", "行政组织 Administrative organisation", nullable=True, index=True),
        choice("type", "用户类型 Works for", "PROPERTY MERCHANT PLATFORM", default="'PROPERTY'"),
        text("name", "姓名 Name"),
        text("nickname", "昵称 Nickname", nullable=True),
        text("account", "账号 Account name, used to log in", nullable=True, unique=True),
        text("staff_number", "工号 Staff number", nullable=True, unique=True),
        text("position", "职务 Position", nullable=True),
        text("phone", "手机号 Phone number, unique per type", nullable=True, index=True),
        text("email", "邮件 E-mail address", nullable=True),
        text("identity", "身份证 Identity number", nullable=True, index=True),
        choice("sex", "性别 Sex", "UNKNOWN FEMALE MALE", default="'UNKNOWN'"),
        date("birthday", "生日 Date of birth", nullable=True),
        text("picture", "头像 Relative path of the picture", nullable=True),
        text("face_picture", "人脸图片 Address of the picture for face recognition", nullable=True),
        choice("status", "状态 Active or cancelled", "ACTIVE CANCELLED", default="'ACTIVE'"),
        boolean("is_enabled", "账号是否有效 Whether the account may be used", default="true"),
        boolean("is_super", "超级管理员 Super administrator", default="false"),
        text("password_hash", "密码 Argon2id or a legacy {bcrypt} hash; never answered", nullable=True),
        timestamp("password_changed_at", "密码修改时间 Password last changed", nullable=True),
        integer("login_failures", "登陆失败次数 Failed log-ins in a row", default="0"),
        timestamp("locked_until", "密码锁定时间 No log-in before this time", nullable=True),
        integer(
            "token_version",
            "grows when the account is disabled, cancelled, gets another password or is logged out everywhere",
            default="0",
        ),
        timestamp("last_login_at", "最近一次登录时间 Last log-in", nullable=True),
        bigint("fourgrid_id", "原用户表主键 Id in the former user table", nullable=True),
        *imported("admin"),
        *name_search("admin"),
        trigrams("admin", "account"),
        letters("admin", "account"),
        trigrams("admin", "phone"),
        sa.Index("admin_type_phone_key", "type", "phone", unique=True),
        sa.Index(
            "admin_type_identity_key",
            "type",
            "identity",
            unique=True,
            postgresql_where=sa.text("status = 'ACTIVE'"),
        ),
        owner="org.org_id",
        visible=None,
        secret=["password_hash", "token_version"],
    )
    entity(
        "admin_grant",
        "业务组织、角色与员工关联 Staff who hold a role in a business organisation",
        reference("org_id", "org", "业务组织 The business organisation"),
        reference("role_id", "role", "角色 The role"),
        reference("admin_id", "admin", "员工 The member of staff", index=True),
        *granted("admin_grant"),
        sa.UniqueConstraint("org_id", "role_id", "admin_id"),
        sa.ForeignKeyConstraint(["org_id", "role_id"], ["org_role.org_id", "org_role.role_id"]),
        sa.Index("admin_grant_role_id_idx", "role_id", "org_id"),
        owner="org.org_id",
        visible=of("org", "admin_grant.org_id"),
    )
    let_requests_grant(
        "admin_grant", "role.grant", ["org_id", "role_id", "admin_id"], condition=GRANTS_AN_ORDINARY_ROLE
    )
    keep_hidden_staff()
    staff = of("org", "admin.org_id")
    holders = some("admin_grant", "admin_id", "admin.id")
    show("admin", f"admin.id = {ACTOR} or {staff} or {holders}")
    op.execute(MENUS_OF_CALLER)
    op.execute(MAY_STAFF)
    op.execute(HOLDS_WITHIN)
    for function in ("menus_of_caller()", "may_staff(bigint)", "holds_within(bigint)"):
        let_requests_call(function)
    person = ["type", "name", "nickname", "position", "phone", "email", "identity", "sex", "birthday"]
    own = ["org_id", "account", "staff_number", "picture", "face_picture", "status", "is_enabled", "fourgrid_id"]
    password = ["password_hash", "password_changed_at"]
    changed = [*person, *own, *password, "login_failures", "locked_until", *CHANGED]
    let_requests_change("admin", changed, STAFF_OF_PLACE)
    let_requests_create_and_delete("admin", [*person, *own, *password, *KEYS, *CREATED], STAFF_OF_PLACE)
    op.execute(COUNT_ON)
    op.execute(WHEN_RIGHTS_ARE_LOST)
    entity(
        "admin_group",
        "员工分组 Groups of staff",
        reference("org_id", "org", "业务组织 The business organisation"),
        text("name", "分组名称 Name"),
        sa.UniqueConstraint("org_id", "name"),
        owner="org.org_id",
        visible=of("org", "admin_group.org_id"),
    )
    let_requests_change("admin_group", ["name", *CHANGED], held("admin.write", GROUP_PATH))
    let_requests_create_and_delete("admin_group", ["org_id", "name", *CREATED], held("admin.write", GROUP_PATH))
    entity(
        "admin_group_member",
        "员工与分组关联 Members of groups",
        reference("group_id", "admin_group", "分组 The group"),
        reference("admin_id", "admin", "员工 The member of staff", index=True),
        sa.UniqueConstraint("group_id", "admin_id"),
        owner="admin_group.group_id",
        visible=f"{of('admin_group', 'admin_group_member.group_id')} and {of('admin', 'admin_group_member.admin_id')}",
    )
    member = ["group_id", "admin_id", *CREATED]
    let_requests_create_and_delete("admin_group_member", member, held("admin.write", MEMBER_PATH))
    entity(
        "device",
        "管家App设备 Devices that receive messages",
        text("app_id", "应用编号 Id of the app"),
        reference("admin_id", "admin", "员工 The member of staff", index=True),
        text("device_id", "设备id Id that the push service knows the device by"),
        text("device_token", "设备token Token of the device; never answered", nullable=True),
        text("provider", "推送服务商 Push service", default="'AliyunPush'"),
        text("os", "设备操作系统 Operating system"),
        choice("environment", "运行模式 Debug or release build", "DEBUG RELEASE", default="'DEBUG'"),
        timestamp(
            "registered_at",
            "登记时间 When the app last registered the device; null for one that no app has registered here",
            nullable=True,
        ),
        sa.UniqueConstraint("app_id", "device_id"),
        owner="admin.admin_id",
        visible=of("admin", "device.admin_id"),
        secret=["device_token"],
    )
    device = ["device_token", "provider", "os", "environment", "registered_at"]
    let_requests_change("device", [*device, *CHANGED], MAY_REGISTER)
    let_requests_create_and_delete("device", ["id", "app_id", "device_id", "admin_id", *device, *CREATED], MAY_REGISTER)
    announce_rights(
        "admin", "org_id", "name", "account", "status", "is_enabled", "is_super", "password_changed_at", "token_version"
    )
    announce_rights("admin_grant")


def downgrade() -> None:
    op.execute("drop function menus_of_caller()")
    op.execute("drop function may_staff(bigint), holds_within(bigint) cascade")  # with the policies that call them
    drop("device", "admin_group_member", "admin_group", "admin_grant", "admin")
    drop_refusals("admin_grant")
    op.execute("drop function count_token_version()")
