"""`cadastre demo`: load the demo world."""

import typer

from app.bulk.demo import load_into
from app.commands.console import examples, print_result, progress_bars
from app.commands.counts import counts_line
from app.commands.register import register
from app.commands.settings import DataDir
from app.db.connecting import connect

app = typer.Typer(add_completion=False)


@app.command(epilog=examples("cadastre demo"))
def demo(data_dir: DataDir = None) -> None:
    """Load the demo world: the records of the documents' examples. Existing records stay as they are."""
    with register(data_dir, may_create=True) as opened, progress_bars() as progress:
        with connect(opened.url) as connection:
            inserted = load_into(connection, progress)
        print_result(counts_line(inserted, opened.name))
