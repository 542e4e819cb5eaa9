"""Prepare: from a request to an operation that may run, whether it is a query or a mutation."""

from typing import NamedTuple

from graphql import GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues

from app.db.pool import Pool
from app.engine.document import Document, RefusedError
from app.engine.operation import Audience
from app.engine.plans import Asked
from app.errors import InvalidInputError, MethodNotAllowedError, RequestError
from app.events.reading import settled
from app.execution.documents import Documents
from app.execution.request import Request, Run
from app.execution.variables import Variables
from app.loaders.reads import READ, Feed
from app.settings import Settings


class IntrospectionRefusedError(RequestError):
    """Introspection of the schema is switched off for this request."""

    code = "INTROSPECTION_REFUSED"


class Prepared(NamedTuple):
    """An operation that is valid, within the limits and allowed to the caller, with the values of its variables."""

    request: Request
    document: Document
    operation: OperationDefinitionNode
    variables: VariableValues

    def asked_by(self, audience: Audience) -> Asked:
        """Return what is compiled for an audience."""
        return Asked(self.document, self.operation, self.variables, audience)


class Preparer:
    """Prepares requests against one schema."""

    def __init__(self, schema: GraphQLSchema, documents: Documents, pool: Pool, settings: Settings) -> None:
        self._documents, self._pool = documents, pool
        self._feeds = feeds_of(schema)
        self._variables = Variables(schema, hide_suggestions=not settings.development)

    async def prepare(self, request: Request, run: Run, *, may_introspect: bool) -> Prepared:
        """Find the document, measure it, choose the operation and read the variables; RequestError when refused."""
        document = await self._documents.find(request)
        measures = document.measured(request.variables)
        run.estimated, run.conditions = measures.cost, measures.conditions
        operation = chosen_operation(document, request)
        if document.introspects and not may_introspect:
            raise IntrospectionRefusedError
        if document.compared:
            request = request._replace(variables={**document.nulls(operation), **(request.variables or {})})
        prepared = Prepared(request, document, operation, self._values(request, operation))
        if operation.operation is OperationType.QUERY and not self._feeds.isdisjoint(document.names):
            run.settled = await settled(self._pool)
        return prepared

    async def kind_of(self, request: Request) -> OperationType:
        """Return whether a request asks, writes or follows; RequestError when that cannot be told."""
        return chosen_operation(await self._documents.find(request), request).operation

    def _values(self, request: Request, operation: OperationDefinitionNode) -> VariableValues:
        values = self._variables.read(operation, request.variables or {})
        if isinstance(values, list):
            code = "GRAPHQL_VALIDATION_FAILED"
            raise RefusedError(code, values)
        return values


def feeds_of(schema: GraphQLSchema) -> frozenset[str]:
    """Name the fields of queries that leave out what is not settled."""
    fields = schema.query_type.fields if schema.query_type else {}
    return frozenset(name for name, each in fields.items() if isinstance(each.extensions.get(READ), Feed))


def chosen_operation(document: Document, request: Request) -> OperationDefinitionNode:
    """Choose the operation that a request names; InvalidInputError or MethodNotAllowedError."""
    operation = document.operation(request.operation_name)
    if operation is None:
        message = "`operationName` must name one operation of the document; it may be left out if there is only one"
        raise InvalidInputError(message)
    if request.only_queries and operation.operation is not OperationType.QUERY:
        raise MethodNotAllowedError("POST", "only queries may be sent by GET")
    return operation
