"""Calls on a connection of the tests' own, which is not asynchronous."""

from typing import Any

import psycopg

from app.db.exchange import Call


def run_call(connection: psycopg.Connection, call: Call, explain: str = "") -> list[Any]:
    """Run a call, or have it explained, and give the first column of its rows."""
    cursor = psycopg.RawCursor(connection).execute(f"{explain} {call.sql}", call.values or None)
    return [row[0] for row in cursor] if cursor.description else []
