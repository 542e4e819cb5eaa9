"""Import of a CSV file of organisations or spaces: one transaction, all or nothing unless bad rows are to be skipped.

A record is known by (source, external_id). The roots of the file go to the top of the tree, or below `under`.
"""

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import psycopg
from psycopg.sql import SQL, Identifier

from app.bulk.csv_columns import Noun
from app.bulk.csv_reading import CsvFile, ErrorList, RowError
from app.bulk.csv_staging import TREES, Batch, copy_rows, make_nodes
from app.bulk.csv_walking import known_nodes, walk
from app.bulk.csv_writing import insert_new, keep_numbers, settle_indexes, update_known
from app.bulk.index_rebuild import bulk_load
from app.bulk.progress import Progress, silent
from app.bulk.trees import lock_tree
from app.db.migrating import unreachable
from app.errors import OperatorError
from app.models.org import OrgType

SESSION_SETTINGS = {
    "work_mem": "128MB",
    "temp_buffers": "64MB",
    "maintenance_work_mem": "128MB",
    "gin_pending_list_limit": "1GB",
}
"""Settings of an import's own session: sorts and joins stay in memory, and the trigram index takes all new names at
once after the commit, which is several times cheaper than in small lots."""


@dataclass(frozen=True)
class ImportOptions:
    """What to import and how; `under` is a node of the same tree or, for spaces, also a business organisation."""

    noun: Noun
    file: Path
    under: int | None = None
    source: str = "import"
    dry_run: bool = False
    on_error: Literal["abort", "skip"] = "abort"


@dataclass(frozen=True)
class ImportReport:
    """What an import did or, in a dry run, would have done. The rows read, by what became of them."""

    read: int
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    """Rows left out: bad ones, and those below them."""

    error_count: int = 0
    errors: list[RowError] = field(default_factory=list)
    """The first hundred errors in the order of the file."""

    seconds: float = 0.0


@dataclass(frozen=True)
class Place:
    """Where the roots of a file go."""

    under: int | None = None
    owner: int | None = None
    inherited_type: str | None = None


def import_file(url: str, options: ImportOptions, progress: Progress = silent) -> ImportReport:
    """Import a file; OperatorError when the file, `under` or the database cannot be used at all.

    Bad rows are in the report. With "abort" one of them keeps everything out; with "skip" they are left out with all
    that is below them.
    """
    begun = time.monotonic()
    try:
        with psycopg.connect(url) as connection:
            for name, value in SESSION_SETTINGS.items():
                connection.execute("select set_config(%s, %s, false)", [name, value])
            connection.commit()
            return _import(connection, options, begun, progress)
    except psycopg.errors.ProgramLimitExceeded as error:
        message = f"the hierarchy in {options.file} is too deep for an index of the register: {_first_line(error)}"
        raise OperatorError(message) from error
    except psycopg.IntegrityError as error:
        message = f"the register refuses a row of {options.file}: {_first_line(error)}"
        raise OperatorError(message) from error
    except psycopg.OperationalError as error:
        raise unreachable(url, error) from error


def _import(connection: psycopg.Connection, options: ImportOptions, begun: float, progress: Progress) -> ImportReport:
    for tree in ("org", "space"):  # a space follows its organisation when that one moves
        lock_tree(connection, tree)
    place = _place(connection, options)
    file, errors = CsvFile(options.file, options.noun, place.inherited_type), ErrorList()
    given = frozenset(column.name for column in file.columns)
    batch = Batch(options.noun, options.source, given, place.under, place.owner, place.inherited_type)
    copy_rows(connection, batch, file, errors, progress)
    progress("checking", 0)
    make_nodes(connection, batch)
    walk(connection, batch, errors)
    report = ImportReport(file.read, error_count=errors.count, errors=errors.first)
    if errors.count and options.on_error == "abort":
        connection.rollback()
        return _timed(report, begun)
    report = _write(connection, batch, report, progress)
    if options.dry_run:
        connection.rollback()
    else:
        connection.commit()
        progress("analysing", 0)
        settle_indexes(connection, batch)
    return _timed(report, begun)


def _write(connection: psycopg.Connection, batch: Batch, report: ImportReport, progress: Progress) -> ImportReport:
    known = known_nodes(connection)
    progress("writing", 0, report.read)
    with bulk_load(connection, batch.tree, report.read - known):
        inserted = insert_new(connection, batch)
    progress("writing", inserted, report.read)
    updated = update_known(connection, batch) if known else 0
    keep_numbers(connection, batch)
    skipped = report.read - inserted - known
    return replace(report, inserted=inserted, updated=updated, unchanged=known - updated, skipped=skipped)


def _timed(report: ImportReport, begun: float) -> ImportReport:
    return replace(report, seconds=time.monotonic() - begun)


def _place(connection: psycopg.Connection, options: ImportOptions) -> Place:
    """Find what `under` names; a space comes before an organisation, as ids are unique over all tables."""
    if options.under is None:
        return Place()
    tree = TREES[options.noun]
    node = connection.execute(
        SQL("select type from {} where id = %s").format(Identifier(tree)), [options.under]
    ).fetchone()
    if node:
        return Place(under=options.under, inherited_type=node[0] if tree == "org" else None)
    org = connection.execute("select type from org where id = %s", [options.under]).fetchone()
    if org and org[0] == OrgType.BUSINESS:
        return Place(owner=options.under)
    if org:
        message = f"organisation {options.under} is not a business organisation; it cannot own communities"
    else:
        message = f"there is no {'organisation' if tree == 'org' else 'space or organisation'} {options.under}"
    raise OperatorError(message)


def _first_line(error: psycopg.Error) -> str:
    return (error.diag.message_primary or str(error)).splitlines()[0]
