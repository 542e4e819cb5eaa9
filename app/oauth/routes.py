"""Routes of the authorization server."""

from starlette.routing import BaseRoute, Route

from app.oauth.http import introspect, jwks, revoke, token, well_known
from app.oauth.login_page import authorize
from app.oauth.metadata import AUTHORIZE, INTROSPECT, JWKS, REVOKE, TOKEN, WELL_KNOWN


def routes() -> list[BaseRoute]:
    """List the routes of OAuth 2."""
    return [
        Route(AUTHORIZE, authorize, methods=["GET", "POST"]),
        Route(TOKEN, token, methods=["POST"]),
        Route(REVOKE, revoke, methods=["POST"]),
        Route(INTROSPECT, introspect, methods=["POST"]),
        Route(JWKS, jwks, methods=["GET"]),
        Route(WELL_KNOWN, well_known, methods=["GET"]),
    ]
