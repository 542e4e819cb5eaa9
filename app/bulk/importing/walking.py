"""Walking the imported nodes from the roots: a node that no root leads to is in a cycle or below a refused row."""

from psycopg import Connection
from psycopg.sql import SQL, Composed

from app.bulk.importing.batch import Batch
from app.bulk.importing.leaving import refuse_leaving
from app.bulk.importing.records import ErrorList
from app.bulk.importing.staging import problems
from app.services.tree import expected


def walk(connection: Connection, batch: Batch, errors: ErrorList) -> None:
    """Fill `import_tree` with every node that can be written, and record why the others cannot.

    A walk finds the codes that are already taken, and who would leave a tenant. It is then repeated without these rows.
    """
    errors.extend(*problems(connection))
    if connection.execute(MOVED).fetchone():
        org_id = SQL("org_id" if batch.noun == "spaces" else "null::bigint")
        connection.execute(batch.sql(CARRY, org_id=org_id))
    while True:
        connection.execute(SQL("create temp table import_tree on commit drop as {}").format(_reached(batch)))
        connection.execute("analyze import_tree")
        connection.execute(CYCLES)
        refuse_leaving(connection, batch)
        if "code" in batch.header:
            connection.execute(batch.sql(TAKEN_CODES))
        new_problems, count = problems(connection)
        errors.extend(new_problems, count)
        if not count:
            return
        connection.execute("drop table import_tree")


def known_nodes(connection: Connection) -> int:
    """Count the rows of the file that can be written and are already in the register."""
    row = connection.execute(
        "select count(*) from import_tree join import_node using (id) where known and line is not null"
    ).fetchone()
    return int(row[0]) if row else 0


def _reached(batch: Batch) -> Composed:
    return expected(
        batch.table,
        nodes=SQL("(select * from import_node where problem is null)"),
        top=SQL("not exists (select from import_node parent where parent.id = child.parent_id)"),
        code=SQL("coalesce(child.code, coalesce(parent.code, '') || child.number)"),
    )


MOVED = "select 1 from import_node where known and problem is null and parent_id is distinct from old_parent_id limit 1"

CARRY = """
insert into import_node (id, known, parent_id, old_parent_id, old_code, name, type, org_id, code)
with recursive above as (
  select node.* from {table} node where node.id in (select parent_id from import_node)
  and node.id not in (select id from import_node where id is not null)
  union
  select node.* from above join {table} node on node.id = above.parent_id
  where not exists (select from import_node where import_node.id = node.id)
)
select id, true, parent_id, parent_id, code, name, type, {org_id}, code from above
"""
"""When nodes move, nodes of the register between two nodes of the file may close a cycle, so they are walked too."""

CYCLES = """
with recursive unreached as (
  select id, parent_id, problem, line from import_node
  where not exists (select from import_tree where import_tree.id = import_node.id)
), below_refused as (
  select id from unreached where problem is not null
  union
  select child.id from below_refused parent join unreached child on child.parent_id = parent.id
)
update import_node set problem = 'its parents lead in a circle, never to a root'
from unreached where unreached.line = import_node.line and unreached.problem is null
and not exists (select from below_refused where below_refused.id = unreached.id)
"""

TAKEN_CODES = """
with claim as (
  select tree.code, bool_or(node.file_code is null) as generated, min(node.line) as first_line
  from import_tree tree join import_node node using (id) group by tree.code
), stored as (
  select distinct other.code from import_node node join {table} other on other.code = node.file_code
  where not exists (select from import_tree where import_tree.id = other.id)
)
update import_node node set problem = 'code {{}} is already taken', problem_value = node.file_code
from import_tree tree
left join claim on claim.code = tree.code
left join stored on stored.code = tree.code
where tree.id = node.id and node.file_code is not null and (not node.known or node.file_code <> node.old_code)
and (claim.generated or claim.first_line < node.line or stored.code is not null)
"""
"""A new code in the file is refused when an earlier line has it, when another record is stored under it, or when a
record of the file keeps or gets it without naming a code."""
