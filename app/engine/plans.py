"""Plans: a cache of compiled operations."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

from graphql import GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import VariableValues

from app.caching import ByteCache
from app.engine.codegen import UnplannableError
from app.engine.compiling import compile_plan
from app.engine.document import Document
from app.engine.listing import Listing, listing_of
from app.engine.mutation import MutationPlan, compile_mutation
from app.engine.operation import Audience, Operation
from app.engine.plan import Plan
from app.engine.subscription import SubscriptionPlan, compile_subscription

Compiled = TypeVar("Compiled", Plan, MutationPlan, SubscriptionPlan)
Value = TypeVar("Value")

QUICK_FIELDS = 100
"""Operations with more fields take more than 10 ms to compile: that is done aside."""

FIELD_BYTES, PLAN_BYTES = 4_000, 4_000
"""What a plan holds, for each field of the document with fragments expanded, and besides: measured generously."""


class Aside(Protocol):
    """Runs a function while the event loop does other things."""

    def __call__(self, function: Callable[[], Value], /) -> Awaitable[Value]:
        """Run a function and return its value."""


class Unplannable(NamedTuple):
    """The cache entry of an operation that has no plan."""

    reason: str


class PlanKey(NamedTuple):
    """What a plan depends on.

    A plan serves every request with the same document and operation whose variables in `@include` and `@skip` have the
    same values, and whose callers belong to one audience.
    """

    source: str
    operation: str | None
    conditions: tuple[object, ...]
    audience: Audience
    fields: int

    @property
    def bytes(self) -> int:
        """An estimate of the memory that the plan takes."""
        return PLAN_BYTES + len(self.source) + FIELD_BYTES * self.fields


class Asked(NamedTuple):
    """An operation of a document, with the values of its variables and the audience that it is compiled for."""

    document: Document
    operation: OperationDefinitionNode
    variables: VariableValues
    audience: Audience

    @property
    def key(self) -> PlanKey:
        """What its plan depends on."""
        conditions = tuple(self.variables.coerced.get(name) for name in self.document.conditions)
        name = self.operation.name.value if self.operation.name else None
        return PlanKey(self.document.source, name, conditions, self.audience, self.document.measures.fields)


class Engine:
    """Compiles operations of a schema, and caches plans of at most `size` bytes."""

    def __init__(self, schema: GraphQLSchema, size: int) -> None:
        self._schema = schema
        self.plans: ByteCache[PlanKey, Plan | MutationPlan | SubscriptionPlan | Unplannable] = ByteCache(
            size, lambda key, _: key.bytes
        )

    async def query(
        self,
        asked: Asked,
        aside: Aside,
    ) -> Plan:
        """Return the plan of a query; UnplannableError when graphql-core must run it."""
        return await self._compiled(compile_plan, asked, aside)

    async def listing(
        self,
        asked: Asked,
        aside: Aside,
    ) -> tuple[Listing, Plan]:
        """Return the list of a query, and its plan; InvalidInputError when it has not one list, UnplannableError."""
        return listing_of(self._operation(asked)), await self.query(asked, aside)

    async def mutation(
        self,
        asked: Asked,
        aside: Aside,
    ) -> MutationPlan:
        """Return the plans of the payloads of a mutation; UnplannableError when there is none."""
        return await self._compiled(compile_mutation, asked, aside)

    async def subscription(
        self,
        asked: Asked,
        aside: Aside,
    ) -> SubscriptionPlan:
        """Return the plan of a subscription; UnplannableError when there is none."""
        return await self._compiled(compile_subscription, asked, aside)

    async def _compiled(
        self,
        compile_: Callable[[Operation], Compiled],
        asked: Asked,
        aside: Aside,
    ) -> Compiled:
        key = asked.key
        plan = self.plans.get(key)
        if plan is None:
            compiling = partial(compiled_or_reason, compile_, self._operation(asked))
            plan = await aside(compiling) if key.fields > QUICK_FIELDS else compiling()
            self.plans.put(key, plan)
        if isinstance(plan, Unplannable):
            raise UnplannableError(plan.reason)
        return plan  # type: ignore[return-value] # a query is never compiled as a mutation

    def _operation(self, asked: Asked) -> Operation:
        return Operation.of(self._schema, asked.document.ast, asked.operation, asked.variables, asked.audience)


def compiled_or_reason(compile_: Callable[[Operation], Compiled], operation: Operation) -> Compiled | Unplannable:
    """Compile an operation, or return the reason why it has no plan."""
    try:
        return compile_(operation)
    except UnplannableError as error:
        return Unplannable(str(error))
