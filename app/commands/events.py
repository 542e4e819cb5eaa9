"""`cadastre events`: what waits to be sent to Kafka, and what the brokers refuse."""

from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from app.commands.console import examples, print_note, print_result
from app.commands.register import transaction
from app.commands.settings import DataDir, settings_with
from app.declarations.event_columns import event_columns
from app.errors import OperatorError
from app.events import backlog, parking
from app.events.schemas import schemas as event_schemas
from app.graphql.schema import schema  # noqa: F401 - the types of all nouns

app = typer.Typer(
    help="What waits to be sent to Kafka, and what the brokers refuse.",
    invoke_without_command=True,
    add_completion=False,
)

MOST_LINES = 100_000


@app.callback()
def overview(context: typer.Context) -> None:
    """Print how many events wait, without a subcommand."""
    if context.invoked_subcommand is None:
        status()


@app.command(epilog=examples("cadastre events status"))
def status(data_dir: DataDir = None) -> None:
    """Print how many events wait, and for what."""
    with transaction(data_dir) as connection:
        waiting = backlog.waiting(connection)
    print_result(f"{waiting.changes} changes and {waiting.published} published events wait to be sent.")
    print_result(f"{waiting.parked} events are parked, {waiting.refused} of them because brokers refuse them.")
    if not settings_with().kafka_bootstrap:
        print_note("No broker is set here (CADASTRE_KAFKA_BOOTSTRAP): events wait until a relay with one runs.")


@app.command(epilog=examples("cadastre events parked"))
def parked(
    limit: Annotated[int, typer.Option(min=1, max=MOST_LINES, help="Most lines")] = 100, data_dir: DataDir = None
) -> None:
    """List the events that brokers refuse, and those that wait behind them.

    One line an event: id, topic, id of the entity, time (UTC), reason. `retry` and `drop` take the id.
    """
    with transaction(data_dir) as connection:
        entries = parking.parked(connection, limit)
    for entry in entries:
        print_result(_line(entry))
    if not entries:
        print_note("No event is parked.")


@app.command(epilog=examples("cadastre events retry 1234567", "cadastre events retry --all"))
def retry(
    event_id: Annotated[int | None, typer.Argument(metavar="ID", help="Id of a refused event")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every refused event")] = False,  # noqa: FBT002 - typer
    data_dir: DataDir = None,
) -> None:
    """Let the relay send refused events again, and then what waits behind them, in order."""
    if every == (event_id is not None):
        raise OperatorError("write the id of an event, or --all")
    with transaction(data_dir) as connection:
        number = parking.release(connection, event_id)
    if not number and event_id is not None:
        raise OperatorError(f"{event_id} is no refused event; `cadastre events parked` lists them")
    print_result(f"{number} refused events are sent again.")


@app.command(epilog=examples("cadastre events drop 1234567"))
def drop(
    event_id: Annotated[int, typer.Argument(metavar="ID", help="Id of a parked event")], data_dir: DataDir = None
) -> None:
    """Give up a parked event. What waits behind it is sent, unless another one is refused before it."""
    with transaction(data_dir) as connection:
        was_parked = parking.drop(connection, event_id)
    if not was_parked:
        raise OperatorError(f"{event_id} is not parked; `cadastre events parked` lists what is")
    print_result(f"{event_id} is never sent.")


@app.command(epilog=examples("cadastre events schemas event-schemas"))
def schemas(
    folder: Annotated[
        Path, typer.Argument(file_okay=False, help="Folder of the files; other JSON files in it are deleted")
    ],
) -> None:
    """Write the JSON Schema of the values of each topic, one file an entity."""
    made = event_schemas(event_columns())
    folder.mkdir(parents=True, exist_ok=True)
    for old in set(folder.glob("*.json")) - {folder / name for name in made}:
        old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")
    print_result(f"{len(made)} schemas are in {folder}.")


def _line(entry: parking.Parked) -> str:
    """Return a parked event as one line."""
    reason = "waits behind another one" if entry.reason is None else entry.reason
    again = " (is sent again)" if entry.is_released else ""
    parked_at = f"{entry.parked_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return f"{entry.event_id}  {entry.topic}  {entry.key}  {parked_at}  {reason}{again}"
