"""Export: the rows of a query's one list, read part by part while they are written to a file."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

from graphql import GraphQLError, OperationType

from app.access.caller import Caller
from app.db.pool import Pool
from app.db.transaction import Snapshot
from app.engine.codegen import UnplannableError
from app.engine.listing import ListedColumn, page_step
from app.engine.operation import Audience
from app.engine.plan import Inputs
from app.engine.plans import Engine
from app.engine.streaming import Listed, edges_of, parts_of
from app.error_codes import Message
from app.errors import InvalidInputError, UnavailableError
from app.execution.disclosures import Recorder
from app.execution.documents import Documents
from app.execution.errors import refusal_of
from app.execution.prepare import Prepared, Preparer
from app.execution.request import COMPILED, Request, Run
from app.loaders.budget import Budget
from app.loaders.disclosures import Disclosures
from app.metrics.requests import record
from app.settings import Settings

NO_PLAN = Message(
    "this query cannot be exported: it has {reason}, which compiled plans do not know",
    "该查询不能导出：包含编译计划不支持的内容（{reason}）",
)
ONLY_QUERIES = Message("a mutation has no file; only queries are exported", "变更操作不能导出，仅查询可以导出")
MANY_EXPORT = Message(
    "many exports are running, and this one was not begun: try again in a few seconds",
    "正在进行的导出过多，本次导出未开始，请稍后重试",
)


Rows = list[list[object]]


@dataclass(frozen=True)
class Export:
    """A list that is being exported."""

    name: str
    """The name of the operation, or else that of the list."""

    columns: list[ListedColumn]

    parts: AsyncIterator[Rows]
    """The values of the rows, part by part; at least one part. A part is read when it is asked for."""


class Exports:
    """Runs queries whose rows go to a file. Each has a connection and a snapshot of its own until its last row."""

    def __init__(
        self, engine: Engine, documents: Documents, preparer: Preparer, pool: Pool, settings: Settings
    ) -> None:
        self._engine, self._documents, self._preparer = engine, documents, preparer
        self._pool, self._settings = pool, settings
        self._turns = asyncio.Semaphore(settings.max_exports)

    @asynccontextmanager
    async def open(self, request: Request, caller: Caller | None) -> AsyncIterator[Export]:
        """Begin an export, and end it with the block; RequestError when it is refused, also by the first part."""
        state, begun = Run(caller, Budget(self._settings.max_nodes, 0)), time.perf_counter()
        try:
            async with self._turn(), asyncio.timeout(self._settings.export_seconds):
                prepared = await self._prepare(request, state)
                listed = await self._listed(prepared, state)
                async with self._pool.snapshot(state.scope) as snapshot:
                    parts = self._parts(listed, snapshot, prepared, state)
                    async with aclosing(parts):
                        yield Export(name_of(prepared, listed), listed.listing.columns, parts)
            state.way = COMPILED
        except UnplannableError as error:
            raise InvalidInputError(NO_PLAN, reason=str(error)) from error
        except (GraphQLError, TimeoutError) as error:
            raise refusal_of(error) from error
        finally:
            record(state.way, time.perf_counter() - begun)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait until fewer exports run, no longer than for a connection; UnavailableError."""
        try:
            async with asyncio.timeout(self._settings.pool_timeout):
                await self._turns.acquire()
        except TimeoutError as error:
            raise UnavailableError(error, MANY_EXPORT) from error
        try:
            yield
        finally:
            self._turns.release()

    async def _prepare(self, request: Request, state: Run) -> Prepared:
        prepared = await self._preparer.prepare(request, state, may_introspect=False)
        if prepared.operation.operation is not OperationType.QUERY:
            raise InvalidInputError(ONLY_QUERIES)
        return prepared

    async def _listed(self, prepared: Prepared, state: Run) -> Listed:
        audience = Audience(state.sees_personal, state.scope.extent, prepared.request.dialect)
        listing, plan = await self._engine.listing(prepared.asked_by(audience), self._documents.aside)
        edges = edges_of(page_step(plan).connection.selections[0])
        own = None if state.caller is None or prepared.request.is_own else state.caller.max_nodes
        most = self._settings.max_export if own is None else max(1, own // (1 + edges))
        inputs = Inputs(prepared.variables, state.caller, state.settled)
        budget = Budget(own or self._settings.max_nodes, self._settings.max_answer_values)
        return Listed(listing, plan, inputs, state.sees_personal, most, budget)

    async def _parts(
        self, listed: Listed, snapshot: Snapshot, prepared: Prepared, state: Run
    ) -> AsyncGenerator[Rows, None]:
        """Yield the rows, each part after the personal data that it shows are recorded.

        What the filter compares is recorded first: a refusal tells how many rows it has found.
        """
        recorder = Recorder(self._pool, state.caller, prepared.document)
        await recorder.record(compared_in(listed))
        columns = listed.listing.columns
        async for part in parts_of(listed, snapshot):
            await recorder.record(part.disclosures)
            yield [[column.value(row) for column in columns] for row in part.rows]


def compared_in(listed: Listed) -> Disclosures:
    """Return the personal data that the filter of a list compares."""
    disclosures = Disclosures()
    for entity, column in listed.compared:
        disclosures.compare(entity, [column])
    return disclosures


def name_of(prepared: Prepared, listed: Listed) -> str:
    """Return the name of an export: that of the operation, or else the response key of the list."""
    name = prepared.operation.name
    return listed.listing.path[-1] if name is None else name.value
