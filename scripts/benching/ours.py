"""Cadastre: the served program, and the same application in this process without HTTP."""

import asyncio
import os
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import uvloop
from starlette.applications import Starlette

from app.main import create_app
from app.processes.worker import tune
from app.settings import Settings
from benching.data import Data
from benching.server import Server, line_with, running

ROOT = Path(__file__).parent.parent.parent
POOL_SIZE = Settings.model_fields["pool_size"].default
Message = dict[str, Any]


@contextmanager
def ours(data: Data, folder: Path, **settings: str) -> Iterator[Server]:
    """Run `cadastre serve` on the data, without a log of requests, which the peer does not have."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CADASTRE_")}
    chosen = {"CADASTRE_DATABASE_URL": data.url, "CADASTRE_DATA_DIR": str(folder), "CADASTRE_REQUIRE_LOGIN": "false"}
    chosen |= {
        "CADASTRE_ACCESS_LOG": "false",
        **{f"CADASTRE_{name.upper()}": value for name, value in settings.items()},
    }
    command = [sys.executable, "-m", "app.commands.main", "serve", "--port", "0"]
    with running(command, ROOT, {**inherited, **chosen}) as process:
        address = re.search(r"http://[^/]*:(\d+)/graphql", line_with(process, "/graphql"))
        yield Server("Cadastre", int(address[1]) if address else 0, process)


class Inside:
    """The application in this process: bytes of a request in, bytes of the answer out."""

    def __init__(self, loop: asyncio.AbstractEventLoop, app: Starlette) -> None:
        self._loop = loop
        self._app = app

    def answer(self, body: bytes) -> bytes:
        """Return the body of the answer to a request."""
        return self._loop.run_until_complete(self._answer(body))

    async def _answer(self, body: bytes) -> bytes:
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        await self._app(scope_of(body), receive, send)
        return b"".join(message.get("body", b"") for message in sent)


def scope_of(body: bytes) -> Message:
    """Return the ASGI scope of a request."""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }


@contextmanager
def inside(data: Data, folder: Path, *, compiled: bool) -> Iterator[Inside]:
    """Run the application in this process as `ours` does in its own, with compiled plans or under graphql-core."""
    chosen = {"database_url": data.url, "data_dir": folder, "require_login": False, "access_log": False}
    settings = Settings(**chosen, compiled=compiled)
    app = create_app(settings)
    loop = uvloop.new_event_loop()  # asyncio.Runner would build the repr of each result
    lifespan = app.router.lifespan_context(app)
    with closing(loop):
        loop.run_until_complete(lifespan.__aenter__())
        tune()
        try:
            yield Inside(loop, app)
        finally:
            loop.run_until_complete(lifespan.__aexit__(None, None, None))
