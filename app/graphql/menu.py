"""Menu in GraphQL: the applications of the platform as a tree."""

from app import models
from app.declarations.entity import DEPTH, collection, column, count, entity, page, related
from app.loaders.edge import above, children_of, descendants_of, one, one_back, through, top
from app.loaders.reads import Argument

KINDS = (Argument("type", models.Menu.type),)


@entity(models.Menu)
class Menu:
    """菜单 An application or a part of one (document 003, 1.1)."""

    type = column()
    name = column()
    full_name = column()
    code = column()
    url = column()
    identifier = column()
    capability = column()
    depth = column()
    path = column()
    parent_id = column()

    parent = related(one(models.Menu.parent_id, models.Menu), "上级 The menu one level above")
    root = related(top(models.Menu), "根节点 The top menu of the tree, which may be this one")
    ancestors = related(above(models.Menu), "所有上级 Menus above, root first")
    children = related(children_of(models.Menu), "下级 Menus one level below", *KINDS)
    child_count = count(children_of(models.Menu), "下级数量 Number of menus one level below", *KINDS)
    descendants = page(descendants_of(models.Menu), "所有下级 All menus below, in tree order", *KINDS, more=(DEPTH,))

    menu_guidance = related(one_back(models.MenuGuidance.menu_id), "操作指引 How to work with the menu")
    orgs = collection(
        through(models.OrgMenu.menu_id, models.OrgMenu.org_id, models.Org),
        "业务组织 Organisations that may use it",
    )
    roles = collection(
        through(models.OrgRoleMenu.menu_id, models.OrgRoleMenu.role_id, models.Role),
        "角色 Roles that give the menu in one organisation, or in any",
        Argument("orgId", models.OrgRoleMenu.org_id, on_link=True),
    )


@entity(models.MenuGuidance)
class MenuGuidance:
    """操作指引 How to work with a menu (document 003, 15.1)."""

    content = column()
    menu_id = column()
    menu = related(one(models.MenuGuidance.menu_id, models.Menu), "菜单 The menu")
