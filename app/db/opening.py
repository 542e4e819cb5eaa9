"""Opening: the database that the settings name, running and migrated, for as long as a command needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg

from app.db.embedded import EmbeddedServer
from app.db.migrating import first_line, migrate, require_migrated, unreachable
from app.errors import OperatorError
from app.settings import Settings

CONNECTION_LOST = ("08", "57P")  # the classes of error codes of lost connections and of a server that shuts down


class Database(NamedTuple):
    """Where the register is; `server` is None when somebody else runs it."""

    url: str
    server: EmbeddedServer | None


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Give a database that answers and is migrated; trouble with it is an OperatorError.

    The embedded one is started and migrated. Another one belongs to an operator who decides when it is migrated, so
    missing migrations are told.
    """
    if settings.database_url is not None:
        require_migrated(settings.database_url)
        with _told_plainly(settings.database_url):
            yield Database(settings.database_url, None)
        return
    with EmbeddedServer(settings.data_dir) as server, _told_plainly(server.url):
        migrate(server.url)
        yield Database(server.url, server)


@contextmanager
def _told_plainly(url: str) -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError as error:
        if error.sqlstate is None or error.sqlstate.startswith(CONNECTION_LOST):
            raise unreachable(url, error) from error
        message = f"the database refuses: {first_line(error)}"
        raise OperatorError(message) from error
