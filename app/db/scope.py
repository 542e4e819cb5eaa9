"""Scope: who calls and which rows the caller may see, as settings of a transaction that the policies read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cache, cached_property
from typing import NamedTuple

from app.db.exchange import Call

ROLE = "cadastre_app"
"""The role that every request runs as: it cannot log in, owns no tables, and the policies apply to it."""

PATH = re.compile(r"(?:[1-9][0-9]{0,18}/)+")


class Extent(Enum):
    """How much of the register a scope covers. It decides by which index a list is read (app/loaders/lists.py)."""

    ALL = auto()
    """All rows."""
    LARGE = auto()
    """A large part. A list reads the table in the order of the list and skips invisible rows, unless it is by id."""
    SMALL = auto()
    """A small part. A list reads only rows that the organisations of the scope lead to."""


class Origin(NamedTuple):
    """Where a change comes from, for the record of changes: the id, the reason and the trace of the request."""

    request_id: str = ""
    reason: str = ""
    traceparent: str = ""


NO_ORIGIN = Origin()


@dataclass(frozen=True)
class Scope:
    """The rows that a transaction may see.

    `actor` is the id of the member of staff or of the client that calls, None for the program itself. `account` is the
    account of the member of staff, empty for a client that calls for itself; `client` is the client id of the program
    that sends the request. `scopes` are paths of business organisations,
    `admin_scopes` of administrative ones, each such as '8829/8830/'; everything below a path is included. `is_small`
    says that few rows are in scope; a wrong value makes lists slower, but never wrong.
    `capabilities` are the paths in which the caller holds each capability; only writing transactions need them.
    `properties` are the houses and parking places of a customer who calls, who is the actor then.
    ValueError when a path is malformed: an empty path would match every organisation.
    """

    actor: int | None
    is_super: bool
    scopes: tuple[str, ...]
    admin_scopes: tuple[str, ...]
    is_small: bool = False
    capabilities: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    client: str = ""
    account: str = ""
    properties: tuple[int, ...] = ()

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
        return Extent.SMALL if self.is_small and not self.properties else Extent.LARGE

    @cached_property
    def settings(self) -> dict[str, str]:
        """Return the settings of a transaction of this scope, by name."""
        return {
            "role": ROLE,
            "app.actor": "" if self.actor is None else str(int(self.actor)),
            "app.super": "on" if self.is_super is True else "off",
            "app.scopes": ",".join(outermost_paths(self.scopes)),
            "app.admin_scopes": ",".join(outermost_paths(self.admin_scopes)),
            **self._own,
        }

    @property
    def _own(self) -> dict[str, str]:
        """Return the setting that only customers have, so that the statement of all others is the same."""
        return {"app.properties": ",".join(map(str, map(int, self.properties)))} if self.properties else {}

    @cached_property
    def opening(self) -> Call:
        """Return the statement that sets the role and the scope until the transaction ends."""
        return set_locally(self.settings)

    @cached_property
    def opening_to_repeat(self) -> Call:
        """Return the statement for a transaction whose statements other ones repeat with other values.

        They are planned once for a connection. To plan a statement of changes, with the policies of all tables, takes
        a hundred times longer than to run it for a few ids.
        """
        return set_locally({**self.settings, "plan_cache_mode": "force_generic_plan"})

    @cached_property
    def settings_to_write(self) -> dict[str, str]:
        """Return the settings of a transaction that writes: its policies also compare the capabilities.

        The account and the client are for the columns that say who changed a row, and for the record of changes. One
        plan serves all values: a plan for each takes longer to make than a write takes to run.
        """
        held = {} if self.is_super else self.capabilities
        paths = {capability_setting(name): ",".join(outermost_paths(held[name])) for name in held}
        own = {"app.account": self.account, "app.client": self.client, "plan_cache_mode": "force_generic_plan"}
        return {**self.settings, **paths, **own}

    def opening_to_write(self, origin: Origin = NO_ORIGIN) -> Call:
        """Return the statement that sets the role, the scope and the origin of a transaction that writes."""
        own = {
            "app.request": origin.request_id,
            "app.reason": origin.reason,
            "app.traceparent": origin.traceparent,
        }
        return set_locally({**self.settings_to_write, **own})


def capability_setting(capability: str) -> str:
    """Return the name of the setting that lists the paths in which the caller holds a capability."""
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
