"""The commands about personal reads: who was shown customers' personal data in plain."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.access import connected
from app.commands.console import DataDir, examples, later, say, tell

if TYPE_CHECKING:
    from app.services.personal_read import Entry

personal_reads = typer.Typer(help="Who was shown customers' personal data in plain.", no_args_is_help=True)

MOST_DAYS, MOST_LINES = 36_500, 100_000


@personal_reads.command(
    "list",
    epilog=examples("cadastre personal-reads list", "cadastre personal-reads list --admin yanggc4 --since 2026-11-01"),
)
def list_(
    admin: Annotated[str | None, typer.Option(help="Account of a member of staff, or the id")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Day or time to begin at, in UTC")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST_LINES, help="Most lines")] = 100,
    data_dir: DataDir = None,
) -> None:
    """List the requests that were shown personal data, newest first.

    One line a request: time (UTC), account (id), client, what was shown of how many records, SHA-256 of the document;
    of stored ones `cadastre documents list` tells the name.
    """
    begin = None if since is None else since.replace(tzinfo=UTC)
    with connected(data_dir) as connection:
        found = later("app.services.personal_read:entries")(connection, admin=admin, since=begin, limit=limit)
    for entry in found:
        say(line_of(entry))
    if not found:
        tell("Nothing was written down.")


@personal_reads.command(epilog=examples("cadastre personal-reads forget --older-than 365"))
def forget(
    older_than: Annotated[int, typer.Option(min=1, max=MOST_DAYS, metavar="DAYS", help="Days to keep")],
    data_dir: DataDir = None,
) -> None:
    """Forget what was written down more than so many days ago."""
    with connected(data_dir) as connection:
        count = later("app.services.personal_read:forget")(connection, older_than)
    say(f"Forgot {count} entries.")


def line_of(entry: "Entry") -> str:
    """Write an entry as a line."""
    who = "-" if entry.admin_id is None else f"{entry.account or '?'} ({entry.admin_id})"
    what = f"{entry.entity} {' '.join(entry.fields)} of {entry.row_count}"
    read_at = entry.read_at.astimezone(UTC)
    return f"{read_at:%Y-%m-%dT%H:%M:%SZ}  {who}  {entry.client_id}  {what}  sha256:{entry.document_sha256}"
