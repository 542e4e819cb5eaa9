"""`cadastre changes`: the record of who changed what, when and why."""

from typing import Annotated

import typer

from app.commands.console import command_group, examples, print_result
from app.commands.register import transaction
from app.commands.settings import DataDir
from app.services import change

app = command_group("The record of who changed what, when and why.")


@app.command(epilog=examples("cadastre changes forget --older-than 400d"))
def forget(
    older_than: Annotated[str, typer.Option(metavar="DAYS", help="Days to keep, such as 400d")],
    data_dir: DataDir = None,
) -> None:
    """Drop the changes of all months that ended before, and older ones that lie outside the months."""
    with transaction(data_dir) as connection:
        dropped = change.forget(connection, older_than)
    months = ", ".join(dropped.partitions) or "none"
    print_result(f"Deleted {dropped.changes} changes; months dropped: {months}.")
