"""Run Alembic on the connection that app/db/migrating.py hands over, or on the database that the settings name.

Without CADASTRE_DATABASE_URL that is the embedded one, which is started for as long as the command runs.
"""

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection

from app import models
from app.db.embedded import EmbeddedServer
from app.db.migrating import check_server, connected
from app.errors import OperatorError
from app.settings import Settings
from migrations.revision import complete

LOCK_TIMEOUT = "set lock_timeout = '1s'"
"""A revision that waits longer for a table fails, because requests that use the table wait for the revision."""


def run(connection: Connection) -> None:
    """Run what the command asks for, in one transaction for each revision."""
    connection.exec_driver_sql(LOCK_TIMEOUT)
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=models.Base.metadata,
        compare_type=True,
        transaction_per_migration=True,
        process_revision_directives=complete,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_on(url: str) -> None:
    """Run on a database that can hold the register; OperatorError says why another one cannot."""
    check_server(url)
    with connected(url) as connection:
        run(connection)


def main() -> None:
    """Find the database and run."""
    settings = Settings()
    if "connection" in context.config.attributes:
        run(context.config.attributes["connection"])
    elif settings.database_url is not None:
        run_on(settings.database_url)
    else:
        with EmbeddedServer(settings.data_dir) as server:
            run_on(server.url)


try:
    main()
except OperatorError as error:
    raise CommandError(str(error)) from error  # which Alembic prints without a traceback
