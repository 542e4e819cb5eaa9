"""Stamp: the columns that every change sets: the version, the time, and who changed the record."""

from psycopg.sql import SQL

from app.access.holdings import ACTOR

ACCOUNT = SQL(f"(select account from admin where id = {ACTOR})")  # noqa: S608 - our own names
"""The account of the member of staff who calls; null when the program itself writes."""

CLIENT = SQL("'client:' || nullif(current_setting('app.client', true), '')")
"""The client that calls for itself, such as client:backend; null for a member of staff and the program itself."""

WRITER = SQL("coalesce({}, {})").format(CLIENT, ACCOUNT)
"""The value of `created_by` and `updated_by`."""

CHANGED = SQL("version = node.version + 1, updated_at = now(), updated_by = {}").format(WRITER)
"""The assignments for SET in every UPDATE of a request."""
