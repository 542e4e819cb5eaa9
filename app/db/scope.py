"""Scope: whom a transaction runs for and which rows they may see, as settings that the policies read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache, cached_property

from app.db.exchange import Call

ROLE = "cadastre_app"
"""The role of every request: cannot log in, owns nothing, is held by the policies."""

PATH = re.compile(r"(?:[1-9][0-9]{0,18}/)+")


class Extent(Enum):
    """How much of the register a scope covers; it decides where the reading of a list starts."""

    ALL = auto()
    """All rows: at any row."""
    LARGE = auto()
    """Many rows, anywhere in a table: at any row, skipping those that are not visible."""
    SMALL = auto()
    """Few rows: at the organisations of the scope."""


@dataclass(frozen=True)
class Scope:
    """The rows that a transaction may see.

    `actor` is the caller's id among the staff, None for a client that calls for itself. `scopes` are paths of business
    organisations, `admin_scopes` of administrative ones, each such as '8829/8830/'; what lies below belongs to them.
    `is_small` says that these hold few rows; a wrong value makes lists slower and changes none of them.
    `capabilities` are the paths in which each capability is held: a transaction that writes needs them.
    ValueError when a path is none: an empty one would mean every organisation.
    """

    actor: int | None
    is_super: bool
    scopes: tuple[str, ...]
    admin_scopes: tuple[str, ...]
    is_small: bool = False
    capabilities: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Refuse values that the policies would misread."""
        held = () if self.is_super else (path for paths in self.capabilities.values() for path in paths)
        if any(PATH.fullmatch(path) is None for path in (*self.scopes, *self.admin_scopes, *held)):
            message = "a scope is the path of an organisation, such as 8829/8830/"
            raise ValueError(message)

    @classmethod
    @cache
    def everything(cls) -> "Scope":
        """Return the scope of the super administrator."""
        return cls(None, is_super=True, scopes=(), admin_scopes=())

    @property
    def extent(self) -> Extent:
        """Return how much of the register the scope covers."""
        if self.is_super:
            return Extent.ALL
        return Extent.SMALL if self.is_small else Extent.LARGE

    @cached_property
    def settings(self) -> dict[str, str]:
        """Return the settings of a transaction of this scope, by name."""
        return {
            "role": ROLE,
            "app.actor": "" if self.actor is None else str(int(self.actor)),
            "app.super": "on" if self.is_super is True else "off",
            "app.scopes": ",".join(outermost_paths(self.scopes)),
            "app.admin_scopes": ",".join(outermost_paths(self.admin_scopes)),
        }

    @cached_property
    def opening(self) -> Call:
        """Return the statement that gives this scope to the open transaction, until it ends."""
        return set_locally(self.settings)

    @cached_property
    def opening_to_write(self) -> Call:
        """Return the same statement for a transaction that writes: its policies also compare the capabilities."""
        held = {} if self.is_super else self.capabilities
        paths = {capability_setting(name): ",".join(outermost_paths(held[name])) for name in held}
        return set_locally({**self.settings, **paths})


def capability_setting(capability: str) -> str:
    """Name the setting of a writing transaction that has the paths in which a capability is held."""
    return f"app.may_{capability.replace('.', '_')}"


def set_locally(settings: Mapping[str, str]) -> Call:
    """Return the statement that sets some settings until the transaction ends."""
    calls = (f"set_config('{name}', ${place}, true)" for place, name in enumerate(settings, 1))
    return Call(f"select {', '.join(calls)}", tuple(settings.values()))


def outermost_paths(paths: Iterable[str]) -> tuple[str, ...]:
    """Drop the paths that lie below another path, because every row is compared with each path."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return tuple(kept)
