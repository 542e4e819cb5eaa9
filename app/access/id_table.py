"""IdTable: a query of ids as a table, which edges lead through."""

from sqlalchemy import BigInteger, Subquery, column, text


def id_table(query: str, *names: str) -> Subquery:
    """Return a query whose columns are ids with these names as a table."""
    return text(query).columns(*(column(name, BigInteger()) for name in names)).subquery()
