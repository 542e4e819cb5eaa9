"""Customers: which organisations know them, where they may be known, and which records may be of the same one.

The queries run with the rights of the current role, so they show visible records only.
"""

from app.access.id_table import id_table
from app.models.property import IS_VALID

# ruff: noqa: S608 - the queries are put together from our own names

SAME = (
    "other.fourgrid_id = customer.fourgrid_id",
    "other.identity = customer.identity",
    "other.name = customer.name and other.phone = customer.phone",
)
"""The conditions that two records of one tenant are alike; each is answered by an index."""

LIVE = "other.id <> customer.id and customer.merged_into_id is null and other.merged_into_id is null"

HELD = f"""
select relation.id as relation_id, relation.customer_id, org.id as org_id
from property_relation relation
join org on relation.space_org_path between org.path and org.path where relation.{IS_VALID}
"""
"""The path is compared as a range for the reason that app/access/holdings.py gives."""

SCOPE = f"""
select top_org_id as org_id, id as customer_id from customer where merged_into_id is null
union all select org_id, customer_id from customer_org
union all select org_id, customer_id from ({HELD}) held
"""

PROJECT = """
select customer.id as customer_id, org.id as org_id from customer
join org on org.path >= customer.top_org_id || '/' and org.path < customer.top_org_id || '0'
where org.business_sub_type = 'PROJECT'
"""


DUPLICATES = id_table(
    " union ".join(
        "select customer.id as customer_id, other.id as duplicate_id from customer"
        f" join customer other on other.top_org_id = customer.top_org_id and {same} where {LIVE}"
        for same in SAME
    ),
    "customer_id",
    "duplicate_id",
)
"""Customers who may be the same, by id."""

CURRENT = id_table(
    "select id as customer_id, case when merged_into_id is null then id else merged_into_id end as current_id"
    " from customer",
    "customer_id",
    "current_id",
)
"""Customers by their own id, and by those of the customers that were merged into them."""

HOLDINGS = id_table(HELD, "relation_id", "customer_id", "org_id")
"""Valid property relations by the organisation that owns the community."""

SCOPES = id_table(SCOPE, "org_id", "customer_id")
"""Organisations that a customer is in the scope of: the top one, those related, and those that own what it holds."""

PROJECTS = id_table(PROJECT, "customer_id", "org_id")
"""Project organisations of the tenant of a customer."""
