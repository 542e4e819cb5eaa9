"""Caller: who sends a request, and which organisations and capabilities they have."""

from dataclasses import dataclass, field
from functools import cached_property

from app.access.capabilities import EVERYWHERE, Held
from app.db.scope import Scope


@dataclass(frozen=True)
class Caller:
    """The owner of a valid access token, as the database described them when their rights last changed."""

    id: int
    """Id of the member of staff, or of a client that calls for itself."""

    client_id: str
    """The program that the token was given to."""

    name: str
    is_super: bool

    scopes: tuple[str, ...]
    """Paths of the business organisations in which the caller holds a role; all below them belongs to the caller."""

    admin_scopes: tuple[str, ...]
    """Paths of the administrative organisations that serve those."""

    capabilities: Held = field(hash=False)

    max_nodes: int | None = None
    """The most rows that a request of the client may load; None where the setting decides."""

    org_id: int | None = None
    """Id of the administrative organisation that the member of staff belongs to, whether visible or not."""

    org_code: str | None = None
    """Its code."""

    org_full_name: str | None = None
    """Its full name."""

    is_small: bool = False
    """Whether the caller's organisations hold few rows."""

    account: str = ""
    """The account of the member of staff; empty for a client that calls for itself."""

    is_client: bool = False
    """Whether a client calls for itself (grant client_credentials), and no member of staff."""

    is_customer: bool = False
    """Whether a customer calls, to report repairs of the own property or to read about them (document 000)."""

    properties: tuple[int, ...] = ()
    """The houses and parking places that the customer owns or rents."""

    @property
    def admin_id(self) -> int | None:
        """Id of the member of staff; None for a client that calls for itself, and for a customer."""
        return None if self.is_client or self.is_customer else self.id

    @property
    def customer_id(self) -> int | None:
        """Id of the customer who calls; None for all others."""
        return self.id if self.is_customer else None

    @cached_property
    def scope(self) -> Scope:
        """The rows that the caller may see. Callers are remembered, and so are the statements that a scope makes."""
        return Scope(
            self.id,
            self.is_super,
            self.scopes,
            self.admin_scopes,
            self.is_small,
            self.capabilities,
            client=self.client_id,
            account=self.account,
            properties=self.properties,
        )

    def may(self, capability: str, path: str) -> bool:
        """Return whether the caller holds a capability in the business organisation with this path."""
        return any(path.startswith(top) for top in self.capabilities.get(capability, ()))

    def may_somewhere(self, capability: str) -> bool:
        """Return whether the caller holds a capability in any organisation of the scope."""
        return capability in self.capabilities

    def may_throughout(self, capability: str) -> bool:
        """Return whether the caller holds a capability in every organisation of the scope; False for an empty scope.

        Decisions that are made once for a request, and not for each row, need this.
        """
        scopes = (EVERYWHERE,) if self.is_super else self.scopes
        return bool(scopes) and all(self.may(capability, path) for path in scopes)
