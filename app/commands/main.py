"""The `cadastre` command: what an operator runs.

Each command loads its part of the program when it runs, so that `--help` does not wait for the database's libraries.
Exit status: 0 done, 1 done and something was found (differences, bad rows), 2 not possible (one line says why).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TaskID

from app.commands import access, documents, personal_reads
from app.commands.console import DataDir, database, examples, later, settings_with
from app.commands.errors import errors
from app.errors import OperatorError

if TYPE_CHECKING:
    from app.bulk.progress import Progress

SHOWN_ROWS = 100
TROUBLE = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

app = typer.Typer(
    help="Cadastre, the register behind property-management platforms.",
    epilog="New here? Run: cadastre serve. Settings are also read from the environment: CADASTRE_DATABASE_URL (any "
    "PostgreSQL 15 or newer, instead of the embedded one), CADASTRE_DATA_DIR, CADASTRE_HOST, CADASTRE_PORT.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(access.client, name="client")
app.add_typer(access.admin, name="admin")
app.add_typer(access.keys, name="keys")
app.add_typer(documents.documents, name="documents")
app.add_typer(personal_reads.personal_reads, name="personal-reads")
app.command(epilog=examples("cadastre errors"))(errors)


class Noun(StrEnum):
    """What can be imported."""

    ORGS = "orgs"
    SPACES = "spaces"


class OnError(StrEnum):
    """What bad rows do to an import."""

    ABORT = "abort"
    SKIP = "skip"


@contextmanager
def progress_bars() -> Iterator["Progress"]:
    """Show how far a piece of work is, one bar a stage; nothing unless a person is watching."""
    tasks: dict[str, TaskID] = {}
    with Bars(console=TROUBLE, disable=not TROUBLE.is_terminal) as bars:

        def show(stage: str, done: int, total: int | None = None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


@app.command(
    epilog=examples("cadastre serve", "cadastre serve --port 0 --no-demo", "cadastre serve --data-dir /srv/cadastre")
)
def serve(
    host: Annotated[str | None, typer.Option(help="Loopback address to listen on (default: 127.0.0.1)")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on, 0 for any free one (default: 8000)")
    ] = None,
    data_dir: DataDir = None,
    demo: Annotated[
        bool | None,
        typer.Option(
            "--demo/--no-demo", help="Load the demo world into an empty register (default: into the embedded one only)"
        ),
    ] = None,
) -> None:
    """Serve the register on http://127.0.0.1:8000, until Ctrl-C.

    Starts and migrates the embedded PostgreSQL, unless CADASTRE_DATABASE_URL names another one.
    """
    settings = settings_with(host=host, port=port, data_dir=data_dir)
    with progress_bars() as progress:
        later("app.serving:serve")(settings, demo=demo, progress=progress)


@app.command(
    epilog=examples("cadastre migrate", "CADASTRE_DATABASE_URL=postgresql://me:secret@host/register cadastre migrate")
)
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to the schema of this program; nothing happens when it is there."""
    settings = settings_with(data_dir=data_dir)
    if settings.database_url is not None:
        later("app.db.migrating:migrate")(settings.database_url)
    else:
        with database(data_dir):
            pass  # opening the embedded one migrates it
    print(f"The database is at revision {later('app.db.migrating:head')()}.")  # noqa: T201 - the command's answer


@app.command(epilog=examples("cadastre demo"))
def demo(data_dir: DataDir = None) -> None:
    """Load the demo world: the records of the documents' examples. What is there already stays as it is."""
    with database(data_dir) as url, progress_bars() as progress:
        inserted = later("app.bulk.demo:load")(url, progress)
    print_counts(inserted)


@app.command(epilog=examples("cadastre generate --communities 40", "cadastre generate --communities 2 --seed 7"))
def generate(
    communities: Annotated[int, typer.Option(min=1, help="How many; 40 make 584,240 spaces")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed makes the same records")] = 1,
    data_dir: DataDir = None,
) -> None:
    """Generate a large register for trials of speed: communities down to houses, under one business organisation."""
    with database(data_dir) as url, progress_bars() as progress:
        inserted = later("app.bulk.generate:generate")(url, communities, seed, progress)
    print_counts(inserted)


@app.command(
    "import",
    epilog=examples(
        "cadastre import orgs orgs.csv --dry-run",
        "cadastre import spaces spaces.csv --under 8829 --on-error skip",
    ),
)
def import_(  # noqa: PLR0913, PLR0917 - one parameter an option
    noun: Annotated[Noun, typer.Argument(help="What the rows are")],
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8 or GB18030")],
    under: Annotated[int | None, typer.Option(help="Id of the node that gets the file's roots")] = None,
    source: Annotated[str, typer.Option(help="Name of the system that the external ids are from")] = "import",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count, write nothing")] = False,  # noqa: FBT002 - typer
    on_error: Annotated[OnError, typer.Option(help="Bad rows: write nothing, or all others")] = OnError.ABORT,
    data_dir: DataDir = None,
) -> None:
    """Import a tree of organisations or spaces from a CSV file.

    Its header names the columns: external_id, parent_external_id, name, type ...

    Rows may come in any order. Importing a file again changes only what differs.
    """
    if not file.is_file():
        message = f"there is no file {file}"
        raise OperatorError(message)
    options = later("app.bulk.csv_import:ImportOptions")(
        noun=noun.value, file=file, under=under, source=source, dry_run=dry_run, on_error=on_error.value
    )
    with database(data_dir) as url, progress_bars() as progress:
        report = later("app.bulk.csv_import:import_file")(url, options, progress)
    print_trouble([f"line {error.line}: {error.message}" for error in report.errors], report.error_count)
    refused = report.error_count > 0 and on_error is OnError.ABORT
    outcome = "Nothing was written" if refused or dry_run else "Done"
    counts = ", ".join(f"{getattr(report, name)} {name}" for name in ("inserted", "updated", "unchanged", "skipped"))
    print(f"{outcome}: {report.read} rows read, {counts}, in {report.seconds:.1f} s.")  # noqa: T201 - the answer
    raise typer.Exit(1 if refused else 0)


@app.command(epilog=examples("cadastre check"))
def check(data_dir: DataDir = None) -> None:
    """Prove the derived columns of all trees, such as paths and full names; exit status 1 if any is wrong."""
    with database(data_dir) as url, progress_bars() as progress:
        found = later("app.bulk.check:check")(url, progress)
    shown = found[:SHOWN_ROWS]
    print_trouble(
        [f"{row.tree} {row.id}: {row.column} is {row.stored}, should be {row.expected}" for row in shown], len(found)
    )
    print(f"{len(found)} differences.")  # noqa: T201 - the command's answer
    raise typer.Exit(1 if found else 0)


@app.command(epilog=examples("cadastre schema", "cadastre schema --check schema.graphql"))
def schema(
    check: Annotated[Path | None, typer.Option(help="Compare with this file; exit status 1 when different")] = None,
) -> None:
    """Print the GraphQL schema."""
    if check is not None and not check.is_file():
        message = f"there is no file {check}"
        raise OperatorError(message)
    text = later("app.graphql.schema:schema.as_str")() + "\n"
    if check is None:
        sys.stdout.write(text)
    elif check.read_text(encoding="utf-8") != text:
        print_trouble([f"{check} differs from the schema of this program; run scripts/schema"], 1)
        raise typer.Exit(1)


def print_counts(inserted: dict[str, int]) -> None:
    """Tell how many rows a command added."""
    parts = ", ".join(f"{count} {table}" for table, count in inserted.items() if count)
    print(f"Added: {parts or 'nothing, it was all there'}.")  # noqa: T201 - the command's answer


def print_trouble(lines: list[str], count: int) -> None:
    """Tell what was found, one line each, and how much more there is."""
    more = count - len(lines)
    for line in [*lines, f"and {more} more"] if more else lines:
        TROUBLE.print(line)


def main() -> None:
    """Run a command; trouble that an operator can mend is one line on stderr and exit status 2."""
    try:
        status = app(prog_name="cadastre", standalone_mode=False)
    except (OperatorError, typer.TyperException) as error:
        text = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
        TROUBLE.print("cadastre:", " ".join(text.split()))
        status = 2
    sys.exit(status)


if __name__ == "__main__":
    main()
