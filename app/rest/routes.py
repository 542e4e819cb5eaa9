"""Routes of the legacy API (document 003)."""

from starlette.routing import BaseRoute, Route

from app.rest.login import authen, logout, refresh


def routes() -> list[BaseRoute]:
    """Return the routes: log-in, refresh and log-out of section 2."""
    return [
        Route("/v1/user/authen", authen, methods=["POST"]),
        Route("/v1/oauth/token", refresh, methods=["POST"]),
        Route("/v1/iot/main/user/logout/{appId}", logout, methods=["POST"]),
    ]
