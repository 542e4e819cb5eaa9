"""Caller: who a request comes from, and what of the register is theirs."""

from dataclasses import dataclass

from app.access.capabilities import EVERYWHERE, Held
from app.db.scope import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a valid access token speaks for, as the database knows them now or knew them half a minute ago.

    `admin_id` is None when a client calls for itself, with the grant client_credentials. `scopes` are the paths of the
    business organisations in which the caller holds a role, `admin_scopes` the paths of the administrative ones that
    serve those; what lies below a path belongs to it. A super administrator needs neither. `capabilities` count in the
    organisations that they are held in, and below. `max_nodes` is how many rows a query of the client may load, None
    where the setting holds. `few` tells that little hangs on the scopes.
    """

    admin_id: int | None
    client_id: str
    name: str
    is_super: bool
    scopes: tuple[str, ...]
    admin_scopes: tuple[str, ...]
    capabilities: Held
    max_nodes: int | None = None
    few: bool = False

    @property
    def scope(self) -> Scope:
        """Give the rows that the caller may see."""
        return Scope(self.admin_id, self.is_super, self.scopes, self.admin_scopes, self.few, self.capabilities)

    def may(self, capability: str, path: str) -> bool:
        """Tell whether a capability is held in the business organisation with this path."""
        return any(path.startswith(top) for top in self.capabilities.get(capability, ()))

    def may_somewhere(self, capability: str) -> bool:
        """Tell whether a capability is held in any organisation of the scope."""
        return capability in self.capabilities

    def may_throughout(self, capability: str) -> bool:
        """Tell whether a capability is held in every organisation of the scope; in none where the scope is empty.

        What is decided once for a request, and not for each row, needs this.
        """
        scopes = (EVERYWHERE,) if self.is_super else self.scopes
        return bool(scopes) and all(self.may(capability, path) for path in scopes)
