"""Flat checks: the rules of staged records beside each other and beside those of the register."""

from psycopg import Connection

from app.bulk.importing.batch import Batch
from app.bulk.importing.customer_checks import check_numbers, stage_orgs
from app.bulk.importing.flat_staging import refuse_conflicts
from app.bulk.importing.records import ErrorList


def check_records(connection: Connection, batch: Batch, errors: ErrorList) -> None:
    """Mark and report the rows that cannot be written."""
    if batch.noun == "customers":
        stage_orgs(connection, batch)
        check_numbers(connection)
    refuse_conflicts(connection, batch, errors)
