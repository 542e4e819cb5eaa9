"""Query: a prepared query runs by its compiled plan, or under graphql-core where it has none."""

import logging

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, execute

from app.db.pool import Pool
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
from app.execution.disclosures import record_disclosures
from app.execution.errors import errors_json
from app.execution.prepare import Prepared
from app.execution.request import COMPILED, CORE, FAILED, Answer, Run
from app.loaders.budget import CountedRows, NodeLimitError, ShareExceededError
from app.loaders.context import Context
from app.loaders.dataloaders import Dataloaders
from app.loaders.disclosures import Disclosures
from app.settings import Settings

LOG = logging.getLogger("cadastre.graphql")


class Queries:
    """Runs queries, each in one read-only transaction."""

    def __init__(self, schema: GraphQLSchema, engine: Engine, pool: Pool, settings: Settings) -> None:
        self._schema, self._engine, self._pool, self._settings = schema, engine, pool, settings

    async def run(self, prepared: Prepared, state: Run) -> Answer:
        """Run a query, and record the personal data that it shows before it is answered."""
        answer = await self._run(prepared, state)
        as_owner = self._pool.writing_as_owner()
        await record_disclosures(as_owner, state.caller, state.disclosures, prepared.document)
        return answer

    async def _run(self, prepared: Prepared, state: Run) -> Answer:
        """Run the plan. If it fails, or if there is none, graphql-core runs the query and reports errors with paths.

        Documents of the program have plans; graphql-core does not know their dialects.
        """
        failure = ""
        if prepared.request.is_own:
            state.plan = self._plan(prepared, state)
            return await self._run_compiled(state.plan, prepared, state)
        try:
            state.plan = self._plan(prepared, state)
            return await self._run_compiled(state.plan, prepared, state)
        except (NodeLimitError, UnavailableError, RequestTimeoutError, TimeoutError):
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

    def _plan(self, prepared: Prepared, state: Run) -> Plan:
        if not (self._settings.compiled or prepared.request.is_own):
            message = "plans are switched off"
            raise UnplannableError(message)
        audience = Audience(state.sees_personal, state.scope.extent, prepared.request.dialect)
        return self._engine.query(prepared.document, prepared.operation, prepared.variables, audience)

    async def _run_compiled(self, plan: Plan, prepared: Prepared, state: Run) -> Answer:
        try:
            return await self._run_plan(plan, prepared, state, together=True)
        except ShareExceededError:
            return await self._run_plan(plan, prepared, state, together=False)

    async def _run_plan(self, plan: Plan, prepared: Prepared, state: Run, *, together: bool) -> Answer:
        state.way, state.disclosures = COMPILED, Disclosures()
        async with self._pool.reading(state.scope) as reading:
            rows, inputs = CountedRows(reading, state.limit), Inputs(prepared.variables, state.caller)
            try:
                data = await run(plan, inputs, rows, state.disclosures, together=together)
            finally:
                state.actual = rows.loaded
        return Answer({"data": data})

    async def _run_by_core(self, prepared: Prepared, state: Run) -> Answer:
        state.way, state.disclosures = CORE, Disclosures()
        async with self._pool.reading(state.scope) as reading:
            rows = CountedRows(reading, state.limit)
            loaders = Dataloaders(rows, state.scope.extent, sees_personal=state.sees_personal)
            result = execute(
                self._schema,
                prepared.document.ast,
                variable_values=dict(prepared.request.variables or {}),
                operation_name=prepared.request.operation_name,
                context_value=Context(loaders, state.caller, state.sees_personal, state.disclosures),
                hide_suggestions=not self._settings.development,
            )
            if not isinstance(result, ExecutionResult):
                result = await result
            state.actual = rows.loaded
        if rows.exceeded is not None:
            raise rows.exceeded
        return answer_of(result, prepared.request.language)


def answer_of(result: ExecutionResult, language: Language) -> Answer:
    """Return graphql-core's result as an answer."""
    errors = {"errors": errors_json(result.errors, language)} if result.errors else {}
    return Answer({"data": result.data, **errors})
