"""Guard: a document is checked against the limits before it is validated and before any row is read."""

from collections.abc import Mapping

from graphql import DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, OperationType

from app.engine.argument_sizes import Size
from app.engine.introspection import Introspection
from app.engine.limits import Limits
from app.engine.measuring import NO_MEASURES, Measurer, Measures
from app.errors import LimitExceededError

LARGEST_REPORTED = (1 << 53) - 1
"""Larger numbers are reported as this one: JavaScript reads no larger whole number exactly."""


class DocumentLimitError(LimitExceededError):
    """A document exceeds a limit; `estimated` and `conditions` are told if they were measured."""

    def __init__(self, code: str, found: int, allowed: int, measures: Measures | None) -> None:
        super().__init__(code, min(found, LARGEST_REPORTED), allowed)
        self.estimated = None if measures is None else min(measures.cost, LARGEST_REPORTED)
        self.conditions = None if measures is None else measures.conditions


def check_document(
    schema: GraphQLSchema, document: DocumentNode, inputs: Mapping[str, Size], limits: Limits
) -> Measures:
    """Measure a document with the sizes of its variables; DocumentLimitError when it exceeds a limit.

    The operations of a document are added up. Each fragment is also checked alone: validation reads unused ones.
    """
    fragments = {f.name.value: f for f in document.definitions if isinstance(f, FragmentDefinitionNode)}
    operations = operations_of(document)
    if any(operation.operation is OperationType.MUTATION for operation in operations):
        limits = limits.of_mutations()
    check_limit("FRAGMENT_LIMIT_EXCEEDED", len(fragments), limits.fragments)
    introspection = Introspection(schema, fragments, limits.cost)
    measurer, total = Measurer(fragments, inputs, introspection), of_variables(inputs)
    measured = [measurer.operation(operation) for operation in operations]
    for measures in measured:
        total = total.plus(measures)
    for measures in (total, *map(measurer.fragment, fragments)):
        for limited in limits.measured(measures):
            check_limit(*limited, total)
    for operation, measures in zip(operations, measured, strict=True):
        allowed = limits.mutations if operation.operation is OperationType.MUTATION else limits.roots
        check_limit("ROOT_LIMIT_EXCEEDED", measures.roots, allowed, total)
    return total


def check_limit(code: str, found: int, allowed: int, measures: Measures | None = None) -> None:
    """Raise DocumentLimitError when a number is larger than allowed."""
    if found > allowed:
        raise DocumentLimitError(code, found, allowed, measures)


def of_variables(inputs: Mapping[str, Size]) -> Measures:
    """Measure the variables alone, whether or not the document uses them."""
    return NO_MEASURES._replace(
        longest_list=max((value.longest for value in inputs.values()), default=0),
        value_depth=max((value.depth for value in inputs.values()), default=0),
        values=sum(value.values for value in inputs.values()),
    )


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    """Return the operations of a document."""
    return [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
