"""Run the migrations on the connection that `app.db.migrating` hands over, or on CADASTRE_DATABASE_URL."""

from alembic import context
from sqlalchemy import create_engine

from app import models
from app.settings import Settings


def migrate(connection: object) -> None:
    """Run what the command asks for, in one transaction per revision."""
    context.configure(
        connection=connection,  # type: ignore[arg-type]
        target_metadata=models.Base.metadata,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = (Settings().database_url or "").replace("postgresql://", "postgresql+psycopg://", 1)
    with create_engine(url).connect() as own:
        migrate(own)
