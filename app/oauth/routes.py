"""Routes of the authorization server, and what they need of the application."""

from starlette.routing import BaseRoute, Route

from app.access.keys import KeyRing
from app.access.tokens import Tokens
from app.oauth.http import guarded, introspect, jwks, revoke, token, well_known
from app.oauth.login_page import authorize
from app.oauth.metadata import AUTHORIZE, INTROSPECT, JWKS, REVOKE, TOKEN, WELL_KNOWN
from app.oauth.office import Office
from app.settings import Settings


def office_of(settings: Settings) -> Office:
    """Make the office for `app.state.office`; it is opened and closed with the application.

    Makes the signing keys on the first start; OperatorError when their folder cannot be used.
    """
    tokens = Tokens(KeyRing(settings.keys_folder), settings.issuer)
    return Office(settings.database_url or "", tokens, settings)


def routes() -> list[BaseRoute]:
    """Give the routes of OAuth 2."""
    return [
        Route(AUTHORIZE, guarded(authorize), methods=["GET", "POST"]),
        Route(TOKEN, guarded(token), methods=["POST"]),
        Route(REVOKE, guarded(revoke), methods=["POST"]),
        Route(INTROSPECT, guarded(introspect), methods=["POST"]),
        Route(JWKS, guarded(jwks), methods=["GET"]),
        Route(WELL_KNOWN, guarded(well_known), methods=["GET"]),
    ]
