"""Registered: a client as authlib asks about it."""

from datetime import UTC, datetime

from authlib.oauth2.rfc6749 import ClientMixin

from app.access.keys import ASYMMETRIC
from app.services.client import Client

SCOPE = "all"
"""The one scope of the documents; what a caller may see and do is the database's business."""


class Registered(ClientMixin):
    """A client of the table; `client_id` is its name."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.client_id = client.client_id

    @property
    def is_public(self) -> bool:
        """Tell whether the client has no secret."""
        return self.client.secret_hash is None

    def algorithm(self, legacy: str) -> str:
        """Name how the client's access tokens are signed; `legacy` holds for clients with the password grant."""
        return ASYMMETRIC if self.client.password_until is None else legacy

    def get_client_id(self) -> str:
        """Give the name."""
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        """Give the redirect URI of a client that has one only."""
        uris = self.client.redirect_uris
        return uris[0] if len(uris) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Give the scope; None for a request of another one."""
        return SCOPE if set((scope or SCOPE).split()) == {SCOPE} else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Compare letter by letter (RFC 9700, 2.1)."""
        return redirect_uri in self.client.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Tell whether the secret is right."""
        return self.client.has_secret(client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - authlib's signature
        """Let a public client name itself, and any other prove itself."""
        return (method == "none") == self.is_public

    def check_response_type(self, response_type: str) -> bool:
        """Only codes are given out on the login page."""
        return response_type == "code" and "authorization_code" in self.client.grant_types

    def check_grant_type(self, grant_type: str) -> bool:
        """Tell whether the client may use a grant; the password grant has an end."""
        if grant_type == "password" and (
            self.client.password_until is None or self.client.password_until <= datetime.now(UTC)
        ):
            return False
        return grant_type in self.client.grant_types
