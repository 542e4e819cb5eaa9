"""`cadastre generate`: a large register for measurements."""

from typing import Annotated

import typer

from app.bulk.generate import generate as generate_communities
from app.commands.console import examples, print_note, print_result, progress_bars
from app.commands.counts import counts_line
from app.commands.register import register
from app.commands.settings import DataDir

app = typer.Typer(add_completion=False)


@app.command(epilog=examples("cadastre generate --communities 40", "cadastre generate --communities 2 --seed 7"))
def generate(
    communities: Annotated[int, typer.Option(min=1, help="How many; 40 make 584,240 spaces")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed makes the same records")] = 1,
    data_dir: DataDir = None,
) -> None:
    """Generate a large register for measurements: communities down to houses, under one business organisation."""
    with register(data_dir) as opened, progress_bars() as progress:
        inserted = generate_communities(opened.url, communities, seed, progress, print_note)
        print_result(counts_line(inserted, opened.name))
