"""Run Alembic on the connection that app/db/migrating.py hands over, or on the database that the settings name.

Without CADASTRE_DATABASE_URL that is the embedded one, which is started for as long as the command runs.
"""

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, event

from app import models
from app.commands.settings import settings_with
from app.db.embedded import EmbeddedServer
from app.db.migrating import check_server, connected
from app.db.partitions import is_described
from app.errors import OperatorError
from migrations.revision import complete

LOCK_TIMEOUT = "select set_config('lock_timeout', '1s', true) where current_setting('lock_timeout') = '0'"
"""A revision that waits longer for a table fails, because requests that use the table wait for the revision. The URL
may set another limit. The limit is that of a transaction, because a pooler does not keep the settings of a session."""


FIND_TRIGRAMS = """
select
  set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), quote_ident(nspname)), true)
from pg_extension join pg_namespace on pg_namespace.oid = extnamespace
where extname = 'pg_trgm' and nspname <> all(current_schemas(true))
"""
"""The extension may have been installed in a schema of its own; the revisions name its operator class without it."""


def run(connection: Connection) -> None:
    """Run what the command asks for, in one transaction for each revision."""
    event.listen(connection, "begin", _begin)
    context.configure(
        connection=connection,
        target_metadata=models.Base.metadata,
        compare_type=True,
        include_name=is_described,
        transaction_per_migration=True,
        process_revision_directives=complete,
    )
    with context.begin_transaction():
        context.run_migrations()


def _begin(connection: Connection) -> None:
    """Set up the transaction of a revision."""
    for statement in (LOCK_TIMEOUT, FIND_TRIGRAMS):
        connection.exec_driver_sql(statement)


def run_on(url: str) -> None:
    """Run on a database that can hold the register; OperatorError says why another one cannot."""
    check_server(url)
    with connected(url) as connection:
        run(connection)


def main() -> None:
    """Find the database and run."""
    settings = settings_with()
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
