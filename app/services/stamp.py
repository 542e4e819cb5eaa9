"""Stamp: the columns that every change sets: the version, the time and the account."""

from psycopg.sql import SQL

ACCOUNT = SQL("(select account from admin where id = nullif(current_setting('app.actor', true), '')::bigint)")
"""The account of the member of staff whom the transaction runs for; null for the program itself."""

CHANGED = SQL("version = version + 1, updated_at = now(), updated_by = {}").format(ACCOUNT)
"""The assignments for SET in every UPDATE of a request."""
