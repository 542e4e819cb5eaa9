"""Page: the Explorer and the register browser, as scripts/explorer has built them from app/explorer/web.

The policy of the page (CSP) lets it load files of its own program and ask its own program only. Monaco, the editor,
writes styles into its elements. The pages keep their tokens in memory, so a page of another site cannot use them.
"""

from functools import partial
from json import loads
from pathlib import Path

from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.errors import UrlNotFoundError
from app.explorer.examples import EXAMPLES
from app.web.media_types import accept_of

BUILD = Path(__file__).parent / "build"
"""What scripts/explorer writes: both pages, the folder `explorer` with their files, and their documents."""

HEADERS = {
    "content-security-policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}

KEPT = {"cache-control": "public, max-age=31536000, immutable"}
"""The name of a file has the hash of its content."""

NOT_BUILT = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>Cadastre Explorer</title><link rel="icon" href="data:,"></head>
<body><h1>Explorer</h1>
<p>本页面尚未构建：请在源码目录运行 <code>scripts/explorer</code>（需要访问 npm 仓库），然后刷新。
GraphQL 接口不受影响。</p>
<p>This page is not built yet. Run <code>scripts/explorer</code> in the checkout and reload. It needs npm's registry.
GraphQL works without it.</p></body></html>
"""


async def page(_: HttpRequest, build: Path, name: str) -> Response:
    """Answer a page, or how to build it."""
    file = build / name
    if not file.exists():
        return HTMLResponse(NOT_BUILT, 503, HEADERS)
    return FileResponse(file, headers=HEADERS, media_type="text/html")


async def home(http: HttpRequest) -> Response:
    """Lead browsers to the page; UrlNotFoundError for all others. The address is relative: a proxy may add a prefix."""
    if "text/html" not in accept_of(http):
        raise UrlNotFoundError
    return RedirectResponse("explorer", 302)


async def examples(_: HttpRequest) -> Response:
    """Answer the examples."""
    return JSONResponse([example._asdict() for example in EXAMPLES])


class Files(StaticFiles):
    """Files that browsers may keep."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a file."""
        response = await super().get_response(path, scope)
        response.headers.update(KEPT)
        return response


def documents(build: Path = BUILD) -> dict[str, str]:
    """Return the documents of the pages by their hashes; none where the pages are not built."""
    file = build / "documents.json"
    return dict(loads(file.read_text("utf-8"))) if file.exists() else {}


def routes(build: Path = BUILD) -> list[BaseRoute]:
    """Return the routes of the pages, the examples and their files."""
    return [
        Route("/", home),
        Route("/explorer", partial(page, build=build, name="index.html")),
        Route("/explorer/register", partial(page, build=build, name="register/index.html")),
        Route("/explorer/examples.json", examples),
        Mount("/explorer", Files(directory=build / "explorer", check_dir=False)),
    ]
