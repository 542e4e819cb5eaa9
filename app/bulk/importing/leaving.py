"""Leaving: records of a file that would go to another tenant and leave their customers behind."""

from collections.abc import Sequence
from typing import NamedTuple

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from app.bulk.importing.batch import Batch
from app.bulk.importing.column import Noun


def refuse_leaving(connection: Connection, batch: Batch) -> None:
    """Mark known nodes of `import_tree` that would leave the tenant of their customers, as requests may not either."""
    connection.execute(_leaving(batch))


def _leaving(batch: Batch) -> Composed:
    leaves = LEAVES[batch.noun]
    return batch.sql(
        LEAVING,
        word=SQL(leaves.word),
        moved=SQL(leaves.moved),
        scope=Identifier(leaves.scope),
        belonging=SQL(" union all ").join(
            SQL(BELOW).format(tenant=SQL(tenant), held=SQL(held), path=SQL(path))
            for tenant, held, path in leaves.belonging
        ),
    )


BELOW = (
    "select {tenant} as tenant from {held} where {path} >= leaving.path and {path} < rtrim(leaving.path, '/') || '0'"
)
RELATION = "property_relation relation join customer on customer.id = relation.customer_id"
CLAIM = "verification claim join customer on customer.id = claim.customer_id"
WORK_ORDER = "work_order join work_order_category category on category.id = work_order.category_three_id"
CUSTOMER = "org join customer on customer.top_org_id = org.id"
CATEGORY = "org join work_order_category category on category.top_org_id = org.id"
APP = "org join app_grant on app_grant.org_id = org.id"
KNOWN = "org join customer_org known on known.org_id = org.id join customer on customer.id = known.customer_id"

MOVED = "node.parent_id is distinct from node.old_parent_id"
GIVEN = "node.type = 'COMMUNITY' and node.org_id is distinct from stored.org_id"
"""Whether a community changes its organisation. Every other space has the organisation of its community."""


class Leaves(NamedTuple):
    """How a node leaves its tenant. The column `scope` has the path of its organisation."""

    word: str
    scope: str
    moved: str
    belonging: Sequence[tuple[str, str, str]]
    """What stays in the tenant: the column that names the tenant, the tables, and the column with the place."""


LEAVES: dict[Noun, Leaves] = {
    "orgs": Leaves(
        "organisation",
        "path",
        MOVED,
        (
            ("customer.top_org_id", CUSTOMER, "org.path"),
            ("category.top_org_id", CATEGORY, "org.path"),
            ("app_grant.org_id", APP, "org.path"),
            ("customer.top_org_id", KNOWN, "org.path"),
            ("customer.top_org_id", RELATION, "relation.space_org_path"),
            ("customer.top_org_id", CLAIM, "claim.space_org_path"),
            ("category.top_org_id", WORK_ORDER, "work_order.space_org_path"),
        ),
    ),
    "spaces": Leaves(
        "space",
        "org_path",
        f"({MOVED} or {GIVEN} or node.type <> stored.type)",
        (
            ("customer.top_org_id", RELATION, "relation.space_path"),
            ("customer.top_org_id", CLAIM, "claim.space_path"),
            ("category.top_org_id", WORK_ORDER, "work_order.space_path"),
        ),
    ),
}

LEAVING = """
with leaving as materialized (
  select node.id, stored.path, split_part(coalesce(tree.{scope}, ''), '/', 1) as tenant
  from import_node node join import_tree tree using (id) join {table} stored using (id)
  where node.known and node.line is not null and {moved}
  and split_part(coalesce(stored.{scope}, ''), '/', 1) <> split_part(coalesce(tree.{scope}, ''), '/', 1)
)
update import_node node set problem_value = node.name,
  problem = '{word} {{}} has customers, work orders or apps, and stays in their tenant'
from leaving where leaving.id = node.id and exists (
  select from ({belonging}) belonging where belonging.tenant::text <> leaving.tenant
)
"""
"""Customers keep their top organisation, so their houses stay below it. A space without an owner gets one there."""
