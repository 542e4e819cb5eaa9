"""Admin in GraphQL: staff and their groups."""

from app import models
from app.access.grants import COMMUNITIES_OF_STAFF, MENUS_OF_STAFF, ORGS_OF_STAFF
from app.access.staffing import UPPER_GRANTS
from app.declarations.entity import collection, column, count, entity, exists, personal, related
from app.declarations.mutations import Writes
from app.loaders.edge import many, one, through
from app.loaders.reads import Argument
from app.services.admin import CAPABILITY, CreateAdmin, SetPassword, create_admins, set_passwords


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
    devices = related(many(models.Device.admin_id), "设备 Devices that receive messages")


@entity(models.AdminGroup)
class AdminGroup:
    """员工分组 A group of staff within a business organisation (document 003, part 8)."""

    name = column()
    org_id = column()
    org = related(one(models.AdminGroup.org_id, models.Org), "业务组织 The business organisation")
    admins = collection(
        through(models.AdminGroupMember.group_id, models.AdminGroupMember.admin_id, models.Admin), "员工 Its members"
    )
    admin_count = count(many(models.AdminGroupMember.group_id), "员工数量 Number of its members of staff")


WRITES = Writes(models.Admin, CAPABILITY)

MUTATIONS = {
    "create_admin": WRITES.one("员工新增 Create a member of staff (document 003, 7.2).", create_admins, CreateAdmin),
    "set_password": WRITES.one(
        "修改密码 Set the password of an account (document 003, 7.8).", set_passwords, SetPassword
    ),
}
"""What may be written of staff, by the names of the fields."""
