"""Variables of the URLs of menus, of their guidance and of their grants (document 003, sections 1, 5 and 15)."""

from app.models.menu import MenuType
from app.rest.kinds import ID, IDS, PAIRS, PARENT, TEXT, Code
from app.rest.parameters import ORDER, filled, maybe, needed, paged, sends
from app.rest.url import Given, Variables

TYPE = Code(MenuType)

WRITTEN = (
    maybe("menu_url", TEXT, "input.url"),
    maybe("menu_type", TYPE, "input.type"),
    maybe("identifier", TEXT, "input.identifier"),
)
"""Members that a new menu and a changed one have alike (1.1)."""

CREATED = sends(needed("menu_name", TEXT, "input.name"), maybe("parentid", PARENT, "input.parentId"), *WRITTEN)
CHANGED = sends(
    needed("id", ID, "input.id"),
    needed("id", ID, "move.id"),
    maybe("menu_name", TEXT, "input.name"),
    maybe("parentid", PARENT, "move.parentId"),
    *WRITTEN,
)


def changed(given: Given) -> Variables:
    """Read a change of a menu, which moves where a parent is sent (1.1)."""
    variables = CHANGED(given)
    moves = "parentId" in variables["move"]
    return {**variables, "move": {"parentId": None, **variables["move"]}, "moves": moves}


LISTED = paged(
    sends(
        maybe("menu_name", TEXT, "filter.name.contains"),
        maybe("menu_url", TEXT, "filter.url.contains"),
        maybe("id", ID, "filter.under"),
        ORDER,
    )
)

GUIDANCE = sends(
    maybe("id", ID, "input.id"), needed("menu_id", ID, "input.menuId"), needed("content", TEXT, "input.content")
)
OF_ROLE = sends(needed("org_id", ID, "orgId"), needed("role_id", ID, "roleId"))

GRANTED = sends(needed("menu_ids", IDS, "input.menuIds"), needed("business_org_ids", IDS, "input.orgIds"))
APPOINTED = sends(needed("admin_ids", IDS, "input.adminIds"), needed("org_id", ID, "input.orgId"))

ROLES_OF_ORG = sends(
    maybe("org_id", ID, "filter.orgs.some.id.eq"), maybe("create_org_id", ID, "filter.orgs.some.under"), ORDER
)
ROLE_MENUS = paged(
    sends(
        maybe("create_org_id", ID, "filter.org.under"),
        maybe("org_name", TEXT, "filter.org.name.contains"),
        maybe("role_name", TEXT, "filter.role.name.contains"),
        ORDER,
    )
)


def dismissed(given: Given) -> Variables:
    """Read the member of staff who is no longer an administrator (1.4)."""
    return {"input": {"adminIds": [ID.value("id", given["id"])]}}


SET = sends(filled("org_role_ids", PAIRS, "pairs"), needed("menu_ids", IDS, "menuIds"))


def menus_set(given: Given) -> Variables:
    """Read the menus that roles in organisations get (5.5)."""
    pairs, menu_ids = SET(given).values()
    inputs = [{"orgId": org, "roleId": role, "menuIds": menu_ids} for org, role in dict.fromkeys(pairs)]
    return {"input": {"orgRoleMenus": inputs}}
