"""Role in GraphQL: roles, and what they give."""

from sqlalchemy import and_, select

from app import models
from app.access.menu_trees import MENUS_OF_ROLES
from app.declarations.entity import collection, column, count, entity, related
from app.declarations.mutations import Writes
from app.loaders.arguments import Argument, Under
from app.loaders.edges import many, one, through
from app.services.role import CAPABILITY, CreateRole, RemoveRole, UpdateRole, create_roles, remove_roles, update_roles
from app.services.role_menu import SetMenusOfRole, set_menus_of_roles

ORGS, UNDER = through(models.OrgRole.role_id, models.OrgRole.org_id, models.Org), Under("under", models.Org.id)
MENUS_IN_ORGS = (
    select(models.OrgRole.id.label("org_role_id"), models.OrgRoleMenu.id.label("org_role_menu_id"))
    .join(
        models.OrgRoleMenu,
        and_(models.OrgRoleMenu.org_id == models.OrgRole.org_id, models.OrgRoleMenu.role_id == models.OrgRole.role_id),
    )
    .subquery("given_menu")
)
"""The menus that a role gives in an organisation, as records."""

OF_ORG_ROLE = through(MENUS_IN_ORGS.c.org_role_id, MENUS_IN_ORGS.c.org_role_menu_id, models.OrgRoleMenu)


@entity(models.Role)
class Role:
    """角色 A role; it never stands without a business organisation (document 003, 6.6)."""

    name = column()
    is_system_default = column()

    orgs = collection(ORGS, "业务组织 Organisations that have the role", UNDER)
    org_count = count(ORGS, "业务组织数量 Number of organisations that have the role", UNDER)
    menus = collection(
        through(models.OrgRoleMenu.role_id, models.OrgRoleMenu.menu_id, models.Menu),
        "菜单 Menus of the role in one organisation, or in any",
        Argument("orgId", models.OrgRoleMenu.org_id, on_link=True),
    )
    admins = collection(
        through(models.AdminGrant.role_id, models.AdminGrant.admin_id, models.Admin),
        "员工 Staff who hold the role in one organisation, or in any",
        Argument("orgId", models.AdminGrant.org_id, on_link=True),
    )
    admin_grants = collection(many(models.AdminGrant.role_id), "员工授权 Staff who hold the role, and where")
    org_roles = collection(many(models.OrgRole.role_id), "角色关联 Organisations that have the role, as records")
    org_role_menus = collection(many(models.OrgRoleMenu.role_id), "角色菜单 Menus of the role, and where")


@entity(models.OrgRole)
class OrgRole:
    """角色关联 A role exists in a business organisation (document 003, 6.6)."""

    is_granted_by_super = column()
    org_id = column()
    role_id = column()
    org = related(one(models.OrgRole.org_id, models.Org), "业务组织 The business organisation")
    role = related(one(models.OrgRole.role_id, models.Role), "角色 The role")
    org_role_menus = collection(OF_ORG_ROLE, "角色菜单 Menus that the role gives in the organisation, as records")
    menu_count = count(OF_ORG_ROLE, "菜单数量 Number of menus that the role gives in the organisation")
    menu_tree = collection(
        through(MENUS_OF_ROLES.c.org_role_id, MENUS_OF_ROLES.c.menu_id, models.Menu).ordered_by(models.Menu.sort_key),
        "菜单树 Menus that the role gives in the organisation, and the menus above them, in tree order",
    )


@entity(models.OrgRoleMenu)
class OrgRoleMenu:
    """角色菜单 A role gives a menu in a business organisation (document 003, 5.5)."""

    is_granted_by_super = column()
    org_id = column()
    role_id = column()
    menu_id = column()
    org = related(one(models.OrgRoleMenu.org_id, models.Org), "业务组织 The business organisation")
    role = related(one(models.OrgRoleMenu.role_id, models.Role), "角色 The role")
    menu = related(one(models.OrgRoleMenu.menu_id, models.Menu), "菜单 The menu")


WRITES, MENU_WRITES = Writes(models.Role, CAPABILITY), Writes(models.OrgRoleMenu, CAPABILITY)

MUTATIONS = {
    "create_role": WRITES.one(
        "角色新增 Create a role of business organisations (document 003, 6.6).", create_roles, CreateRole
    ),
    "create_roles": WRITES.bulk(
        "角色批量新增 Create roles of business organisations (document 003, 6.5).", create_roles, CreateRole
    ),
    "update_role": WRITES.one(
        "角色修改 Rename a role, or relate it to other organisations (document 003, 6.4).", update_roles, UpdateRole
    ),
    "remove_role": WRITES.one(
        "角色删除 Take a role from an organisation and those below (document 003, 6.2).", remove_roles, RemoveRole
    ),
    "set_menus_of_role": MENU_WRITES.several(
        "权限设置 Set the menus of a role in an organisation (document 003, 5.5).", set_menus_of_roles, SetMenusOfRole
    ),
    "set_menus_of_roles": MENU_WRITES.bulk(
        "批量权限设置 Set the menus of many roles (document 003, 5.5).", set_menus_of_roles, SetMenusOfRole
    ),
}
"""What may be written of roles, by the names of the fields."""
