"""AdminGroup in GraphQL: groups of staff, and who belongs to them."""

from app import models
from app.access.staffing import STAFF_OF_GROUPS
from app.declarations.entity import collection, column, count, entity, exists, related
from app.declarations.mutations import Writes
from app.loaders.edges import many, one, through, without
from app.services.admin_group import (
    CreateAdminGroup,
    DeleteAdminGroup,
    UpdateAdminGroup,
    create_admin_groups,
    delete_admin_groups,
    update_admin_groups,
)
from app.services.admin_group_member import (
    AddAdminGroupMembers,
    RemoveAdminGroupMembers,
    add_admin_group_members,
    remove_admin_group_members,
)
from app.services.admin_records import CAPABILITY

MEMBERS = through(models.AdminGroupMember.group_id, models.AdminGroupMember.admin_id, models.Admin)
SERVING = through(STAFF_OF_GROUPS.c.group_id, STAFF_OF_GROUPS.c.admin_id, models.Admin)


@entity(models.AdminGroup)
class AdminGroup:
    """员工分组 A group of staff within a business organisation (document 003, part 8)."""

    name = column()
    org_id = column()
    org = related(one(models.AdminGroup.org_id, models.Org), "业务组织 The business organisation")
    admins = collection(MEMBERS, "员工 Its members")
    admin_count = count(many(models.AdminGroupMember.group_id), "员工数量 Number of its members of staff")
    has_admins = exists(many(models.AdminGroupMember.group_id), "是否有员工 Whether it has members")
    available_admins = collection(
        without(SERVING, MEMBERS),
        "可选员工 Staff of the administrative organisations that serve the organisation of the group, and of those"
        " below, who do not belong to it",
    )
    admin_group_members = collection(many(models.AdminGroupMember.group_id), "分组成员 Its members, as records")


@entity(models.AdminGroupMember)
class AdminGroupMember:
    """分组成员 A member of staff belongs to a group (document 003, part 9)."""

    group_id = column()
    admin_id = column()
    group = related(one(models.AdminGroupMember.group_id, models.AdminGroup), "员工分组 The group")
    admin = related(one(models.AdminGroupMember.admin_id, models.Admin), "员工 The member of staff")


WRITES, MEMBERSHIPS = Writes(models.AdminGroup, CAPABILITY), Writes(models.AdminGroupMember, CAPABILITY)

MUTATIONS = {
    "create_admin_group": WRITES.one(
        "员工分组新增 Create a group of staff (document 003, 8.2).", create_admin_groups, CreateAdminGroup
    ),
    "create_admin_groups": WRITES.bulk(
        "员工分组批量新增 Create groups of staff (document 003, 8.2).", create_admin_groups, CreateAdminGroup
    ),
    "update_admin_group": WRITES.one(
        "员工分组修改 Rename a group of staff (document 003, 8.3).", update_admin_groups, UpdateAdminGroup
    ),
    "update_admin_groups": WRITES.bulk(
        "员工分组批量修改 Rename groups of staff (document 003, 8.3).", update_admin_groups, UpdateAdminGroup
    ),
    "delete_admin_group": WRITES.deletion(
        "员工分组删除 Delete a group without members (document 003, 8.4).", delete_admin_groups, DeleteAdminGroup
    ),
    "add_admin_group_members": MEMBERSHIPS.several(
        "分组关联员工 Put staff into a group (document 003, 9.4).", add_admin_group_members, AddAdminGroupMembers
    ),
    "remove_admin_group_members": MEMBERSHIPS.deletion(
        "分组删除员工 Take staff out of groups (document 003, 9.2).",
        remove_admin_group_members,
        RemoveAdminGroupMembers,
    ),
}
"""What may be written of groups of staff, by the names of the fields."""
