"""Query: a prepared query runs by its compiled plan, or under graphql-core where it has none."""

import logging
from typing import NamedTuple

from graphql import ExecutionResult, GraphQLError, GraphQLSchema
from orjson import Fragment

from app.caching import ByteCache
from app.db.pool import Pool
from app.encoding import to_json
from app.engine.codegen import UnplannableError
from app.engine.operation import Audience
from app.engine.plan import Inputs, Plan
from app.engine.plans import Engine
from app.engine.running import run
from app.error_codes import Language
from app.errors import (
    ForbiddenError,
    InvalidInputError,
    LimitExceededError,
    RequestTimeoutError,
    UnavailableError,
    describe,
)
from app.execution.background import Background
from app.execution.core import Core, RowsOfProgram
from app.execution.disclosures import record_disclosures
from app.execution.documents import Documents
from app.execution.errors import errors_json
from app.execution.prepare import Prepared
from app.execution.request import COMPILED, CORE, FAILED, Answer, Run
from app.loaders.budget import BUDGET_ERRORS, CountedRows, ShareExceededError
from app.loaders.context import Context
from app.loaders.dataloaders import Dataloaders
from app.loaders.disclosures import Disclosures
from app.settings import Settings

MOST_IN_CORE = 4
"""The most queries that graphql-core executes at a time."""

MANY_VALUES = 50_000
"""An answer with more values takes more than ten milliseconds to encode."""

LOG = logging.getLogger("cadastre.graphql")


class Introspected(NamedTuple):
    """What an answer about the schema depends on."""

    source: str
    operation: str | None
    variables: bytes


class Queries:
    """Runs queries, each in one read-only transaction."""

    def __init__(
        self, schema: GraphQLSchema, engine: Engine, documents: Documents, pool: Pool, settings: Settings
    ) -> None:
        self._schema, self._engine, self._documents = schema, engine, documents
        self._pool, self._settings = pool, settings
        self._background = Background(MOST_IN_CORE, settings.deadline)
        self.introspected: ByteCache[Introspected, bytes] = ByteCache(
            settings.cache_bytes // 8, lambda key, data: len(key.source) + len(key.variables) + len(data)
        )

    async def run(self, prepared: Prepared, state: Run) -> Answer:
        """Run a query, and record the personal data that it shows before it is answered."""
        if prepared.document.only_introspects:
            return await self._introspect(prepared, state)
        answer = await self._run(prepared, state)
        answer = answer._replace(is_query=True, is_large=state.values > MANY_VALUES)
        await record_disclosures(self._pool, state.caller, state.disclosures, prepared.document)
        return answer

    async def _introspect(self, prepared: Prepared, state: Run) -> Answer:
        """Answer what asks about the schema alone: all callers get the same bytes, which are cached."""
        request, state.way = prepared.request, CORE
        key = Introspected(prepared.document.source, request.operation_name, to_json(request.variables or {}))
        data = self.introspected.get(key)
        if data is None:
            answer = await self._run_by_core(prepared, state)
            if "errors" in answer.body:
                return answer
            data, state.values = to_json(answer.body["data"]), 0  # as for the next caller, who is answered from here
            self.introspected.put(key, data)
        return Answer({"data": Fragment(data)})

    async def _run(self, prepared: Prepared, state: Run) -> Answer:
        """Run the plan. If it fails, or if there is none, graphql-core runs the query and reports errors with paths.

        Documents of the program have plans; graphql-core does not know their dialects.
        """
        failure = ""
        if prepared.request.is_own:
            state.plan = await self._plan(prepared, state)
            return await self._run_compiled(state.plan, prepared, state)
        try:
            state.plan = await self._plan(prepared, state)
            return await self._run_compiled(state.plan, prepared, state)
        except (*BUDGET_ERRORS, UnavailableError, RequestTimeoutError, TimeoutError):
            raise
        except (UnplannableError, GraphQLError, InvalidInputError, ForbiddenError, LimitExceededError) as reason:
            state.reason = str(reason)
        except Exception as error:  # noqa: BLE001 - graphql-core reports it, with its path
            state.reason, failure = type(error).__name__, describe(error)
        answer = await self._run_by_core(prepared, state)
        if failure and "errors" not in answer.body:
            state.way = FAILED
            LOG.error("a plan failed, graphql-core ran the query: %s", failure)
        return answer

    async def _plan(self, prepared: Prepared, state: Run) -> Plan:
        if not (self._settings.compiled or prepared.request.is_own):
            message = "plans are switched off"
            raise UnplannableError(message)
        audience = Audience(state.sees_personal, state.scope.extent, prepared.request.dialect)
        return await self._engine.query(prepared.asked_by(audience), self._documents.aside)

    async def _run_compiled(self, plan: Plan, prepared: Prepared, state: Run) -> Answer:
        try:
            return await self._run_plan(plan, prepared, state, together=True)
        except ShareExceededError:
            return await self._run_plan(plan, prepared, state, together=False)

    async def _run_plan(self, plan: Plan, prepared: Prepared, state: Run, *, together: bool) -> Answer:
        state.way, state.disclosures = COMPILED, Disclosures()
        async with self._pool.reading(state.scope) as reading:
            rows = CountedRows(reading, state.budget)
            inputs = Inputs(prepared.variables, state.caller, state.settled)
            try:
                data = await run(plan, inputs, rows, state.disclosures, together=together)
            finally:
                state.count(rows)
        return Answer({"data": data})

    async def _run_by_core(self, prepared: Prepared, state: Run) -> Answer:
        state.way, state.disclosures = CORE, Disclosures()
        async with self._background.turn(), self._pool.reading(state.scope) as reading:
            return await self._execute(prepared, state, CountedRows(reading, state.budget))

    async def _execute(self, prepared: Prepared, state: Run, rows: CountedRows) -> Answer:
        """Let graphql-core execute in a thread, within a turn."""
        of_program = RowsOfProgram(rows)
        loaders = Dataloaders(of_program, state.scope.extent, sees_personal=state.sees_personal)
        context = Context(loaders, state.caller, state.sees_personal, state.disclosures, state.settled)
        core = Core(self._schema, prepared, of_program, suggest=self._settings.development)
        try:
            result = await core.run(self._background, context)
        finally:
            state.count(rows)
        return answer_of(result, prepared.request.language)


def answer_of(result: ExecutionResult, language: Language) -> Answer:
    """Return graphql-core's result as an answer."""
    errors = {"errors": errors_json(result.errors, language)} if result.errors else {}
    return Answer({"data": result.data, **errors})
