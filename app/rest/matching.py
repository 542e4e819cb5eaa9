"""Matching: finds the route of a path among many by one regular expression.

Starlette tries one route after the other, which takes a tenth of a millisecond for ninety routes.
"""

import re
from collections.abc import Sequence

from starlette._utils import get_route_path
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

NAMED = re.compile(r"\(\?P<\w+>")


class AnyOf(BaseRoute):
    """Several routes of one method as one; the first whose path matches answers."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes = routes
        paths = (NAMED.sub("(?:", route.path_regex.pattern) for route in routes)
        self._path = re.compile("|".join(f"({path})" for path in paths))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Find the route. The request is then that of this route, and so is its path in metrics."""
        found = self._path.match(get_route_path(scope)) if scope["type"] == "http" else None
        if found is None or found.lastindex is None:
            return Match.NONE, {}
        route = self.routes[found.lastindex - 1]
        match, child_scope = route.matches(scope)
        return match, {**child_scope, "route": route}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route answer."""
        await scope["route"].handle(scope, receive, send)
