"""Capabilities: what a caller may do besides reading what is in their scope."""

from collections.abc import Iterable

SUPER_ONLY = frozenset({"system.super"})
"""What no role gives."""

CAPABILITIES = {
    "org.write": "组织 create, change, move and delete organisations, and relate administrative to business ones",
    "space.write": "空间 create, change, move and delete spaces, their locations and parking details",
    "menu.write": "菜单 change menus and their guidance, and grant menus to organisations",
    "role.grant": "角色 create roles, give them menus, and give them to staff",
    "admin.write": "员工 create, change, disable and group staff, and set their passwords",
    "customer.write": "客户 create, change and delete customers",
    "property.write": "产权关系 bind and unbind customers and properties, and keep housing records",
    "verification.review": "信息认证 approve and reject what app users claim",
    "event.publish": "事件 publish events of the register to other systems",
    "pii.read": "个人信息 read identity numbers, phone numbers and e-mail addresses in full",
    "system.super": "超级管理员 what concerns all tenants: the menu tree, granting menus to top organisations",
}
"""Every capability, and what it allows."""


def capabilities_of(is_super: bool, built_in: bool, menu_capabilities: Iterable[str]) -> frozenset[str]:  # noqa: FBT001 - facts of a row
    """Give what a caller may do.

    The super administrator holds all. Whoever holds the built-in role 管理员 holds all but the super administrator's;
    other roles give what their menus name (`menu.capability`), unknown names and the super administrator's left out.
    """
    if is_super:
        return frozenset(CAPABILITIES)
    ordinary = CAPABILITIES.keys() - SUPER_ONLY
    return frozenset(ordinary if built_in else ordinary & set(menu_capabilities))
