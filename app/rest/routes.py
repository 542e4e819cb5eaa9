"""Routes of the legacy API (document 003)."""

from starlette.routing import BaseRoute, Route

from app.rest.login import authen, enveloped, logout, refresh


def routes() -> list[BaseRoute]:
    """Give the routes: log-in, refresh and log-out of section 2."""
    return [
        Route("/v1/user/authen", enveloped(authen), methods=["POST"]),
        Route("/v1/oauth/token", enveloped(refresh), methods=["POST"]),
        Route("/v1/iot/main/user/logout/{appId}", enveloped(logout), methods=["POST"]),
    ]
