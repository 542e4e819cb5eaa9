"""`cadastre export`: records as files that `cadastre import` reads."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer
from graphql import GraphQLError, parse_value, print_ast

from app.access.caller import Caller
from app.access.capabilities import CAPABILITIES, EVERYWHERE
from app.bulk.exporting.formats import Format, writer_of
from app.bulk.exporting.table import Column
from app.bulk.importing.columns import COLUMNS_OF_TYPE
from app.bulk.progress import Progress
from app.commands.console import examples, operator, print_note, progress_bars
from app.commands.exported import document_of
from app.commands.import_ import Noun
from app.commands.register import register
from app.commands.settings import DataDir, settings_with
from app.db.pool import Pool
from app.declarations.resolvers import core_schema
from app.errors import OperatorError, RequestError
from app.execution.execution import Execution
from app.execution.export import Export, Rows
from app.execution.request import Request
from app.graphql.schema import schema
from app.settings import Settings

app = typer.Typer(add_completion=False)

CLIENT = "cadastre-export"
"""The client that the log of personal reads names for an export by the command."""

UNLIMITED = {"max_export": 10**12, "export_seconds": 7 * 86_400.0, "max_exports": 1}
"""The settings of exports through the API that do not hold for the operator."""


@app.command(
    epilog=examples(
        "cadastre export spaces --output spaces.csv",
        "cadastre export customers --output customers.xlsx --filter '{ status: { eq: ENABLED } }'",
        "cadastre import spaces spaces.csv --source own",
    ),
)
def export(
    noun: Annotated[Noun, typer.Argument(help="What the rows are")],
    output: Annotated[Path | None, typer.Option(help="The file; without it, the standard output")] = None,
    format_: Annotated[
        Format | None, typer.Option("--format", help="Without it, by the ending of the file's name, or else csv")
    ] = None,
    filter_: Annotated[
        str | None, typer.Option("--filter", help="A filter of the list, written as in GraphQL", metavar="FILTER")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Export organisations, spaces, staff, customers, property relations or work orders to CSV or to a spreadsheet.

    The file has the columns of cadastre import (docs/import.md), with the ids of this register as external ids.

    Import it with --source own into this register, and with --source NAME into another one.

    Personal data are not masked. Exports of those of customers are recorded (cadastre personal-reads list).
    """
    document = document_of(noun.value, None if filter_ is None else _literal(filter_))
    chosen = format_ or _format_of(output)
    with register(data_dir) as opened, _written_to(output, chosen) as file, progress_bars() as progress:
        settings = settings_with(data_dir=data_dir).model_copy(update={"database_url": opened.url, **UNLIMITED})
        number = asyncio.run(_export(settings, document, Destination(noun, chosen, file, progress).write))
        name = opened.name
    print_note(f"Exported {number} rows from {name}.")


class Destination:
    """The file of an export."""

    def __init__(self, noun: Noun, format_: Format, file: IO[bytes], progress: Progress) -> None:
        self._noun, self._format, self._file, self._progress = noun, format_, file, progress

    async def write(self, export: Export) -> int:
        """Write the rows and return their number."""
        columns = [Column(column.path[0], column.is_number) for column in export.columns]
        number, blank = 0, blanks_of(self._noun, [column.name for column in columns])
        with closing(writer_of(self._format, columns, self._noun.value)) as writer:
            async for rows in export.parts:
                blank(rows)
                self._file.write(writer.write(rows))
                number += len(rows)
                self._progress("exporting", number)
            for content in writer.end():
                self._file.write(content)
        return number


def blanks_of(noun: Noun, columns: Sequence[str]) -> Callable[[Rows], None]:
    """Return a function that empties the columns which only records of one type have in a file."""
    only = {
        columns.index(name): type_
        for name, (type_, _) in COLUMNS_OF_TYPE.get(noun.value, {}).items()
        if name in columns
    }
    type_at = columns.index("type") if only else 0

    def blank(rows: Rows) -> None:
        for row in rows:
            for place, type_ in only.items():
                if row[type_at] != type_:
                    row[place] = None

    return blank


async def _export(settings: Settings, document: str, write: Callable[[Export], Awaitable[int]]) -> int:
    pool = Pool(settings.database_url or "", 2, may_prepare=settings.prepared_statements)
    await pool.open()
    try:
        exports = Execution(core_schema(schema), pool, settings).exports
        async with exports.open(Request(document, is_own=True), _operator()) as export:
            return await write(export)
    except RequestError as error:
        message = f"the export is not possible: {error}"
        raise OperatorError(message) from error
    finally:
        await pool.close()


def _operator() -> Caller:
    """Return the operator as a caller who sees everything."""
    held = dict.fromkeys(CAPABILITIES, (EVERYWHERE,))
    return Caller(0, CLIENT, operator(), is_super=True, scopes=(), admin_scopes=(), capabilities=held, is_client=True)


def _literal(text: str) -> str:
    """Return a filter as one value of GraphQL; OperatorError when it is none."""
    try:
        return print_ast(parse_value(text))
    except GraphQLError as error:
        message = f"--filter is not a filter such as '{{ name: {{ contains: \"花园\" }} }}': {error.message}"
        raise OperatorError(message) from error


def _format_of(output: Path | None) -> Format:
    ending = "" if output is None else output.suffix.removeprefix(".").lower()
    return Format(ending) if ending in set(Format) else Format.CSV


@contextmanager
def _written_to(output: Path | None, format_: Format) -> Iterator[IO[bytes]]:
    """Open the file; one with a name appears when it is complete."""
    if output is None:
        if format_ is Format.XLSX and sys.stdout.isatty():
            message = "a spreadsheet is no text: name a file with --output"
            raise OperatorError(message)
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(output)
    except OSError as error:
        message = f"the file {output} cannot be written: {error.strerror}"
        raise OperatorError(message) from error
    finally:
        part.unlink(missing_ok=True)
