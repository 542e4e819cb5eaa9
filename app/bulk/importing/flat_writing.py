"""Flat writing: the staged records are inserted, or changed where they differ, with what follows from them."""

from collections.abc import Callable, Mapping

from psycopg import Connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from app.bulk.importing.batch import Batch
from app.bulk.importing.column import Noun
from app.bulk.importing.flat import FLAT
from app.bulk.importing.flat_staging import changed_columns, columns_of
from app.bulk.importing.repairs import GIVE_NUMBERS, record_steps
from app.bulk.importing.writing import WRITER
from app.bulk.index_rebuild import bulk_load
from app.services.property_writes import log_entries, make_known


def count_records(connection: Connection) -> tuple[int, int, int]:
    """Count the records that are new, known, and known with a difference."""
    row = connection.execute(
        "select count(*) filter (where not known), count(*) filter (where known),"
        " count(*) filter (where known and differs) from import_record where problem is null"
    ).fetchone()
    return (int(row[0]), int(row[1]), int(row[2])) if row else (0, 0, 0)


def update_records(connection: Connection, batch: Batch) -> None:
    """Change the known records that differ. First they give up what other records of the file take over."""
    columns = changed_columns(batch)
    if not columns:
        return
    for unique in FLAT[batch.noun].uniques:
        if set(unique.freed) <= set(columns):
            connection.execute(
                batch.sql(
                    FREE,
                    freed=SQL(", ").join(
                        SQL("{} = {}").format(Identifier(name), SQL(value)) for name, value in unique.freed.items()
                    ),
                    writer=Literal(WRITER),
                    equal=SQL(" and ").join(
                        SQL("n.{0} = node.{0}").format(Identifier(name)) for name in unique.columns
                    ),
                    where=SQL(unique.where),
                    stored=SQL(unique.where.replace("n.", "node.")),
                )
            )
    pairs = SQL(", ").join(SQL("{0} = n.{0}").format(Identifier(name)) for name in columns)
    connection.execute(batch.sql(UPDATE, pairs=pairs, writer=Literal(WRITER)))


def insert_records(connection: Connection, batch: Batch) -> None:
    """Insert the new records in the order of the file."""
    if batch.noun in COMPLETE:
        connection.execute(COMPLETE[batch.noun].encode())
    columns = columns_of(batch)
    connection.execute(
        batch.sql(
            "insert into {table} (id, source, external_id, created_by, updated_by, {names})"
            " select n.id, {source}, n.external_id, {writer}, {writer}, {values} from import_record n"
            " where not n.known and n.problem is null order by n.line",
            names=SQL(", ").join(map(Identifier, columns)),
            values=SQL(", ").join(SQL("n.{}").format(Identifier(name)) for name in columns),
            writer=Literal(WRITER),
        )
    )


def follow(connection: Connection, batch: Batch, inserted: int) -> None:
    """Write what follows from new and changed records of a noun."""
    if batch.noun in FOLLOW:
        FOLLOW[batch.noun](connection, inserted)


def follow_relations(connection: Connection, inserted: int) -> None:
    """Write the housing log, and which organisations know a customer."""
    writer: Composable = Literal(WRITER)
    with bulk_load(connection, "housing_record", inserted):
        connection.execute(log_entries(writer, SQL(f"relation.id in ({LOGGED})")))
    connection.execute(make_known(writer, SQL(f"relation.id in ({CREATED})")))


def follow_work_orders(connection: Connection, inserted: int) -> None:
    """Record the steps of work orders."""
    with bulk_load(connection, "work_order_step", inserted):
        connection.execute(record_steps(Literal(WRITER), CREATED, STEPPED))


FREE = """
update {table} node set {freed}, version = node.version + 1, updated_at = now(), updated_by = {writer}
from import_record m
where m.id = node.id and m.known and m.differs and m.problem is null and {stored}
and exists (
  select from import_record n where n.problem is null and n.differs and n.id <> node.id and {equal} and {where}
)
"""

UPDATE = """
update {table} node set {pairs}, version = node.version + 1, updated_at = now(), updated_by = {writer}
from import_record n where n.id = node.id and n.known and n.differs and n.problem is null
"""

CREATED = "select id from import_record where not known and problem is null"
LOGGED = "select id from import_record where problem is null and differs and old_status is distinct from housing_status"
STEPPED = (
    "select id, old_status from import_record where known and problem is null and differs"
    " and old_status is distinct from status"
)

COMPLETE: Mapping[Noun, str] = {"work-orders": GIVE_NUMBERS}
"""The statements that give new records what neither the file nor a default says."""

FOLLOW: Mapping[Noun, Callable[[Connection, int], None]] = {
    "relations": follow_relations,
    "work-orders": follow_work_orders,
}
