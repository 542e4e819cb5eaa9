"""Routes of the legacy API (document 003)."""

from collections import defaultdict

from starlette.routing import BaseRoute, Route

from app.rest import login
from app.rest.endpoint import endpoint
from app.rest.envelope import legacy_failure
from app.rest.openapi import page
from app.rest.url import Url, by_literals
from app.rest.urls import URLS
from app.web.answers import Face


def routes() -> list[BaseRoute]:
    """Return the routes: the description, log-in, refresh and log-out of section 2, and one for each URL of the table.

    Literal segments come before parameters: `/a/list` is never answered as `/a/{id}`.
    """
    rows: dict[tuple[str, str], list[Url]] = defaultdict(list)
    for url in URLS:
        rows[url.full_path, url.method].append(url)
    return [
        *page.routes(),
        *(Route(path, answer, methods=["POST"]) for path, (_, answer) in login.URLS.items()),
        *(
            Route(path, endpoint(rows[path, method]), methods=[method])
            for path, method in sorted(rows, key=lambda each: by_literals(each[0]))
        ),
    ]


def faces() -> dict[str, Face]:
    """Return how failures are answered at the legacy URLs and below: by the first segments of their paths."""
    return {f"/{url.full_path.split('/')[1]}/": legacy_failure for url in URLS}
