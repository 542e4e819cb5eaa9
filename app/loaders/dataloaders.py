"""Dataloaders: the batches of one request, for resolvers that run under graphql-core."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any

import orjson
from aiodataloader import DataLoader
from sqlalchemy import Select

from app.db.exchange import Row
from app.db.scope import Extent
from app.loaders.arguments import Arguments
from app.loaders.batch import ENTITIES, Record, find_models, load_counts, load_groups, load_rows, load_totals
from app.loaders.budget import Fetching
from app.loaders.edge import Edge, Shape
from app.loaders.edges import by_key
from app.loaders.links import Key
from app.loaders.page import Side, Slice
from app.loaders.reads import Count, Page, Related, Totals
from app.loaders.window import WHOLE, Window
from app.models import Entity

EDGES = {model: by_key(model) for model in ENTITIES.values()}
Batch = Callable[[list[Key]], Coroutine[Any, Any, list[Any]]]


@dataclass(frozen=True)
class PageEdge:
    """A record of a page and its cursor."""

    cursor: str
    node: Record


@dataclass(frozen=True)
class PageInfo:
    """The position of a page in its connection; its attributes are the fields of `pageInfo`."""

    has_more: Callable[[Side], Awaitable[bool]]
    start_cursor: str | None
    end_cursor: str | None

    @property
    def has_next_page(self) -> Awaitable[bool]:
        """Find out whether rows follow the page."""
        return self.has_more(Side.NEXT)

    @property
    def has_previous_page(self) -> Awaitable[bool]:
        """Find out whether rows precede the page."""
        return self.has_more(Side.PREVIOUS)


@dataclass(frozen=True)
class LoadedPage:
    """A page of records; its attributes are the fields of a connection."""

    slice: Slice
    rows: list[Record]
    count: Callable[[], Awaitable[int]]
    beside: Callable[[Side], Awaitable[list[Record]]]
    """Loads a row on a side that a cursor or an offset bounds."""
    groups: Callable[[tuple[str, ...]], Awaitable[list[Record]]]
    """Loads the groups of the rows of all pages by some columns."""

    @property
    def nodes(self) -> list[Record]:
        """Return the records that the page shows."""
        return self.slice.shown(self.rows)

    @property
    def edges(self) -> list[PageEdge]:
        """Return the records that the page shows, with their cursors."""
        columns = [column.key for column in self.slice.order.columns_of(self.slice.model)]
        positions = (tuple(record.values[column] for column in columns) for record in self.nodes)
        return [
            PageEdge(self.slice.cursor(position), node) for position, node in zip(positions, self.nodes, strict=True)
        ]

    @property
    def page_info(self) -> PageInfo:
        """Return the position of the page."""
        cursors: list[str | None] = [edge.cursor for edge in self.edges] or [None]
        return PageInfo(self.has_more, cursors[0], cursors[-1])

    async def has_more(self, side: Side) -> bool:
        """Find out whether there are more rows on a side of the page."""
        beside = [side for each in self.slice.bounded([side]) if await self.beside(each)]
        return side in self.slice.more(self.rows, beside)

    @property
    def total_count(self) -> Awaitable[int | None]:
        """Count the rows of all pages; None where there are more than are counted."""
        return self.count()


class Dataloaders:
    """The dataloaders of one request: one for each edge and each set of arguments that it is used with.

    `sees_personal` says whether the caller may read and compare personal data; `extent` is how much they see.
    """

    def __init__(self, rows: Fetching, extent: Extent, *, sees_personal: bool) -> None:
        self._rows = rows
        self._extent, self._sees_personal = extent, sees_personal
        self._loaders: dict[object, DataLoader[Key, Any]] = {}

    async def related(self, read: Related, given: Arguments, parent: Record) -> Record | list[Record] | None:
        """Load the rows of an edge for a parent."""
        keys = read.edge.keys_of(parent.values[read.edge.parent])
        loader = self._records(read.edge, read.window(given), named(read, given))
        rows_of_keys = await loader.load_many(keys)
        if read.edge.shape is Shape.MANY:
            return rows_of_keys[0] if rows_of_keys else []
        records = [record for rows in rows_of_keys for record in rows]
        return records if read.edge.shape is Shape.EACH else next(iter(records), None)

    async def count(self, read: Count, given: Arguments, parent: Record) -> int:
        """Count the rows of an edge for a parent."""
        (key,) = read.edge.keys_of(parent.values[read.edge.parent])
        return read.shown(await self._counts(read.select(read.window(given)), named(read, given)).load(key))

    async def totals(self, read: Totals, parent: Record) -> object:
        """Add up the rows below a parent."""

        async def load(keys: list[Key]) -> list[list[Row]]:
            totals = await load_totals(self._rows, read.function, keys)
            return [totals.get(key, []) for key in keys]

        (key,) = read.edge.keys_of(parent.values[read.edge.parent])
        return read.make(await self._loader(("totals", read.function), load).load(key))

    async def page(self, read: Page, given: Arguments, parent: Record | None) -> LoadedPage:
        """Load a page of the rows of an edge, for a parent or at the root of the schema."""
        (key,) = [0] if parent is None else read.edge.keys_of(parent.values[read.edge.parent])
        name, read = named(read, given), read.within(self._extent)
        edge, part = read.edge, read.slice(given)
        whole = read.matching(given, sees_personal=self._sees_personal)
        return LoadedPage(
            part,
            await self._records(edge, part.window(whole), name).load(key),
            lambda: self._counts(edge.counts(whole), name).load(key),
            lambda side: self._records(edge, part.beside(whole, side), (*name, side)).load(key),
            lambda columns: self._groups(edge, replace(whole, grouped=columns), name).load(key),
        )

    async def by_id(self, edge: Edge, key: Key) -> Record | None:
        """Load the record with an id, or the first one with another key."""
        return next(iter(await self._records(edge, WHOLE, (id(edge),)).load(key)), None)

    async def any_by_id(self, key: int) -> Record | None:
        """Load the record with an id; its type is found first."""
        model = await self._loader("models", self._find_models).load(key)
        return None if model is None else await self.by_id(EDGES[model], key)

    async def _find_models(self, keys: list[Key]) -> list[type[Entity] | None]:
        models = await find_models(self._rows, keys)
        return [models.get(key) for key in keys]

    def _records(self, edge: Edge, window: Window, name: tuple[object, ...]) -> DataLoader[Key, Any]:
        async def load(keys: list[Key]) -> list[list[Record]]:
            records = await load_rows(self._rows, edge, window, keys)
            return [records.get(key, []) for key in keys]

        return self._loader(("records", *name), load)

    def _counts(self, statement: Select[Any], name: tuple[object, ...]) -> DataLoader[Key, Any]:
        async def load(keys: list[Key]) -> list[int]:
            counts = await load_counts(self._rows, statement, keys)
            return [counts.get(key, 0) for key in keys]

        return self._loader(("counts", *name), load)

    def _groups(self, edge: Edge, window: Window, name: tuple[object, ...]) -> DataLoader[Key, Any]:
        async def load(keys: list[Key]) -> list[list[Record]]:
            groups = await load_groups(self._rows, edge, window, keys)
            return [groups.get(key, []) for key in keys]

        return self._loader(("groups", window.grouped, *name), load)

    def _loader(self, name: object, batch: Batch) -> DataLoader[Key, Any]:
        if name not in self._loaders:
            self._loaders[name] = DataLoader(batch)
        return self._loaders[name]


def named(read: object, given: Arguments) -> tuple[object, ...]:
    """Name the dataloader of a read and its arguments, so that fields with equal arguments share one."""
    return id(read), orjson.dumps(given, default=str, option=orjson.OPT_SORT_KEYS)
