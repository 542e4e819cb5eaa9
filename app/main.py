"""The web application: the only module that sees every room."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.access.callers import Callers
from app.db.migrating import head
from app.db.pool import Pool
from app.db.transaction import Listener
from app.declarations.resolvers import core_schema
from app.errors import UnavailableError
from app.execution.execution import Execution
from app.execution.metrics import metrics
from app.graphql.schema import schema
from app.http.graphql import graphql
from app.oauth import routes as oauth
from app.rest import routes as rest
from app.settings import Settings


def create_app(
    settings: Settings, listener: Listener | None = None, clock: Callable[[], float] = time.monotonic
) -> Starlette:
    """Make the application for the database of `settings.database_url`.

    `listener` is called with every statement. `clock` decides when remembered callers are asked for again.
    """
    pool = Pool(settings.database_url or "", settings.pool_size, listener)
    office = oauth.office_of(settings)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        office.open()
        await pool.open()
        yield
        await pool.close()
        await office.close()

    routes = [
        Route("/graphql", graphql, methods=["GET", "POST"]),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        *oauth.routes(),
        *rest.routes(),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: not_found, 405: not_allowed})
    app.state.pool, app.state.office, app.state.callers = pool, office, Callers(pool, clock)
    app.state.execution = Execution(core_schema(schema), pool, settings)
    return app


async def healthz(_: Request) -> Response:
    """Answer while the process lives."""
    return JSONResponse({"status": "ok"})


async def readyz(request: Request) -> Response:
    """Answer 200 only when the database is reachable and migrated, otherwise 503 with the reason."""
    try:
        async with request.app.state.pool.reading_as_owner() as reading:
            rows = await reading.run("select version_num from alembic_version")
    except UnavailableError as error:
        return unready(str(error))
    if [row[0] for row in rows] != [head()]:
        return unready("the database is not at the newest migration; run `cadastre migrate`")
    return JSONResponse({"status": "ok"})


def unready(reason: str) -> Response:
    """Say why the process should get no requests now."""
    return JSONResponse({"status": "unready", "reason": reason}, 503, {"retry-after": "2"})


async def not_found(_: Request, __: Exception) -> Response:
    """Answer an unknown URL."""
    return JSONResponse({"errors": [{"message": "there is nothing at this URL; GraphQL is at /graphql"}]}, 404)


async def not_allowed(_: Request, error: Exception) -> Response:
    """Answer a method that a URL does not have."""
    return JSONResponse({"errors": [{"message": "method not allowed"}]}, 405, getattr(error, "headers", None))
