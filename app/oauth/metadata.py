"""Metadata: the description of the authorization server that clients can discover (RFC 8414)."""

from typing import Any

from app.access.tokens import SCOPE
from app.oauth.registered_client import AUTH_METHODS, SECRET_METHODS
from app.services.client import GRANTS

AUTHORIZE, TOKEN, REVOKE, INTROSPECT, JWKS = (
    f"/oauth/{name}" for name in ("authorize", "token", "revoke", "introspect", "jwks")
)
WELL_KNOWN = "/.well-known/oauth-authorization-server"


def metadata(issuer: str) -> dict[str, Any]:
    """Describe the authorization server of an issuer."""
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + AUTHORIZE,
        "token_endpoint": issuer + TOKEN,
        "jwks_uri": issuer + JWKS,
        "scopes_supported": [SCOPE],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS),
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "revocation_endpoint": issuer + REVOKE,
        "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
        "introspection_endpoint": issuer + INTROSPECT,
        "introspection_endpoint_auth_methods_supported": SECRET_METHODS,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }
