"""The web application: the only module that may import every package."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import psycopg
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from app.access.callers import Callers
from app.access.keys import KeyRing
from app.access.tokens import Tokens
from app.build import VERSION
from app.db.migrating import STATE, head, serves
from app.db.pool import Pool
from app.db.rights import RightsListener
from app.db.transaction import Listener
from app.declarations.resolvers import core_schema
from app.errors import RequestError, UnavailableError
from app.events.parking import COUNT as PARKED
from app.execution.execution import Execution
from app.explorer import page as explorer
from app.graphql.schema import schema
from app.http.graphql import graphql
from app.http.websocket import websocket
from app.logs import AccessLog
from app.metrics.pools import sample_pools
from app.metrics.reading import check_reader
from app.metrics.registry import exposed
from app.oauth import routes as oauth
from app.oauth.http import oauth_failure
from app.oauth.login_page import page_failure
from app.oauth.login_workers import LoginWorkers
from app.oauth.metadata import AUTHORIZE
from app.rest import routes as rest
from app.settings import Settings
from app.tasks import push_delivery, relay_of, running, webhooks_of
from app.web.answering import Answering
from app.web.client_origins import ClientOrigins
from app.web.compression import Compression
from app.web.cors import Cors
from app.web.failures import Failures, pass_on
from app.web.requests import Requests

PROBE_SECONDS = 2
"""How long a probe waits for the database."""


class NotMigratedError(RequestError):
    """The database is at another revision than this program."""

    code = "NOT_MIGRATED"


class EndingError(RequestError):
    """The program answers the requests that still come, and ends."""

    code = "ENDING"


def create_app(
    settings: Settings,
    listener: Listener | None = None,
    clock: Callable[[], float] = time.monotonic,
    log: AccessLog | None = None,
) -> Starlette:
    """Make the application for the database of `settings.database_url`.

    `listener` is called with every statement. `clock` measures how long callers are cached. `log` is the log of
    requests.
    """
    pool = Pool(
        settings.database_url or "",
        settings.pool_size,
        listener,
        settings.pool_timeout,
        request_url=settings.request_database_url,
        share=settings.pool_share,
        may_prepare=settings.prepared_statements,
    )
    callers, origins = Callers(pool, clock, settings.deadline), ClientOrigins(pool, clock)

    def hear(announcement: str) -> None:
        callers.hear(announcement)
        if not announcement:
            origins.forget()

    pool.hear = hear
    rights = RightsListener(settings.listen_url or settings.database_url or "", hear, callers.set_listening)
    tokens = Tokens(KeyRing(settings.keys_folder), settings.issuer)
    workers = LoginWorkers(settings, tokens, hear)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        workers.open()
        await pool.open()
        execution = app.state.execution
        background = [
            sample_pools({**pool.pools(), **workers.pools()}),
            rights.run(),
            push_delivery(settings).run(),
            webhooks_of(settings, pool, callers, execution.selections).run(),
            *([relay_of(settings).run()] if settings.kafka_relay else []),
            execution.feed.run(),
        ]
        async with running(background):
            await rights.started()
            yield
        await pool.close()
        await workers.close()

    readable = partial(metrics, token=settings.metrics_token)
    routes = [
        Route("/graphql", Answering(graphql), methods=["GET", "POST"]),
        WebSocketRoute("/graphql", websocket),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        *([] if settings.metrics_port is not None else [Route("/metrics", readable)]),
        *rest.routes(),
        *oauth.routes(),
        *explorer.routes(),
    ]
    middleware = [
        Middleware(Requests, log=log),
        Middleware(Cors, origins=settings.cors_origins, clients=origins, excluded=NOT_FOR_PAGES, own=settings.issuer),
        Middleware(Compression, plain=UNCOMPRESSED),
        Middleware(Failures, faces=FACES, deadline=settings.deadline),
    ]
    app = Starlette(
        routes=routes, lifespan=lifespan, middleware=middleware, exception_handlers={HTTPException: pass_on}
    )
    app.router.redirect_slashes = False  # a redirect has no error code, and behind a proxy leads to http
    app.state.revision = head()
    app.state.is_draining = False
    app.state.pool, app.state.callers = pool, callers
    app.state.tokens, app.state.login_workers = tokens, workers
    app.state.execution = Execution(core_schema(schema), pool, settings, explorer.documents())
    return app


async def healthz(_: Request) -> Response:
    """Answer 200 and the version while the process runs."""
    return JSONResponse({"status": "ok", "version": VERSION})


async def readyz(request: Request) -> Response:
    """Answer 200 when every pool reaches the database and it serves this program, otherwise 503 with the reason.

    A program that is about to end answers 503, so that load balancers send it no more requests.
    """
    if request.app.state.is_draining:
        raise EndingError
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            pool, workers = request.app.state.pool, request.app.state.login_workers
            state, parked, *_ = await asyncio.gather(state_of(pool), parked_of(pool), pool.check(), workers.check())
    except psycopg.errors.UndefinedTable as error:
        raise NotMigratedError from error
    except TimeoutError as error:
        raise UnavailableError(error) from error
    if not serves(request.app.state.revision, state):
        raise NotMigratedError
    return JSONResponse({"status": "ok"} | ({"parkedEvents": parked} if parked else {}))


async def parked_of(pool: Pool) -> int:
    """Return how many events are parked: no reason to get no requests, but one to look (`cadastre events`)."""
    async with pool.reading_as_owner() as reading:
        return int((await reading.run(PARKED))[0][0])


async def state_of(pool: Pool) -> list[tuple[str, str]]:
    """Return the revision of the database, and the older ones whose programs it still serves."""
    async with pool.reading_as_owner() as reading:
        return [(revision, older) for revision, older in await reading.run(STATE)]


def unready(_: Request, error: RequestError) -> Response:
    """Answer why the process should get no requests now: the database cannot be used."""
    body = {"status": "unready", "code": error.code, "reason": str(error)}
    return JSONResponse(body, error.kind.status, error.headers)


async def metrics(request: Request, token: SecretStr | None = None) -> Response:
    """Answer the metrics of all processes in Prometheus' format, to those who may read them."""
    check_reader(request, token)
    return Response(generate_latest(exposed()), media_type=CONTENT_TYPE_PLAIN_0_0_4)


NOT_FOR_PAGES = (AUTHORIZE, "/metrics")
"""Paths that pages of other origins may not read: only the log-in page itself sends its form."""

UNCOMPRESSED = ("/oauth/", "/v1/user/", "/v1/oauth/")
"""Beginnings of the paths whose answers contain tokens, or the random number of the log-in page."""

FACES = {
    AUTHORIZE: page_failure,
    "/oauth/": oauth_failure,
    "/.well-known/": oauth_failure,
    "/readyz": unready,
    **rest.faces(),
}
"""How failures are answered at these URLs; all others answer in the format of GraphQL."""
