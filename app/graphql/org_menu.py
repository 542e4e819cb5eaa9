"""OrgMenu in GraphQL: which menus a business organisation may use."""

from app import models
from app.declarations.entity import column, entity, related
from app.declarations.mutations import Writes
from app.loaders.edges import one
from app.services.menu_grant import CAPABILITY, GrantMenus, grant_menus


@entity(models.OrgMenu)
class OrgMenu:
    """菜单授权 A business organisation may use a menu (document 003, 5.1)."""

    is_granted_by_super = column()
    org_id = column()
    menu_id = column()
    org = related(one(models.OrgMenu.org_id, models.Org), "业务组织 The business organisation")
    menu = related(one(models.OrgMenu.menu_id, models.Menu), "菜单 The menu")


MUTATIONS = {
    "grant_menus": Writes(models.OrgMenu, CAPABILITY).several(
        "业务组织应用授权 Set the menus that organisations may use (document 003, 1.2 and 5.1).",
        grant_menus,
        GrantMenus,
    )
}
"""What may be written of grants of menus, by the names of the fields."""
