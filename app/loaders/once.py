"""Once: ids that a statement reads once, wherever it compares with them: in a page, on its sides and in its total."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, TextualSelect, any_, cast, column, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

IDS = "ids"
"""The column with all ids, as one array."""


def one_of(ids: Select[Any]) -> ColumnElement[Any]:
    """Return what a column is compared with to be one of the ids that a query gives.

    The query stands before the statement, as a common table expression. PostgreSQL runs it once, when it is first
    needed, and expects few ids.
    """
    return _among(select(func.array(ids.scalar_subquery()).label(IDS)))


def one_of_text(ids: str) -> ColumnElement[Any]:
    """Return the same for a query that is written as SQL."""
    return _among(text(f"select array({ids}) as {IDS}").columns(column(IDS, ARRAY(BigInteger()))))


def _among(array: Select[Any] | TextualSelect) -> ColumnElement[Any]:
    listed = array.cte()
    return any_(cast(select(listed.c[0]).scalar_subquery(), ARRAY(BigInteger())))
