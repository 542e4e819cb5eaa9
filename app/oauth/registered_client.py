"""RegisteredClient: a registered program with the methods that authlib requires."""

from datetime import UTC, datetime

from authlib.oauth2.rfc6749 import ClientMixin

from app.access.keys import ASYMMETRIC
from app.access.tokens import SCOPE
from app.services.client import Client

SECRET_METHODS = ["client_secret_basic", "client_secret_post"]
"""How a client authenticates with its secret."""

AUTH_METHODS = [*SECRET_METHODS, "none"]
"""How clients authenticate; a public client, which has no secret, only names itself. authlib takes lists."""


class RegisteredClient(ClientMixin):
    """A registered program."""

    def __init__(self, client: Client, issuer: str) -> None:
        self.client = client
        self.client_id = client.client_id
        self._redirect_uris = [absolute(uri, issuer) for uri in client.redirect_uris]

    @property
    def is_public(self) -> bool:
        """Whether the client has no secret."""
        return self.client.secret_hash is None

    def algorithm(self, legacy: str) -> str:
        """Return the signature algorithm of the client's tokens: `legacy` for clients with the password grant."""
        return ASYMMETRIC if self.client.password_until is None else legacy

    def get_client_id(self) -> str:
        """Return the client's name."""
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        """Return the redirect URI of a client that has exactly one."""
        return self._redirect_uris[0] if len(self._redirect_uris) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Return the scope; None when another one is requested."""
        return SCOPE if set((scope or SCOPE).split()) == {SCOPE} else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Return whether a URI is one of the client's; compared exactly (RFC 9700, 2.1)."""
        return redirect_uri in self._redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Return whether the secret is the client's."""
        return self.client.has_secret(client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - authlib's signature
        """Return whether the client may authenticate this way; only public clients do so without a secret."""
        return (method == "none") == self.is_public

    def check_response_type(self, response_type: str) -> bool:
        """Return whether the login page may send the client this; it sends codes only."""
        return response_type == "code" and "authorization_code" in self.client.grant_types

    def check_grant_type(self, grant_type: str) -> bool:
        """Return whether the client may use a grant; the password grant ends at a date."""
        if grant_type == "password" and (
            self.client.password_until is None or self.client.password_until <= datetime.now(UTC)
        ):
            return False
        return grant_type in self.client.grant_types


def absolute(uri: str, issuer: str) -> str:
    """Return the redirect URI of a client; that of a page of this program begins with `/` and is below the issuer."""
    return issuer + uri if uri.startswith("/") else uri
