"""Calls: functions of the database that do what the caller's own rows and privileges do not allow.

A request logs in as a role that owns nothing. Each function does one thing as the owner of the tables, and checks who
calls (migrations/frozen/functions).
"""

from psycopg.sql import SQL, Identifier, Placeholder

from app.db.rendering import Statement, statement_of


def call(function: str, **arguments: str) -> Statement:
    """Return the statement that calls a function; `arguments` are the names of the values, with their SQL types."""
    values = (SQL("{}::" + type_).format(Placeholder(name)) for name, type_ in arguments.items())
    return statement_of(SQL("select * from {}({})").format(Identifier(function), SQL(", ").join(values)))
