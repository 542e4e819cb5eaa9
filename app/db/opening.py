"""Opening the register: its database, reachable and migrated, while a command runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psycopg

from app.db.connecting import name_of
from app.db.embedded import EmbeddedServer
from app.db.migrating import first_line, migrate, require_migrated, unreachable
from app.errors import OperatorError
from app.settings import Settings

CONNECTION_LOST = ("08", "57P")
"""Classes of SQLSTATE: the connection broke, or the server is shutting down."""


class Register(NamedTuple):
    """The database of the register, at the newest revision of this program."""

    url: str
    revision: str
    server: EmbeddedServer | None
    """None when the database is not the embedded one."""

    @property
    def name(self) -> str:
        """Where the database is, without the password of its URL."""
        if self.server is None:
            return f"the database {name_of(self.url)}"
        return f"the embedded PostgreSQL in {self.server.data_dir}"


@contextmanager
def opened(settings: Settings, *, may_create: bool) -> Iterator[Register]:
    """Open the register; OperatorError when its database cannot be used, also later.

    `may_create` says whether an embedded database is made where the data folder holds none. It is started and migrated.
    Any other database must be migrated: its operator decides when that happens.
    """
    if settings.database_url is not None:
        url = settings.database_url
        revision = require_migrated(url)
        with as_operator_error(url):
            yield Register(url, revision, None)
        return
    with EmbeddedServer(settings.data_dir, may_create=may_create) as server, as_operator_error(server.url):
        yield Register(server.url, migrate(server.url), server)


@contextmanager
def as_operator_error(url: str) -> Iterator[None]:
    """Turn errors of the database at `url` that an operator can fix into OperatorError."""
    try:
        yield
    except psycopg.OperationalError as error:
        if error.sqlstate is None or error.sqlstate.startswith(CONNECTION_LOST):
            raise unreachable(url, error) from error
        message = f"the database refuses: {first_line(error)}"
        raise OperatorError(message) from error
