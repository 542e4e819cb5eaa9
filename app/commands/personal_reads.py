"""`cadastre personal-reads`: the log of who was shown customers' personal data unmasked."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.commands.console import command_group, examples, print_note, print_result
from app.commands.register import transaction
from app.commands.settings import DataDir
from app.services import personal_read

app = command_group("Who was shown customers' personal data unmasked.")

MOST_DAYS, MOST_LINES = 36_500, 100_000


@app.command(
    "list",
    epilog=examples(
        "cadastre personal-reads list",
        "cadastre personal-reads list --admin yanggc4 --since 2026-11-01",
        "cadastre personal-reads list --client backend",
    ),
)
def list_(
    admin: Annotated[str | None, typer.Option(help="Account or id of a member of staff")] = None,
    client: Annotated[str | None, typer.Option(help="Client id of the program that asked")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Day or time to begin at, in UTC")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_LINES, help="Most lines")] = 100,
    data_dir: DataDir = None,
) -> None:
    """List the requests that were shown personal data, newest first.

    One line a request: time (UTC), account (id), client, fields, number of records, SHA-256 of the document.
    `cadastre documents list` prints the names of stored documents.
    """
    begin = None if since is None else since.replace(tzinfo=UTC)
    with transaction(data_dir) as connection:
        entries = personal_read.entries(connection, admin=admin, client=client, since=begin, limit=limit)
    for entry in entries:
        print_result(_line(entry))
    if not entries:
        print_note("Nothing was recorded.")


@app.command(epilog=examples("cadastre personal-reads forget --older-than 365"))
def forget(
    older_than: Annotated[int, typer.Option(min=1, max=MOST_DAYS, metavar="DAYS", help="Days to keep")],
    data_dir: DataDir = None,
) -> None:
    """Delete the entries that are older than a number of days."""
    with transaction(data_dir) as connection:
        count = personal_read.forget(connection, older_than)
    print_result(f"Deleted {count} entries.")


def _line(entry: personal_read.Entry) -> str:
    """Return an entry as one line."""
    who = "-" if entry.admin_id is None else f"{entry.account or '?'} ({entry.admin_id})"
    what = f"{entry.entity} {' '.join(entry.fields)} of {entry.row_count}"
    read_at = entry.read_at.astimezone(UTC)
    return f"{read_at:%Y-%m-%dT%H:%M:%SZ}  {who}  {entry.client_id}  {what}  sha256:{entry.document_sha256}"
