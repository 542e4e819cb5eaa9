"""Caller: who a request comes from, and what of the register is theirs."""

from dataclasses import dataclass

from app.db.scope import Scope


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a valid access token speaks for, as the database knows them now or knew them half a minute ago.

    `admin_id` is None when a client calls for itself, with the grant client_credentials. `scopes` are the paths of the
    business organisations in which the caller holds a role, `admin_scopes` the paths of the administrative ones that
    serve those; what lies below a path belongs to it. A super administrator needs neither.
    """

    admin_id: int | None
    client_id: str
    name: str
    is_super: bool
    scopes: tuple[str, ...]
    admin_scopes: tuple[str, ...]
    capabilities: frozenset[str]

    @property
    def scope(self) -> Scope:
        """Give the rows that the caller may see."""
        return Scope(self.admin_id, self.is_super, self.scopes, self.admin_scopes)
