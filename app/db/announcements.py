"""Announcements: how the database says that rights have changed (migrations/frozen/rights.py).

An announcement is the id of a log-in that has ended, or an empty text for every other change. It is sent twice: as a
message to the connection whose statement made the change, and when its transaction commits as a notice to every
connection that listens.
"""

from collections.abc import Callable

from psycopg.errors import Diagnostic

CHANNEL = "cadastre_rights"

SQLSTATE = "CDR01"
"""The SQLSTATE of the message."""

Hear = Callable[[str], None]
"""A function that is called with each announcement."""


def note_announcement(announced: set[str], message: Diagnostic) -> None:
    """Add the announcement in a message of the server to those of a connection, if it is one."""
    if message.sqlstate == SQLSTATE:
        announced.add(message.message_detail or "")
