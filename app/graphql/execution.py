"""Execution: one GraphQL request, from its text to the data and the errors of its answer."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    execute,
    get_operation_ast,
    parse,
    validate,
)

from app.db.pool import Pool
from app.engine.guard import check_depth
from app.errors import RequestError, UnavailableError
from app.graphql.errors import extensions_of, shown
from app.loaders.dataloaders import Dataloaders
from app.settings import Settings

MOST_TOKENS = 5000


@dataclass(frozen=True)
class Request:
    """What a caller asks: a document, its variables, and which of its operations."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    only_queries: bool = False


@dataclass(frozen=True)
class Context:
    """What resolvers find in `info.context`."""

    loaders: Dataloaders


@dataclass(frozen=True)
class Answer:
    """An answer: `data` is absent when the request was refused before it ran."""

    body: dict[str, Any]
    refused: bool = False
    unavailable: bool = False
    method_not_allowed: bool = False


class Execution:
    """Runs requests against a schema and a pool of connections."""

    def __init__(self, schema: GraphQLSchema, pool: Pool, settings: Settings) -> None:
        self._schema = schema
        self._pool = pool
        self._settings = settings
        self._checked = lru_cache(maxsize=1000)(self._check)

    async def answer(self, request: Request) -> Answer:
        """Run a request; whatever is wrong with it is told in the answer."""
        checked = self._checked(request.query)
        if isinstance(checked, Answer):
            return checked
        refusal = self._refusal(checked, request)
        if refusal is not None:
            return refusal
        try:
            return await self._run(checked, request)
        except UnavailableError as error:
            return Answer({"errors": [{"message": str(error), "extensions": extensions_of(error)}]}, unavailable=True)

    def _check(self, query: str) -> DocumentNode | Answer:
        """Parse and validate a document; the answer is kept, whichever it is."""
        try:
            document = parse(query, max_tokens=MOST_TOKENS)
            check_depth(document, self._settings.max_depth)
        except GraphQLError as error:
            return refused({**error.formatted, "extensions": {"code": "GRAPHQL_PARSE_FAILED"}})
        except RequestError as error:
            return refused({"message": str(error), "extensions": extensions_of(error)})
        errors = validate(self._schema, document)
        return refused(*map(shown, errors)) if errors else document

    def _refusal(self, document: DocumentNode, request: Request) -> Answer | None:
        operation = get_operation_ast(document, request.operation_name)
        if operation is None:
            message = "the document has no operation of this name, or several and none is named"
            return refused({"message": message, "extensions": {"code": "OPERATION_NOT_FOUND"}})
        if request.only_queries and operation.operation is not OperationType.QUERY:
            message = "only queries may be sent by GET"
            return Answer({"errors": [{"message": message}]}, refused=True, method_not_allowed=True)
        return None

    async def _run(self, document: DocumentNode, request: Request) -> Answer:
        async with self._pool.reading() as reading:
            result = execute(
                self._schema,
                document,
                variable_values=request.variables,
                operation_name=request.operation_name,
                context_value=Context(Dataloaders(reading)),
            )
            if not isinstance(result, ExecutionResult):
                result = await result
        return answer_of(result)


def answer_of(result: ExecutionResult) -> Answer:
    """Give a result as an answer; a result without data whose errors have no path never ran."""
    errors = [shown(error) for error in result.errors or ()]
    if result.data is None and errors and all(error.path is None for error in result.errors or ()):
        return refused(*errors)
    return Answer({"data": result.data, **({"errors": errors} if errors else {})})


def refused(*errors: Any) -> Answer:
    """Answer a request that was refused before it ran."""
    return Answer({"errors": list(errors)}, refused=True)
