"""Import of a file of organisations, spaces, staff, customers, property relations or work orders, in one transaction.

table.py opens the file: delimited.py or spreadsheet.py -> header.py -> rows.py
-> staging.py -> walking.py -> writing.py, or for nouns that are no trees -> flat_staging.py -> flat_writing.py

A record is identified by (source, external_id) in its tenant; of the source "own", the external id is the record's id.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple

import psycopg
from psycopg.sql import SQL, Identifier

from app.bulk.importing.batch import FOLLOWING, TABLES, Batch
from app.bulk.importing.cells import key, quoted
from app.bulk.importing.column import Noun
from app.bulk.importing.columns import COLUMNS
from app.bulk.importing.customer_checks import write_orgs
from app.bulk.importing.flat import FLAT
from app.bulk.importing.flat_checks import check_records
from app.bulk.importing.flat_staging import make_records
from app.bulk.importing.flat_writing import count_records, follow, insert_records, update_records
from app.bulk.importing.placing import refuse_misplaced
from app.bulk.importing.records import ErrorList, RowError
from app.bulk.importing.rows import Rows, read_header
from app.bulk.importing.staging import copy_rows, find_owners, first_new_line, make_nodes
from app.bulk.importing.table import open_table
from app.bulk.importing.walking import known_nodes, walk
from app.bulk.importing.writing import insert_new, store_numbers, update_known
from app.bulk.index_rebuild import bulk_load, refresh_indexes
from app.bulk.progress import Progress, silent
from app.bulk.session import LONGEST_WAIT, Note, ignore, lock_trees, session
from app.db.migrating import first_line
from app.errors import OperatorError
from app.models.base import OWN_SOURCE
from app.models.org import OrgType


@dataclass(frozen=True)
class ImportOptions:
    """What to import and how."""

    noun: Noun
    file: Path
    source: str
    """Name of the system that the external ids are from; a record is identified by it and its external id."""

    under: int | None = None
    """Id of the parent of the file's roots: a node of the same tree or, for spaces, a business organisation."""

    dry_run: bool = False
    on_error: Literal["abort", "skip"] = "abort"
    encoding: str | None = None
    """The encoding of a text file; None: found out."""

    sheet: str | None = None
    """The sheet of a spreadsheet; None: the first one."""

    ignored: tuple[str, ...] = ()
    """Names of columns that are left out."""
    wait: float = LONGEST_WAIT
    """Seconds to wait for another program that changes the trees."""


@dataclass(frozen=True)
class ImportReport:
    """The number of rows by outcome; in a dry run, what the outcome would have been."""

    read: int
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    """Bad rows, and those below them."""

    error_count: int = 0
    errors: list[RowError] = field(default_factory=list)
    """The first errors in the order of the file, at most MOST_ERRORS of records.py."""

    seconds: float = 0.0
    origin: str = ""
    """What the file was read as, such as "UTF-8, separated by commas"."""

    unit: str = "line"
    """What the numbers of the errors count: lines, or rows of a sheet."""


class Destination(NamedTuple):
    """What the roots of a file belong to; the fields are the last ones of Batch."""

    under: int | None = None
    owner: int | None = None
    tenant: int | None = None
    inherited_type: str | None = None


def import_file(url: str, options: ImportOptions, progress: Progress = silent, note: Note = ignore) -> ImportReport:
    """Import a file; OperatorError when the file, `under` or the database is unusable.

    Bad rows are in the report. With "abort" one bad row prevents the import; with "skip" bad rows are left out with
    everything below them.
    """
    begun = time.monotonic()
    options = replace(options, source=_source(options.source))
    with session(url, "cadastre import") as connection, _refusals_as_errors(options.file):
        lock_trees(connection, ("org", "space"), options.wait, note)  # moving an organisation changes its spaces
        report = import_into(connection, options, progress)
        if options.dry_run or is_refused(report, options):
            connection.rollback()
        else:
            connection.commit()
            progress("analysing", 0)
            for table in (TABLES[options.noun], *FOLLOWING.get(options.noun, ())):
                refresh_indexes(connection, table)
    return replace(report, seconds=time.monotonic() - begun)


@contextmanager
def _refusals_as_errors(file: Path) -> Iterator[None]:
    """Turn what the database refuses because of a file's content into OperatorError."""
    try:
        yield
    except psycopg.errors.ProgramLimitExceeded as error:
        message = f"the hierarchy in {file} is too deep for an index of the register: {first_line(error)}"
        raise OperatorError(message) from error
    except psycopg.IntegrityError as error:
        message = f"the register refuses a row of {file}: {first_line(error)}"
        raise OperatorError(message) from error


def _source(name: str) -> str:
    """Return the name of a source without the blanks around it; OperatorError when it cannot be one."""
    try:
        source = key(name)
    except ValueError as error:
        message = f"--source {error}"
        raise OperatorError(message) from error
    if source is None:
        message = f"--source {quoted(name)} is not the name of another system; name it, such as crm"
        raise OperatorError(message)
    return str(source)


def is_refused(report: ImportReport, options: ImportOptions) -> bool:
    """Return whether bad rows keep the whole file out."""
    return report.error_count > 0 and options.on_error == "abort"


def import_into(connection: psycopg.Connection, options: ImportOptions, progress: Progress = silent) -> ImportReport:
    """Import a file in the caller's transaction, which has locked the trees; a refused file is only checked."""
    destination = _destination(connection, options)
    reader = open_table(options.file, options.noun, options.encoding, options.sheet)
    header = read_header(reader, options.noun, options.ignored)
    rows, errors = Rows(reader, header, options.noun, destination.inherited_type), ErrorList()
    batch = Batch(options.noun, options.source, header.names, *destination)
    copy_rows(connection, batch, rows, errors, progress)
    progress("checking", 0)
    if batch.noun in FLAT:
        make_records(connection, batch)
        _check_complete(connection, batch, "import_record")
        check_records(connection, batch, errors)
    else:
        find_owners(connection, batch)
        make_nodes(connection, batch)
        _check_complete(connection, batch, "import_key")
        refuse_misplaced(connection, batch)
        walk(connection, batch, errors)
    report = ImportReport(
        rows.read, error_count=errors.count, errors=errors.first, origin=reader.origin, unit=reader.unit
    )
    write = _write_flat if batch.noun in FLAT else _write
    return report if is_refused(report, options) else write(connection, batch, report, progress)


def _check_complete(connection: psycopg.Connection, batch: Batch, staged: str) -> None:
    """Raise OperatorError when there are new records and the file has no column for what they need."""
    lacking = [
        column.name
        for column in COLUMNS[batch.noun]
        if column.required and column.name not in batch.header and not (column.name == "type" and batch.inherited_type)
    ]
    line = first_new_line(connection, staged) if lacking and batch.source != OWN_SOURCE else None
    if line is not None:
        message = (
            f"the header lacks {', '.join(lacking)}; add the column to the file (only a file of known records may lack"
            f" it, and the record of line {line} is new)"
        )
        raise OperatorError(message)


def _write(connection: psycopg.Connection, batch: Batch, report: ImportReport, progress: Progress) -> ImportReport:
    known = known_nodes(connection)
    progress("writing", 0, report.read)
    with bulk_load(connection, batch.table, report.read - known):
        inserted = insert_new(connection, batch)
    progress("writing", inserted, report.read)
    updated = update_known(connection, batch) if known else 0
    store_numbers(connection, batch)
    skipped = report.read - inserted - known
    return replace(report, inserted=inserted, updated=updated, unchanged=known - updated, skipped=skipped)


def _write_flat(connection: psycopg.Connection, batch: Batch, report: ImportReport, progress: Progress) -> ImportReport:
    inserted, known, updated = count_records(connection)
    progress("writing", 0, report.read)
    if updated:
        update_records(connection, batch)
    with bulk_load(connection, batch.table, inserted):
        insert_records(connection, batch)
    follow(connection, batch, inserted)
    write_orgs(connection, batch, inserted)
    skipped = report.read - inserted - known
    return replace(report, inserted=inserted, updated=updated, unchanged=known - updated, skipped=skipped)


def _destination(connection: psycopg.Connection, options: ImportOptions) -> Destination:
    """Find the node or organisation that `under` names; ids are unique over all tables."""
    if options.under is None:
        return Destination()
    if options.noun in FLAT:
        return _default_org(connection, options)
    tree = TABLES[options.noun]
    top = SQL("nullif(split_part({}, '/', 1), '')::bigint").format(Identifier("path" if tree == "org" else "org_path"))
    node = connection.execute(
        SQL("select type, {} from {} where id = %s").format(top, Identifier(tree)), [options.under]
    ).fetchone()
    if node:
        return Destination(options.under, None, node[1], node[0] if tree == "org" else None)
    org = connection.execute(
        "select type, split_part(path, '/', 1)::bigint from org where id = %s", [options.under]
    ).fetchone()
    if org and org[0] == OrgType.BUSINESS:
        return Destination(None, options.under, org[1])
    if org:
        message = f"organisation {options.under} is not a business organisation; it cannot own communities"
    else:
        message = f"there is no {'organisation' if tree == 'org' else 'space or organisation'} {options.under}"
    raise OperatorError(message)


def _default_org(connection: psycopg.Connection, options: ImportOptions) -> Destination:
    """Find the organisation that new records belong to which name none: of customers, the top one of the tenant."""
    wanted = {"admins": OrgType.ADMINISTRATIVE, "customers": OrgType.BUSINESS}.get(options.noun)
    row = connection.execute(
        "select id, split_part(path, '/', 1)::bigint from org where id = %s and type = %s", [options.under, wanted]
    ).fetchone()
    if row is None:
        message = (
            f"--under: there is no {wanted.name.lower()} organisation {options.under}"
            if wanted
            else f"{options.noun} have no --under; their spaces say where they belong"
        )
        raise OperatorError(message)
    return Destination(row[0] if wanted == OrgType.ADMINISTRATIVE else row[1], None, row[1])
