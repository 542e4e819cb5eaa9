"""Staging: the rows of a file in temporary tables, with the id, the parent's id and the number among siblings.

`import_row`   the cells: one row for each row of the file with the right number of cells
`import_key`   the external ids, and the ids of the nodes in the register
`import_node`  the nodes: id, parent, code or number, and the problem that excludes the row
`import_tree`  the derived columns of the nodes that a root leads to; see csv_walking.py
"""

from psycopg import Connection
from psycopg.sql import SQL, Identifier, Literal

from app.bulk.csv_batch import Batch
from app.bulk.csv_columns import COLUMNS
from app.bulk.csv_reading import CsvFile, ErrorList, RowError
from app.bulk.progress import Progress
from app.models.tree import FIRST_SEGMENT

ROWS_A_REPORT = 10_000


def copy_rows(connection: Connection, batch: Batch, file: CsvFile, errors: ErrorList, progress: Progress) -> None:
    """Copy the file into `import_row`, row by row."""
    columns = SQL(", ").join(
        SQL("{} {}").format(Identifier(column.name), SQL(column.sql_type)) for column in COLUMNS[batch.noun]
    )
    connection.execute(
        SQL("create temp table import_row (line integer, valid boolean, {}) on commit drop").format(columns)
    )
    if batch.inherited_type:
        connection.execute(
            SQL("alter table import_row alter type set default {}").format(Literal(batch.inherited_type))
        )
    names = SQL(", ").join(Identifier(column.name) for column in file.columns)
    statement = SQL("copy import_row (line, valid, {}) from stdin").format(names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in file.rows(errors):
            copy.write_row((row.line, row.valid, *row.values))
            if file.read % ROWS_A_REPORT == 0:
                progress("reading", file.read)
    connection.execute("analyze import_row")
    progress("reading", file.read, file.read)


def make_nodes(connection: Connection, batch: Batch) -> None:
    """Fill `import_node`: match rows with the register, assign ids in file order, find parents, number new children."""
    connection.execute(batch.sql(KEYS))
    connection.execute("analyze import_key")
    with_org = batch.noun == "spaces"
    connection.execute(
        batch.sql(
            NODES,
            org_id=SQL(COMMUNITY_ORG if with_org else "null::bigint").format(owner=Literal(batch.owner)),
            org_unknown=SQL(ORG_UNKNOWN if "org_id" in batch.header else "false"),
            row_org_id=SQL("r.org_id" if with_org else "null::bigint"),
            first=Literal(FIRST_SEGMENT[batch.tree]),
            width=Literal(len(str(FIRST_SEGMENT[batch.tree]))),
        )
    )
    connection.execute("create index on import_node (parent_id)")
    # Most nodes that the walk looks up have no child; migrations/frozen/columns.py sets the same for the tables.
    connection.execute("alter table import_node alter column parent_id set (n_distinct = -1)")
    connection.execute("analyze import_node")


def problems(connection: Connection) -> tuple[list[RowError], int]:
    """Return the unreported problems in `import_node`: the first ones in file order, and the number of all."""
    rows = connection.execute(
        "select line, problem, count(*) over () from import_node where problem <> '' order by line limit 100"
    ).fetchall()
    connection.execute("update import_node set problem = '' where problem <> ''")
    return [RowError(line, problem) for line, problem, _ in rows], rows[0][2] if rows else 0


KEYS = """
create temp table import_key on commit drop as
select line, external_id, parent_external_id, valid, first_line, known_id is not null as known, old_parent_id, old_code,
  case when external_id is not null and line = first_line then coalesce(known_id, nextval('register_id')) end as id
from (
  select r.line, r.external_id, r.parent_external_id, r.valid, coalesce(twin.first_line, r.line) as first_line,
    node.id as known_id, node.parent_id as old_parent_id, node.code as old_code
  from import_row r
  left join (
    select external_id, min(line) as first_line from import_row group by external_id having count(*) > 1
  ) twin on twin.external_id = r.external_id
  left join {table} node on node.source = {source} and node.external_id = r.external_id
  order by r.line
) in_file_order
"""
"""The nodes of the file by external id; a row that repeats an earlier external id has no id."""

COMMUNITY_ORG = (
    "case when r.type = 'COMMUNITY' then coalesce(r.org_id,"
    " case when k.parent_external_id is null then {owner}::bigint end,"
    " (select node.org_id from space node where k.known and node.id = k.id and node.type = 'COMMUNITY')) end"
)

ORG_UNKNOWN = "r.org_id is not null and not exists (select from org where org.id = r.org_id and org.type = 'BUSINESS')"

NODES = """
create temp table import_node on commit drop as
with linked as (
  select k.line, k.id, k.known, k.old_parent_id, k.old_code, r.name, r.type, r.code as file_code,
    {org_id} as org_id,
    case when k.parent_external_id is null then {under} else coalesce(parent.id, elsewhere.id) end as parent_id,
    case
      when not k.valid then ''
      when k.line > k.first_line then format('external_id %s is already in line %s', k.external_id, k.first_line)
      when k.parent_external_id is not null and parent.line is null and elsewhere.id is null
        then format('parent_external_id %s is neither in the file nor in the register', k.parent_external_id)
      when {org_unknown} then format('org_id %s is not a business organisation', {row_org_id})
    end as problem
  from import_key k
  join import_row r on r.line = k.line
  left join import_key parent on parent.external_id = k.parent_external_id and parent.line = parent.first_line
  left join {table} elsewhere
    on parent.line is null and elsewhere.source = {source} and elsewhere.external_id = k.parent_external_id
), waiting as (
  select linked.*, problem is null and file_code is null and (not known or parent_id is distinct from old_parent_id)
    as waits
  from linked
)
select w.line, w.id, w.known, w.parent_id, w.old_parent_id, w.old_code, w.name, w.type, w.org_id, w.file_code,
  coalesce(w.file_code, w.old_code) as code, w.problem,
  case when w.waits then
    greatest(
      {first} - 1,
      coalesce(parent.last_child_number, 0),
      (select last_number from root_numbering where tree = {tree} and w.parent_id is null),
      max(case when length(w.file_code) >= {width} then right(w.file_code, {width})::bigint end)
        over (partition by w.parent_id)
    ) + row_number() over (partition by w.parent_id, w.waits order by w.line)
  end as number
from waiting w left join {table} parent on parent.id = w.parent_id
"""
"""A new child's number follows the last number that its parent ever assigned, and those in the codes of the file."""
