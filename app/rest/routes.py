"""Routes of the legacy APIs (documents 003 and 000)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.routing import BaseRoute, Route

from app.rest import login
from app.rest.endpoint import endpoint
from app.rest.envelope import legacy_failure
from app.rest.matching import AnyOf
from app.rest.openapi import page
from app.rest.order_endpoint import order_endpoint, order_failure
from app.rest.order_urls import ORDER_URLS
from app.rest.url import Url, by_literals
from app.rest.urls import URLS
from app.web.answering import Answering, Endpoint
from app.web.answers import Face

Row = TypeVar("Row", bound=Url)


def routes() -> list[BaseRoute]:
    """Return the routes: one for each URL of the table, the description, log-in, refresh and log-out of section 2.

    Those of the table come first, because they are asked most. In it literal segments come before parameters: `/a/list`
    is never answered as `/a/{id}`.
    """
    return [
        *map(AnyOf, tables()),
        *page.routes(),
        *(Route(path, answer, methods=["POST"]) for path, (_, answer) in login.URLS.items()),
    ]


def tables() -> list[list[Route]]:
    """Make the routes of both tables."""
    return [table(URLS, endpoint), table(ORDER_URLS, order_endpoint)]


def table(urls: Sequence[Row], endpoint_of: Callable[[Sequence[Row]], Endpoint]) -> list[Route]:
    """Make the routes of a table."""
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for url in urls:
        rows[url.full_path, url.method].append(url)
    return [
        Route(path, Answering(endpoint_of(rows[path, method])), methods=[method])
        for path, method in sorted(rows, key=lambda each: by_literals(each[0]))
    ]


def faces() -> dict[str, Face]:
    """Return how failures are answered at the legacy URLs and below: by the first segments of their paths."""
    of_tables = ((URLS, legacy_failure), (ORDER_URLS, order_failure))
    return {f"/{url.full_path.split('/')[1]}/": face for urls, face in of_tables for url in urls}
