"""Totals: what the rows below a node of a tree add up to, for many nodes by one statement.

A function of the database returns the totals, as far as the caller sees them. This module knows no entity.
"""

from sqlalchemy import Select, Text, column, func, select

from app.loaders.links import listed_keys

COLUMNS = ("kind", "value", "status", "count", "area", "fee_area")
"""The columns of a total, behind the path of the node."""

PATH = "path"
"""The column of the node with the key of its totals."""


def totals_by(function: str) -> Select[tuple[object, ...]]:
    """Select the totals of all nodes whose paths are the keys; the first column is the path."""
    names = ("key", *COLUMNS)
    totals = getattr(func, function)(listed_keys(Text)).table_valued(*map(column, names), name="totals")
    return select(*(totals.c[name] for name in names))
