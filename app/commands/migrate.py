"""`cadastre migrate`: bring the database to the newest revision."""

import typer

from app.commands.console import examples, print_result
from app.commands.register import register
from app.commands.settings import DataDir, settings_with
from app.db.migrating import migrate as migrate_database

app = typer.Typer(add_completion=False)


@app.command(
    epilog=examples("cadastre migrate", "CADASTRE_DATABASE_URL=postgresql://me:secret@host/register cadastre migrate")
)
def migrate(data_dir: DataDir = None) -> None:
    """Migrate the database to the newest revision of this program; a migrated one is left as it is."""
    url = settings_with(data_dir=data_dir).database_url
    if url is not None:
        migrate_database(url)
    with register(data_dir, may_create=True) as opened:  # which migrates the embedded database
        print_result(f"Migrated: {opened.name} is at revision {opened.revision}.")
