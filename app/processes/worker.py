"""A process that answers requests: the whole program, or one of several workers."""

import asyncio
import gc
import math
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from types import FrameType
from typing import cast

import uvicorn
from starlette.applications import Starlette

from app import logs
from app.main import create_app
from app.processes.connection import Connection
from app.processes.connections import Connections, limits_of
from app.processes.websocket import WebSocket
from app.settings import Settings

GRACE_SECONDS = 30
"""How long running requests may take after the port is closed."""

LARGEST_MESSAGE = 1 << 20
"""Most bytes of a message on a WebSocket, as of the body of a GraphQL request."""

START_SECONDS = 60
"""How long a worker may take to start, or not react, before it is replaced."""


class ServerConfig(uvicorn.Config):
    """Uvicorn's configuration, with the limits of connections; it can be sent to another process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__(
            partial(application, settings),
            factory=True,
            loop="uvloop",
            http="httptools",
            ws="websockets-sansio",
            ws_max_size=LARGEST_MESSAGE,
            ws_per_message_deflate=False,
            lifespan="on",
            server_header=False,
            forwarded_allow_ips=settings.trusted_proxies,
            access_log=False,
            log_config=None,
            timeout_keep_alive=math.ceil(settings.idle_seconds),
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_worker_healthcheck=START_SECONDS,
            workers=settings.workers,
        )

    def load(self) -> None:
        """Load the application, in the process that answers requests."""
        super().load()
        connections = Connections(limits_of(self._settings))
        self.http_protocol_class = partial(Connection, connections=connections)  # type: ignore[assignment]
        self.ws_protocol_class = partial(WebSocket, connections=connections)  # type: ignore[assignment]


def application(settings: Settings) -> Starlette:
    """Make the application of this process, with its logs."""
    logs.configure(settings.log_format)
    app = create_app(settings, log=logs.access_log(settings.log_format, only_errors=not settings.access_log))
    opened = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        logs.hide_task_errors(asyncio.get_running_loop())
        async with opened(app):
            _end_with_parent()
            _drain_first(app, settings.drain_seconds)
            tune()
            yield

    app.router.lifespan_context = lifespan
    return app


def _drain_first(app: Starlette, seconds: float) -> None:
    """At SIGTERM make `/readyz` answer 503, and close the port `seconds` later, when load balancers have noticed."""
    loop = asyncio.get_running_loop()
    stop = cast("Callable[[int, FrameType | None], None]", signal.getsignal(signal.SIGTERM))  # uvicorn's

    def drain(number: int, frame: FrameType | None) -> None:
        app.state.is_draining = True
        loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, frame)

    signal.signal(signal.SIGTERM, drain)


def _end_with_parent() -> None:
    """End this worker when its parent was killed; otherwise it would serve on, and keep the port."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


def tune() -> None:
    """Set what Python's interpreter does for a server: how often it collects garbage and changes between threads."""
    _collect_less()
    sys.setswitchinterval(0.0005)  # five milliseconds by default: the event loop waits so long behind a busy thread


def _collect_less() -> None:
    """Exempt the objects made so far from garbage collection, and collect less often.

    An answer is a tree of about ten thousand dicts without a cycle. With Python's own thresholds the collector visits
    them again and again: a fifth of the time of a large query, during which a health probe waits.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
