"""`cadastre demo`: load the demo world."""

import typer

from app.bulk.demo import load_into
from app.commands.console import examples, print_result, progress_bars
from app.commands.counts import counts_line
from app.commands.register import transaction
from app.commands.settings import DataDir

app = typer.Typer(add_completion=False)


@app.command(epilog=examples("cadastre demo"))
def demo(data_dir: DataDir = None) -> None:
    """Load the demo world: the records of the documents' examples. Existing records stay as they are."""
    with transaction(data_dir) as connection, progress_bars() as progress:
        inserted = load_into(connection, progress)
    print_result(counts_line(inserted))
