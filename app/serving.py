"""Serving: the web application on a port, with its database watched, until a signal ends it."""

import gc
import ipaddress
import json
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import uvicorn

from app.bulk import demo as demo_world
from app.bulk.progress import Progress
from app.db.embedded import EmbeddedServer
from app.db.opening import Database, opened
from app.errors import OperatorError
from app.main import create_app
from app.settings import Settings

WATCH_SECONDS = 1
GRACE_SECONDS = 30  # for requests that are under way when the program is told to end
BACKLOG = 2048
SHOWN_ACCOUNTS = ["supperadm", "yanggc4", "zhangx"]
TREE_QUERY = '{ org(id: "6419") { name children { name children { name } } } }'
_CONTENT_TYPE = "-H 'content-type: application/json'"
ANY_QUERY = "{ orgs(first: 3) { nodes { id name } } }"


def serve(settings: Settings, *, demo: bool | None, progress: Progress) -> None:
    """Serve until SIGINT or SIGTERM; OperatorError when the port, the data folder or the database cannot be used.

    `demo` None loads the demo world into an empty embedded register only.
    """
    with _listening(settings) as listener, suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with opened(settings) as database:
            if (database.server is not None if demo is None else demo) and _is_empty(database.url):
                demo_world.load(database.url, progress)
            address = f"http://{_for_url(settings.host)}:{listener.getsockname()[1]}"
            welcome = _welcome(address, database)
            with _watched(database.server), _uninterrupted_end():
                _run(_served(settings, database.url, address), listener, welcome)


def _served(settings: Settings, database_url: str, address: str) -> Settings:
    """Fill in what is only known once the database runs and the port is taken."""
    return settings.model_copy(update={"database_url": database_url, "public_url": settings.public_url or address})


class _Server(uvicorn.Server):
    """Uvicorn that says when it is ready."""

    def __init__(self, config: uvicorn.Config, welcome: str) -> None:
        super().__init__(config)
        self._welcome = welcome

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _spare_collector()
        sys.stdout.write(self._welcome)
        sys.stdout.flush()


def _spare_collector() -> None:
    """Leave what lives as long as the program out of garbage collection, and collect less often.

    An answer is a tree of some ten thousand dicts without a cycle: with Python's own thresholds a fifth of the time of
    a large query goes into looking at them again and again, and a health probe waits for it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _run(settings: Settings, listener: socket.socket, welcome: str) -> None:
    config = uvicorn.Config(
        create_app(settings),
        loop="uvloop",
        http="httptools",
        lifespan="on",
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _Server(config, welcome).run(sockets=[listener])


def _listening(settings: Settings) -> socket.socket:
    """Take the port before anything slow is done."""
    host, port = settings.host, settings.port
    if not _is_loopback(host) and not settings.require_login:
        message = (
            f"requests need no login, so only loopback addresses are served, not {host}; see CADASTRE_REQUIRE_LOGIN"
        )
        raise OperatorError(message)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        message = f"port {port} of {host} cannot be used ({error.strerror}); choose another with --port, 0 for any"
        raise OperatorError(message) from error


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _for_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        return connection.execute("select from org limit 1").fetchone() is None


@contextmanager
def _watched(server: EmbeddedServer | None) -> Iterator[None]:
    """Start the embedded server again whenever it dies."""
    if server is None:
        yield
        return
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(server, ended), name="database watch", daemon=True)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()


def _watch(server: EmbeddedServer, ended: threading.Event) -> None:
    told = ""
    while not ended.wait(WATCH_SECONDS):
        try:
            news = "the embedded PostgreSQL had died and was started again" if server.revive() else ""
        except (OperatorError, OSError) as error:
            news = str(error)
        if news and news != told:
            sys.stderr.write(f"cadastre: {news}\n")
        told = news


@contextmanager
def _uninterrupted_end() -> Iterator[None]:
    """Once the server has ended, let no further signal keep the database from being stopped well."""
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)


def _welcome(address: str, database: Database) -> str:
    accounts = _accounts(database.url)
    body = json.dumps({"query": TREE_QUERY if accounts else ANY_QUERY})
    rows = {
        "GraphQL": f"{address}/graphql",
        "Health": f"{address}/healthz  {address}/readyz",
        "Database": _place(database),
        "Accounts": f"{accounts}; password {demo_world.PASSWORD}" if accounts else "none of the demo world",
    }
    lines = [
        f"Cadastre serves {address} (Ctrl-C ends it)",
        *(f"  {name:<9} {value}" for name, value in rows.items()),
        "",
        "An access token, for two hours:",
        f"  {_token_line(address)}",
        "",
        "A first query:",
        f"  curl -s {address}/graphql -H \"authorization: Bearer $TOKEN\" {_CONTENT_TYPE} -d '{body}'",
    ]
    return "\n".join([*lines, ""])


def _token_line(address: str) -> str:
    """Write the line that puts an access token of the super administrator into a variable of the shell."""
    form = f"-d grant_type=password -d client_id=h5-client -d username=supperadm -d password={demo_world.PASSWORD}"
    return f'TOKEN=$(curl -s {address}/oauth/token {form} | sed \'s/.*"access_token": *"\\([^"]*\\)".*/\\1/\')'


def _place(database: Database) -> str:
    if database.server is not None:
        return f"embedded PostgreSQL in {database.server.data_dir}"
    where = psycopg.conninfo.conninfo_to_dict(database.url)
    return f"{where.get('host', 'localhost')}/{where.get('dbname', '')}"


def _accounts(url: str) -> str:
    """Name the demo accounts that are there."""
    query = "select job_number, name, is_super from admin where job_number = any(%s) order by is_super desc, job_number"
    with psycopg.connect(url) as connection:
        rows = connection.execute(query, [SHOWN_ACCOUNTS]).fetchall()
    return ", ".join(
        f"{account} ({name}{', super administrator' if is_super else ''})" for account, name, is_super in rows
    )
