"""`cadastre check`: the derived columns of all trees, the ids of all records, and the totals of spaces."""

import typer

from app.bulk.check import check as check_register
from app.commands.console import examples, print_result, print_trouble, progress_bars
from app.commands.register import register
from app.commands.settings import DataDir

app = typer.Typer(add_completion=False)

MOST_LINES = 100
"""Most differences that are printed one by one."""


@app.command(epilog=examples("cadastre check"))
def check(data_dir: DataDir = None) -> None:
    """Check the derived columns of all trees, the totals of spaces, and that no two records have one id.

    The exit status is 1 if any is wrong. `select rebuild_space_totals()` counts the totals anew.
    The records of the demo world that share an id, as the documents print it, do not count.
    """
    with register(data_dir) as opened, progress_bars() as progress:
        differences = check_register(opened.url, progress)
        name = opened.name
    lines = [f"{d.table} {d.id}: {d.column} is {d.stored}, should be {d.expected}" for d in differences[:MOST_LINES]]
    print_trouble(lines, len(differences))
    print_result(f"{len(differences)} differences in {name}.")
    raise typer.Exit(1 if differences else 0)
