"""`cadastre import`: records from spreadsheets and CSV files."""

import csv
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.bulk.importing.run import ImportOptions, ImportReport, import_file, is_refused
from app.bulk.session import LONGEST_WAIT
from app.commands.console import examples, print_note, print_result, print_trouble, progress_bars
from app.commands.numbers import id_number
from app.commands.register import register
from app.commands.settings import DataDir
from app.errors import OperatorError

app = typer.Typer(add_completion=False)

REFUSED, SKIPPED = 1, 3
"""Exit status when bad rows kept everything out, and when they were left out."""

COUNTS = ("inserted", "updated", "unchanged", "skipped")


class Noun(StrEnum):
    """What can be imported."""

    ORGS = "orgs"
    SPACES = "spaces"
    ADMINS = "admins"
    CUSTOMERS = "customers"
    RELATIONS = "relations"
    WORK_ORDERS = "work-orders"


class OnError(StrEnum):
    """What happens when rows are bad."""

    ABORT = "abort"
    SKIP = "skip"


@app.command(
    epilog=examples(
        "cadastre import orgs orgs.csv --source crm --dry-run",
        "cadastre import spaces spaces.csv --source crm --under 8829 --on-error skip",
        "cadastre import customers customers.csv --source own",
    ),
)
def import_(  # noqa: PLR0913, PLR0917 - one parameter an option
    noun: Annotated[Noun, typer.Argument(help="What the rows are")],
    file: Annotated[
        Path, typer.Argument(help="A spreadsheet (.xlsx), or text separated by commas, semicolons or tabs")
    ],
    source: Annotated[
        str, typer.Option(help="Name of the system that the external ids are from; own: they are ids of this register")
    ],
    under: Annotated[
        int | None,
        typer.Option(help="Id of what the file's roots, staff or customers belong to", parser=id_number, metavar="ID"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and count, write nothing")] = False,  # noqa: FBT002 - typer
    on_error: Annotated[OnError, typer.Option(help="With bad rows: write nothing, or all others")] = OnError.ABORT,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of a text file that is neither UTF-8 nor GB18030, such as cp1252")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a spreadsheet; without it, the first one")] = None,
    ignore_columns: Annotated[
        str, typer.Option(help="Columns of the file that are left out, separated by commas", metavar="NAMES")
    ] = "",
    wait: Annotated[
        float, typer.Option(min=0, max=86_400, help="Seconds to wait for another import", metavar="SECONDS")
    ] = LONGEST_WAIT,
    data_dir: DataDir = None,
) -> None:
    """Import organisations, spaces, staff, customers, property relations or work orders from a spreadsheet or CSV file.

    The header names the columns: external_id, parent_external_id, name, type ... (docs/import.md)

    Rows may come in any order. Importing a file again changes only what differs.

    Exit status: 0 done; 1 bad rows, nothing was written; 2 not possible; 3 bad rows were skipped.
    """
    if not file.is_file():
        message = f"there is no file {file}"
        raise OperatorError(message)
    options = ImportOptions(
        noun.value,
        file,
        source,
        under,
        dry_run=dry_run,
        on_error=on_error.value,
        encoding=encoding,
        sheet=sheet,
        ignored=tuple(split_names(ignore_columns)),
        wait=wait,
    )
    with register(data_dir) as opened, progress_bars() as progress:
        report = import_file(opened.url, options, progress, print_note)
        name = opened.name
    print_trouble([f"{report.unit} {error.line}: {error.message}" for error in report.errors], report.error_count)
    refused = is_refused(report, options)
    print_result(_line(report, name, written=not (refused or dry_run)))
    raise typer.Exit(REFUSED if refused else SKIPPED if report.skipped else 0)


def _line(report: ImportReport, register: str, *, written: bool) -> str:
    """Return the outcome as one line."""
    counts = ", ".join(f"{getattr(report, name)} {name}" for name in COUNTS)
    outcome = "Done" if written else "Nothing was written"
    circumstances = f"in {report.seconds:.1f} s, into {register}, from {report.origin}"
    return f"{outcome}: {report.read} rows read, {counts}, {circumstances}."


def split_names(names: str) -> list[str]:
    """Split the names of columns at commas; one that has a comma stands in quotation marks."""
    return [name for name in next(csv.reader([names], skipinitialspace=True), []) if name]
