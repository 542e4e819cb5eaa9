"""Leaving: records of a file that would go to another tenant without what belongs to it, as requests may not either."""

from collections.abc import Sequence
from typing import NamedTuple

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from app.bulk.importing.batch import Batch
from app.bulk.importing.column import Noun


def refuse_leaving(connection: Connection, batch: Batch) -> None:
    """Mark known nodes of `import_tree` that would go to another tenant than what belongs to their spaces."""
    connection.execute(_leaving(batch))


def _leaving(batch: Batch) -> Composed:
    leaves = LEAVES[batch.noun]
    return batch.sql(
        LEAVING,
        word=SQL(leaves.word),
        moved=SQL(leaves.moved),
        scope=Identifier(leaves.scope),
        belonging=SQL(" union all ").join(
            SQL(BELOW).format(owner=SQL(owner), held=SQL(held), path=SQL(path))
            for owner, held, path in leaves.belonging
        ),
    )


BELOW = (
    "select {owner}.top_org_id as tenant from {held}"
    " where {path} >= leaving.path and {path} < rtrim(leaving.path, '/') || '0'"
)
RELATION = "property_relation relation join customer on customer.id = relation.customer_id"
CLAIM = "verification claim join customer on customer.id = claim.customer_id"
WORK_ORDER = "work_order join work_order_category category on category.id = work_order.category_three_id"
KNOWN = "org join customer_org known on known.org_id = org.id join customer on customer.id = known.customer_id"

MOVED = "node.parent_id is distinct from node.old_parent_id"
GIVEN = "node.type = 'COMMUNITY' and node.org_id is distinct from stored.org_id"
"""A community gets another organisation; the other spaces have that of theirs."""


class Leaves(NamedTuple):
    """How a node leaves its tenant: `scope` has the path of its organisation, `belonging` is of customers below it."""

    word: str
    scope: str
    moved: str
    belonging: Sequence[tuple[str, str, str]]
    """The table with the tenant, what is joined to it, and the path that says where that is."""


LEAVES: dict[Noun, Leaves] = {
    "orgs": Leaves(
        "organisation",
        "path",
        MOVED,
        (
            ("customer", KNOWN, "org.path"),
            ("customer", RELATION, "relation.space_org_path"),
            ("customer", CLAIM, "claim.space_org_path"),
            ("category", WORK_ORDER, "work_order.space_org_path"),
        ),
    ),
    "spaces": Leaves(
        "space",
        "org_path",
        f"({MOVED} or {GIVEN} or node.type <> stored.type)",
        (
            ("customer", RELATION, "relation.space_path"),
            ("customer", CLAIM, "claim.space_path"),
            ("category", WORK_ORDER, "work_order.space_path"),
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
  problem = '{word} {{}} has customers or work orders, and stays in their tenant'
from leaving where leaving.id = node.id and exists (
  select from ({belonging}) belonging where belonging.tenant::text <> leaving.tenant
)
"""
"""Who owns a space stays below their top organisation, so the space does too. One without an owner gets one there."""
