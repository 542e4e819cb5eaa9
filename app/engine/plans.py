"""Plans: a cache of compiled operations."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from cachetools import LRUCache
from graphql import GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues

from app.engine.codegen import UnplannableError
from app.engine.compiling import compile_plan
from app.engine.document import Document
from app.engine.listing import Listing, listing_of
from app.engine.mutation import MutationPlan, compile_mutation
from app.engine.operation import Audience, Operation
from app.engine.plan import Plan

Compiled = TypeVar("Compiled", Plan, MutationPlan)


class Unplannable(NamedTuple):
    """The cache entry of an operation that has no plan."""

    reason: str


class Engine:
    """Compiles operations of a schema, and caches at most `size` plans."""

    def __init__(self, schema: GraphQLSchema, size: int = 1000) -> None:
        self._schema = schema
        self._plans: LRUCache[object, Plan | MutationPlan | Unplannable] = LRUCache(size)

    def query(
        self, document: Document, operation: OperationDefinitionNode, variables: VariableValues, audience: Audience
    ) -> Plan:
        """Return the plan of a query; UnplannableError when graphql-core must run it.

        A plan serves every request with the same document and operation whose variables in `@include` and `@skip`
        have the same values, and whose callers belong to one audience.
        """
        return self._compiled(compile_plan, document, operation, variables, audience)

    def listing(
        self, document: Document, operation: OperationDefinitionNode, variables: VariableValues, audience: Audience
    ) -> tuple[Listing, Plan]:
        """Return the list of a query, and its plan; InvalidInputError when it has not one list, UnplannableError."""
        whole = Operation.of(self._schema, document.ast, operation, variables, audience)
        return listing_of(whole), self.query(document, operation, variables, audience)

    def mutation(
        self, document: Document, operation: OperationDefinitionNode, variables: VariableValues, audience: Audience
    ) -> MutationPlan:
        """Return the plans of the payloads of a mutation; UnplannableError when there is none."""
        return self._compiled(compile_mutation, document, operation, variables, audience)

    def _compiled(
        self,
        compile_: Callable[[Operation], Compiled],
        document: Document,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        audience: Audience,
    ) -> Compiled:
        conditions = tuple(variables.coerced.get(name) for name in document.conditions)
        key = (document.source, operation.name.value if operation.name else None, conditions, audience)
        plan = self._plans.get(key)
        if plan is None:
            whole = Operation.of(self._schema, document.ast, operation, variables, audience)
            plan = self._plans[key] = compiled_or_reason(compile_, whole)
        if isinstance(plan, Unplannable):
            raise UnplannableError(plan.reason)
        return plan  # type: ignore[return-value] # a query is never compiled as a mutation


def compiled_or_reason(compile_: Callable[[Operation], Compiled], operation: Operation) -> Compiled | Unplannable:
    """Compile an operation, or return the reason why it has no plan."""
    try:
        return compile_(operation)
    except UnplannableError as error:
        return Unplannable(str(error))
