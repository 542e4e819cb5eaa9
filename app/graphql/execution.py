"""Execution: one GraphQL request, from its text to the data and the errors of its answer."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_variable_values,
)
from graphql.execution.values import VariableValues

from app.db.pool import Pool
from app.engine.building import UnplannableError
from app.engine.document import Document, RefusedError
from app.engine.engine import Engine
from app.engine.measuring import Measures
from app.engine.running import run
from app.errors import InvalidInputError, LimitExceededError, RequestError, UnavailableError
from app.graphql.errors import describe, extensions_of, shown
from app.loaders.dataloaders import Dataloaders
from app.settings import Settings

LOG = logging.getLogger("cadastre.graphql")
MOST_DOCUMENTS = 1000
COMPILED, CORE = "compiled", "graphql-core"


@dataclass(frozen=True)
class Request:
    """What a caller asks: a document, its variables, and which of its operations."""

    query: str
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None
    only_queries: bool = False


@dataclass(frozen=True)
class Context:
    """What resolvers find in `info.context`."""

    loaders: Dataloaders


@dataclass(frozen=True)
class Answer:
    """An answer: `status` is what HTTP says of it, `refused` that it never ran and so has no data."""

    body: dict[str, Any]
    refused: bool = False
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Execution:
    """Runs requests against a schema and a pool of connections."""

    def __init__(self, schema: GraphQLSchema, pool: Pool, settings: Settings) -> None:
        self._schema = schema
        self._pool = pool
        self._settings = settings
        self._engine = Engine(schema)
        self._document = lru_cache(MOST_DOCUMENTS)(self._prepared)
        self.ways = dict.fromkeys((COMPILED, CORE), 0)

    async def answer(self, request: Request) -> Answer:
        """Run a request; whatever is wrong with it is told in the answer."""
        try:
            document = self._document(request.query)
            if isinstance(document, RequestError):
                return refused(document)
            measures = document.measured(request.variables, self._settings)
            async with asyncio.timeout(self._settings.deadline):
                return await self._checked(request, document, measures)
        except TimeoutError:
            return Answer({"errors": [{"message": "the query took too long", "extensions": {"code": "TIMEOUT"}}]})
        except RequestError as error:
            return refused(error)

    def _prepared(self, query: str) -> Document | RequestError:
        """Prepare a document; a refusal is kept like a success."""
        try:
            return Document.of(query, self._schema, self._settings)
        except RequestError as error:
            return error

    async def _checked(self, request: Request, document: Document, measures: Measures) -> Answer:
        operation = document.operation(request.operation_name)
        if operation is None:
            message = "the document has no operation of this name, or several and none is named"
            return refused(InvalidInputError(message))
        if request.only_queries and operation.operation is not OperationType.QUERY:
            body = {"errors": [{"message": "only queries may be sent by GET", "extensions": {"code": "BAD_REQUEST"}}]}
            return Answer(body, refused=True, status=405, headers={"allow": "POST"})
        variables = get_variable_values(
            self._schema, operation.variable_definitions or (), dict(request.variables or {}), max_errors=50
        )
        if isinstance(variables, list):
            return refused(RefusedError("GRAPHQL_VALIDATION_FAILED", variables))
        answer, way, rows = await self._run(request, document, operation, variables)
        answer.body["extensions"] = self._extensions(measures, way, rows)
        return answer

    async def _run(
        self, request: Request, document: Document, operation: OperationDefinitionNode, variables: VariableValues
    ) -> tuple[Answer, str, int | None]:
        """Run the plan; whatever it cannot do, graphql-core does, which owns errors and their paths."""
        try:
            plan = self._engine.plan(document, operation, variables)
            async with self._pool.reading() as reading:
                data, spent = await run(plan, variables, reading, self._settings.max_nodes)
            self.ways[COMPILED] += 1
            return Answer({"data": data}), COMPILED, spent
        except (LimitExceededError, UnavailableError, TimeoutError):
            raise
        except UnplannableError as reason:
            way = f"{CORE}: {reason}"
        except InvalidInputError as error:
            way = f"{CORE}: {error}"
        except Exception as error:  # noqa: BLE001 - graphql-core reports it, with its path
            LOG.warning("a plan failed, graphql-core runs the query: %s", describe(error))
            way = f"{CORE}: {type(error).__name__}"
        self.ways[CORE] += 1
        return await self._run_by_core(request, document), way, None

    async def _run_by_core(self, request: Request, document: Document) -> Answer:
        async with self._pool.reading() as reading:
            result = execute(
                self._schema,
                document.ast,
                variable_values=dict(request.variables or {}),
                operation_name=request.operation_name,
                context_value=Context(Dataloaders(reading)),
            )
            if not isinstance(result, ExecutionResult):
                result = await result
        return answer_of(result)

    def _extensions(self, measures: Measures, way: str, rows: int | None) -> dict[str, Any]:
        cost = {"estimated": measures.cost, "actual": rows, "limit": self._settings.max_nodes}
        return {"cost": cost, **({"plan": way} if self._settings.development else {})}


def answer_of(result: ExecutionResult) -> Answer:
    """Give a result as an answer."""
    errors = [shown(error) for error in result.errors or ()]
    return Answer({"data": result.data, **({"errors": errors} if errors else {})})


def refused(error: RequestError) -> Answer:
    """Answer a request that did not run, or was given up."""
    if isinstance(error, RefusedError):
        found: list[GraphQLError] = error.errors
        return Answer({"errors": [{**shown(e), "extensions": {"code": error.code}} for e in found]}, refused=True)
    body = {"errors": [{"message": str(error), "extensions": extensions_of(error)}]}
    if isinstance(error, UnavailableError):
        return Answer(body, refused=True, status=503, headers={"retry-after": "2"})
    return Answer(body, refused=True)
