"""Batches: the rows of an edge for many parents, loaded by one statement."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, CompoundSelect, Select, any_, literal_column, select, union_all

from app.access.policies import POLICIES, SECRET_COLUMNS
from app.db.exchange import Row
from app.db.rendering import render
from app.loaders.budget import Fetching
from app.loaders.edge import Edge
from app.loaders.groups import columns_of_groups, few_enough
from app.loaders.links import KEYS, Key, listed_keys, within_budget
from app.loaders.totals import totals_by
from app.loaders.window import Window
from app.models import Base, Change, Entity


@dataclass(frozen=True)
class Record:
    """A row as graphql-core's resolvers pass it on: its model and the columns that requests may read, by name."""

    model: type[Entity]
    values: Mapping[str, Any]


def columns_of(model: type[Base]) -> tuple[str, ...]:
    """Name the columns of a model that requests may read."""
    secret = SECRET_COLUMNS.get(model.__tablename__, {})
    return tuple(name for name in model.__mapper__.column_attrs.keys() if name not in secret)  # noqa: SIM118 - no mapping


async def load_rows(rows: Fetching, edge: Edge, window: Window, keys: list[Key]) -> dict[Key, list[Record]]:
    """Load the records of many parents, in the order of the edge, by key; keys without records are left out."""
    columns = columns_of(edge.target)
    records: dict[Key, list[Record]] = defaultdict(list)
    for key, *values in await rows.fetch(render(within_budget(edge.rows(columns, window))), {KEYS: keys}):
        records[key].append(Record(edge.target, dict(zip(columns, values, strict=True))))
    return records


async def load_counts(rows: Fetching, counts: Select[Any], keys: list[Key]) -> dict[Key, int]:
    """Count the records of many parents, by key; keys without records are left out."""
    return dict(await rows.fetch(render(within_budget(counts)), {KEYS: keys}))


async def load_groups(rows: Fetching, edge: Edge, window: Window, keys: list[Key]) -> dict[Key, list[Record]]:
    """Load the groups of the rows of many parents, by key; LimitExceededError when a parent has too many of them."""
    columns, found = columns_of_groups(edge.target), defaultdict[Key, list[Row]](list)
    for row in await rows.fetch(render(within_budget(edge.groups(columns, window))), {KEYS: keys}):
        found[row[0]].append(row)
    return {
        key: [Record(edge.target, dict(zip(columns, row[1:], strict=True))) for row in few_enough(groups)]
        for key, groups in found.items()
    }


async def load_totals(rows: Fetching, function: str, keys: list[Key]) -> dict[Key, list[Row]]:
    """Load the totals of many nodes, by their paths; nodes without rows below are left out."""
    totals: dict[Key, list[Row]] = defaultdict(list)
    for key, *total in await rows.fetch(render(within_budget(totals_by(function))), {KEYS: keys}):
        totals[key].append(tuple(total))
    return totals


async def find_models(rows: Fetching, keys: list[Key]) -> dict[Key, type[Entity]]:
    """Find the model of each id."""
    return models_of(keys, await rows.fetch(WHICH_TABLE, {KEYS: keys}))


def models_of(keys: Iterable[Key], tables: Iterable[Row]) -> dict[Key, type[Entity]]:
    """Return the model of each id from the tables that have it; an id that none has is one of a change, or of nothing.

    If an id is in several tables, the first by name counts.
    """
    return {**dict.fromkeys(keys, Change), **{key: ENTITIES[table] for key, table in sorted(tables, reverse=True)}}


def which_table() -> CompoundSelect[Any]:
    """Select the ids among the keys with the name of their table, except for those of changes.

    Ids are unique over all tables, except for a few in the documents' examples, which come from several systems. For
    those the first table by name counts.
    """
    wanted = any_(listed_keys(BigInteger))
    return union_all(
        *(
            select(model.id, literal_column(f"'{table}'")).where(model.id == wanted)
            for table, model in ENTITIES.items()
            if model is not Change
        )
    )


ENTITIES: Mapping[str, type[Entity]] = {
    mapper.class_.__tablename__: mapper.class_
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__tablename__)
    if issubclass(mapper.class_, Entity) and mapper.class_.__tablename__ in POLICIES
}
"""Every model whose records have a global id and may be seen by callers, by table."""

WHICH_TABLE = render(which_table())
"""The statement of `which_table`."""
