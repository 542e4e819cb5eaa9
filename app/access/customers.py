"""Customers: which records may be of the same customer.

The query runs with the rights of the current role, so it shows visible customers only.
"""

from sqlalchemy import BigInteger, Subquery, column, text

SAME = (
    "other.fourgrid_id = customer.fourgrid_id",
    "other.identity = customer.identity",
    "other.name = customer.name and other.phone = customer.phone",
)
"""The conditions that two records of one tenant are alike; each is answered by an index."""


def _pairs() -> Subquery:
    """Return the pairs of like customers, each from both sides."""
    live = "other.id <> customer.id and customer.merged_into_id is null and other.merged_into_id is null"
    queries = (
        "select customer.id as customer_id, other.id as duplicate_id from customer"  # noqa: S608 - our own conditions
        f" join customer other on other.top_org_id = customer.top_org_id and {same} where {live}"
        for same in SAME
    )
    names = ("customer_id", "duplicate_id")
    return text(" union ".join(queries)).columns(*(column(name, BigInteger()) for name in names)).subquery()


DUPLICATES = _pairs()
"""Customers who may be the same, by id."""
