"""Execution: one GraphQL request, from its text to the data and the errors of its answer."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from types import MappingProxyType
from typing import Protocol

from graphql import GraphQLError, GraphQLSchema, OperationType

from app.access.caller import Caller
from app.db.pool import Pool
from app.engine.guard import DocumentLimitError
from app.engine.plans import Engine
from app.error_codes import Message
from app.errors import InvalidInputError, UnavailableError
from app.events.feed import Feed
from app.execution.disclosures import record_disclosures
from app.execution.documents import Documents
from app.execution.errors import refusal_json, refusal_of
from app.execution.event_answers import EventAnswers
from app.execution.export import Exports
from app.execution.extensions import extensions_of
from app.execution.mutate import Mutations
from app.execution.prepare import Prepared, Preparer
from app.execution.query import Queries
from app.execution.request import Answer, Request, Run, budget_of
from app.execution.selections import Selections
from app.execution.subscribe import Subscriptions, Whose
from app.metrics.requests import record
from app.settings import Settings

NEEDS_STREAM = Message(
    "a subscription needs a WebSocket (graphql-transport-ws), or `Accept: text/event-stream`",
    "订阅须通过 WebSocket（graphql-transport-ws）或 `Accept: text/event-stream` 请求",
)

NO_DOCUMENTS: Mapping[str, str] = MappingProxyType({})

RECORD_SECONDS = 1
"""How long a request that has failed waits for the record of what it has compared."""


class Runner(Protocol):
    """Runs prepared operations of one kind."""

    async def run(self, prepared: Prepared, state: Run) -> Answer:
        """Run an operation and return its answer; RequestError when there is no data to return."""


class NoStream:
    """Refuses a subscription whose request has one answer only."""

    async def run(self, prepared: Prepared, state: Run) -> Answer:
        """Refuse it: InvalidInputError."""
        del prepared, state
        raise InvalidInputError(NEEDS_STREAM)


class Execution:
    """Runs requests against a schema and a pool of connections.

    `of_pages` has the documents of the program's own pages, by their hashes: they are stored documents as well.
    """

    def __init__(
        self, schema: GraphQLSchema, pool: Pool, settings: Settings, of_pages: Mapping[str, str] = NO_DOCUMENTS
    ) -> None:
        self.settings, self._pool = settings, pool
        self.documents = documents = Documents(schema, pool, settings, of_pages)
        self._preparer = Preparer(schema, documents, pool, settings)
        self.engine = engine = Engine(schema, settings.cache_bytes // 2)
        self.exports = Exports(engine, documents, self._preparer, pool, settings)
        self.queries = Queries(schema, engine, documents, pool, settings)
        answers = EventAnswers(engine, documents, pool, settings)
        self.selections = Selections(schema, self._preparer, answers)
        self.feed = Feed(pool)
        self._subscriptions = Subscriptions(self.feed, answers, settings)
        self._runners: Mapping[OperationType, Runner] = {
            OperationType.QUERY: self.queries,
            OperationType.MUTATION: Mutations(engine, documents, pool, settings),
            OperationType.SUBSCRIPTION: NoStream(),
        }

    async def subscription(self, request: Request, whose: Whose) -> AsyncGenerator[bytes, None] | None:
        """Begin a subscription, and return its answers as JSON; None when the request is of another kind.

        RequestError when it is refused; UnauthenticatedError from the answers when the rights of the caller end.
        """
        try:
            async with asyncio.timeout(self.settings.deadline):
                return await self._subscription(request, whose)
        except (GraphQLError, TimeoutError) as error:
            raise refusal_of(error) from error

    async def _subscription(self, request: Request, whose: Whose) -> AsyncGenerator[bytes, None] | None:
        caller = await whose()
        if await self._preparer.kind_of(request) is not OperationType.SUBSCRIPTION:
            return None
        state = Run(caller, budget_of(caller, self.settings))
        prepared = await self._preparer.prepare(request, state, may_introspect=self.settings.introspection)
        return await self._subscriptions.begin(prepared, whose)

    async def answer(self, request: Request, caller: Caller | None, *, may_introspect: bool = False) -> Answer:
        """Run a caller's request; every failure becomes an answer."""
        budget = budget_of(None if request.is_own else caller, self.settings)
        state, begun = Run(caller, budget), time.perf_counter()
        try:
            async with asyncio.timeout(self.settings.deadline):
                answer = await self._run(request, state, may_introspect=may_introspect)
        except asyncio.CancelledError:  # the client has left
            await self._record_comparisons(state)
            raise
        except Exception as error:  # noqa: BLE001 - no message of an unexpected error may leave the program
            if isinstance(error, DocumentLimitError):
                state.estimated, state.conditions = error.estimated, error.conditions
            refusal = refusal_of(await self._record_comparisons(state) or error)
            answer = Answer({"errors": refusal_json(refusal, request.language)}, refusal)
        if answer.content is None:  # otherwise they are part of it
            answer.body["extensions"] = extensions_of(state, self.settings)
        record(state.way, time.perf_counter() - begun)
        return answer

    async def _run(self, request: Request, state: Run, *, may_introspect: bool) -> Answer:
        prepared = await self._preparer.prepare(request, state, may_introspect=may_introspect)
        state.document = prepared.document
        return await self._runners[prepared.operation.operation].run(prepared, state)

    async def _record_comparisons(self, state: Run) -> UnavailableError | None:
        """Record what a request without an answer has compared: its error, and its time, tell what was found.

        Return the error when that is not possible. The deadline is over, so this must not take long.
        """
        if state.document is None:
            return None
        try:
            async with asyncio.timeout(RECORD_SECONDS):
                await record_disclosures(self._pool, state.caller, state.disclosures.comparisons(), state.document)
        except UnavailableError as error:
            return error
        except TimeoutError as error:
            return UnavailableError(error)
        return None
