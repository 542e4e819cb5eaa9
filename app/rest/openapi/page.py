"""Page: the description of the legacy API as JSON, and as a page of Swagger UI without outside addresses.

Swagger UI comes with the package offapi, of which only the files are read. The policy of the page (CSP) lets it run its
own scripts and ask its own program only.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from app.build import VERSION
from app.rest.openapi.document import document
from app.web.answering import Endpoint

FILES: Mapping[str, tuple[str, str, str]] = {
    "swagger-ui.js": ("offapi", "swagger_bundle.js", "text/javascript"),
    "swagger-ui.css": ("offapi", "swagger_style.css", "text/css"),
    "start.js": ("app.rest.openapi", "start.js", "text/javascript"),
}
"""The files of the page below /docs/: the package of each, its name there, and its media type."""

PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cadastre 主数据旧接口</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div><script src="docs/swagger-ui.js"></script><script src="docs/start.js"></script></body>
</html>
"""

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}
"""Swagger UI writes styles into its elements; all else comes from files."""

KEPT = {"cache-control": "public, max-age=3600", "etag": f'"{VERSION}"'}
"""The description and the files change with the program only."""


async def page(_: HttpRequest) -> Response:
    """Answer the page."""
    return HTMLResponse(PAGE, headers=HEADERS)


async def description(_: HttpRequest) -> Response:
    """Answer the description."""
    content_ = await run_in_threadpool(content)  # the first time it takes a third of a second
    return Response(content_, headers=KEPT, media_type="application/json")


@cache
def content() -> bytes:
    """Return the description as JSON."""
    return orjson.dumps(document())


def file(package: str, name: str, media_type: str) -> Endpoint:
    """Make the endpoint of a file."""

    async def answer(_: HttpRequest) -> Response:
        return Response(content_of(package, name), headers=KEPT, media_type=media_type)

    return answer


@cache
def content_of(package: str, name: str) -> bytes:
    """Read a file of a package."""
    return (resources.files(package) / name).read_bytes()


def routes() -> list[BaseRoute]:
    """Return the routes of the description and of its page."""
    return [
        Route("/openapi.json", description),
        Route("/docs", page),
        *(Route(f"/docs/{name}", file(*where)) for name, where in FILES.items()),
    ]
