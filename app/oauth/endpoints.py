"""Endpoints: revocation (RFC 7009) and introspection (RFC 7662) of tokens."""

from dataclasses import dataclass
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from app.access.tokens import AUDIENCE, Claims
from app.errors import UnauthenticatedError
from app.oauth.grants import ANY_CLIENT
from app.oauth.registered import SCOPE, Registered
from app.oauth.requests import Request
from app.services import client, login
from app.services.login import Login


class NotRevocableError(OAuth2Error):
    """A token that nothing is kept of: it ends by itself, or with its client."""

    error = "unsupported_token_type"


@dataclass(frozen=True)
class Held:
    """A token that is good now; `claims` None for a refresh token, `login` None for a client's own."""

    client_id: str
    login: Login | None
    claims: Claims | None

    def check_client(self, registered: Registered) -> bool:
        """Tell whether the token was given to the client."""
        return self.client_id == registered.client_id

    def is_expired(self) -> bool:
        """Answer False: an expired token is not found."""
        return False

    def is_revoked(self) -> bool:
        """Answer False: a revoked token is not found."""
        return False


class Revocation(RevocationEndpoint):
    """Ends the log-in that a token belongs to, and with it all tokens of that log-in."""

    CLIENT_AUTH_METHODS = ANY_CLIENT

    def query_token(self, token_string: str, token_type_hint: str | None) -> Held | None:  # noqa: ARG002 - a hint
        """Find the token, whatever the hint says (RFC 7009, 2.1)."""
        return held(self.server, token_string)

    def revoke_token(self, token: Held, request: Request) -> None:  # noqa: ARG002 - authlib's signature
        """End the log-in."""
        if token.login is None:
            raise NotRevocableError
        login.end(self.server.connection, token.login.sid, "revoked")


class Introspection(IntrospectionEndpoint):
    """Tells a client that has a secret about any token: those are the operator's own programs."""

    CLIENT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]  # noqa: RUF012 - an attribute of authlib

    def query_token(self, token_string: str, token_type_hint: str | None) -> Held | None:  # noqa: ARG002 - a hint
        """Find the token, whatever the hint says."""
        return held(self.server, token_string)

    def check_permission(self, token: Held, registered: Registered, request: Request) -> bool:  # noqa: ARG002 - authlib's signature
        """Tell whether the client may ask."""
        return not registered.is_public

    def introspect_token(self, token: Held) -> dict[str, Any]:
        """Describe a token that is good."""
        found, claims = token.login, token.claims
        ends = claims.expires_at if claims else int(found.expires_at.timestamp()) if found else None
        described = {
            "active": True,
            "client_id": token.client_id,
            "sub": str(found.admin_id) if found else token.client_id,
            "username": found.account if found else None,
            "scope": SCOPE,
            "token_type": "Bearer" if claims else None,
            "exp": ends,
            "iss": self.server.tokens.issuer,
            "aud": AUDIENCE if claims else None,
            "jti": claims.jti if claims else None,
        }
        return {name: value for name, value in described.items() if value is not None}


def held(server: Any, token: str) -> Held | None:
    """Find what a token is good for now; None when it is good for nothing."""
    try:
        claims: Claims = server.tokens.verify(token)
    except UnauthenticatedError:
        found = login.of_refresh_token(server.connection, token)
        return None if found is None else Held(found.client_id, found, None)
    if claims.session is None:
        known = client.find(server.connection, claims.client_id)
        return None if known is None else Held(claims.client_id, None, claims)
    found = login.of_session(server.connection, claims.session)
    return None if found is None else Held(claims.client_id, found, claims)
