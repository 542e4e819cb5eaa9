"""Writing the staged nodes: new ones with every column in one statement, known ones only where they differ."""

from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from app.bulk.importing.batch import Batch
from app.bulk.importing.columns import COLUMNS
from app.bulk.trees import derive, number_children
from app.models.org import SUB_TYPES
from app.services.tree import RULES, raise_numbers

WRITER = "import"
"""The value of `created_by` and `updated_by`."""


def insert_new(connection: Connection, batch: Batch) -> int:
    """Insert the new nodes in the order of the file, and return their number."""
    own = {column.name: SQL("r.{}").format(Identifier(column.name)) for column in COLUMNS[batch.noun] if column.own}
    values: dict[str, Composable] = {
        "id": SQL("t.id"),
        "parent_id": SQL("n.parent_id"),
        "code": SQL("t.code"),
        "source": Literal(batch.source),
        "created_by": Literal(WRITER),
        "updated_by": Literal(WRITER),
        **{name: SQL("t.{}").format(Identifier(name)) for name in RULES[batch.table]},
        **own,
        "name": SQL("n.name"),
        "type": SQL("n.type"),
        **(_sub_types() if batch.noun == "orgs" else {}),
        "status": SQL("coalesce(r.status, 'ENABLED')"),
    }
    statement = batch.sql(
        "insert into {table} ({names}) select {values} from import_tree t"
        " join import_node n on n.id = t.id and not n.known join import_row r on r.line = n.line order by n.line",
        names=_listed(values),
        values=SQL(", ").join(values.values()),
    )
    return connection.execute(statement).rowcount


def update_known(connection: Connection, batch: Batch) -> int:
    """Update the known nodes that differ and what is derived from them; return the number that differ."""
    moved = bool(connection.execute(MOVES).rowcount)
    values = _updates(batch)
    statement = batch.sql(
        "update {table} node set {pairs}, {org_path} version = node.version + 1, updated_at = now(),"
        " updated_by = {writer}"
        " from import_tree t join import_node n on n.id = t.id and n.known join import_row r on r.line = n.line"
        " where node.id = t.id and ({stored}) is distinct from ({values})",
        pairs=SQL(", ").join(SQL("{} = {}").format(Identifier(name), value) for name, value in values.items()),
        org_path=SQL(ORG_PATH if batch.noun == "spaces" else ""),
        writer=Literal(WRITER),
        stored=SQL(", ").join(SQL("node.{}").format(Identifier(name)) for name in values),
        values=SQL(", ").join(values.values()),
    )
    updated = connection.execute(statement).rowcount
    if moved:
        connection.execute(batch.sql(RECODE))
    if updated:
        derive(connection, batch.table)
    if moved and batch.table == "org":
        derive(connection, "space")
    return updated


def store_numbers(connection: Connection, batch: Batch) -> None:
    """Store the numbers of the last children."""
    connection.execute(raise_numbers(batch.table, SQL(NUMBERS)))
    if "code" in batch.header:
        number_children(connection, batch.table)


def _updates(batch: Batch) -> dict[str, Composable]:
    """Return the new value of every column that the file may change; an empty status or code changes nothing."""
    values: dict[str, Composable] = {
        column.name: SQL("r.{}").format(Identifier(column.name))
        for column in COLUMNS[batch.noun]
        if column.own and column.name in batch.header and column.name != "external_id"
    }
    values |= {"type": SQL("n.type"), "parent_id": SQL("n.parent_id")}
    for name in {"status", "code"} & batch.header:
        values[name] = SQL("coalesce(r.{0}, node.{0})").format(Identifier(name))
    if batch.noun == "spaces":
        stored = SQL("r.business_type" if "business_type" in batch.header else "node.business_type")
        values["business_type"] = SQL("case when n.type = 'COMMUNITY' then {} end").format(stored)
        values["org_id"] = SQL("case when n.type = 'COMMUNITY' then n.org_id else node.org_id end")
    else:
        kept = SQL("case when n.type = node.type then node.{} end")
        values |= {
            name: value if {"sub_type", name} & batch.header else kept.format(Identifier(name))
            for name, value in _sub_types().items()
        }
    return values


def _sub_types() -> dict[str, Composable]:
    """Return the sub type of each organisation type: from its own column, or from the one that the types share."""
    given = SQL("coalesce(r.{name}, case when n.type = {type} then r.sub_type end)")
    return {name: given.format(name=Identifier(name), type=Literal(type_)) for name, (type_, _) in SUB_TYPES.items()}


def _listed(names: dict[str, Composable]) -> Composable:
    return SQL(", ").join(Identifier(name) for name in names)


NUMBERS = (
    "select n.parent_id, max(n.number) as number from import_node n"
    " join import_tree t on t.id = n.id where n.number is not null group by n.parent_id"
)

ORG_PATH = (
    "org_path = case when n.type = 'COMMUNITY' then (select path from org where org.id = n.org_id)"
    " else node.org_path end,"
)

MOVES = """
create temp table import_move on commit drop as
select n.id, n.old_code, n.file_code, n.number from import_node n join import_tree t on t.id = n.id
where n.known and n.parent_id is distinct from n.old_parent_id
"""

RECODE = """
with recursive coded as (
  select node.id, coalesce(move.old_code, node.code) as old_code,
    case when move.id is null then node.code else coalesce(move.file_code, move.number::text) end as new_code
  from {table} node left join import_move move on move.id = node.id where node.parent_id is null
  union all
  select child.id, child.old_code, case
    when child.moved then coalesce(child.file_code, parent.new_code || child.number)
    when starts_with(child.old_code, parent.old_code)
      then parent.new_code || substr(child.old_code, length(parent.old_code) + 1)
    else child.old_code
  end
  from coded parent cross join lateral (
    select node.id, coalesce(move.old_code, node.code) as old_code, move.id is not null as moved,
      move.file_code, move.number
    from {table} node left join import_move move on move.id = node.id
    where node.parent_id = parent.id offset 0
  ) child
)
update {table} node set code = coded.new_code, updated_at = now() from coded
where coded.id = node.id and node.code <> coded.new_code
"""
"""A moved node gets its number under the new parent; codes below it that began with its old code follow."""
