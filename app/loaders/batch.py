"""Batches: the rows that edges lead to, loaded for many parents by one statement."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BigInteger, CompoundSelect, any_, literal_column, select, union_all

from app.access.policies import POLICIES, SECRET_COLUMNS
from app.db.exchange import Row
from app.db.rendering import Statement, render
from app.loaders.edge import Edge
from app.loaders.links import KEYS, Key, listed_keys, within_budget
from app.loaders.window import Window
from app.models import Base, Entity


class Rows(Protocol):
    """Where statements run: a request's transaction, which knows how many rows are left of its budget."""

    async def fetch(self, statement: Statement, parameters: Mapping[str, object]) -> list[Row]:
        """Run a statement, its parameter `budget` one more than the rows that are left, and give its rows."""


@dataclass(frozen=True)
class Record:
    """A row as graphql-core's resolvers pass it on: its model and the columns that requests may read, by name."""

    model: type[Entity]
    values: Mapping[str, Any]


def columns_of(model: type[Base]) -> tuple[str, ...]:
    """Name the columns of a model that requests may read."""
    secret = SECRET_COLUMNS.get(model.__tablename__, {})
    return tuple(name for name in model.__mapper__.column_attrs.keys() if name not in secret)  # noqa: SIM118 - no mapping


async def load_rows(rows: Rows, edge: Edge, window: Window, keys: list[Key]) -> dict[Key, list[Record]]:
    """Load the records of many parents: key -> records in the edge's order; a key without records is left out."""
    columns = columns_of(edge.target)
    found: dict[Key, list[Record]] = defaultdict(list)
    for key, *values in await rows.fetch(render(within_budget(edge.rows(columns, window))), {KEYS: keys}):
        found[key].append(Record(edge.target, dict(zip(columns, values, strict=True))))
    return found


async def load_counts(rows: Rows, edge: Edge, window: Window, keys: list[Key]) -> dict[Key, int]:
    """Count the records of many parents: key -> number; a key without records is left out."""
    return dict(await rows.fetch(render(within_budget(edge.counts(window))), {KEYS: keys}))


async def find_models(rows: Rows, keys: list[Key]) -> dict[Key, type[Entity]]:
    """Find in which table each id is: id -> model; an id that names nothing is left out."""
    found = await rows.fetch(render(which_table()), {KEYS: keys})
    return {key: ENTITIES[table] for key, table in sorted(found, reverse=True)}


def which_table() -> CompoundSelect[Any]:
    """Select the ids among the keys with the name of their table.

    Ids are unique over all tables but for a few of the documents' own, whose examples come from several systems; of
    those the first table by name counts.
    """
    wanted = any_(listed_keys(BigInteger))
    return union_all(
        *(select(model.id, literal_column(f"'{table}'")).where(model.id == wanted) for table, model in ENTITIES.items())
    )


ENTITIES: Mapping[str, type[Entity]] = {
    mapper.class_.__tablename__: mapper.class_
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__tablename__)
    if issubclass(mapper.class_, Entity) and mapper.class_.__tablename__ in POLICIES
}
"""Every model whose records have a global id and may be seen by callers, by table."""
