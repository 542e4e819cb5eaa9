"""Execution: one GraphQL request, from its text to the data and the errors of its answer."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_variable_values,
)
from graphql.execution.values import VariableValues

from app.access.caller import Caller
from app.db.pool import Pool
from app.db.scope import Scope
from app.engine.codegen import UnplannableError
from app.engine.compiling import Plan
from app.engine.document import MOST_ERRORS, Document, RefusedError
from app.engine.guard import DocumentLimitError
from app.engine.operation import Audience
from app.engine.plans import Engine
from app.engine.running import run
from app.errors import ForbiddenError, InvalidInputError, LimitExceededError, RequestError, UnavailableError
from app.execution.documents import Documents, Request
from app.execution.errors import TIMEOUT, describe, is_timeout, masked, shown_all, shown_refusal
from app.execution.metrics import record
from app.execution.recording import record_reads
from app.loaders.budget import CountedRows, CrowdedError, NodeLimitError
from app.loaders.context import Context
from app.loaders.dataloaders import Dataloaders
from app.loaders.personal import PersonalReads
from app.settings import Settings

LOG = logging.getLogger("cadastre.graphql")
COMPILED, CORE, REFUSED = "compiled", "graphql-core", "refused"


class IntrospectionRefusedError(RequestError):
    """The caller may not ask about the schema."""

    code = "INTROSPECTION_REFUSED"

    def __init__(self) -> None:
        super().__init__("questions about the schema are not answered here")


class OnlyQueriesError(RequestError):
    """A GET asks for something else than a query: HTTP 405."""

    code = "METHOD_NOT_ALLOWED"

    def __init__(self) -> None:
        super().__init__("only queries may be sent by GET")


@dataclass(frozen=True)
class Answer:
    """An answer: `status` is what HTTP says of it, `refused` that it never ran and so has no data."""

    body: dict[str, Any]
    refused: bool = False
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Course:
    """Who asks, and how it went.

    The caller, None where nobody need say who they are: they see every row, and personal data masked. The most rows
    that may be loaded. Objects estimated, None when it was not even read; rows loaded; which way; and whose personal
    data were shown.
    """

    caller: Caller | None
    limit: int
    estimated: int | None = None
    actual: int = 0
    way: str = REFUSED
    reason: str = ""
    reads: PersonalReads = field(default_factory=PersonalReads)

    @property
    def scope(self) -> Scope:
        """Give the rows that the caller may see."""
        return Scope.everything() if self.caller is None else self.caller.scope

    @property
    def plain(self) -> bool:
        """Tell whether the caller is shown personal data in plain: only where they may read all that they may see."""
        return self.caller is not None and self.caller.may_throughout("pii.read")


class Execution:
    """Runs requests against a schema and a pool of connections."""

    def __init__(self, schema: GraphQLSchema, pool: Pool, settings: Settings) -> None:
        self._schema = schema
        self._pool = pool
        self.settings = settings
        self._engine = Engine(schema)
        self._documents = Documents(schema, pool, settings)

    async def answer(self, request: Request, caller: Caller | None, *, may_introspect: bool = False) -> Answer:
        """Run a caller's request; whatever is wrong with it is told in the answer."""
        course, begun = Course(caller, self._limit_of(caller)), time.perf_counter()
        try:
            async with asyncio.timeout(self.settings.deadline):
                answer = await self._answered(request, course, may_introspect=may_introspect)
        except TimeoutError:
            answer = Answer({"errors": [TIMEOUT]}, refused=True)
        except RequestError as error:
            if isinstance(error, DocumentLimitError):
                course.estimated = error.estimated
            answer = refused(error)
        except Exception as error:  # noqa: BLE001 - no message of an unexpected error may leave the program
            answer = Answer({"errors": [masked(error, {})]}, refused=True, status=500)
        answer.body["extensions"] = self._extensions(course)
        record(course.way, time.perf_counter() - begun)
        return answer

    def _limit_of(self, caller: Caller | None) -> int:
        """Give the most rows that a caller's query may load: the client's own number, or else the setting."""
        return self.settings.max_nodes if caller is None or caller.max_nodes is None else caller.max_nodes

    async def _answered(self, request: Request, course: Course, *, may_introspect: bool) -> Answer:
        document = await self._documents.find(request)
        course.estimated = document.measured(request.variables, self.settings).cost
        operation = document.operation(request.operation_name)
        if operation is None:
            message = "the document has no operation of this name, or several and none is named"
            raise InvalidInputError(message)
        if request.only_queries and operation.operation is not OperationType.QUERY:
            raise OnlyQueriesError
        if document.introspects and not may_introspect:
            raise IntrospectionRefusedError
        answer = await self._run(request, document, operation, self._variables(request, operation), course)
        await record_reads(self._pool, course.caller, course.reads, document)
        return answer

    def _variables(self, request: Request, operation: OperationDefinitionNode) -> VariableValues:
        """Read the variables; RefusedError."""
        found = get_variable_values(
            self._schema,
            operation.variable_definitions or (),
            dict(request.variables or {}),
            max_errors=MOST_ERRORS,
            hide_suggestions=not self.settings.development,
        )
        if isinstance(found, list):
            code = "GRAPHQL_VALIDATION_FAILED"
            raise RefusedError(code, found)
        return found

    async def _run(
        self,
        request: Request,
        document: Document,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        course: Course,
    ) -> Answer:
        """Run the plan; whatever it cannot do, graphql-core does, which owns errors and their paths."""
        failure = ""
        try:
            return await self._run_compiled(self._plan(document, operation, variables, course), variables, course)
        except (NodeLimitError, UnavailableError, TimeoutError):
            raise
        except (UnplannableError, InvalidInputError, ForbiddenError, LimitExceededError) as reason:
            course.reason = str(reason)
        except Exception as error:  # noqa: BLE001 - graphql-core reports it, with its path
            course.reason, failure = type(error).__name__, describe(error)
        answer = await self._run_by_core(request, document, course)
        if failure and "errors" not in answer.body:
            LOG.warning("a plan failed, graphql-core ran the query: %s", failure)
        return answer

    def _plan(
        self, document: Document, operation: OperationDefinitionNode, variables: VariableValues, course: Course
    ) -> Plan:
        if not self.settings.compiled:
            message = "plans are switched off"
            raise UnplannableError(message)
        return self._engine.plan(document, operation, variables, Audience(course.plain, course.scope.extent))

    async def _run_compiled(self, plan: Plan, variables: VariableValues, course: Course) -> Answer:
        try:
            return await self._run_by_plan(plan, variables, course, together=True)
        except CrowdedError:
            return await self._run_by_plan(plan, variables, course, together=False)

    async def _run_by_plan(self, plan: Plan, variables: VariableValues, course: Course, *, together: bool) -> Answer:
        course.way, course.reads = COMPILED, PersonalReads()
        async with self._pool.reading(course.scope) as reading:
            rows = CountedRows(reading, course.limit)
            try:
                data = await run(plan, variables, rows, course.reads, together=together)
            finally:
                course.actual = rows.loaded
        return Answer({"data": data})

    async def _run_by_core(self, request: Request, document: Document, course: Course) -> Answer:
        course.way, course.reads = CORE, PersonalReads()
        async with self._pool.reading(course.scope) as reading:
            rows = CountedRows(reading, course.limit)
            loaders = Dataloaders(rows, course.scope.extent, plain=course.plain)
            result = execute(
                self._schema,
                document.ast,
                variable_values=dict(request.variables or {}),
                operation_name=request.operation_name,
                context_value=Context(loaders, course.caller, course.plain, course.reads),
                hide_suggestions=not self.settings.development,
            )
            if not isinstance(result, ExecutionResult):
                result = await result
            course.actual = rows.loaded
        if rows.exceeded is not None:
            raise rows.exceeded
        return answer_of(result)

    def _extensions(self, course: Course) -> dict[str, Any]:
        way = f"{course.way}: {course.reason}" if course.reason and course.way == CORE else course.way
        cost = {"estimated": course.estimated, "actual": course.actual, "limit": course.limit}
        return {"cost": cost, **({"plan": way} if self.settings.development else {})}


def answer_of(result: ExecutionResult) -> Answer:
    """Give a result as an answer."""
    return Answer({"data": result.data, **({"errors": shown_all(result.errors)} if result.errors else {})})


def refused(error: RequestError) -> Answer:
    """Answer a request that did not run, or was given up."""
    body = {"errors": shown_refusal(error)}
    if isinstance(error, OnlyQueriesError):
        return Answer(body, refused=True, status=405, headers={"allow": "POST"})
    if isinstance(error, UnavailableError) and not is_timeout(error.cause):
        return Answer(body, refused=True, status=503, headers={"retry-after": "2"})
    return Answer(body, refused=True)
