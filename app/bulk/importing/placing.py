"""Placing: records of a file whose type does not fit below their parent, by the rules that requests have too."""

from functools import cache

from psycopg import Connection
from psycopg.sql import SQL, Composable, Literal

from app.bulk.importing.batch import Batch
from app.bulk.importing.column import Noun
from app.models.space import PARENT_TYPES


def refuse_misplaced(connection: Connection, batch: Batch) -> None:
    """Mark new and moved records that do not fit below their parent: app/models/space.py, and one type for a tree."""
    connection.execute(batch.sql(MISPLACED, fits=_fits(batch.noun)))


@cache
def _fits(noun: Noun) -> Composable:
    """Return the condition that a node of the type `placed.type` fits below one of the type `parent_type`."""
    if noun == "orgs":
        return SQL("coalesce(placed.parent_type = placed.type, true)")
    pairs = [
        SQL("({}, {})").format(Literal(type_.value), Literal("" if parent is None else parent.value))
        for type_, parents in PARENT_TYPES.items()
        for parent in parents
    ]
    return SQL("(placed.type, coalesce(placed.parent_type, '')) in ({})").format(SQL(", ").join(pairs))


MISPLACED = """
update import_node node set problem = 'type {{}} does not fit '
    || coalesce('below a parent of the type ' || placed.parent_type, 'at the top'), problem_value = placed.type
from (
  select child.line, child.type, coalesce(parent.type, stored.type) as parent_type
  from import_node child
  left join import_node parent on parent.id = child.parent_id
  left join {table} stored on parent.id is null and stored.id = child.parent_id
  where child.problem is null and child.line is not null
    and (not child.known or child.parent_id is distinct from child.old_parent_id)
) placed
where placed.line = node.line and not {fits}
"""
