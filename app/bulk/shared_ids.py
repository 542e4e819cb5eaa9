"""Shared ids: an id that several records have, which the register promises not to have (document 003, 6.5).

The sequence `register_id` gives an id once. Imports, restored copies and statements of an operator may not.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from app.bulk.demo import demo_tables, rows_of
from app.bulk.trees import Difference
from app.models import Base, Versioned

TABLES = sorted(mapper.class_.__tablename__ for mapper in Base.registry.mappers if issubclass(mapper.class_, Versioned))


def shared_by_examples() -> Mapping[int, frozenset[str]]:
    """Return the tables of the ids that several records of the demo world share (docs/demo-world.md)."""
    tables: dict[int, set[str]] = defaultdict(set)
    for table in demo_tables():
        for row in rows_of(table):
            tables[int(str(row["id"]))].add(table.name)
    return {id_: frozenset(names) for id_, names in tables.items() if len(names) > 1}


def shared_ids(connection: Connection) -> Iterator[Difference]:
    """Yield the ids that records of several tables have, those of the demo world left out."""
    exceptions = shared_by_examples()
    for id_, tables in connection.execute(_shared()).fetchall():
        if not exceptions.get(id_, frozenset()) >= set(tables):
            yield Difference(tables[0], id_, "id", f"shared with {', '.join(tables[1:])}", "unique over all tables")


def _shared() -> Composed:
    """Select the ids that occur more than once, with the names of their tables."""
    rows = (SQL("select id, {} as name from {}").format(Literal(table), Identifier(table)) for table in TABLES)
    return SQL(
        "select id, array_agg(name order by name) from ({}) records group by id having count(*) > 1 order by id"
    ).format(SQL(" union all ").join(rows))
