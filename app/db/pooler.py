"""Pooler: a program between Cadastre and its database, such as PgBouncer, that gives server connections to clients.

A pooler that gives out a connection for each transaction must know the prepared statements of its clients: a client
meets other server connections than the one that prepared its statement. PgBouncer does since version 1.21.
"""

from contextlib import suppress

import psycopg

from app.db.connecting import connect, is_pooled, name_of
from app.errors import OperatorError

ROUNDS = 8
"""How often each client runs its statement: other clients may change which server connection comes next."""

LOST = (psycopg.errors.InvalidSqlStatementName, psycopg.errors.DuplicatePreparedStatement)
"""The errors of a statement whose name is not known on a server connection, or means another client's statement."""


def require_prepared_statements(url: str) -> None:
    """Raise OperatorError when a pooler loses prepared statements or mixes up those of its clients."""
    with connect(url, autocommit=True) as first:
        if not is_pooled(first):
            return
        with connect(url, autocommit=True) as second:
            if _keeps_apart(first, second):
                return
            _close(first, second)
    message = (
        f"the pooler {name_of(url)} does not keep the prepared statements of its clients; use PgBouncer 1.21 or newer "
        "with max_prepared_statements above 0, or pool_mode session, or set CADASTRE_PREPARED_STATEMENTS=false"
    )
    raise OperatorError(message)


def _keeps_apart(first: psycopg.Connection, second: psycopg.Connection) -> bool:
    """Let two clients prepare different statements, to which psycopg gives the same name, and run both in turn."""
    first.prepare_threshold = second.prepare_threshold = 0
    try:
        rows = [(first.execute("select 1").fetchone(), second.execute("select 2").fetchone()) for _ in range(ROUNDS)]
    except LOST:
        return False
    return set(rows) == {((1,), (2,))}


def _close(*connections: psycopg.Connection) -> None:
    """Close the statements, so that other clients do not find them."""
    for connection in connections:
        with suppress(psycopg.Error):
            connection.execute("deallocate all", prepare=False)
