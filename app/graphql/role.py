"""Role in GraphQL: roles, and what they give."""

from app import models
from app.declarations.entity import collection, column, entity
from app.loaders.edge import many, through
from app.loaders.reads import Argument


@entity(models.Role)
class Role:
    """角色 A role; it never stands without a business organisation (document 003, 6.6)."""

    name = column()
    is_system_default = column()

    orgs = collection(
        through(models.OrgRole.role_id, models.OrgRole.org_id, models.Org), "业务组织 Organisations that have the role"
    )
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
