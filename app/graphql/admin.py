"""Admin in GraphQL: staff."""

from typing import Any

from sqlalchemy import Enum, literal, select, union_all

from app import models
from app.access.grants import COMMUNITIES_OF_STAFF, MENUS_OF_STAFF, ORGS_OF_STAFF
from app.access.staffing import UPPER_GRANTS
from app.declarations.entity import collection, column, entity, exists, personal, related
from app.declarations.mutations import Writes
from app.loaders.arguments import Argument
from app.loaders.edges import many, one, through
from app.models.work_order import WorkOrderRole
from app.services.admin import create_admins, set_admins_enabled, update_admins
from app.services.admin_deletion import delete_admins, delete_several_admins
from app.services.admin_inputs import (
    ChangeOwnPassword,
    CreateAdmin,
    DeleteAdmin,
    DeleteAdmins,
    SetAdminEnabled,
    SetPassword,
    UpdateAdmin,
    UpsertAdmin,
    ValidateAdmin,
)
from app.services.admin_password import change_own_passwords, set_passwords
from app.services.admin_records import CAPABILITY
from app.services.admin_unique import validate_admins
from app.services.admin_upsert import upsert_admins

ROLE: Any = Enum(WorkOrderRole, native_enum=False)


def orders_as(role: WorkOrderRole, admin: Any, order: Any) -> Any:
    """Select the work orders that staff have a part in, with the name of the part."""
    return select(admin.label("admin_id"), order.label("work_order_id"), literal(role, ROLE).label("role"))


ORDERS_OF_STAFF = union_all(
    orders_as(WorkOrderRole.SOURCE, models.WorkOrder.reporter_id, models.WorkOrder.id),
    orders_as(WorkOrderRole.ASSIGNED, models.WorkOrder.assignee_id, models.WorkOrder.id),
    orders_as(WorkOrderRole.ACTED, models.WorkOrderStep.admin_id, models.WorkOrderStep.work_order_id)
    .where(models.WorkOrderStep.from_status.is_not(None))
    .distinct(),
).subquery("orders_of_staff")
"""Work orders that members of staff reported, are to do, or took a step of."""

ROLE_IN_ORDER: Any = ORDERS_OF_STAFF.c.role


@entity(models.Admin)
class Admin:
    """员工 A member of staff, who may have an account (document 003, part 7)."""

    type = column()
    name = column()
    nickname = column()
    account = column()
    staff_number = column()
    position = column()
    phone = personal("phone")
    email = personal("email")
    identity = personal("identity")
    sex = column()
    birthday = column()
    picture = column()
    face_picture = column()
    status = column()
    is_enabled = column()
    is_super = column()
    login_failures = column()
    locked_until = column()
    last_login_at = column()
    password_changed_at = column()
    org_id = column()
    fourgrid_id = column()

    org = related(one(models.Admin.org_id, models.Org), "行政组织 Administrative organisation")
    admin_grants = collection(many(models.AdminGrant.admin_id), "员工授权 Roles held, and where")
    is_upper_administrator = exists(
        through(UPPER_GRANTS.c.admin_id, UPPER_GRANTS.c.grant_id, models.AdminGrant),
        "上级管理员 Whether they hold the built-in administrator role above the given organisation, or above any",
        Argument("orgId", models.AdminGrant.org_id, on_link=True, compared=UPPER_GRANTS.c.org_id),
    )
    admin_groups = related(
        through(models.AdminGroupMember.admin_id, models.AdminGroupMember.group_id, models.AdminGroup),
        "员工分组 Groups that the member of staff belongs to",
    )
    admin_group_member = related(
        many(models.AdminGroupMember.admin_id).to_one(),
        "分组成员 The membership of a group; null for who does not belong to it",
        Argument("groupId", models.AdminGroupMember.group_id, is_needed=True),
    )
    roles = collection(
        through(models.AdminGrant.admin_id, models.AdminGrant.role_id, models.Role),
        "角色 Roles held, in any organisation",
    )
    business_orgs = collection(
        through(ORGS_OF_STAFF.c.admin_id, ORGS_OF_STAFF.c.org_id, models.Org).ordered_by(models.Org.sort_key),
        "业务组织 Business organisations that a role is held in, and those below, in tree order; all for the super",
    )
    communities = collection(
        through(COMMUNITIES_OF_STAFF.c.admin_id, COMMUNITIES_OF_STAFF.c.space_id, models.Space),
        "小区 Communities of those business organisations; all for the super",
    )
    menus = collection(
        through(MENUS_OF_STAFF.c.admin_id, MENUS_OF_STAFF.c.menu_id, models.Menu).ordered_by(models.Menu.sort_key),
        "菜单 Menus that the roles give, and the menus above them, in tree order; all for the super",
    )
    reviewed_verifications = collection(many(models.Verification.reviewer_id), "信息认证 Claims that they decided on")
    work_orders = collection(
        through(ORDERS_OF_STAFF.c.admin_id, ORDERS_OF_STAFF.c.work_order_id, models.WorkOrder),
        "服务单 Repairs that they reported, are to do, or took a step of",
        Argument("role", ROLE_IN_ORDER, on_link=True, compared=ORDERS_OF_STAFF.c.role, is_needed=True),
    )
    work_order_steps = collection(many(models.WorkOrderStep.admin_id), "服务单记录 Steps of repairs that they took")
    devices = related(many(models.Device.admin_id), "设备 Devices that receive messages")


WRITES, OWN = Writes(models.Admin, CAPABILITY), Writes(models.Admin, None)

MUTATIONS = {
    "create_admin": WRITES.one("员工新增 Create a member of staff (document 003, 7.2).", create_admins, CreateAdmin),
    "create_admins": WRITES.bulk(
        "员工批量新增 Create members of staff (document 003, 7.2).", create_admins, CreateAdmin
    ),
    "update_admin": WRITES.one("员工修改 Change a member of staff (document 003, 7.3).", update_admins, UpdateAdmin),
    "update_admins": WRITES.bulk(
        "员工批量修改 Change members of staff (document 003, 7.3).", update_admins, UpdateAdmin
    ),
    "upsert_admins": WRITES.bulk(
        "员工同步 Create or change staff of another system, by their ids in the former user table (document 003, 7.2).",
        upsert_admins,
        UpsertAdmin,
    ),
    "set_admin_enabled": WRITES.one(
        "启用禁用 Enable or disable an account (document 003, 7.5).", set_admins_enabled, SetAdminEnabled
    ),
    "delete_admin": WRITES.deletion(
        "员工删除 Delete a member of staff who is not in use (document 003, 7.4).", delete_admins, DeleteAdmin
    ),
    "delete_admins": WRITES.deletion(
        "批量删除员工 Delete members of staff who are not in use (document 003, 7.4).",
        delete_several_admins,
        DeleteAdmins,
    ),
    "validate_admin": WRITES.bare(
        "唯一性校验 Say which values other staff have; nothing is written (document 003, 7.7).",
        validate_admins,
        ValidateAdmin,
    ),
    "set_password": WRITES.one(
        "修改密码 Set the password of an account (document 003, 7.8).", set_passwords, SetPassword
    ),
    "change_own_password": OWN.bare(
        "修改本人密码 Change the password of the own account; all its log-ins end.",
        change_own_passwords,
        ChangeOwnPassword,
    ),
}
"""What may be written of staff, by the names of the fields."""
