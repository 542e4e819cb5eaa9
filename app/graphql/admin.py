"""Admin in GraphQL: staff, their groups and their devices."""

from sqlalchemy import BigInteger, cast, func, literal_column, select, true, union
from sqlalchemy.orm import aliased

from app import models
from app.declarations.entity import column, count, entity, personal, related
from app.loaders.edge import many, one, through
from app.loaders.links import subtree_end
from app.models.space import SpaceType

HELD = (
    select(models.AdminGrant.admin_id, models.Org.path)
    .join(models.Org, models.Org.id == models.AdminGrant.org_id)
    .subquery("held")
)
"""Paths of the business organisations that a member of staff holds a role in."""

EVERY_SPACE = aliased(models.Space)
MANAGED = union(
    select(HELD.c.admin_id, models.Space.id.label("space_id"))
    .join(models.Space, (models.Space.org_path >= HELD.c.path) & (models.Space.org_path < subtree_end(HELD.c.path)))
    .where(models.Space.type == SpaceType.COMMUNITY),
    select(models.Admin.id, EVERY_SPACE.id)
    .join(EVERY_SPACE, EVERY_SPACE.type == SpaceType.COMMUNITY)
    .where(models.Admin.is_super),
).subquery("managed")
"""Communities of those organisations and of the ones below them (document 003, 4.22); all for the super."""

GRANTED = (
    select(models.AdminGrant.admin_id, models.Menu.path)
    .join(
        models.OrgRoleMenu,
        (models.OrgRoleMenu.org_id == models.AdminGrant.org_id)
        & (models.OrgRoleMenu.role_id == models.AdminGrant.role_id),
    )
    .join(models.Menu, models.Menu.id == models.OrgRoleMenu.menu_id)
    .subquery("granted")
)
STEPS = func.string_to_table(func.rtrim(GRANTED.c.path, literal_column("'/'")), literal_column("'/'"))
EVERY_MENU = aliased(models.Menu)
EFFECTIVE = union(
    select(GRANTED.c.admin_id, cast(STEPS, BigInteger).label("menu_id")),
    select(models.Admin.id, EVERY_MENU.id).join(EVERY_MENU, true()).where(models.Admin.is_super),
).subquery("effective")
"""Menus of all roles held, those above them added so that they make a tree (document 003, 5.2B); all for the super."""


ORG = related(one(models.Admin.org_id, models.Org), "行政组织 administrative organisation")
GRANTS = related(many(models.AdminGrant.admin_id), "员工授权 roles held, and where")
GROUPS = related(
    through(models.AdminGroupMember.admin_id, models.AdminGroupMember.group_id, models.AdminGroup),
    "员工分组 groups that the member of staff belongs to",
)
COMMUNITIES = related(
    through(MANAGED.c.admin_id, MANAGED.c.space_id, models.Space),
    "小区 communities of the organisations that roles are held in, and of those below; all for the super",
)
MENUS = related(
    through(EFFECTIVE.c.admin_id, EFFECTIVE.c.menu_id, models.Menu), "菜单 effective menus, parents included"
)


@entity(models.Admin)
class Admin:
    """员工 a member of staff, who may have an account (document 003, part 7)."""

    type = column()
    name = column()
    nickname = column()
    job_number = column()
    staff_no = column()
    position = column()
    mobile = personal("phone")
    email = personal("email")
    identity = personal("identity")
    sex = column()
    birthday = column()
    icon = column()
    face_icon = column()
    status = column()
    enabled = column()
    is_super = column()
    login_failures = column()
    locked_until = column()
    last_login_at = column()
    password_changed_at = column()
    org_id = column()
    fourgrid_id = column()

    org = ORG
    grants = GRANTS
    groups = GROUPS
    communities = COMMUNITIES
    menus = MENUS
    devices = related(many(models.Device.admin_id), "设备 devices that receive messages")


@entity(models.AdminGroup)
class AdminGroup:
    """员工分组 a group of staff within a business organisation (document 003, part 8)."""

    name = column()
    org_id = column()
    org = related(one(models.AdminGroup.org_id, models.Org), "业务组织 the business organisation")
    members = related(
        through(models.AdminGroupMember.group_id, models.AdminGroupMember.admin_id, models.Admin), "员工 its members"
    )
    member_count = count(many(models.AdminGroupMember.group_id), "number of members")


@entity(models.Device)
class Device:
    """管家App设备 a device that receives messages for a member of staff (document 003, 21.1)."""

    app_id = column()
    device_id = column()
    provider = column()
    os = column()
    environment = column()
    admin_id = column()
    admin = related(one(models.Device.admin_id, models.Admin), "员工 the member of staff")
