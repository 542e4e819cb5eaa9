"""Guard: what a document may look like, decided before it is validated and before any row is read."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode, OperationType
from graphql.utilities import value_from_ast_untyped

from app.engine.measuring import NOTHING, Measurer, Measures
from app.errors import LimitExceededError
from app.settings import Settings

NEVER_ENDING = 1 << 31  # the largest number that an answer tells

LIMITS = (
    ("DEPTH_LIMIT_EXCEEDED", "nesting of fields", "depth", "max_depth"),
    ("FIELD_LIMIT_EXCEEDED", "fields with fragments expanded", "fields", "max_fields"),
    ("ALIAS_LIMIT_EXCEEDED", "aliases", "aliases", "max_aliases"),
    ("DIRECTIVE_LIMIT_EXCEEDED", "directives", "directives", "max_directives"),
    ("DUPLICATE_LIMIT_EXCEEDED", "repetitions of a field", "duplicates", "max_duplicates"),
    ("LIST_TOO_LONG", "items of a list", "longest_list", "max_list"),
    ("VALUE_TOO_DEEP", "nesting of a value", "value_depth", "max_value_depth"),
    ("PAGE_TOO_LARGE", "rows of a page", "largest_page", "max_page"),
    ("COST_LIMIT_EXCEEDED", "estimated cost", "cost", "max_cost"),
)
"""Code, words, measure and setting of every limit."""


def check_document(document: DocumentNode, variables: Mapping[str, Any] | None, settings: Settings) -> Measures:
    """Measure the operations of a document and refuse what exceeds a limit: LimitExceededError with both numbers."""
    fragments = {f.name.value: f for f in document.definitions if isinstance(f, FragmentDefinitionNode)}
    total = NOTHING
    try:
        for operation in operations_of(document):
            given = {**defaults_of(operation), **(variables or {})}
            found = Measurer(fragments, given).operation(operation)
            check_roots(operation, settings)
            total = total.beside(found)
    except RecursionError:
        code = "DEPTH_LIMIT_EXCEEDED"
        raise LimitExceededError(code, "nesting of fragments", NEVER_ENDING, settings.max_depth) from None
    for code, words, measure, setting in LIMITS:
        found_number, allowed = getattr(total, measure), getattr(settings, setting)
        if found_number > allowed:
            raise LimitExceededError(code, words, min(found_number, NEVER_ENDING), allowed)
    return total


def operations_of(document: DocumentNode) -> Iterator[OperationDefinitionNode]:
    """Give the operations of a document."""
    return (d for d in document.definitions if isinstance(d, OperationDefinitionNode))


def check_roots(operation: OperationDefinitionNode, settings: Settings) -> None:
    """Hold a mutation to so many changes, counted as they are written."""
    roots = len(operation.selection_set.selections)
    allowed = settings.max_mutations if operation.operation is OperationType.MUTATION else settings.max_roots
    if roots > allowed:
        code = "ROOT_LIMIT_EXCEEDED"
        raise LimitExceededError(code, "fields at the root", roots, allowed)


def defaults_of(operation: OperationDefinitionNode) -> dict[str, Any]:
    """Give the default values of an operation's variables."""
    definitions = operation.variable_definitions or ()
    return {d.variable.name.value: value_from_ast_untyped(d.default_value) for d in definitions if d.default_value}
