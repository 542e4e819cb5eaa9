"""The running program: the web application on a port, in one process or in several, and its embedded database.

The first process binds the port, starts the database and watches it. It stops the database last.
"""

import ipaddress
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from app import logs
from app.access.keys import KeyRing
from app.bulk.demo_accounts import DemoLogin, Wanted, prepare
from app.bulk.progress import Progress
from app.db.connecting import connect
from app.db.embedded import DATABASE, EmbeddedServer
from app.db.login_role import LOGIN
from app.db.opening import Register, opened
from app.db.partitions import make_partitions
from app.db.pooler import require_prepared_statements
from app.db.request_login import ADVICE, require_request_login
from app.errors import OperatorError
from app.metrics.port import metrics_port
from app.processes.repeating import repeated
from app.processes.server import Server
from app.processes.supervisor import Supervisor, shared_metrics
from app.processes.worker import ServerConfig
from app.services.client import find_client
from app.services.idempotency import forget_old
from app.settings import Settings

LOG = logging.getLogger("cadastre.database")

WATCH_SECONDS = 1
PARTITION_SECONDS = 3600
"""How often the partitions of the next months are made: a program may run for longer than they last."""

PARTITION_END_SECONDS = 10
"""How long the end of a program waits for that: the host of the database may be gone without a word."""

BACKLOG = 2048
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - names no address to listen on
"""The address at which this machine reaches a program that listens on all addresses."""

SUPER = "select exists (select from admin where is_super and is_enabled and status = 'ACTIVE')"
PUBLIC_CLIENT = "h5-client"
"""The client of the demo world whose password grant the first lines of `serve` use."""


class DemoOptions(NamedTuple):
    """What the operator says about the demo world."""

    loads: bool | None
    """Whether an empty register gets it; None = the embedded one only."""

    new_password: bool
    """Whether its public password is replaced."""


class Ready(NamedTuple):
    """A program that answers requests."""

    address: str
    register: Register
    logins: list[DemoLogin]
    """Demo accounts that can log in with PUBLIC_CLIENT, and their password."""

    has_super: bool
    """Whether there is a super administrator."""

    is_local: bool
    """Whether only programs of this machine can connect."""


def serve(settings: Settings, demo: DemoOptions, progress: Progress, on_ready: Callable[[Ready], None]) -> None:
    """Serve until SIGINT or SIGTERM; OperatorError when the port, the data folder or the database cannot be used.

    `on_ready` is called when requests are answered.
    """
    logs.configure(settings.log_format)
    with _listening(settings) as listener, suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with opened(settings, may_create=True) as register:
            if settings.prepared_statements:
                require_prepared_statements(register.url)
            settings = settings.model_copy(update={"request_database_url": _request_url(register, settings)})
            ready = _prepare(register, settings, listener, demo, progress)
            if settings.request_database_url is None:
                LOG.warning(ADVICE)
            with _watched(register.server), _partitioned(register.url), _uninterrupted_end():
                _run(_complete(settings, ready), listener, lambda: on_ready(ready))


def _request_url(register: Register, settings: Settings) -> str | None:
    """Return the URL by which requests log in; None where they log in as the owner."""
    if register.server is not None:
        return register.server.url_of(DATABASE, LOGIN)
    if settings.request_database_url is not None:
        require_request_login(settings.request_database_url)
    return settings.request_database_url


def _prepare(
    register: Register, settings: Settings, listener: socket.socket, demo: DemoOptions, progress: Progress
) -> Ready:
    """Load the demo world if it is wanted, remove old answers, and find out who can log in."""
    make_partitions(register.url)
    is_local, is_embedded = _is_loopback(listener), register.server is not None
    loads = is_embedded if demo.loads is None else demo.loads
    with connect(register.url) as connection:
        forget_old(connection)
        logins = prepare(connection, Wanted(loads, demo.new_password, is_local, settings.host), progress)
        client = find_client(connection, PUBLIC_CLIENT)
        can_log_in = client is not None and client.allows_password_at(datetime.now(UTC))
        ((has_super,),) = connection.execute(SUPER).fetchall()
    return Ready(_address(listener), register, logins if can_log_in else [], has_super, is_local)


def _complete(settings: Settings, ready: Ready) -> Settings:
    """Add what is known only once the database runs and the port is bound."""
    public_url = settings.public_url or ready.address
    return settings.model_copy(update={"database_url": ready.register.url, "public_url": public_url})


def _run(settings: Settings, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Answer requests, in this process or in several workers, until a signal."""
    config = ServerConfig(settings)
    if settings.workers == 1:
        with metrics_port(settings.host, settings.metrics_port):
            Server(config, on_ready).run(sockets=[listener])
        return
    KeyRing(settings.keys_folder)  # makes missing keys, which workers would otherwise do at the same time
    with shared_metrics(), metrics_port(settings.host, settings.metrics_port):
        Supervisor(config, listener, on_ready).run()


def _listening(settings: Settings) -> socket.socket:
    """Bind the port first, because all else is slow. `::` takes connections over IPv4 as well."""
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)
    except OSError as error:
        message = f"port {port} of {host} cannot be used ({error.strerror}); choose another with --port, 0 for any"
        raise OperatorError(message) from error
    if not settings.require_login and not _is_loopback(listener):
        listener.close()
        message = (
            f"requests need no login, so only loopback addresses are served, not {host}; see CADASTRE_REQUIRE_LOGIN"
        )
        raise OperatorError(message)
    return listener


def _is_loopback(listener: socket.socket) -> bool:
    """Return whether only programs of this machine can connect. The name of a host may lead to any address."""
    bound = ipaddress.ip_address(listener.getsockname()[0].partition("%")[0])
    return (getattr(bound, "ipv4_mapped", None) or bound).is_loopback


def _address(listener: socket.socket) -> str:
    """Return a URL at which this machine reaches the program."""
    host, port, *_ = listener.getsockname()
    host = LOOPBACK.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _watched(server: EmbeddedServer | None) -> AbstractContextManager[None]:
    """Restart the embedded server whenever it dies."""
    return nullcontext() if server is None else repeated(Watch(server).look, WATCH_SECONDS, "database watch")


class Watch:
    """Restarts a server that has died, and logs each piece of news once."""

    def __init__(self, server: EmbeddedServer) -> None:
        self._server, self._last_news = server, ""

    def look(self) -> None:
        """Restart the server if it has died."""
        try:
            news = "the embedded PostgreSQL had died and was started again" if self._server.revive() else ""
        except (OperatorError, OSError) as error:
            news = str(error)
        if news and news != self._last_news:
            LOG.warning(news)
        self._last_news = news


def _partitioned(url: str) -> AbstractContextManager[None]:
    """Keep making the partitions of the next months."""
    return repeated(partial(make_partitions, url), PARTITION_SECONDS, "partitions", PARTITION_END_SECONDS)


@contextmanager
def _uninterrupted_end() -> Iterator[None]:
    """Ignore further signals once the server has ended, so that the database is stopped properly."""
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
