"""Capabilities: what a caller may do besides reading what is in their scope, and in which organisations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.db.scope import outermost_paths

Held = Mapping[str, tuple[str, ...]]
"""Paths of the outermost business organisations in which each capability is held; one held nowhere is left out."""

EVERYWHERE = ""
"""The path that every path begins with."""

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


def enum_name(capability: str) -> str:
    """Return the name of a capability in the API, such as ORG_WRITE."""
    return capability.upper().replace(".", "_")


def capabilities_of(is_super: bool, built_in: Iterable[str], by_menus: Iterable[tuple[str, str]]) -> Held:  # noqa: FBT001 - facts of a row
    """Return what a caller may do, and where.

    The super administrator holds every capability, everywhere. `built_in` are the paths of organisations in which the
    caller holds the built-in role 管理员: it gives every capability except those of SUPER_ONLY, there and below.
    `by_menus` are paths with the capabilities that the menus of other roles name (`menu.capability`); unknown names and
    those of SUPER_ONLY are ignored.
    """
    if is_super:
        return dict.fromkeys(CAPABILITIES, (EVERYWHERE,))
    ordinary = CAPABILITIES.keys() - SUPER_ONLY
    paths: dict[str, list[str]] = defaultdict(list)
    for path, name in [*((path, name) for path in built_in for name in ordinary), *by_menus]:
        paths[name].append(path)
    return {name: outermost_paths(paths[name]) for name in ordinary & paths.keys()}


def narrowed(held: Held, path: str) -> Held:
    """Keep only capabilities held at or below `path`."""
    within = {
        name: outermost_paths(max(top, path, key=len) for top in tops if path.startswith(top) or top.startswith(path))
        for name, tops in held.items()
    }
    return {name: tops for name, tops in within.items() if tops}
