"""The running program: the web application on a port, in one process or in several, and its embedded database.

The first process binds the port, starts the database and watches it. It stops the database last.
"""

import ipaddress
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import uvicorn

from app import logs
from app.access.keys import KeyRing
from app.bulk.demo import load_into
from app.bulk.progress import Progress
from app.db.connecting import connect
from app.db.embedded import EmbeddedServer
from app.db.opening import Register, opened
from app.db.pooler import require_prepared_statements
from app.errors import OperatorError
from app.metrics.port import metrics_port
from app.processes.supervisor import Supervisor, shared_metrics
from app.processes.worker import config_of
from app.settings import Settings

LOG = logging.getLogger("cadastre.database")

WATCH_SECONDS = 1
BACKLOG = 2048
DEMO_ACCOUNTS = ["supperadm", "yanggc4", "zhangx"]

ACCOUNTS = """
select account, name, is_super from admin where account = any(%s) order by is_super desc, account
"""


class Ready(NamedTuple):
    """A program that answers requests."""

    address: str
    register: Register
    demo_accounts: list[str]
    """The demo accounts that exist, with their names."""


def serve(settings: Settings, *, demo: bool | None, progress: Progress, on_ready: Callable[[Ready], None]) -> None:
    """Serve until SIGINT or SIGTERM; OperatorError when the port, the data folder or the database cannot be used.

    `demo` loads the demo world into an empty register; None does so into the embedded one only. `on_ready` is called
    when requests are answered.
    """
    logs.configure(settings.log_format)
    with _listening(settings) as listener, suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with opened(settings, may_create=True) as register:
            if settings.prepared_statements:
                require_prepared_statements(register.url)
            accounts = _prepare(register, demo=register.server is not None if demo is None else demo, progress=progress)
            ready = Ready(f"http://{_in_url(settings.host)}:{listener.getsockname()[1]}", register, accounts)
            with _watched(register.server), _uninterrupted_end():
                _run(_complete(settings, ready), listener, lambda: on_ready(ready))


def _prepare(register: Register, *, demo: bool, progress: Progress) -> list[str]:
    """Load the demo world if the register is empty, and return the demo accounts."""
    with connect(register.url) as connection:
        if demo and connection.execute("select from org limit 1").fetchone() is None:
            load_into(connection, progress)
        rows = connection.execute(ACCOUNTS, [DEMO_ACCOUNTS]).fetchall()
    return [f"{account} ({name}{', super administrator' if is_super else ''})" for account, name, is_super in rows]


def _complete(settings: Settings, ready: Ready) -> Settings:
    """Add what is known only once the database runs and the port is bound."""
    public_url = settings.public_url or ready.address
    return settings.model_copy(update={"database_url": ready.register.url, "public_url": public_url})


class _Server(uvicorn.Server):
    """Uvicorn that calls a function when it answers requests."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()


def _run(settings: Settings, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Answer requests, in this process or in several workers, until a signal."""
    config = config_of(settings)
    if settings.workers == 1:
        with metrics_port(settings.host, settings.metrics_port):
            _Server(config, on_ready).run(sockets=[listener])
        return
    KeyRing(settings.keys_folder)  # makes missing keys, which workers would otherwise do at the same time
    with shared_metrics(), metrics_port(settings.host, settings.metrics_port):
        Supervisor(config, listener, on_ready).run()


def _listening(settings: Settings) -> socket.socket:
    """Bind the port first, because all else is slow."""
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


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


@contextmanager
def _watched(server: EmbeddedServer | None) -> Iterator[None]:
    """Restart the embedded server whenever it dies."""
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
    last_news = ""
    while not ended.wait(WATCH_SECONDS):
        try:
            news = "the embedded PostgreSQL had died and was started again" if server.revive() else ""
        except (OperatorError, OSError) as error:
            news = str(error)
        if news and news != last_news:
            LOG.warning(news)
        last_news = news


@contextmanager
def _uninterrupted_end() -> Iterator[None]:
    """Ignore further signals once the server has ended, so that the database is stopped properly."""
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
