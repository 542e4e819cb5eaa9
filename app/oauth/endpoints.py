"""Revocation (RFC 7009) and introspection (RFC 7662) of tokens."""

from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from app.access.tokens import AUDIENCE, SCOPE, Claims
from app.errors import UnauthenticatedError
from app.oauth.registered_client import AUTH_METHODS, SECRET_METHODS, RegisteredClient
from app.oauth.requests import OAuthRequest
from app.services.client import find_client
from app.services.login import Login, end_login, login_of_refresh_token, login_of_session


class NotRevocableError(OAuth2Error):
    """The token belongs to no log-in: it ends at its expiry, or when its client is disabled."""

    error = "unsupported_token_type"


@dataclass(frozen=True)
class ValidToken:
    """A token that is valid now."""

    client_id: str

    login: Login | None
    """None for a client's own token."""

    claims: Claims | None
    """None for a refresh token."""

    def check_client(self, client: RegisteredClient) -> bool:
        """Return whether the token was issued to the client."""
        return self.client_id == client.client_id

    def is_expired(self) -> bool:
        """Return False: expired tokens are not found."""
        return False

    def is_revoked(self) -> bool:
        """Return False: revoked tokens are not found."""
        return False


class Revocation(RevocationEndpoint):
    """Ends the log-in that a token belongs to, and with it every token of that log-in."""

    CLIENT_AUTH_METHODS = AUTH_METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> ValidToken | None:  # noqa: ARG002 - a hint
        """Find the token; the hint may be wrong (RFC 7009, 2.1)."""
        return find_token(self.server, token_string)

    def revoke_token(self, token: ValidToken, request: OAuthRequest) -> None:  # noqa: ARG002 - authlib's signature
        """End the log-in."""
        if token.login is None:
            raise NotRevocableError
        end_login(self.server.connection, token.login.sid, "revoked")


class Introspection(IntrospectionEndpoint):
    """Describes any token to clients with a secret, which are the operator's own programs."""

    CLIENT_AUTH_METHODS = SECRET_METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> ValidToken | None:  # noqa: ARG002 - a hint
        """Find the token."""
        return find_token(self.server, token_string)

    def check_permission(self, token: ValidToken, client: RegisteredClient, request: OAuthRequest) -> bool:  # noqa: ARG002 - authlib's signature
        """Return whether the client may ask."""
        return not client.is_public

    def introspect_token(self, token: ValidToken) -> dict[str, Any]:
        """Describe a valid token (RFC 7662, 2.2)."""
        login, claims = token.login, token.claims
        expiry = claims.expires_at if claims else int(login.expires_at.timestamp()) if login else None
        description = {
            "active": True,
            "client_id": token.client_id,
            "sub": str(login.admin_id) if login else token.client_id,
            "username": login.account if login else None,
            "scope": SCOPE,
            "token_type": "Bearer" if claims else None,
            "exp": expiry,
            "iss": self.server.tokens.issuer,
            "aud": AUDIENCE if claims else None,
            "jti": claims.jti if claims else None,
        }
        return {name: value for name, value in description.items() if value is not None}


def find_token(server: Any, token: str) -> ValidToken | None:
    """Find an access token or a refresh token; None when it is not valid."""
    connection = server.connection
    try:
        claims: Claims = server.tokens.verify(token)
    except UnauthenticatedError:
        login = login_of_refresh_token(connection, token)
        return None if login is None else ValidToken(login.client_id, login, None)
    if claims.session is None:
        client = find_client(connection, claims.client_id)
        is_current = client is not None and client.token_version == claims.token_version
        return ValidToken(claims.client_id, None, claims) if is_current else None
    login = login_of_session(connection, claims.session)
    return None if login is None else ValidToken(claims.client_id, login, claims)
