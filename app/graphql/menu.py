"""Menu in GraphQL: the applications of the platform as a tree."""

from app import models
from app.declarations.arguments import DEPTH
from app.declarations.entity import collection, column, count, entity, page, related
from app.declarations.mutations import Writes
from app.loaders.arguments import Argument
from app.loaders.edges import above, children_of, descendants_of, many, one, one_back, through, top
from app.services.menu import CAPABILITY, create_menus, delete_menus, move_menus, update_menus
from app.services.menu_guidance import CAPABILITY as GUIDANCE_CAPABILITY
from app.services.menu_guidance import (
    DeleteMenuGuidance,
    SetMenuGuidance,
    delete_menu_guidances,
    set_menu_guidances,
)
from app.services.menu_inputs import CreateMenu, DeleteMenu, MoveMenu, UpdateMenu

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
    org_menus = collection(many(models.OrgMenu.menu_id), "菜单授权 Organisations that may use it, as records")
    org_menu = related(
        many(models.OrgMenu.menu_id).to_one(),
        "菜单授权 The record that an organisation may use it; null where it may not",
        Argument("orgId", models.OrgMenu.org_id, is_needed=True),
    )
    org_role_menus = collection(many(models.OrgRoleMenu.menu_id), "角色菜单 Roles that give the menu, and where")
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


WRITES, GUIDANCE = Writes(models.Menu, CAPABILITY), Writes(models.MenuGuidance, GUIDANCE_CAPABILITY)

MUTATIONS = {
    "create_menu": WRITES.one("菜单新增 Create a menu (document 003, 1.1).", create_menus, CreateMenu, shares=True),
    "create_menus": WRITES.bulk(
        "菜单批量新增 Create menus (document 003, 1.1).", create_menus, CreateMenu, shares=True
    ),
    "update_menu": WRITES.one(
        "菜单修改 Change a menu (document 003, 1.1); the full names below follow.", update_menus, UpdateMenu
    ),
    "move_menu": WRITES.one(
        "菜单移动 Move a menu with all below it; paths, codes and full names follow.", move_menus, MoveMenu
    ),
    "delete_menu": WRITES.deletion(
        "菜单删除 Delete a menu without children and grants, and its guidance.", delete_menus, DeleteMenu
    ),
    "set_menu_guidance": GUIDANCE.one(
        "操作指引更新 Give a menu its guidance, or change it (document 003, 1.1D and 15.2).",
        set_menu_guidances,
        SetMenuGuidance,
    ),
    "delete_menu_guidance": GUIDANCE.deletion(
        "操作指引删除 Delete the guidance of a menu.", delete_menu_guidances, DeleteMenuGuidance
    ),
}
"""What may be written of menus and their guidance, by the names of the fields."""
