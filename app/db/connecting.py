"""Connecting: how every part of the program connects to the database.

The URL decides: what it says about a connection holds everywhere, and the defaults here fill in the rest. The
environment of libpq only names the server and proves who connects (PGHOST, PGPASSWORD, PGSSLMODE ...).
"""

import os

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.errors import OperatorError

Parameters = dict[str, str | int | None]

DEFAULTS: Parameters = {"fallback_application_name": "cadastre", "client_encoding": "UTF8", "connect_timeout": 10}
EXAMPLE_URL = "postgresql://user:password@host/database"
DEFAULT_PORT = "5432"

SESSION_VARIABLES = (
    "PGAPPNAME",
    "PGCLIENTENCODING",
    "PGCONNECT_TIMEOUT",
    "PGDATESTYLE",
    "PGGEQO",
    "PGHOSTADDR",
    "PGLOADBALANCEHOSTS",
    "PGOPTIONS",
    "PGSERVICE",
    "PGTARGETSESSIONATTRS",
    "PGTZ",
)
"""Variables by which libpq would change sessions, or lead the embedded server's URL elsewhere. They are ignored."""

SESSION = {"timezone": "UTC", "statement_timeout": "25s"}
"""The settings of a request's session, unless the `options` of the URL say otherwise."""


def parameters_of(url: str) -> Parameters:
    """Return the connection parameters that a URL says; OperatorError when it is not one, without quoting it."""
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError:  # its message quotes the URL with the password
        message = f"the database URL is not one that PostgreSQL understands, such as {EXAMPLE_URL}"
        raise OperatorError(message) from None


def conninfo_of(url: str, **defaults: str | int | None) -> str:
    """Return the connection string of a URL with the defaults that it leaves out. OperatorError as for a bad URL."""
    for name in SESSION_VARIABLES:
        os.environ.pop(name, None)
    return make_conninfo("", **{**DEFAULTS, **defaults, **parameters_of(url)})


def connect(url: str, *, autocommit: bool = False, **defaults: str | int | None) -> psycopg.Connection:
    """Connect for a command. It prepares no statements: behind a pooler their names could meet those of others."""
    return psycopg.connect(conninfo_of(url, **defaults), autocommit=autocommit, prepare_threshold=None)


def name_of(url: str) -> str:
    """Return host, port and database of a URL, for messages: without user and password."""
    parameters = parameters_of(url)
    hosts = str(parameters.get("host") or parameters.get("hostaddr") or "localhost").split(",")
    ports = str(parameters.get("port") or DEFAULT_PORT).split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    servers = ",".join(f"{_in_name(host)}:{port or DEFAULT_PORT}" for host, port in zip(hosts, ports, strict=False))
    return f"{servers}/{parameters.get('dbname') or parameters.get('user') or ''}"


def is_direct(connection: psycopg.Connection | psycopg.AsyncConnection, server_pid: int) -> bool:
    """Return whether a connection leads to the server process `pg_backend_pid()` itself, and not to a pooler."""
    return connection.info.backend_pid == server_pid


def is_pooled(connection: psycopg.Connection) -> bool:
    """Return whether a pooler is between a connection and the server; it may give the session to another client."""
    ((server_pid,),) = connection.execute("select pg_backend_pid()").fetchall()
    return not is_direct(connection, server_pid)


def session_sql(options: str, *, is_local: bool) -> str:
    """Return the statement that sets SESSION until the transaction ends, or else until the connection does.

    `options` are those of the connection; the settings that they name stay as they are.
    """
    settings = {name: value for name, value in SESSION.items() if name not in options.lower()}
    return "select " + ", ".join(f"set_config('{name}', '{value}', {is_local})" for name, value in settings.items())


def _in_name(host: str) -> str:
    return f"[{host}]" if ":" in host else host
