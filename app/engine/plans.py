"""The engine: compiled plans, kept for the documents that come again."""

from collections import OrderedDict

from graphql import GraphQLSchema, OperationDefinitionNode, OperationType
from graphql.execution.values import VariableValues

from app.engine.codegen import UnplannableError
from app.engine.compiling import Plan, compile_plan
from app.engine.document import Document
from app.engine.operation import Audience, Scope


class Engine:
    """Compiles operations of a schema; keeps at most `size` plans, the least used go first."""

    def __init__(self, schema: GraphQLSchema, size: int = 1000) -> None:
        self._schema = schema
        self._size = size
        self._plans: OrderedDict[object, Plan | UnplannableError] = OrderedDict()

    def plan(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        audience: Audience,
    ) -> Plan:
        """Give the plan of an operation; UnplannableError when graphql-core must run it.

        A plan serves every request with the same document and operation whose variables in `@include` and `@skip`
        have the same values, and whose callers belong to one audience.
        """
        conditions = tuple(variables.coerced.get(name) for name in document.conditions)
        key = (document.source, operation.name.value if operation.name else None, conditions, audience)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = self._compiled(document, operation, variables, audience)
            if len(self._plans) > self._size:
                self._plans.popitem(last=False)
        self._plans.move_to_end(key)
        if isinstance(plan, UnplannableError):
            raise plan.with_traceback(None)  # or each request would lengthen the traceback of the one that is kept
        return plan

    def _compiled(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        audience: Audience,
    ) -> Plan | UnplannableError:
        if operation.operation is not OperationType.QUERY:
            return UnplannableError(f"a {operation.operation.value}")
        try:
            scope = Scope.of(self._schema, document.ast, operation, variables, audience)
            return compile_plan(scope)
        except UnplannableError as reason:
            return reason
