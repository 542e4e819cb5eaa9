"""Stamp: the columns that every change sets: the version, the time, and who changed the record."""

from psycopg.sql import SQL

ACCOUNT = SQL("nullif(current_setting('app.account', true), '')")
"""The account of the member of staff who calls; null for a client that calls for itself, and for the program."""

CLIENT = SQL("'client:' || nullif(current_setting('app.client', true), '')")
"""The client of the request, such as client:backend; null when the program itself writes."""

WRITER = SQL("coalesce({}, {})").format(ACCOUNT, CLIENT)
"""The value of `created_by` and `updated_by`."""

CHANGED = SQL("version = node.version + 1, updated_at = now(), updated_by = {}").format(WRITER)
"""The assignments for SET in every UPDATE of a request."""
