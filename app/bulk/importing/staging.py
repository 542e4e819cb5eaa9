"""Staging: the rows of a file in temporary tables, with the id, the parent's id and the number among siblings.

`import_row`   the cells: one row for each row of the file with the right number of cells
`import_key`   the external ids, and the ids of the nodes in the register
`import_node`  the nodes: id, parent, code or number, and the problem that excludes the row
`import_tree`  the derived columns of the nodes that a root leads to; see walking.py
"""

from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from app.bulk.importing.batch import Batch
from app.bulk.importing.cells import quoted
from app.bulk.importing.column import Noun
from app.bulk.importing.columns import COLUMNS, COLUMNS_OF_TYPE
from app.bulk.importing.records import ErrorList, RowError
from app.bulk.importing.rows import Rows
from app.bulk.progress import Progress
from app.models.base import OWN_SOURCE
from app.models.tree import FIRST_SEGMENT

ROWS_A_REPORT = 10_000


def copy_rows(connection: Connection, batch: Batch, rows: Rows, errors: ErrorList, progress: Progress) -> None:
    """Copy the file into `import_row`, row by row."""
    columns = SQL(", ").join(
        SQL("{} {}").format(Identifier(column.name), SQL(column.sql_type)) for column in COLUMNS[batch.noun]
    )
    connection.execute(
        SQL("create temp table import_row (line integer, valid boolean, {}) on commit drop").format(columns)
    )
    names = SQL(", ").join(Identifier(column.name) for column in rows.header.columns)
    statement = SQL("copy import_row (line, valid, {}) from stdin").format(names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows.values(errors):
            copy.write_row((row.line, row.valid, *row.values))
            if rows.read % ROWS_A_REPORT == 0:
                progress("reading", rows.read)
    connection.execute("analyze import_row")
    progress("reading", rows.read, rows.read)


def find_owners(connection: Connection, batch: Batch) -> None:
    """Turn the external ids of the organisations that own communities into ids; null where there is none."""
    if batch.noun == "spaces" and "org_external_id" in batch.header:
        connection.execute(batch.sql(OWNERS, same=known_by(batch, "org", "r.org_external_id")))


def known_by(batch: Batch, table: str, key: str) -> Composable:
    """Return the condition that a record has an external id of the file's source; its own source has ids instead."""
    if batch.source == OWN_SOURCE:
        return SQL(f"{table}.id = {own_id(key)}")
    return batch.sql(f"{table}.source = {{source}} and {table}.external_id = {key}")


def own_id(key: str) -> str:
    """Return an external id of the register itself as a number, as SQL; null where it is none."""
    return f"case when {key} ~ '^[0-9]{{1,18}}$' then {key}::bigint end"


def make_nodes(connection: Connection, batch: Batch) -> None:
    """Fill `import_node`: match rows with the register, assign ids in file order, find parents, number new children."""
    known = known_by(batch, "node", "r.external_id")
    connection.execute(batch.sql(KEYS, known=known, in_tenant=_in_tenant(batch, "node")))
    connection.execute("analyze import_key")
    with_org = batch.noun == "spaces"
    connection.execute(
        batch.sql(
            NODES,
            org_id=batch.sql(COMMUNITY_ORG if with_org else "null::bigint"),
            org_unknown=SQL(ORG_UNKNOWN if {"org_id", "org_external_id"} & batch.header else "false"),
            of_other_type=_of_other_type(batch),
            row_org=SQL("coalesce(r.org_external_id, r.org_id::text)" if with_org else "null::text"),
            elsewhere=known_by(batch, "above", "k.parent_external_id"),
            of_others=batch.sql("above.source <> {source}") if batch.source != OWN_SOURCE else SQL("false"),
            not_new=Literal(batch.source == OWN_SOURCE),
            in_tenant=_in_tenant(batch, "above"),
            first=Literal(FIRST_SEGMENT[batch.table]),
            width=Literal(len(str(FIRST_SEGMENT[batch.table]))),
        )
    )
    connection.execute("create index on import_node (parent_id)")
    # Most nodes that the walk looks up have no child; migrations/frozen/columns.py sets the same for the tables.
    connection.execute("alter table import_node alter column parent_id set (n_distinct = -1)")
    connection.execute("analyze import_node")


def first_new_line(connection: Connection, table: str = "import_key") -> int | None:
    """Return the line of the first record that the register does not know."""
    query = SQL("select min(line) from {} where valid and not known").format(Identifier(table))
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def problems(connection: Connection, table: str = "import_node") -> tuple[list[RowError], int]:
    """Return the unreported problems of the rows: the first ones in file order, and the number of all."""
    name = Identifier(table)
    listed = SQL(
        "select line, problem, problem_value, count(*) over () from {} where problem <> '' order by line limit 100"
    ).format(name)
    rows = connection.execute(listed).fetchall()
    if rows:
        connection.execute(SQL("update {} set problem = '' where problem <> ''").format(name))
    return [RowError(row[0], row[1].format(quoted(row[2] or ""))) for row in rows], rows[0][3] if rows else 0


def _in_tenant(batch: Batch, node: str) -> Composable:
    """Return the condition that a node belongs to the tenant of `--under`; spaces without an owner are in any."""
    if batch.tenant is None:
        return SQL("true")
    return SQL(IN_TENANT[batch.noun]).format(node=Identifier(node), tenant=Literal(str(batch.tenant)))


def _of_other_type(batch: Batch) -> Composable:
    """Return what is wrong with a value that only records of another type may have, as an expression."""
    cases = [
        SQL("when r.{} is not null and coalesce(r.type, k.known_type, {}) <> {} then format({}, {})").format(
            Identifier(name),
            Literal(batch.inherited_type),
            Literal(type_),
            Literal(message),
            SQL("coalesce(r.type, k.known_type, {})").format(Literal(batch.inherited_type)),
        )
        for name, (type_, message) in COLUMNS_OF_TYPE[batch.noun].items()
        if name in batch.header
    ]
    return SQL("case {} end").format(SQL(" ").join(cases)) if cases else SQL("null::text")


IN_TENANT: dict[Noun, str] = {
    "orgs": "split_part({node}.path, '/', 1) = {tenant}",
    "spaces": "split_part(coalesce({node}.org_path, ''), '/', 1) in ({tenant}, '')",
}
"""Another tenant may use the same source: its records are not known ones."""

KEYS = """
create temp table import_key on commit drop as
select line, external_id, parent_external_id, valid, first_line, known_id is not null as known, old_parent_id, old_code,
  old_path, known_type, known_name, matches,
  case when external_id is not null and line = first_line then coalesce(known_id, nextval('register_id')) end as id
from (
  select r.line, r.external_id, r.parent_external_id, r.valid, coalesce(twin.first_line, r.line) as first_line,
    node.id as known_id, node.parent_id as old_parent_id, node.code as old_code, node.path as old_path,
    node.type as known_type, node.name as known_name,
    count(*) over (partition by r.line) as matches, row_number() over (partition by r.line order by node.id) as match
  from import_row r
  left join (
    select external_id, min(line) as first_line from import_row group by external_id having count(*) > 1
  ) twin on twin.external_id = r.external_id
  left join {table} node on {known} and {in_tenant}
  order by r.line
) in_file_order
where match = 1
"""
"""The nodes of the file by external id; a row that repeats an earlier external id has no id."""

COMMUNITY_ORG = """case when coalesce(r.type, k.known_type) = 'COMMUNITY' then coalesce(
      r.org_id,
      case when k.parent_external_id is null and ({has_parent} or not k.known) then {owner} end,
      (select node.org_id from space node where k.known and node.id = k.id and node.type = 'COMMUNITY')
    ) end"""

OWNERS = """
update import_row r set org_id = found.id from (
  select r.line, org.id from import_row r join org on {same} where r.org_external_id is not null
) found where found.line = r.line
"""

ORG_UNKNOWN = (
    "coalesce(r.org_external_id, r.org_id::text) is not null"
    " and not exists (select from org where org.id = r.org_id and org.type = 'BUSINESS')"
)

NODES = """
create temp table import_node on commit drop as
with linked as (
  select k.line, k.id, k.known, k.old_parent_id, k.old_code, coalesce(r.name, k.known_name) as name,
    coalesce(r.type, k.known_type, {inherited_type}) as type, r.code as file_code,
    {org_id} as org_id,
    case
      when k.known and not {has_parent} then k.old_parent_id
      when k.parent_external_id is not null then coalesce(parent.id, elsewhere.id)
      when k.known and k.old_parent_id is not null and {under} is null and {owner} is null then (
        select above.id from {table} above
        where above.id = any(string_to_array(rtrim(k.old_path, '/'), '/')::bigint[]) and {of_others}
        order by above.depth desc limit 1
      )
      else {under}
    end as parent_id,
    case
      when not k.valid then ''
      when k.line > k.first_line then format('external_id {{}} is already in line %s', k.first_line)
      when {not_new} and not k.known
        then 'the register has no record {{}}; with --source own, records are known by their ids'
      when k.matches > 1
        then 'external_id {{}} is known in several tenants; import one tenant at a time, with --under'
      when elsewhere.matches > 1
        then 'parent_external_id {{}} is known in several tenants; import one tenant at a time, with --under'
      when k.parent_external_id is not null and parent.line is null and elsewhere.id is null
        then 'parent_external_id {{}} is neither in the file nor in the register'
      when {of_other_type} is not null then {of_other_type}
      when {org_unknown} then format('org_id %s is not a business organisation', {row_org})
    end as problem,
    case when k.line = k.first_line and k.matches = 1 and k.parent_external_id is not null then k.parent_external_id
      else k.external_id end as problem_value
  from import_key k
  join import_row r on r.line = k.line
  left join import_key parent on parent.external_id = k.parent_external_id and parent.line = parent.first_line
  left join lateral (
    select min(above.id) as id, count(*) as matches from {table} above
    where parent.line is null and {elsewhere} and {in_tenant}
  ) elsewhere on k.parent_external_id is not null and parent.line is null
), waiting as (
  select linked.*, problem is null and file_code is null and (not known or parent_id is distinct from old_parent_id)
    as waits
  from linked
)
select w.line, w.id, w.known, w.parent_id, w.old_parent_id, w.old_code, w.name, w.type, w.org_id, w.file_code,
  coalesce(w.file_code, w.old_code) as code, w.problem, w.problem_value,
  case when w.waits then
    greatest(
      {first} - 1,
      coalesce(numbering.last_number, 0),
      max(case when length(w.file_code) >= {width} then right(w.file_code, {width})::bigint end)
        over (partition by w.parent_id)
    ) + row_number() over (partition by w.parent_id, w.waits order by w.line)
  end as number
from waiting w left join numbering on numbering.parent_id = coalesce(w.parent_id, 0) and numbering.tree = {tree}
"""
"""A parent that the file does not name stays: where there is no column for it, and where the cell is blank but the
record is already at the top of what its source has, below a record of another source. A blank cell of a record that has
a parent of the same source moves it there, or to `under`.

A new child's number follows the last number that its parent ever assigned, and those in the codes of the file."""
