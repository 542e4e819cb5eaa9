"""Routes of the legacy API (document 003)."""

from collections import defaultdict

from starlette.routing import BaseRoute, Route

from app.rest import login
from app.rest.endpoint import endpoint
from app.rest.envelope import legacy_failure
from app.rest.matching import AnyOf
from app.rest.openapi import page
from app.rest.url import Url, by_literals
from app.rest.urls import URLS
from app.web.answers import Face


def routes() -> list[BaseRoute]:
    """Return the routes: one for each URL of the table, the description, log-in, refresh and log-out of section 2.

    Those of the table come first, because they are asked most. In it literal segments come before parameters: `/a/list`
    is never answered as `/a/{id}`.
    """
    return [
        *(AnyOf(of_method) for of_method in table().values()),
        *page.routes(),
        *(Route(path, answer, methods=["POST"]) for path, (_, answer) in login.URLS.items()),
    ]


def table() -> dict[str, list[Route]]:
    """Make the routes of the table by their methods."""
    rows: dict[tuple[str, str], list[Url]] = defaultdict(list)
    for url in URLS:
        rows[url.full_path, url.method].append(url)
    made: dict[str, list[Route]] = defaultdict(list)
    for path, method in sorted(rows, key=lambda each: by_literals(each[0])):
        made[method].append(Route(path, endpoint(rows[path, method]), methods=[method]))
    return made


def faces() -> dict[str, Face]:
    """Return how failures are answered at the legacy URLs and below: by the first segments of their paths."""
    return {f"/{url.full_path.split('/')[1]}/": legacy_failure for url in URLS}
