"""Capabilities: what a caller may do besides reading what is in their scope, and in which organisations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.db.scope import outermost_paths
from app.models.capability import Capability

Held = Mapping[str, tuple[str, ...]]
"""Paths of the outermost business organisations in which each capability is held; one held nowhere is left out."""

EVERYWHERE = ""
"""The path that every path begins with."""

SUPER = "system.super"
"""The capability of the super administrator."""

SUPER_ONLY = frozenset({SUPER})
"""What no role gives."""

CAPABILITIES: Mapping[str, Capability] = {str(capability.code): capability for capability in Capability}
"""Every capability by its name in the code and in the documentation, such as org.write."""


def capabilities_of(is_super: bool, built_in: Iterable[str], by_menus: Iterable[tuple[str, str]]) -> Held:  # noqa: FBT001 - facts of a row
    """Return what a caller may do, and where.

    The super administrator holds every capability, everywhere. `built_in` are the paths of organisations in which the
    caller holds the built-in role 管理员: it gives every capability except those of SUPER_ONLY, there and below.
    `by_menus` are paths with the capabilities that the menus of other roles name (`menu.capability`); those of
    SUPER_ONLY are ignored.
    """
    if is_super:
        return dict.fromkeys(CAPABILITIES, (EVERYWHERE,))
    ordinary = CAPABILITIES.keys() - SUPER_ONLY
    paths: dict[str, list[str]] = defaultdict(list)
    named = ((path, str(Capability[name].code)) for path, name in by_menus)
    for path, name in [*((path, name) for path in built_in for name in ordinary), *named]:
        paths[name].append(path)
    return {name: outermost_paths(paths[name]) for name in ordinary & paths.keys()}


def narrowed(held: Held, path: str) -> Held:
    """Keep only capabilities held at or below `path`."""
    within = {
        name: outermost_paths(max(top, path, key=len) for top in tops if path.startswith(top) or top.startswith(path))
        for name, tops in held.items()
    }
    return {name: tops for name, tops in within.items() if tops}
